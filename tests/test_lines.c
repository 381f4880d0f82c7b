/* test_lines.c - a stream of bytes taken apart into lines. */
#include "cli/lines.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(lines, .timeout = SUITE_TIMEOUT);

static struct lines lines;

static void
reads(const char *bytes, size_t len)
{
	size_t room;
	char *space = lines_space(&lines, &room);

	cr_assert_leq(len, room);
	memcpy(space, bytes, len);
	lines_added(&lines, len);
}

static void
reads_string(const char *s)
{
	reads(s, strlen(s));
}

static void
is_line(const struct line *line, const char *text, bool is_start, bool is_end)
{
	cr_assert(line->len == strlen(text) &&
		      memcmp(line->text, text, line->len) == 0,
	    "'%.*s' is not '%s'", (int)line->len, line->text, text);
	cr_assert_eq(line->is_start, is_start);
	cr_assert_eq(line->is_end, is_end);
}

static void
yields(const char *text)
{
	struct line line;

	cr_assert(lines_next(&lines, &line), "no '%s'", text);
	is_line(&line, text, true, true);
}

static void
yields_piece(const char *text, bool is_start, bool is_end)
{
	struct line line;

	cr_assert(lines_next(&lines, &line), "no '%s'", text);
	is_line(&line, text, is_start, is_end);
}

static void
yields_nothing(void)
{
	struct line line;

	cr_assert_not(lines_next(&lines, &line));
}

Test(lines, end_with_lf_or_crlf)
{
	lines_init(&lines, 100);
	reads_string("one\ntwo\r\n\n\r\nthree");
	yields("one");
	yields("two");
	yields("");
	yields("");
	yields_nothing();
}

Test(lines, come_whole_from_single_bytes)
{
	lines_init(&lines, 100);
	for (const char *s = "ab\r"; *s != '\0'; s++) {
		reads(s, 1);
		yields_nothing();
	}
	reads("\n", 1);
	yields("ab");
	yields_nothing();
}

Test(lines, may_be_as_long_as_is_allowed_however_they_end)
{
	lines_init(&lines, 8);
	reads_string("12345678\n12345678\r\n12345678\r");
	yields("12345678");
	yields("12345678");
	yields_nothing();
	reads_string("\n");
	yields("12345678");
}

Test(lines, that_are_too_long_come_in_pieces)
{
	lines_init(&lines, 8);
	reads_string("123456789abcdefghij\nnext\n");
	yields_piece("12345678", true, false);
	yields_piece("9abcdefg", false, false);
	yields_piece("hij", false, true);
	yields("next");
}

Test(lines, are_not_cut_within_a_character)
{
	lines_init(&lines, 8);
	/* Three characters of three bytes: the cut falls into the third. */
	reads_string("\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xb8\x96\n");
	yields_piece("\xe4\xbd\xa0\xe5\xa5\xbd", true, false);
	yields_piece("\xe4\xb8\x96", false, true);
}

Test(lines, that_are_not_text_are_cut_anywhere)
{
	lines_init(&lines, 8);
	reads_string("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\n");
	yields_piece("\x80\x80\x80\x80\x80\x80\x80\x80", true, false);
	yields_piece("\x80\x80", false, true);
}

Test(lines, hold_nul_bytes_like_any_other)
{
	struct line line;

	lines_init(&lines, 8);
	reads("a\0b\n", 4);
	cr_assert(lines_next(&lines, &line));
	cr_assert_eq(line.len, 3);
	cr_assert_arr_eq(line.text, "a\0b", 3);
}

Test(lines, the_last_one_needs_no_end)
{
	struct line line;

	lines_init(&lines, 100);
	reads_string("one\nlast\r");
	yields("one");
	yields_nothing();
	cr_assert(lines_last(&lines, &line));
	is_line(&line, "last", true, true);
	cr_assert_not(lines_last(&lines, &line));
}

Test(lines, that_never_end_leave_room_for_the_next_read)
{
	struct line line;
	size_t room, total = 0;

	lines_init(&lines, 4096);
	for (int i = 0; i < 100; i++) {
		char *space = lines_space(&lines, &room);

		cr_assert_geq(room, LINES_READ_BYTES / 2);
		memset(space, 'x', room);
		lines_added(&lines, room);
		total += room;
		while (lines_next(&lines, &line)) {
			cr_assert_leq(line.len, 4096);
			total -= line.len;
		}
	}
	cr_assert_leq(total, 4097);
}
