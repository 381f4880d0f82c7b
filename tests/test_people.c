/* test_people.c - who is here, as far as the server's lines have told. */
#include "cli/people.h"

#include "ipc/limits.h"
#include "tests/harness.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct people people;

static void
forget(void)
{
	people_free(&people);
}

TestSuite(people, .fini = forget, .timeout = SUITE_TIMEOUT);

static void
learn(const char *line)
{
	struct message m;

	message_parse(line, strlen(line), &m);
	people_learn(&people, &m);
}

/* The names that begin with `prefix`, in order, each followed by a space. */
static void
finds(const char *prefix, const char *expected)
{
	char found[1024] = "";
	size_t cursor = 0;
	const char *name;

	while ((name = people_next(&people, prefix, strlen(prefix), &cursor)) !=
	       NULL) {
		strcat(found, name);
		strcat(found, " ");
	}
	cr_assert_str_eq(found, expected);
}

Test(people, nobody_is_known_before_the_server_has_spoken)
{
	finds("", "");
	finds("a", "");
}

Test(people, the_greeting_names_those_who_are_here)
{
	learn("* 3 people are here: carol, alice, bob");
	finds("", "alice bob carol ");
	cr_assert_eq(people.n_unknown, 0);
}

Test(people, are_found_by_the_beginning_of_their_name)
{
	learn("* 5 people are here: al, alice, albert, bob, Alan");
	finds("al", "al Alan albert alice ");
	finds("ali", "alice ");
	finds("alicee", "");
	finds("b", "bob ");
	finds("z", "");
}

Test(people, are_found_without_regard_to_case)
{
	learn("* 2 people are here: Alice, BOB");
	finds("aL", "Alice ");
	finds("bob", "BOB ");
}

Test(people, are_found_by_names_of_any_script)
{
	learn("* 3 people are here: \xe5\xbc\xa0\xe4\xbc\x9f, \xe5\xbc\xa0, "
	      "\xc3\x89lodie");
	finds("\xe5\xbc\xa0", "\xe5\xbc\xa0 \xe5\xbc\xa0\xe4\xbc\x9f ");
	finds("\xc3\xa9l", "\xc3\x89lodie ");
}

Test(people, what_cannot_begin_a_name_finds_nobody)
{
	learn("* 1 person is here: alice");
	finds("al ", "");
	finds("@", "");
	finds("\xff", "");
}

Test(people, come_and_go)
{
	learn("* 1 person is here: alice");
	learn("* bob joined");
	learn("* carol joined");
	finds("", "alice bob carol ");
	learn("* bob left");
	learn("* carol left (connection lost)");
	finds("", "alice ");
}

Test(people, change_their_names)
{
	learn("* 2 people are here: alice, bob");
	learn("* bob is now rob");
	finds("", "alice rob ");
	learn("* rob is now Rob");
	finds("r", "Rob ");
}

Test(people, are_listed_once_however_often_they_are_mentioned)
{
	learn("* 1 person is here: alice");
	learn("* Alice joined");
	learn("ALICE: hello");
	finds("", "alice ");
}

Test(people, those_a_long_greeting_leaves_out_are_counted)
{
	learn("* 5 people are here: alice, bob and 3 more");
	finds("", "alice bob ");
	cr_assert_eq(people.n_unknown, 3);
}

Test(people, the_list_tells_who_is_away_and_they_are_here_all_the_same)
{
	learn(
	    "* 4 people are here: alice (away), bob, carol (away) and 1 more");
	finds("", "alice bob carol ");
	cr_assert_eq(people.n_unknown, 1);
	learn("* also here: dave (away)");
	finds("", "alice bob carol dave ");
	cr_assert_eq(people.n_unknown, 0);
}

Test(people, who_speaks_is_known)
{
	learn("* 5 people are here: alice, bob and 3 more");
	learn("carol: hello");
	learn("[dave -> alice] psst");
	learn("alice: hello");
	finds("", "alice bob carol dave ");
	cr_assert_eq(people.n_unknown, 1);
	learn("* erin left");
	cr_assert_eq(people.n_unknown, 0);
}

Test(people, whom_nobody_could_be_does_not_leave)
{
	learn("* 9 people are here: alice and 8 more");
	learn("* \u200b left");
	learn("*  left");
	learn("* \u200b is now \u00ad");
	cr_expect_eq(people.n, 1);
	cr_expect_eq(people.n_unknown, 8);
}

