/* test_who_scroll.c - which of many rows are on the screen. */
#include "tools/who_scroll.h"

#include "tests/harness.h"
#include "tools/who_input.h"

#include <criterion/criterion.h>

TestSuite(who_scroll, .timeout = SUITE_TIMEOUT);

static void
is_at(struct who_scroll *scroll, int key, size_t first)
{
	cr_assert(who_scroll_press(scroll, key));
	cr_assert_eq(scroll->first, first, "%zu", scroll->first);
}

Test(who_scroll, keys_go_by_a_row_by_a_page_and_to_the_ends)
{
	struct who_scroll scroll = { 0 };

	who_scroll_fit(&scroll, 45, 20);
	is_at(&scroll, WHO_KEY_DOWN, 1);
	is_at(&scroll, WHO_KEY_UP, 0);
	is_at(&scroll, WHO_KEY_PAGE_DOWN, 20);
	is_at(&scroll, WHO_KEY_END, 25);
	is_at(&scroll, WHO_KEY_PAGE_UP, 5);
	is_at(&scroll, WHO_KEY_HOME, 0);
}

Test(who_scroll, no_key_goes_beyond_the_ends)
{
	struct who_scroll scroll = { 0 };

	who_scroll_fit(&scroll, 45, 20);
	is_at(&scroll, WHO_KEY_UP, 0);
	is_at(&scroll, WHO_KEY_PAGE_UP, 0);
	is_at(&scroll, WHO_KEY_END, 25);
	is_at(&scroll, WHO_KEY_DOWN, 25);
	is_at(&scroll, WHO_KEY_PAGE_DOWN, 25);
}

Test(who_scroll, what_fits_does_not_move)
{
	struct who_scroll scroll = { 0 };

	is_at(&scroll, WHO_KEY_END, 0);
	who_scroll_fit(&scroll, 20, 20);
	is_at(&scroll, WHO_KEY_DOWN, 0);
	is_at(&scroll, WHO_KEY_END, 0);
}

Test(who_scroll, other_keys_are_not_taken)
{
	struct who_scroll scroll = { 0 };

	who_scroll_fit(&scroll, 45, 20);
	for (int key = WHO_KEY_NONE; key < 256; key++)
		cr_expect_not(who_scroll_press(&scroll, key), "%d", key);
	cr_expect_not(who_scroll_press(&scroll, WHO_KEY_ESCAPE));
	cr_assert_eq(scroll.first, 0);
}

Test(who_scroll, room_below_the_last_is_filled_and_else_the_place_is_kept)
{
	struct who_scroll scroll = { 0 };

	who_scroll_fit(&scroll, 45, 20);
	is_at(&scroll, WHO_KEY_PAGE_DOWN, 20);
	/* others come, and a smaller window */
	who_scroll_fit(&scroll, 100, 20);
	cr_assert_eq(scroll.first, 20);
	who_scroll_fit(&scroll, 100, 5);
	cr_assert_eq(scroll.first, 20);
	/* a larger one, and they leave */
	who_scroll_fit(&scroll, 100, 90);
	cr_assert_eq(scroll.first, 10);
	who_scroll_fit(&scroll, 95, 90);
	cr_assert_eq(scroll.first, 5);
	who_scroll_fit(&scroll, 0, 90);
	cr_assert_eq(scroll.first, 0);
}
