/* who_draw.c - a frame of a watch, drawn on a screen over the one before it.
 *
 * From the top, then what is left of the old one is cleared: nothing flickers.
 * A line too many would push the first one off the screen. */
#include "tools/who_draw.h"

#include <string.h>

#define HOME "\033[H"
#define CLEAR_LINE "\033[K"
#define CLEAR_BELOW "\033[J"
#define HIDE_CURSOR "\033[?25l"
#define SHOW_CURSOR "\033[?25h"

static size_t
count_lines(const struct who_text *text)
{
	size_t n = 0;

	for (size_t i = 0; i < text->len; i++)
		n += text->bytes[i] == '\n';
	return n;
}

/* Where the line begins, or the text ends. */
static size_t
line_start(const struct who_text *text, size_t line)
{
	size_t at = 0;

	while (line-- > 0 && at < text->len) {
		const char *end =
		    memchr(text->bytes + at, '\n', text->len - at);

		at = end == NULL ? text->len : (size_t)(end - text->bytes) + 1;
	}
	return at;
}

static void
put_lines(const struct who_text *text, size_t first, size_t n, FILE *out)
{
	size_t end = line_start(text, first + n);

	for (size_t i = line_start(text, first); i < end; i++) {
		if (text->bytes[i] == '\n')
			(void)fputs(CLEAR_LINE, out);
		(void)putc(text->bytes[i], out);
	}
}

/* On a screen too small for both, rows are what is looked for. */
static void
put_part(const struct who_drawing *drawing, size_t n_head, size_t n_room,
    struct who_scroll *scroll, FILE *out)
{
	size_t n_shown = n_room > n_head + 1 ? n_room - n_head - 1 : 1;
	size_t n_head_shown = n_room > n_shown + 1 ? n_room - n_shown - 1 : 0;

	who_scroll_fit(scroll, drawing->rows.n, n_shown);
	put_lines(&drawing->look, 0, n_head_shown, out);
	put_lines(&drawing->look, n_head + scroll->first, n_shown, out);
	if (n_room > 1)
		(void)fprintf(out, "%s %zu-%zu of %zu" CLEAR_LINE "\n",
		    drawing->rows.name, scroll->first + 1,
		    scroll->first + n_shown, drawing->rows.n);
}

void
who_draw(const struct who_drawing *drawing, size_t n_lines,
    struct who_scroll *scroll, FILE *out)
{
	size_t n = count_lines(&drawing->look);
	size_t taken = 1 + count_lines(&drawing->why);
	size_t n_room = n_lines > taken ? n_lines - taken : 1;

	(void)fputs(HIDE_CURSOR HOME, out);
	put_lines(&drawing->why, 0, taken - 1, out);
	if (drawing->rows.n > 0 && n > n_room) {
		put_part(drawing, n - drawing->rows.n, n_room, scroll, out);
	} else {
		/* Without rows it is no table, to which one comes back. */
		if (drawing->rows.n > 0)
			who_scroll_fit(scroll, drawing->rows.n, n_room);
		put_lines(&drawing->look, 0, n_room, out);
	}
	(void)fputs(CLEAR_BELOW, out);
	if (drawing->question.len > 0) {
		put_lines(&drawing->question, 0, 1, out);
		(void)fputs(SHOW_CURSOR, out);
	}
}
