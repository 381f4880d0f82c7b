/* test_who_draw.c - a frame of a watch on a screen. */
#include "tools/who_draw.h"

#include "tests/harness.h"
#include "tools/who_input.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(who_draw, .timeout = SUITE_TIMEOUT);

/* Hide the cursor, and to the top. */
#define BEGIN "\033[?25l\033[H"

static struct who_text
text(char *bytes)
{
	return (struct who_text){ bytes, strlen(bytes) };
}

static char five_users[] = "title\nNAME\na\nb\nc\nd\ne\n";

static struct who_drawing
table(void)
{
	static char nothing[] = "";

	return (struct who_drawing){
		.why = text(nothing),
		.question = text(nothing),
		.look = text(five_users),
		.rows = { 5, "users" },
	};
}

/* Take out of `drawn` every `sequence`; there must be so many. */
static void
strip(char *drawn, const char *sequence, size_t n)
{
	size_t len = strlen(sequence);
	char *at = drawn;

	for (; (at = strstr(at, sequence)) != NULL; n--)
		memmove(at, at + len, strlen(at + len) + 1);
	cr_assert_eq(n, 0);
}

/* The lines are these, each of them cleared to its end, and below them nothing
 * is left. */
static void
shows(const struct who_drawing *drawing, size_t n_lines,
    struct who_scroll *scroll, const char *expected)
{
	char *drawn = NULL;
	size_t len, n = 0;
	FILE *out = open_memstream(&drawn, &len);

	who_draw(drawing, n_lines, scroll, out);
	(void)fclose(out);
	for (const char *end = expected; (end = strchr(end, '\n')); end++)
		n++;
	cr_assert_lt(n, n_lines, "the last line is not free");
	cr_assert_eq(strncmp(drawn, BEGIN, strlen(BEGIN)), 0);
	strip(drawn, BEGIN, 1);
	cr_assert_str_eq(drawn + strlen(drawn) - 3, "\033[J");
	strip(drawn, "\033[J", 1);
	strip(drawn, "\033[K", n);
	cr_assert_str_eq(drawn, expected);
	free(drawn);
}

Test(who_draw, all_is_shown_where_it_fits)
{
	struct who_drawing drawing = table();
	struct who_scroll scroll = { 0 };

	shows(&drawing, 8, &scroll, five_users);
	shows(&drawing, SIZE_MAX, &scroll, five_users);
}

Test(who_draw, a_line_tells_what_is_shown_where_it_does_not)
{
	struct who_drawing drawing = table();
	struct who_scroll scroll = { 0 };

	shows(&drawing, 7, &scroll, "title\nNAME\na\nb\nc\nusers 1-3 of 5\n");
	(void)who_scroll_press(&scroll, WHO_KEY_DOWN);
	shows(&drawing, 7, &scroll, "title\nNAME\nb\nc\nd\nusers 2-4 of 5\n");
	(void)who_scroll_press(&scroll, WHO_KEY_END);
	shows(&drawing, 7, &scroll, "title\nNAME\nc\nd\ne\nusers 3-5 of 5\n");
}

Test(who_draw, another_size_keeps_the_place_as_far_as_it_can)
{
	struct who_drawing drawing = table();
	struct who_scroll scroll = { 0 };

	shows(&drawing, 6, &scroll, "title\nNAME\na\nb\nusers 1-2 of 5\n");
	(void)who_scroll_press(&scroll, WHO_KEY_END);
	shows(&drawing, 6, &scroll, "title\nNAME\nd\ne\nusers 4-5 of 5\n");
	shows(&drawing, 5, &scroll, "title\nNAME\nd\nusers 4-4 of 5\n");
	shows(&drawing, 7, &scroll, "title\nNAME\nc\nd\ne\nusers 3-5 of 5\n");
	shows(&drawing, 8, &scroll, five_users);
	shows(&drawing, 6, &scroll, "title\nNAME\na\nb\nusers 1-2 of 5\n");
}

Test(who_draw, a_screen_of_few_lines_shows_a_row_rather_than_the_title)
{
	struct who_drawing drawing = table();
	struct who_scroll scroll = { 0 };

	shows(&drawing, 4, &scroll, "title\na\nusers 1-1 of 5\n");
	(void)who_scroll_press(&scroll, WHO_KEY_DOWN);
	shows(&drawing, 3, &scroll, "b\nusers 2-2 of 5\n");
	shows(&drawing, 2, &scroll, "b\n");
}

Test(who_draw, what_is_wrong_stands_above_and_takes_its_room)
{
	static char why[] = "chat-who: oh\nchat-who: no\n";
	struct who_drawing drawing = table();
	struct who_scroll scroll = { 0 };

	drawing.why = text(why);
	shows(&drawing, 8, &scroll,
	    "chat-who: oh\nchat-who: no\ntitle\nNAME\na\nb\nusers 1-2 of 5\n");
}

Test(who_draw, what_has_no_rows_is_cut_and_the_place_in_the_table_is_kept)
{
	static char help[] = "title\nq quit\nh help\nr turn round\n";
	struct who_drawing drawing = table();
	struct who_scroll scroll = { 0 };

	shows(&drawing, 5, &scroll, "title\nNAME\na\nusers 1-1 of 5\n");
	(void)who_scroll_press(&scroll, WHO_KEY_DOWN);
	drawing.look = text(help);
	drawing.rows = (struct who_rows){ 0 };
	shows(&drawing, 4, &scroll, "title\nq quit\nh help\n");
	shows(&drawing, 5, &scroll, help);
	drawing = table();
	shows(&drawing, 5, &scroll, "title\nNAME\nb\nusers 2-2 of 5\n");
}

Test(who_draw, a_question_stands_below_with_the_cursor_behind_it)
{
	static char question[] = "Who? a";
	struct who_drawing drawing = table();
	struct who_scroll scroll = { 0 };
	char *drawn = NULL;
	size_t len;
	FILE *out = open_memstream(&drawn, &len);

	drawing.question = text(question);
	who_draw(&drawing, 6, &scroll, out);
	(void)fclose(out);
	cr_assert_not_null(
	    strstr(drawn, "users 1-2 of 5\033[K\n\033[JWho? a\033[?25h"));
	free(drawn);
}
