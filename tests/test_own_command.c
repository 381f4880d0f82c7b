/* test_own_command.c - the commands that chat itself carries out. */
#include "cli/own_command.h"

#include "cli/complete.h"
#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(own_command, .timeout = SUITE_TIMEOUT);

struct command_case {
	char line[32];
	enum own_command expected;
	char rest[16];
};

ParameterizedTestParameters(own_command, is_found_by_its_verb)
{
	static struct command_case cases[] = {
		{ "/r hello", OWN_ANSWER, "hello" },
		{ "/r \t a  b ", OWN_ANSWER, "a  b " },
		{ "/R", OWN_ANSWER, "" },
		{ "/quiet", OWN_QUIET, "" },
		{ "/CLEAR ", OWN_CLEAR, "" },
		{ "/last fish and", OWN_LAST, "fish and" },
		{ "/last", OWN_LAST, "" },
		{ "/help", OWN_HELP, "" },
		{ "/help me", OWN_HELP, "me" },
		{ "//r hello", OWN_NONE, "" },
		{ " /r hello", OWN_NONE, "" },
		{ "/rhello", OWN_NONE, "" },
		{ "/re hello", OWN_NONE, "" },
		{ "/quit", OWN_NONE, "" },
		{ "/", OWN_NONE, "" },
		{ "hello", OWN_NONE, "" },
		{ "", OWN_NONE, "" },
	};

	return cr_make_param_array(
	    struct command_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct command_case *c, own_command, is_found_by_its_verb)
{
	struct slice rest;

	cr_assert_eq(
	    own_command_find((struct slice){ c->line, strlen(c->line) }, &rest),
	    c->expected, "%s", c->line);
	if (c->expected == OWN_NONE)
		return;
	cr_assert_eq(rest.len, strlen(c->rest), "%s", c->line);
	cr_assert_eq(memcmp(rest.s, c->rest, rest.len), 0, "%s", c->line);
}

Test(own_command, has_a_line_of_help_that_begins_with_its_verb)
{
	size_t i;

	for (i = 0; own_command_verb(i) != NULL; i++)
		cr_assert_eq(strncmp(own_command_help(i), own_command_verb(i),
				 strlen(own_command_verb(i))),
		    0);
	cr_assert_null(own_command_help(i));
	cr_assert_gt(i, 0);
}

Test(own_command, is_completed_by_tab)
{
	struct people nobody = { 0 };
	struct completion c;

	for (size_t i = 0; own_command_verb(i) != NULL; i++) {
		const char *verb = own_command_verb(i);
		bool is_offered = false;
		char *candidate;

		completion_begin(&c, &nobody, verb, 0, strlen(verb));
		while ((candidate = completion_next(&c)) != NULL) {
			is_offered |= strcmp(candidate, verb) == 0;
			free(candidate);
		}
		cr_assert(is_offered, "%s", verb);
	}
}
