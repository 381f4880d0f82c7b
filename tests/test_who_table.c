/* test_who_table.c - columns of text, their widths and what is given up. */
#include "tools/who_table.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

TestSuite(who_table, .timeout = SUITE_TIMEOUT);

static const struct who_column columns[] = {
	{ .title = "NAME", .min_width = 4 },
	{ .title = "PID", .is_right_aligned = true, .expendable = 1 },
	{ .title = "FROM", .min_width = 6, .expendable = 2 },
	{ .title = "STATE" },
};

struct row {
	const char *texts[4];
};

static void
prints(const struct row *rows, size_t n, size_t width, const char *expected)
{
	struct who_table *table = who_table_new(columns, 4);
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	for (size_t i = 0; i < n; i++)
		who_table_add(table, rows[i].texts);
	cr_assert_eq(who_table_print(table, width, out), 0);
	(void)fclose(out);
	cr_assert_str_eq(text, expected);
	free(text);
	who_table_free(table);
}

Test(who_table, without_rows_has_its_titles)
{
	prints(NULL, 0, WHO_ANY_WIDTH, "NAME  PID  FROM  STATE\n");
}

Test(who_table, columns_are_as_wide_as_their_widest_text)
{
	static const struct row rows[] = {
		{ { "al", "7", "127.0.0.1:40000", "here" } },
		{ { "bartholomew", "12345", "[::1]:1", "stopped" } },
	};

	prints(rows, 2, WHO_ANY_WIDTH,
	    "NAME           PID  FROM             STATE\n"
	    "al               7  127.0.0.1:40000  here\n"
	    "bartholomew  12345  [::1]:1          stopped\n");
}

Test(who_table, wide_and_combining_characters_line_up)
{
	static const struct row rows[] = {
		{ { "\u5f20\u4f1f", "1", "a", "here" } },
		{ { "e\u0301ve", "2", "b", "here" } },
		{ { "\U0001f600", "3", "c", "here" } },
		{ { "alice", "4", "d", "here" } },
	};

	prints(rows, 4, WHO_ANY_WIDTH,
	    "NAME   PID  FROM  STATE\n"
	    "\u5f20\u4f1f     1  a     here\n"
	    "e\u0301ve      2  b     here\n"
	    "\U0001f600       3  c     here\n"
	    "alice    4  d     here\n");
}

Test(who_table, long_texts_are_cut_before_columns_are_left_out)
{
	static const struct row rows[] = {
		{ { "alice", "1", "127.0.0.1:40000", "here" } },
	};

	prints(rows, 1, 26,
	    "NAME   PID  FROM     STATE\n"
	    "alice    1  127.0.\u2026  here\n");
}

Test(who_table, a_wide_character_is_never_cut_in_half)
{
	static const struct row rows[] = {
		{ { "\u5f20\u4f1f\u5f20\u4f1f", "1", "-", "here" } },
	};

	/* Seven columns for the name: three characters and the ellipsis ... */
	prints(rows, 1, 25,
	    "NAME     PID  FROM  STATE\n"
	    "\u5f20\u4f1f\u5f20\u2026    1  -     here\n");
	/* ... and six: two characters, the ellipsis and a blank. */
	prints(rows, 1, 24,
	    "NAME    PID  FROM  STATE\n"
	    "\u5f20\u4f1f\u2026     1  -     here\n");
}

Test(who_table, combining_characters_are_cut_with_what_they_follow)
{
	static const struct row rows[] = {
		{ { "abce\u0301xyz", "1", "-", "here" } },
	};

	prints(rows, 1, 23,
	    "NAME   PID  FROM  STATE\n"
	    "abce\u0301\u2026    1  -     here\n");
}

Test(who_table, the_least_important_column_goes_first)
{
	static const struct row rows[] = {
		{ { "alice", "1", "127.0.0.1:40000", "here" } },
	};

	prints(rows, 1, 20, "NAME   PID  STATE\nalice    1  here\n");
	prints(rows, 1, 12, "NAME   STATE\nalice  here\n");
}

Test(who_table, what_cannot_be_given_up_is_printed_all_the_same)
{
	static const struct row rows[] = {
		{ { "alice", "1", "127.0.0.1:40000", "here" } },
	};

	prints(rows, 1, 1, "NAME  STATE\nali\u2026  here\n");
	prints(rows, 1, 0, "NAME  STATE\nali\u2026  here\n");
}

Test(who_table, no_line_ends_in_blanks)
{
	static const struct row rows[] = {
		{ { "alice", "1", "x", "" } },
		{ { "bob", "2", "", "stopped" } },
		{ { "carol", "", "", "" } },
	};

	prints(rows, 3, WHO_ANY_WIDTH,
	    "NAME   PID  FROM  STATE\n"
	    "alice    1  x\n"
	    "bob      2        stopped\n"
	    "carol\n");
}

Test(who_table, nothing_that_a_terminal_acts_upon_is_printed)
{
	static const struct row rows[] = {
		{ { "\033[2J", "1", "\xff", "a\nb" } },
	};

	prints(rows, 1, WHO_ANY_WIDTH,
	    "NAME   PID  FROM  STATE\n"
	    "^[[2J    1  \\377  a^Jb\n");
}

Test(who_table, no_memory_for_a_table_is_an_error_in_the_end)
{
	who_table_add(NULL, NULL);
	cr_assert_eq(who_table_print(NULL, WHO_ANY_WIDTH, stdout), -1);
	who_table_free(NULL);
}
