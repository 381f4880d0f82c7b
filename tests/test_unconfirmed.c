/* test_unconfirmed.c - what has been sent and has not come back yet. */
#include "cli/unconfirmed.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

static struct unconfirmed sent;

static void
finish(void)
{
	unconfirmed_free(&sent);
}

TestSuite(unconfirmed, .fini = finish, .timeout = SUITE_TIMEOUT);

static struct slice
slice(const char *s)
{
	return (struct slice){ s, strlen(s) };
}

static void
says(const char *line)
{
	unconfirmed_add(&sent, slice(line));
}

static void
hears(const char *line)
{
	struct message m;

	message_parse(line, strlen(line), &m);
	unconfirmed_hear(&sent, &m, slice("alice"));
}

/* What is left, each line behind a bar. */
static void
leaves(const char *expected)
{
	struct buffer b = { 0 };
	char *lf;

	unconfirmed_list(&sent, &b);
	buffer_append(&b, "", 1);
	while ((lf = strchr(b.data, '\n')) != NULL)
		*lf = '|';
	cr_assert_str_eq(buffer_data(&b), expected);
	buffer_free(&b);
}

struct kind_case {
	char line[24];
	enum sent_kind expected;
};

ParameterizedTestParameters(unconfirmed, tells_kinds_as_the_server_does)
{
	static struct kind_case cases[] = {
		{ "hello", SENT_SAID },
		{ " hello", SENT_SAID },
		{ "//who", SENT_SAID },
		{ "@@bob", SENT_SAID },
		{ "exit now", SENT_SAID },
		{ "@bob hi", SENT_WHISPERED },
		{ "/msg bob hi", SENT_WHISPERED },
		{ "/ME waves", SENT_DONE },
		{ "/who", SENT_REQUEST },
		{ "/mexico", SENT_REQUEST },
		{ "/nick al", SENT_REQUEST },
		{ "exit", SENT_LEAVING },
		{ "  exit ", SENT_LEAVING },
		{ "/quit", SENT_LEAVING },
		{ " /Quit now", SENT_LEAVING },
	};

	return cr_make_param_array(
	    struct kind_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(
    struct kind_case *c, unconfirmed, tells_kinds_as_the_server_does)
{
	cr_assert_eq(
	    unconfirmed_kind(slice(c->line)), c->expected, "'%s'", c->line);
}

Test(unconfirmed, is_what_has_not_come_back)
{
	leaves("");
	says("one");
	says("two");
	leaves("one|two|");
	hears("alice: one");
	leaves("two|");
	hears("alice: two");
	leaves("");
	says("three");
	leaves("three|");
}

Test(unconfirmed, is_nothing_that_somebody_else_says)
{
	says("one");
	hears("bob: one");
	hears("Alice: one");
	hears("[bob -> alice] one");
	hears("* bob one");
	hears("* alicia one");
	hears("! one");
	leaves("one|");
}

Test(unconfirmed, comes_back_in_the_form_that_others_see)
{
	says("@bob psst");
	says("/msg bob hey");
	says("/me waves");
	says("//who");
	says("@@all");
	leaves("@bob psst|/msg bob hey|/me waves|//who|@@all|");
	hears("[alice -> bob] psst");
	leaves("/msg bob hey|/me waves|//who|@@all|");
	hears("[alice -> bob] hey");
	leaves("/me waves|//who|@@all|");
	hears("* alice waves");
	leaves("//who|@@all|");
	hears("alice: /who");
	leaves("@@all|");
	hears("alice: @all");
	leaves("");
}

Test(unconfirmed, was_answered_in_another_way_if_what_followed_has_come_back)
{
	/* refused */
	says("@nobody psst");
	says("one");
	says("@bob hello");
	says("two");
	hears("[alice -> bob] hello");
	leaves("two|");
}

Test(unconfirmed, is_found_although_the_server_made_something_visible)
{
	says("a\tb");
	says("c");
	hears("alice: a b");
	leaves("c|");
}

Test(unconfirmed, requests_are_not_kept)
{
	says("/who");
	says("/help");
	leaves("");
}

Test(unconfirmed, leaving_is_known_and_not_listed)
{
	cr_assert_not(unconfirmed_has_leaving(&sent));
	says("one");
	cr_assert_not(unconfirmed_has_leaving(&sent));
	says("exit");
	cr_assert(unconfirmed_has_leaving(&sent));
	leaves("one|");
}
