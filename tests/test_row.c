/* test_row.c - a line of which nobody knows how wide it is, drawn in one row.
 */
#include "cli/row.h"

#include "ipc/text.h"
#include "tests/harness.h"
#include "tests/harness_emoji.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <string.h>

#define KEYCAP_1 "1\xef\xb8\x8f\xe2\x83\xa3"
#define SMILE "\xf0\x9f\x98\x80"
#define NI "\xe4\xbd\xa0"
#define SHALOM "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"

TestSuite(row, .timeout = SUITE_TIMEOUT);

struct need_case {
	char text[32];
	bool is_needed;
	bool is_needed_on_linux;
	char why[32];
};

ParameterizedTestParameters(row, is_needed)
{
	static struct need_case cases[] = {
		{ "", false, false, "nothing" },
		{ "hello", false, false, "ASCII" },
		{ NI, false, false, "wide" },
		{ SHALOM, false, false, "right to left" },
		{ SMILE, false, false, "an emoji" },
		{ "\xff", false, false, "not UTF-8" },
		{ "a" OVERRIDE, true, true, "turned round" },
		{ "e" ACUTE, false, true, "combining" },
		{ "a" FAMILY, true, true, "joined" },
		{ DE, true, true, "a flag" },
		{ HEART, true, true, "a coloured form" },
		{ BROWN_THUMB, true, true, "a colour of skin" },
		{ KEYCAP_1, true, true, "a keycap" },
	};

	return cr_make_param_array(
	    struct need_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct need_case *c, row, is_needed)
{
	size_t len = strlen(c->text);

	cr_expect_eq(
	    row_is_needed(c->text, len, false), c->is_needed, "%s", c->why);
	cr_expect_eq(row_is_needed(c->text, len, true), c->is_needed_on_linux,
	    "%s", c->why);
}

/* What is drawn of the text with the cursor behind its first `point` bytes. */
static const char *
drawn(const char *text, size_t point, size_t columns)
{
	static char result[4096];
	struct buffer b = { 0 };

	row_draw(&b, "al> ", text, strlen(text), point, columns);
	(void)snprintf(result, sizeof result, "%.*s", (int)buffer_len(&b),
	    buffer_data(&b));
	buffer_free(&b);
	return result;
}

Test(row, with_the_cursor_at_its_end_is_written_and_the_rest_erased)
{
	cr_assert_str_eq(drawn("", 0, 40), "\ral> \033[K");
	cr_assert_str_eq(
	    drawn(FAMILY, strlen(FAMILY), 40), "\ral> " FAMILY "\033[K");
}

Test(row, with_the_cursor_amid_it_has_that_put_there_by_the_terminal)
{
	cr_assert_str_eq(
	    drawn("a" FAMILY "b", 1, 40), "\ral> a\0337" FAMILY "b\033[K\0338");
	cr_assert_str_eq(
	    drawn(FAMILY, 0, 40), "\ral> \0337" FAMILY "\033[K\0338");
}

Test(row, shows_what_a_terminal_would_act_upon)
{
	cr_assert_str_eq(drawn("a\nb" OVERRIDE "\xff", 3, 40),
	    "\ral> a^Jb\0337<U+202E>\\377\033[K\0338");
}

Test(row, that_is_too_long_is_marked_where_it_goes_on)
{
	/* 20 columns, one left free, four for the prompt. */
	cr_assert_str_eq(drawn("0123456789abcde", 0, 20),
	    "\ral> \0337"
	    "0123456789abcde\033[K\0338");
	cr_assert_str_eq(drawn("0123456789abcdef", 0, 20),
	    "\ral> \0337"
	    "0123456789abc>\033[K\0338");
	cr_assert_str_eq(
	    drawn("0123456789abcdef", 16, 20), "\ral> <56789abcdef\033[K");
	cr_assert_str_eq(drawn("0123456789abcdefghi", 14, 20),
	    "\ral> <56789abcd\0337"
	    "efgh>\033[K\0338");
}

Test(row, that_is_too_long_is_never_cut_amid_what_belongs_together)
{
	/* A family may have 8 columns, and is 18 bytes. */
	cr_assert_str_eq(drawn(FAMILY FAMILY FAMILY, 0, 28),
	    "\ral> \0337" FAMILY FAMILY ">\033[K\0338");
	cr_assert_str_eq(
	    drawn(FAMILY FAMILY FAMILY FAMILY, 4 * strlen(FAMILY), 28),
	    "\ral> <" FAMILY FAMILY "\033[K");
}

Test(row, in_a_narrow_window_has_no_prompt)
{
	cr_assert_str_eq(drawn(HEART, strlen(HEART), 8), "\r" HEART "\033[K");
}

/* Whatever the terminal thinks of the widths, the row is not wider than it. */
Test(row, always_fits_and_always_shows_the_cursor)
{
	static const char text[] =
	    "x" FAMILY "ab" DE HEART NI NI BROWN_THUMB "e" ACUTE ACUTE ACUTE
	    "\n\n" OVERRIDE KEYCAP_1 "hello" FAMILY FAMILY "\xff\xff"
	    "end";

	for (size_t columns = 4; columns < 80; columns++)
		for (size_t point = 0; point < sizeof text; point++) {
			char shown[4096];
			size_t len = 0;

			/* The cursor is never within a character. */
			if (((unsigned char)text[point] & 0xc0) == 0x80)
				continue;
			for (const char *s = drawn(text, point, columns); *s;) {
				if (strncmp(s, "\033[K", 3) == 0)
					s += 3;
				else if (*s == '\033')
					s += 2;
				else
					shown[len++] = *s++;
			}
			/* Its CR is one byte too many. */
			cr_assert_leq(text_width(shown, len), columns,
			    "%zu at %zu", columns, point);
		}
}
