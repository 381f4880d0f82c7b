/* test_who_keys.c - what keys do to a watch. */
#include "tools/who_keys.h"

#include "tests/harness.h"
#include "tests/harness_manual.h"
#include "tools/who_input.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(who_keys, .timeout = SUITE_TIMEOUT);

Test(who_keys, each_column_has_a_key_of_its_own)
{
	for (int i = 0; i < WHO_N_USER_COLUMNS; i++) {
		char key = who_key_of((enum who_user_column)i);

		cr_expect_null(strchr("qrh? \n", key), "%c", key);
		for (int j = 0; j < i; j++)
			cr_expect_neq(key, who_key_of((enum who_user_column)j));
	}
}

Test(who_keys, a_column_s_key_sorts_by_it)
{
	struct who_keys keys = { 0 };
	struct who_select select = { 0 };

	for (int i = 0; i < WHO_N_USER_COLUMNS; i++) {
		enum who_user_column column = (enum who_user_column)i;

		cr_expect(who_keys_press(&keys, &select, who_key_of(column)));
		cr_expect(select.is_sorted);
		cr_expect_eq(select.key, column);
	}
}

Test(who_keys, figures_begin_with_the_most_and_names_with_the_first)
{
	struct who_keys keys = { 0 };
	struct who_select select = { 0 };

	(void)who_keys_press(&keys, &select, who_key_of(WHO_USER_queued));
	cr_assert(select.is_reversed);
	(void)who_keys_press(&keys, &select, who_key_of(WHO_USER_name));
	cr_assert_not(select.is_reversed);
}

Test(who_keys, r_turns_any_order_round_and_that_of_joining_too)
{
	struct who_keys keys = { 0 };
	struct who_select select = { 0 };

	cr_assert(who_keys_press(&keys, &select, 'r'));
	cr_assert(select.is_sorted && select.is_reversed);
	cr_assert_eq(select.key, WHO_USER_joined);
	cr_assert(who_keys_press(&keys, &select, 'r'));
	cr_assert_not(select.is_reversed);
}

Test(who_keys, q_quits_and_others_do_not)
{
	struct who_keys keys = { 0 };
	struct who_select select = { 0 };

	cr_assert_not(who_keys_press(&keys, &select, 'q'));
	for (int key = 0; key < 512; key++)
		cr_expect_eq(
		    who_keys_press(&keys, &select, key), key != 'q', "%d", key);
}

Test(who_keys, help_goes_away_with_any_key)
{
	struct who_keys keys = { 0 };
	struct who_select select = { 0 };

	(void)who_keys_press(&keys, &select, 'h');
	cr_assert(keys.is_help_shown);
	(void)who_keys_press(&keys, &select, '?');
	cr_assert_not(keys.is_help_shown);
	(void)who_keys_press(&keys, &select, '?');
	(void)who_keys_press(&keys, &select, ' ');
	cr_assert_not(keys.is_help_shown);
	cr_assert_not(select.is_sorted);
}

Test(who_keys, arrows_scroll_and_take_the_help_away)
{
	struct who_keys keys = { 0 };
	struct who_select select = { 0 };

	who_scroll_fit(&keys.scroll, 45, 20);
	(void)who_keys_press(&keys, &select, WHO_KEY_PAGE_DOWN);
	cr_assert_eq(keys.scroll.first, 20);
	(void)who_keys_press(&keys, &select, 'h');
	(void)who_keys_press(&keys, &select, WHO_KEY_UP);
	cr_assert_eq(keys.scroll.first, 19);
	cr_assert_not(keys.is_help_shown);
	cr_assert_not(select.is_sorted);
}

/* The manual has them in the order of the columns, with blanks between. */
Test(who_keys, that_sort_stand_in_the_manual)
{
	char *section = manual_section("tools/chat-who.1", "Keys");
	char row[128] = ".It Ic";
	size_t len = strlen(row);

	for (int i = 0; i < WHO_N_USER_COLUMNS; i++)
		len += (size_t)snprintf(row + len, sizeof row - len, " %c",
		    who_key_of((enum who_user_column)i));
	cr_assert_not_null(strstr(section, row), "no %s", row);
	free(section);
}
