/* test_counters.c - the list of counters, and what the manual says of it. */
#include "ipc/counters.h"

#include "tests/harness.h"
#include "tests/harness_manual.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(counters, .timeout = SUITE_TIMEOUT);

Test(counters, have_names_that_programs_can_use_each_its_own)
{
	for (int i = 0; i < DIR_N_COUNTERS; i++) {
		const char *name = counter_name((enum dir_counter)i);

		cr_assert_gt(strlen(name), 0);
		for (const char *c = name; *c != '\0'; c++)
			cr_expect(islower((unsigned char)*c) || *c == '_' ||
				      isdigit((unsigned char)*c),
			    "%s", name);
		for (int j = 0; j < i; j++)
			cr_expect_str_neq(
			    name, counter_name((enum dir_counter)j));
	}
}

Test(counters, of_a_group_stand_together_and_no_group_is_empty)
{
	enum dir_counter_group group = counter_group((enum dir_counter)0);

	cr_assert_eq(group, 0);
	for (int i = 1; i < DIR_N_COUNTERS; i++) {
		enum dir_counter_group next =
		    counter_group((enum dir_counter)i);

		cr_expect(next == group || next == group + 1, "%s",
		    counter_name((enum dir_counter)i));
		group = next;
	}
	cr_assert_eq(group + 1, DIR_N_GROUPS);
}

/* chat-who cuts a meaning that is wider than the terminal. */
Test(counters, have_meanings_that_fit_a_terminal)
{
	for (int i = 0; i < DIR_N_COUNTERS; i++)
		cr_expect_leq(strlen(counter_meaning((enum dir_counter)i)), 48,
		    "%s", counter_name((enum dir_counter)i));
}

static void
is_next_item(char **at, const char *name, const char *meaning)
{
	char head[128], text[256], expected[128];

	cr_assert(manual_next_item(at, head, sizeof head, text, sizeof text),
	    "%s is missing", name);
	snprintf(expected, sizeof expected, "Li %s", name);
	cr_assert_str_eq(head, expected);
	cr_assert_str_eq(text, meaning, "of %s", name);
}

Test(counters, stand_in_the_manual_of_chat_who_as_they_are)
{
	char *section = manual_section("tools/chat-who.1", "Counters");
	char *at = section, head[128], text[256];
	int group = -1;

	for (int i = 0; i < DIR_N_COUNTERS; i++) {
		enum dir_counter counter = (enum dir_counter)i;

		if ((int)counter_group(counter) != group) {
			enum dir_counter_group g = counter_group(counter);

			group = (int)g;
			is_next_item(&at, counter_group_name(g),
			    counter_group_meaning(g));
		}
		is_next_item(
		    &at, counter_name(counter), counter_meaning(counter));
	}
	cr_assert_not(
	    manual_next_item(&at, head, sizeof head, text, sizeof text),
	    "the manual has %s, the list has not", head);
	free(section);
}
