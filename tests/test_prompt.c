/* test_prompt.c - the prompt of the input line. */
#include "cli/prompt.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

TestSuite(prompt, .timeout = SUITE_TIMEOUT);

struct prompt_case {
	int columns;
	char server[32];
	size_t n_here;
	unsigned n_private;
	char expected[64];
};

ParameterizedTestParameters(prompt, says_what_there_is_room_for)
{
	static struct prompt_case cases[] = {
		{ 80, "lab", 12, 2, "alice@lab (12 here, 2 private)> " },
		{ 80, "lab", 12, 0, "alice@lab (12 here)> " },
		{ 80, "lab", 0, 0, "alice@lab> " },
		{ 80, "lab", 0, 1, "alice@lab (1 private)> " },
		{ 80, "lab:7000", 1, 0, "alice@lab:7000 (1 here)> " },
		{ 120, "lab.example.org", 12, 2,
		    "alice@lab.example.org (12 here, 2 private)> " },
		{ 80, "lab.example.org", 12, 2,
		    "alice@lab (12 here, 2 private)> " },
		{ 60, "lab.example.org", 12, 2,
		    "alice (12 here, 2 private)> " },
		{ 54, "lab", 12, 2, "alice (12, 2 private)> " },
		{ 45, "lab", 12, 2, "alice> " },
		{ 44, "192.0.2.7", 3, 0, "alice (3 here)> " },
		{ 24, "lab", 3, 0, "alice (3)> " },
		{ 1, "lab", 3, 9, "alice> " },
		{ 0, "lab", 3, 9, "alice> " },
	};

	return cr_make_param_array(
	    struct prompt_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct prompt_case *c, prompt, says_what_there_is_room_for)
{
	struct address server;
	struct prompt p = { "alice", &server, c->n_here, c->n_private, false,
		false };
	char text[PROMPT_BYTES];

	cr_assert(address_parse(c->server, &server));
	prompt_compose(&p, c->columns, text, sizeof text);
	cr_assert_str_eq(text, c->expected);
}

Test(prompt, can_be_the_name_alone)
{
	struct address server = { "lab", "5310" };
	struct prompt p = { "alice", &server, 12, 2, false, true };
	char text[PROMPT_BYTES];

	prompt_compose(&p, 80, text, sizeof text);
	cr_assert_str_eq(text, "alice> ");
}

Test(prompt, tells_when_there_is_no_connection)
{
	struct address server = { "lab", "5310" };
	struct prompt p = { "alice", &server, 12, 2, true, false };
	char text[PROMPT_BYTES];

	prompt_compose(&p, 80, text, sizeof text);
	cr_assert_str_eq(text, "alice@lab (offline)> ");
	p.is_bare = true;
	prompt_compose(&p, 80, text, sizeof text);
	cr_assert_str_eq(text, "alice (offline)> ");
	prompt_compose(&p, 20, text, sizeof text);
	cr_assert_str_eq(text, "alice> ");
}

Test(prompt, holds_the_longest_name_and_the_longest_host)
{
	struct address server = { .port = "65535" };
	char name[NAME_MAX_BYTES + 1] = "", text[PROMPT_BYTES];
	struct prompt p = { name, &server, MAX_USERS_LIMIT, 1000000, false,
		false };

	memset(name, 'n', NAME_MAX_BYTES);
	memset(server.host, 'h', sizeof server.host - 1);
	prompt_compose(&p, 10000, text, sizeof text);
	cr_assert_str_eq(text + strlen(text) - 2, "> ");
	cr_assert_not_null(strstr(text, "h:65535 (30000 here, 1000000"));
}

/* A character of two columns counts as such. */
Test(prompt, measures_columns_and_not_bytes)
{
	struct address server = { "lab", "5310" };
	struct prompt p = { "\xe5\xbc\xa0\xe4\xbc\x9f", &server, 3, 0, false,
		false };
	char text[PROMPT_BYTES];

	prompt_compose(&p, 38, text, sizeof text);
	cr_assert_str_eq(text, "\xe5\xbc\xa0\xe4\xbc\x9f@lab (3 here)> ");
	prompt_compose(&p, 37, text, sizeof text);
	cr_assert_str_eq(text, "\xe5\xbc\xa0\xe4\xbc\x9f (3 here)> ");
}
