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

		cr_expect_null(strchr("qrh?/ \n", key), "%c", key);
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

Test(who_keys, q_and_control_c_quit_and_others_do_not)
{
	struct who_keys keys = { 0 };
	struct who_select select = { 0 };

	cr_assert_not(who_keys_press(&keys, &select, 'q'));
	for (int key = 0; key < 512; key++)
		cr_expect_eq(who_keys_press(&keys, &select, key),
		    key != 'q' && key != WHO_KEY_INTERRUPT, "%d", key);
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

/* Help -------------------------------------------------------------------- */

static char *
help_text(bool are_users_shown)
{
	static char text[4096];
	FILE *out = fmemopen(text, sizeof text, "w");

	who_keys_help(are_users_shown, out);
	(void)fclose(out);
	return text;
}

/* Above it stand four lines at most; the last one of the screen is free. */
Test(who_keys, help_has_room_on_a_usual_terminal)
{
	char *text = help_text(true);
	int n = 0;

	for (char *line = strtok(text, "\n"); line != NULL;
	     line = strtok(NULL, "\n"), n++)
		cr_expect_leq(strlen(line), 80, "%s", line);
	/* strtok has left out two empty ones. */
	cr_assert_leq(n + 2, 24 - 4 - 1);
}

/* What stands before a column's name. */
static char
key_in_help(const char *text, enum who_user_column column)
{
	const char *sorts = strstr(text, "Sort by");
	const char *at = strstr(sorts, who_user_column_name(column));

	cr_assert_not_null(at);
	do
		at--;
	while (*at == ' ');
	return *at;
}

Test(who_keys, help_names_each_key)
{
	char *text = help_text(true);

	static const char *const others[] = { "\n  q ", "\n  space, Enter ",
		"\n  Up, Down ", "\n  Home, End ", "\n  h, ? ", "\n  / ",
		"\n  r " };

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		cr_expect_not_null(strstr(text, others[i]), "%s", others[i]);
	for (int i = 0; i < WHO_N_USER_COLUMNS; i++) {
		enum who_user_column column = (enum who_user_column)i;

		cr_expect_eq(key_in_help(text, column), who_key_of(column),
		    "%s", who_user_column_name(column));
	}
}

Test(who_keys, help_has_no_keys_for_users_where_there_are_none)
{
	char *text = help_text(false);

	cr_assert_null(strstr(text, "Sort by"));
	cr_assert_null(strchr(text, '/'));
	cr_assert_not_null(strstr(text, "quit"));
}

/* Filters ----------------------------------------------------------------- */

static void
types(struct who_keys *keys, struct who_select *select, const char *bytes)
{
	for (; *bytes != '\0'; bytes++)
		cr_assert(who_keys_press(keys, select, (unsigned char)*bytes));
}

Test(who_keys, a_slash_asks_for_a_filter_and_an_empty_one_ends_it)
{
	struct who_keys keys = { .are_users_shown = true };
	struct who_select select = { 0 };

	types(&keys, &select, "/");
	cr_assert(keys.prompt.is_open);
	/* q, s and r are letters there. */
	types(&keys, &select, "qS*r");
	cr_assert_null(select.pattern);
	types(&keys, &select, "\n");
	cr_assert_not(keys.prompt.is_open);
	cr_assert_str_eq(select.pattern, "qs*r");
	cr_assert_not(select.is_sorted);
	types(&keys, &select, "/bob\n");
	cr_assert_str_eq(select.pattern, "bob");
	types(&keys, &select, "/\n");
	cr_assert_not(who_select_is_filter(&select));
	who_select_free(&select);
}

Test(who_keys, a_filter_given_up_leaves_the_one_in_force)
{
	struct who_keys keys = { .are_users_shown = true };
	struct who_select select = { 0 };

	types(&keys, &select, "/bob\n/al");
	cr_assert(who_keys_press(&keys, &select, WHO_KEY_ESCAPE));
	cr_assert_not(keys.prompt.is_open);
	cr_assert_str_eq(select.pattern, "bob");
	types(&keys, &select, "/al");
	cr_assert(who_keys_press(&keys, &select, WHO_KEY_INTERRUPT));
	cr_assert_str_eq(select.pattern, "bob");
	cr_assert_not(who_keys_press(&keys, &select, WHO_KEY_INTERRUPT));
	who_select_free(&select);
}

Test(who_keys, a_filter_that_is_not_utf8_is_refused_and_can_be_put_right)
{
	struct who_keys keys = { .are_users_shown = true };
	struct who_select select = { 0 };

	types(&keys, &select, "/bob\n/al\xff\n");
	cr_assert(keys.prompt.is_open);
	cr_assert(keys.prompt.is_refused);
	cr_assert_str_eq(select.pattern, "bob");
	types(&keys, &select, "\x7f\n");
	cr_assert_not(keys.prompt.is_open);
	cr_assert_str_eq(select.pattern, "al");
	who_select_free(&select);
}

Test(who_keys, a_slash_asks_nothing_where_no_users_are_shown)
{
	struct who_keys keys = { 0 };
	struct who_select select = { 0 };

	types(&keys, &select, "/");
	cr_assert_not(keys.prompt.is_open);
}

/* The manual -------------------------------------------------------------- */

/* It has them in the order of the columns, with blanks between. */
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
