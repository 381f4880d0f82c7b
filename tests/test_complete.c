/* test_complete.c - what Tab may put in place of the word being typed. */
#include "cli/complete.h"

#include "tests/harness.h"
#include "tests/harness_language.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(complete, .timeout = SUITE_TIMEOUT);

/* A line with the cursor at its end, and the words that fit its last one, each
 * followed by a space. */
struct complete_case {
	char line[32];
	char expected[96];
};

ParameterizedTestParameters(complete, offers)
{
	static struct complete_case cases[] = {
		{ "al", "alan: alice: " },
		{ "bo", "Bob: " },
		{ "@al", "@alan @alice " },
		{ "@AL", "@alan @alice " },
		{ "@bo", "@Bob " },
		{ "hello al", "alan alice " },
		{ "hello @ali", "@alice " },
		{ "/msg b", "Bob " },
		{ "", "alan: alice: Bob: " },
		{ "hi ", "alan alice Bob " },
		{ "@", "@alan @alice @Bob " },
		{ "@@al", "" },
		{ "zed", "" },
		{ "/", "/away /back /clear /help /ignore /last /me /msg /nick "
		       "/quiet /quit /r /unignore /who /whois " },
		{ "/m", "/me /msg " },
		{ "/i", "/ignore " },
		{ "/ignore b", "Bob " },
		{ "/W", "/who /whois " },
		{ "/whoi", "/whois " },
		{ "/whois @b", "@Bob " },
		{ "//", "" },
		{ "say /m", "" },
	};

	return cr_make_param_array(
	    struct complete_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct complete_case *c, complete, offers)
{
	static const char present[] = "* 3 people are here: Bob, alice, alan";
	const char *space = strrchr(c->line, ' ');
	size_t start = space != NULL ? (size_t)(space + 1 - c->line) : 0;
	struct people people = { 0 };
	struct completion completion;
	struct message m;
	char found[96] = "";
	char *word;

	message_parse(present, strlen(present), &m);
	people_learn(&people, &m);
	completion_begin(&completion, &people, c->line, start, strlen(c->line));
	while ((word = completion_next(&completion)) != NULL) {
		strcat(found, word);
		strcat(found, " ");
		free(word);
	}
	cr_assert_str_eq(found, c->expected, "'%s' offers '%s', not '%s'",
	    c->line, found, c->expected);
	people_free(&people);
}

Test(complete, a_short_list_is_shown_whole)
{
	char one[] = "@alan", two[] = "@alice";
	char *candidates[] = { one, two };
	struct buffer b = { 0 };

	completion_list(&b, candidates, 2);
	buffer_append(&b, "", 1);
	cr_assert_str_eq(b.data, "@alan, @alice");
	buffer_free(&b);
}

Test(complete, a_list_is_of_names_and_not_of_addresses)
{
	char one[] = "alan:", two[] = "alice:";
	char *candidates[] = { one, two };
	struct buffer b = { 0 };

	completion_list(&b, candidates, 2);
	buffer_append(&b, "", 1);
	cr_assert_str_eq(b.data, "alan, alice");
	buffer_free(&b);
}

Test(complete, a_long_list_ends_in_a_number)
{
	char name[] = "x";
	char *candidates[500];
	struct buffer b = { 0 };

	for (size_t i = 0; i < 500; i++)
		candidates[i] = name;
	completion_list(&b, candidates, 500);
	buffer_append(&b, "", 1);
	cr_assert_leq(strlen(b.data), 200);
	cr_assert_not_null(strstr(b.data, "x and 460 more"), "%s", b.data);
	buffer_drop(&b, buffer_len(&b));
	speak_chinese();
	completion_list(&b, candidates, 500);
	buffer_append(&b, "", 1);
	cr_assert_not_null(strstr(b.data, "x，另有 460 人"), "%s", b.data);
	buffer_free(&b);
}
