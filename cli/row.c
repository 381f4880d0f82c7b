/* row.c - a line of which nobody knows how wide it is, drawn in one row. */
#include "cli/row.h"

#include "cli/cluster.h"
#include "ipc/text.h"

#include <string.h>
#include <utf8proc.h>

/* ECMA-48, and DEC's saving of the cursor, which all have that can erase. */
#define ERASE "\033[K"
#define SAVE "\0337"
#define RESTORE "\0338"

enum {
	JOINER = 0x200d,
	/* asks for the coloured form of the character before it */
	EMOJI_FORM = 0xfe0f,
	KEYCAP = 0x20e3,
};

/* A character that may melt with the one before it or widen it, or turn round
 * what comes behind it. */
static bool
is_doubtful(uint32_t c)
{
	return c == JOINER || c == EMOJI_FORM || c == KEYCAP ||
	       /* two letters are a flag */
	       (c >= 0x1f1e6 && c <= 0x1f1ff) ||
	       /* colours of skin */
	       (c >= 0x1f3fb && c <= 0x1f3ff) ||
	       /* tags, also for flags */
	       (c >= 0xe0020 && c <= 0xe007f) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

bool
row_is_needed(const char *text, size_t len, bool may_marks_be_wide)
{
	size_t i = 0;

	while (i < len) {
		uint32_t c;
		int n = text_decode(text + i, len - i, &c);

		if (n != -1 && c >= 0x80 &&
		    (is_doubtful(c) ||
			(may_marks_be_wide &&
			    utf8proc_charwidth((utf8proc_int32_t)c) == 0)))
			return true;
		i += n == -1 ? 1 : (size_t)n;
	}
	return false;
}

/* As many columns as any terminal may give the first character. */
static size_t
widest(const char *s, size_t char_len)
{
	uint32_t c;
	int width;

	if (!text_is_safe(s, char_len) || text_decode(s, char_len, &c) == -1)
		return text_printable(NULL, 0, s, char_len);
	width = utf8proc_charwidth((utf8proc_int32_t)c);
	return width > 1 ? (size_t)width : 1;
}

/* What belongs together and is not to be torn: the bytes and the columns. */
struct cluster {
	size_t len;
	size_t width;
};

static struct cluster
first_cluster(const char *s, size_t len)
{
	struct cluster cluster = { .len = cluster_len(s, len) };

	for (size_t i = 0; i < cluster.len;) {
		uint32_t c;
		int n = text_decode(s + i, cluster.len - i, &c);
		size_t char_len = n == -1 ? 1 : (size_t)n;

		cluster.width += widest(s + i, char_len);
		i += char_len;
	}
	return cluster;
}

/* The bytes of the whole clusters at the front that have, if that may be,
 * `most` columns at most; or, to pass over them, at least. */
static size_t
front(const char *s, size_t len, size_t columns, bool is_at_least)
{
	size_t i = 0, width = 0;

	while (i < len && !(is_at_least && width >= columns)) {
		struct cluster next = first_cluster(s + i, len - i);

		if (!is_at_least && width + next.width > columns)
			break;
		width += next.width;
		i += next.len;
	}
	return i;
}

static size_t
count_columns(const char *s, size_t len)
{
	size_t width = 0;

	for (size_t i = 0; i < len;) {
		struct cluster next = first_cluster(s + i, len - i);

		width += next.width;
		i += next.len;
	}
	return width;
}

struct piece {
	size_t from, to;
};

/* What is shown of a text in so much room: all, or as much as fits around the
 * cursor between two marks.  It moves by a third, not with every key. */
static struct piece
choose_piece(const char *text, size_t len, size_t point, size_t room)
{
	size_t before = count_columns(text, point);
	size_t for_text = room > 3 ? room - 3 : 1;
	size_t step = for_text / 3 + 1;
	struct piece piece = { 0, len };

	if (count_columns(text, len) <= room)
		return piece;
	if (before > for_text)
		piece.from = front(text, point,
		    (before - for_text + step - 1) / step * step, true);
	piece.to = piece.from +
		   front(text + piece.from, len - piece.from, room - 2, false);
	if (piece.to < point)
		piece.to = point;
	return piece;
}

void
row_draw(struct buffer *out, const char *prompt, const char *text, size_t len,
    size_t point, size_t columns)
{
	size_t width = text_width(prompt, strlen(prompt));
	/* Nothing in the last column: terminals differ in what comes then. */
	size_t room = columns - 1;
	struct piece piece;

	buffer_append_string(out, "\r");
	if (width <= room / 2) {
		buffer_append_string(out, prompt);
		room -= width;
	}
	piece = choose_piece(text, len, point, room);
	if (piece.from > 0)
		buffer_append_string(out, "<");
	buffer_append_printable(out, text + piece.from, point - piece.from);
	if (point < len)
		buffer_append_string(out, SAVE);
	buffer_append_printable(out, text + point, piece.to - point);
	if (piece.to < len)
		buffer_append_string(out, ">");
	buffer_append_string(out, ERASE);
	if (point < len)
		buffer_append_string(out, RESTORE);
}
