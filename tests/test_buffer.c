/* test_buffer.c - bytes on their way somewhere. */
#include "cli/buffer.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(buffer, .timeout = SUITE_TIMEOUT);

static void
holds(const struct buffer *b, const char *expected)
{
	cr_assert_eq(buffer_len(b), strlen(expected));
	cr_assert_arr_eq(buffer_data(b), expected, strlen(expected));
}

Test(buffer, begins_empty)
{
	struct buffer b = { 0 };

	holds(&b, "");
	buffer_free(&b);
}

Test(buffer, gives_back_in_order_what_was_appended)
{
	struct buffer b = { 0 };

	buffer_append_string(&b, "hello ");
	buffer_append(&b, "world!", 5);
	holds(&b, "hello world");
	buffer_drop(&b, 6);
	holds(&b, "world");
	buffer_append_string(&b, "s");
	holds(&b, "worlds");
	buffer_drop(&b, 6);
	holds(&b, "");
	buffer_free(&b);
}

Test(buffer, does_not_grow_when_what_is_added_is_also_taken)
{
	struct buffer b = { 0 };
	char block[700];

	memset(block, 'x', sizeof block);
	buffer_append(&b, block, sizeof block);
	for (int i = 0; i < 1000; i++) {
		buffer_append(&b, block, sizeof block);
		buffer_drop(&b, sizeof block);
	}
	cr_assert_eq(buffer_len(&b), sizeof block);
	cr_assert_leq(b.size, 4096);
	buffer_free(&b);
}

Test(buffer, formats_as_printf_does_however_much_it_is)
{
	struct buffer b = { 0 };

	buffer_append_string(&b, "a");
	buffer_append_format(&b, "%s %d", "b", 7);
	holds(&b, "ab 7");
	buffer_append_format(&b, "%*d", 10000, 8);
	cr_assert_eq(buffer_len(&b), 10004);
	buffer_free(&b);
}

Test(buffer, makes_untrusted_bytes_visible)
{
	struct buffer b = { 0 };

	buffer_append_printable(&b, "plain", 5);
	buffer_append_printable(&b, "\x1b[2J\xff", 5);
	holds(&b, "plain^[[2J\\377");
	buffer_free(&b);
}

Test(buffer, has_room_for_the_longest_visible_form)
{
	struct buffer b = { 0 };
	char bytes[5000];

	memset(bytes, 0xff, sizeof bytes);
	buffer_append_printable(&b, bytes, sizeof bytes);
	cr_assert_eq(buffer_len(&b), 4 * sizeof bytes);
	buffer_free(&b);
}
