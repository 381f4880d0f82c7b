/* test_past.c - what the server has said lately, to be looked for. */
#include "cli/past.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(past, .timeout = SUITE_TIMEOUT);

static const struct look look = { .has_colours = true, .stamp = "12:01" };
static struct past past;

static void
shows(const char *line)
{
	struct message m;

	message_parse(line, strlen(line), &m);
	past_message(&past, &look, &m);
}

/* `most` lines with the text are these. */
static void
finds(const char *text, size_t most, const char *expected)
{
	struct buffer found = { 0 };
	size_t n = past_find(
	    &past, (struct slice){ text, strlen(text) }, most, &found);
	size_t n_expected = 0;

	for (const char *s = expected; *s != '\0'; s++)
		n_expected += *s == '\n';
	cr_assert_eq(n, n_expected);
	buffer_append(&found, "", 1);
	cr_assert_str_eq(buffer_data(&found), expected);
	buffer_free(&found);
}

Test(past, is_empty_at_first)
{
	finds("", 10, "");
	finds("x", 10, "");
}

Test(past, has_what_was_shown_without_colours)
{
	shows("alice: hello");
	shows("[bob -> alice] psst");
	shows("* carol joined");
	finds("", 10,
	    "12:01 alice: hello\n12:01 [bob -> alice] psst\n"
	    "12:01 * carol joined\n");
	past_free(&past);
}

Test(past, is_looked_through_in_any_case)
{
	shows("alice: \xc3\x84pfel");
	shows("alice: Birnen");
	shows("bob: \xc3\xa4pfel");
	finds("\xc3\x84PFEL", 10,
	    "12:01 alice: \xc3\x84pfel\n12:01 bob: \xc3\xa4pfel\n");
	finds("bob: ", 10, "12:01 bob: \xc3\xa4pfel\n");
	finds("pears", 10, "");
	finds("\xff", 10, "");
	past_free(&past);
}

Test(past, is_shown_from_the_last_line_back)
{
	shows("alice: 1");
	shows("bob: 2");
	shows("alice: 3");
	shows("alice: 4");
	finds("", 2, "12:01 alice: 3\n12:01 alice: 4\n");
	finds("alice", 2, "12:01 alice: 3\n12:01 alice: 4\n");
	finds("bob", 2, "12:01 bob: 2\n");
	past_free(&past);
}

Test(past, forgets_the_oldest_lines_whole)
{
	char line[64];

	for (int i = 0; i < 100000; i++) {
		(void)snprintf(line, sizeof line, "alice: line %d.", i);
		shows(line);
		cr_assert_leq(buffer_len(&past.lines), PAST_BYTES);
	}
	cr_assert_gt(buffer_len(&past.lines), PAST_BYTES - sizeof line);
	cr_assert_eq(strncmp(buffer_data(&past.lines), "12:01 alice: ", 13), 0);
	finds("line 99999.", 10, "12:01 alice: line 99999.\n");
	finds("line 0.", 10, "");
	past_free(&past);
}
