/* test_notices.c - the server's notices in the person's language.
 *
 * What the server can say is asked of the server's own tables where it has
 * some. */
#include "cli/notices.h"

#include "cli/language.h"
#include "ipc/name.h"
#include "srv/children.h"
#include "srv/command.h"
#include "srv/duration.h"
#include "srv/ending.h"
#include "tests/harness.h"
#include "tests/harness_language.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(notices, .timeout = SUITE_TIMEOUT);

/* For the caller to free. */
static char *
shown(const char *text)
{
	struct buffer b = { 0 };

	notices_append(&b, (struct slice){ text, strlen(text) });
	buffer_append(&b, "", 1);
	cr_assert_not(b.failed);
	return b.data;
}

static bool
is_known(const char *text)
{
	return notices_know((struct slice){ text, strlen(text) });
}

/* What the server says ----------------------------------------------------- */

Test(notices, know_every_line_of_the_help)
{
	for (unsigned i = 0; command_help(i) != NULL; i++)
		cr_expect(is_known(command_help(i)), "%s", command_help(i));
}

Test(notices, know_every_last_word)
{
	static const char *const words[] = {
#define X(id, status, name, counter, reason, kind, word) word,
		ENDINGS(X)
#undef X
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		cr_expect(
		    words[i][0] == '\0' || is_known(words[i]), "%s", words[i]);
}

static bool
is_translated_reason(const char *reason)
{
	char line[128];
	char *text;
	bool has_it;

	snprintf(line, sizeof line, "bob left (%s)", reason);
	text = shown(line);
	has_it = strstr(text, reason) == NULL;
	free(text);
	return has_it;
}

Test(notices, know_every_reason_of_leaving)
{
	static const char *const reasons[] = {
#define X(id, status, name, counter, reason, kind, word) reason,
		ENDINGS(X)
#undef X
		    "crashed",
	};

	speak_chinese();
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		cr_expect(reasons[i] == NULL || reasons[i][0] == '\0' ||
			      is_translated_reason(reasons[i]),
		    "%s", reasons[i]);
	for (int i = KILL_NONE + 1; i < KILL_LATE; i++)
		cr_expect(
		    is_translated_reason(kill_reason_text((enum kill_reason)i)),
		    "%s", kill_reason_text((enum kill_reason)i));
}

Test(notices, know_why_something_cannot_be_a_name)
{
	speak_chinese();
	for (int i = NAME_OK + 1; i <= NAME_BAD_START; i++)
		cr_expect(
		    is_translated_reason(name_result_text((enum name_result)i)),
		    "%s", name_result_text((enum name_result)i));
}

/* Cut out all else. */
static char *
digits(char *text)
{
	char *end = text;

	for (const char *s = text; *s != '\0'; s++)
		if (*s >= '0' && *s <= '9')
			*end++ = *s;
	*end = '\0';
	return text;
}

Test(notices, know_every_duration)
{
	static const int64_t seconds[] = { 0, 59, 60, 3600, 3660, 86400, 90000,
		INT64_MAX / 1000 };
	char duration[DURATION_BYTES], line[128];
	char *text;

	speak_chinese();
	for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
		(void)duration_text(seconds[i] * 1000, duration);
		(void)snprintf(line, sizeof line,
		    "7 has been here for %s, has been quiet for %s, and has "
		    "said 1 line",
		    duration, duration);
		text = shown(line);
		cr_expect_null(english_word(text, ""), "%s", text);
		cr_expect_str_eq(digits(text), digits(line));
		free(text);
	}
}

