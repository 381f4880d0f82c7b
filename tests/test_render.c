/* test_render.c - a message as a screen or a pipe is shown it. */
#include "cli/render.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(render, .timeout = SUITE_TIMEOUT);

static const struct look in_a_pipe;
static const struct look timed = { .stamp = "12:01" };
static const struct look coloured = { .has_colours = true, .stamp = "12:01" };

static char *
rendered_for(
    const struct look *look, const char *line, enum attention attention)
{
	struct buffer b = { 0 };
	struct message m;

	message_parse(line, strlen(line), &m);
	render_message(&b, look, &m, attention);
	buffer_append(&b, "", 1);
	return b.data;
}

/* What `line` looks like, for the caller to free. */
static char *
rendered(const struct look *look, const char *line)
{
	return rendered_for(look, line, ATTENTION_NONE);
}

static void
shows(const struct look *look, const char *line, const char *expected)
{
	char *text = rendered(look, line);

	cr_assert_str_eq(text, expected);
	free(text);
}

struct render_case {
	char line[48];
	char why[32];
};

ParameterizedTestParameters(render, a_pipe_gets_the_line_itself)
{
	static struct render_case cases[] = {
		{ "alice: hello", "said" },
		{ "[alice -> bob] psst", "private" },
		{ "! refused", "refused" },
		{ "* Welcome, alice! x", "welcome" },
		{ "* bob joined", "joined" },
		{ "* bob left (why)", "left" },
		{ "* 2 people are here: a, b", "list" },
		{ "alice:  two  spaces ", "spaces" },
		{ "\xe5\xbc\xa0: \xe4\xbd\xa0\xe5\xa5\xbd", "Chinese" },
		{ "no kind of ours", "unknown" },
		{ "", "empty" },
	};

	return cr_make_param_array(
	    struct render_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct render_case *c, render, a_pipe_gets_the_line_itself)
{
	char expected[64];

	snprintf(expected, sizeof expected, "%s\n", c->line);
	shows(&in_a_pipe, c->line, expected);
}

Test(render, a_screen_gets_the_time_too)
{
	shows(&timed, "alice: hello", "12:01 alice: hello\n");
	shows(&timed, "* bob joined", "12:01 * bob joined\n");
}

Test(render, no_byte_that_a_terminal_acts_upon_gets_through)
{
	shows(&in_a_pipe, "alice: \x1b[31m\x07\x9b", "alice: ^[[31m^G\\233\n");
	shows(&in_a_pipe, "ali\x1b: x", "ali^[: x\n");
	shows(&in_a_pipe, "[a\x1b -> b] x", "[a^[ -> b] x\n");
	shows(&in_a_pipe, "! \xe2\x80\xae", "! <U+202E>\n");
	shows(&in_a_pipe, "* \xc2\x9b", "* <U+009B>\n");
	shows(&in_a_pipe, "\x1b", "^[\n");
}

Test(render, without_its_colours_a_line_reads_the_same)
{
	static const char *const lines[] = { "alice: hello",
		"[alice -> bob] psst", "! no", "* bob left", "what" };

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		char *plain = rendered(&timed, lines[i]);
		char *text = rendered(&coloured, lines[i]);
		char *to = text;

		for (const char *from = text; *from != '\0';) {
			if (*from == '\033')
				from += strcspn(from, "m") + 1;
			else
				*to++ = *from++;
		}
		*to = '\0';
		cr_assert_str_eq(text, plain);
		free(text);
		free(plain);
	}
}

Test(render, every_colour_is_ended_before_the_line_is)
{
	static const char *const lines[] = { "alice: hello",
		"[alice -> bob] psst", "! no", "* bob left" };

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		char *text = rendered(&coloured, lines[i]);
		const char *last = strrchr(text, '\033');

		cr_assert_not_null(last);
		cr_assert(strncmp(last, "\033[m", 3) == 0, "%s", lines[i]);
		free(text);
	}
}

Test(render, a_name_has_one_colour_wherever_it_stands)
{
	char *said = rendered(&coloured, "alice: x");
	char *private = rendered(&coloured, "[bob -> alice] x");
	char *name = strstr(said, "alice");
	const char *colour = name;

	while (*colour != '\033')
		colour--;
	name[strlen("alice")] = '\0';
	cr_assert_not_null(
	    strstr(private, colour), "%s in %s", colour, private);
	free(said);
	free(private);
}

Test(render, names_differ_in_colour)
{
	char *alice = rendered(&coloured, "alice: x");
	char *bob = rendered(&coloured, "bob: x");

	*strstr(alice, "alice") = '\0';
	*strstr(bob, "bob") = '\0';
	cr_assert_str_neq(alice, bob);
	free(alice);
	free(bob);
}

static void
shows_for(const struct look *look, const char *line, enum attention attention,
    const char *expected)
{
	char *text = rendered_for(look, line, attention);

	cr_assert_str_eq(text, expected);
	free(text);
}

Test(render, without_colours_what_is_for_the_person_has_a_mark)
{
	shows_for(
	    &timed, "bob: alice?", ATTENTION_MENTION, "12:01 >> bob: alice?\n");
	shows_for(&timed, "* bob waves to alice", ATTENTION_MENTION,
	    "12:01 >> * bob waves to alice\n");
	shows_for(&timed, "[bob -> alice] psst", ATTENTION_PRIVATE,
	    "12:01 >> [bob -> alice] psst\n");
}

Test(render, with_colours_what_is_for_the_person_is_bold)
{
	static const struct look look = { .has_colours = true };

	shows_for(&look, "bob: alice?", ATTENTION_MENTION,
	    "\033[35mbob\033[m: \033[1;33malice?\033[m\n");
	shows_for(&look, "* bob waves to alice", ATTENTION_MENTION,
	    "\033[1;33m* bob waves to alice\033[m\n");
}

Test(render, what_chat_itself_says_is_set_apart)
{
	struct buffer b = { 0 };

	render_own(&b, &timed, "Ctrl-D leaves");
	buffer_append(&b, "", 1);
	cr_assert_str_eq(b.data, "12:01 -- Ctrl-D leaves\n");
	buffer_free(&b);
}