Test(people, whom_nobody_could_be_is_not_of_a_crowd)
{
	learn("* 9 people are here: alice and 8 more");
	learn("* 2 people left: \u200b, \u00ad");
	cr_expect_eq(people.n_unknown, 8);
	learn("* 2 people joined: \u200b, bob");
	finds("", "alice bob ");
	/* one of the two has not been named */
	cr_expect_eq(people.n_unknown, 9);
	learn("* 2 people left: \u0301, bob");
	finds("", "alice ");
	cr_expect_eq(people.n_unknown, 9);
}

Test(people, who_joins_was_not_among_those_left_out)
{
	learn("* 3 people are here: alice and 2 more");
	learn("* bob joined");
	cr_assert_eq(people.n_unknown, 2);
}

Test(people, a_list_in_several_lines_replaces_what_was_known)
{
	learn("* 4 people are here: alice, bob and 2 more");
	learn("* 3 people are here: bob, carol");
	cr_assert_eq(people.n_unknown, 1);
	learn("* also here: dave");
	cr_assert_eq(people.n_unknown, 0);
	finds("", "bob carol dave ");
}

Test(people, what_is_no_name_is_passed_over)
{
	learn("* 2 people are here: \xff\xfe, bob");
	finds("", "bob ");
}

Test(people, are_as_many_as_a_server_can_hold_and_no_more)
{
	char line[64];

	for (int i = 0; i < MAX_USERS_LIMIT + 100; i++) {
		snprintf(line, sizeof line, "* n%d joined", i);
		learn(line);
	}
	cr_assert_eq(people.n, MAX_USERS_LIMIT);
	finds("n2999", "n2999 n29990 n29991 n29992 n29993 n29994 n29995 "
		       "n29996 n29997 n29998 n29999 ");
}

Test(people, in_a_crowd_that_joins_are_known_as_far_as_they_are_named)
{
	learn("* 2 people are here: alice, bob");
	learn("* 5 people joined: carol, dave and 3 more");
	finds("", "alice bob carol dave ");
	cr_assert_eq(people.n_unknown, 3);
	learn("eve: hello");
	cr_assert_eq(people.n_unknown, 2);
}

Test(people, in_a_crowd_that_leaves_are_gone_as_far_as_they_are_named)
{
	learn("* 4 people are here: alice, bob, carol, dave");
	learn("* 3 people left: bob, dave and 1 more");
	finds("", "alice carol ");
}

/* Their number ------------------------------------------------------------ */

static void
counts(const char *line, size_t expected)
{
	learn(line);
	cr_assert_eq(people_count(&people), expected, "%s: %zu", line,
	    people_count(&people));
}

Test(people, are_counted_as_they_come_and_go)
{
	cr_assert_eq(people_count(&people), 0);
	counts("* 5 people are here: alice, bob and 3 more", 5);
	counts("* carol joined", 6);
	/* one of those left out */
	counts("dave: hello", 6);
	counts("* dave left", 5);
	counts("* erin left (timed out)", 4);
	counts("* bob is now rob", 4);
	counts("* frank is now fred", 4);
	counts("rob: hello", 4);
	counts("* 4 people are here: alice, rob, carol, fred", 4);
}

Test(people, are_counted_in_crowds)
{
	counts("* 1 person is here: alice", 1);
	counts("* 30 people joined: ann, bob and 28 more", 31);
	/* carol and dave were among them, or so it seems */
	counts("* 20 people left: ann, carol and 18 more", 11);
	counts("dave: hello", 11);
	counts("* dave left", 10);
	counts("* 10 people are here: alice, b, c, d, e, f, g, h, i, j", 10);
	cr_assert_eq(people.n_unknown, 0);
}

Test(people, who_left_unnamed_is_counted_again_when_he_comes_back)
{
	counts("* 4 people are here: alice, bob, carol, dave", 4);
	counts("* 3 people left: dave and 2 more", 1);
	counts("* bob joined", 2);
	counts("* 2 people joined: carol, dave", 4);
	counts("* carol left", 3);
	finds("", "alice bob dave ");
}

Test(people, are_never_fewer_than_none)
{
	counts("* 1 person is here: alice", 1);
	counts("* 30 people left: ann and 29 more", 0);
	counts("* bob left", 0);
}