/* And the rest of it, as it is put together from pieces. */
static const char *const lines[] = {
	"This is chatd; your first line is your name.",
	"Welcome, alice! /help tells the commands, exit leaves.",
	"Goodbye!",
	"Goodbye, alice!",
	"1 person is here: alice",
	"3 people are here: alice, bob (away), 小明",
	"12 people are here: alice, bob (away) and 10 more",
	"also here: dave, erin",
	"214 people joined: ann, bob and 212 more",
	"4 people left: ann, bob, cid, dan",
	"so many came and went that you were not told of all; /who tells who "
	"is here",
	"bob joined",
	"bob left",
	"bob left (too slow)",
	"bob left (of a reason that is new)",
	"bob is now rob",
	"you are away",
	"you are away: lunch: soup",
	"you are back",
	"bob is away",
	"bob is away: back at 2",
	"bob has been here for 3 h 5 min, has been quiet for 12 min, and has "
	"said 41 lines",
	"bob has been here for 2 s, has been quiet for 1 s, and has said 1 "
	"line",
	"you no longer hear bob; /unignore bob ends it",
	"you hear bob again",
	"you ignore: bob, carol",
	"you also ignore: dave",
	"\"a b\" cannot be a name: it is empty; a name has 1 to 32 letters and "
	"digits",
	"the name \"bob\" is taken; send another",
	"the name \"bob\" is taken; you are still alice",
	"you are bob already",
	"there is no command /x; /help lists them, and //text says \"/text\"",
	"nobody named \"bo b\" is here, nothing was sent; /who tells who is",
	"what you say about being away has more than 128 bytes; make it "
	"shorter",
	"you ignore 64 names, which is as many as can be; end one by /unignore "
	"name",
	"you do not ignore \"bob\"",
	"too many are connecting just now; try again",
	"the directory is busy; try again in a while",
};

#define N_LINES (sizeof lines / sizeof *lines)

Test(notices, know_what_the_server_says)
{
	for (size_t i = 0; i < N_LINES; i++)
		cr_expect(is_known(lines[i]), "%s", lines[i]);
}

/* Nothing is lost or added when a line is taken apart and put together. */
Test(notices, are_as_they_came_where_there_is_no_other_language)
{
	for (size_t i = 0; i < N_LINES; i++) {
		char *text = shown(lines[i]);

		cr_expect_str_eq(text, lines[i]);
		free(text);
	}
}

Test(notices, leave_alone_what_others_say_of_themselves)
{
	cr_expect_not(is_known("bob pours coffee"));
	cr_expect_not(is_known("bob joined the army"));
	cr_expect_not(is_known("bob and rob joined"));
	cr_expect_not(is_known("x people joined: ann"));
	cr_expect_not(is_known(" joined"));
	cr_expect_not(is_known(""));
}

/* The catalogue ----------------------------------------------------------- */

/* The holes of a form are those of its translation, each once. */
static bool
has_same_holes(const char *form, const char *translation)
{
	size_t n = 0, m = 0;

	for (const char *s = translation; (s = strchr(s, '{')) != NULL; s++)
		m++;
	for (const char *s = form; (s = strchr(s, '{')) != NULL; s++, n++) {
		char hole[16];

		snprintf(
		    hole, sizeof hole, "%.*s", (int)strcspn(s, "}") + 1, s);
		if (strstr(translation, hole) == NULL)
			return false;
	}
	return n == m;
}

Test(notices, have_the_same_holes_in_chinese)
{
	speak_chinese();
	for (size_t i = 0; notices_form(i) != NULL; i++) {
		const char *form = notices_form(i);

		cr_expect_str_neq(_(form), form);
		cr_expect(has_same_holes(form, _(form)), "%s", form);
	}
}

Test(notices, are_shown_in_chinese)
{
	char *text;

	speak_chinese();
	text = shown("12 people are here: alice, bob (away) and 10 more");
	cr_expect_str_eq(text, "现有 12 人：alice, bob （离开），另有 10 人");
	free(text);
	text = shown("bob left (timed out)");
	cr_expect_str_eq(text, "bob 离开了（超时）");
	free(text);
	text = shown("bob has been here for 3 h 5 min, has been quiet for "
		     "12 min, and has said 41 lines");
	cr_expect_str_eq(
	    text, "bob 来了 3 小时 5 分钟，沉默了 12 分钟，说过 41 行");
	free(text);
}

Test(notices, show_what_is_somebody_else_s_as_harmless_text)
{
	char *text;

	speak_chinese();
	text = shown("bob is away: \033[2J");
	cr_expect_str_eq(text, "bob 暂时不在：^[[2J");
	free(text);
}
