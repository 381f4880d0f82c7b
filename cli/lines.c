/* lines.c - a stream of bytes taken apart into lines.
 *
 * chat reads two streams: what the server sends and, in a pipe, standard input.
 * Pure: the reading itself is client.c's. */
#include "cli/lines.h"

#include <string.h>

void
lines_init(struct lines *l, size_t max)
{
	l->max = max;
	l->start = l->end = 0;
	l->in_line = false;
}

char *
lines_space(struct lines *l, size_t *room_out)
{
	memmove(l->data, l->data + l->start, l->end - l->start);
	l->end -= l->start;
	l->start = 0;
	*room_out = sizeof l->data - l->end;
	return l->data + l->end;
}

void
lines_added(struct lines *l, size_t len)
{
	l->end += len;
}

/* Hand out the next `len` bytes and pass `skip` bytes of line end. */
static void
hand_out(struct lines *l, size_t len, size_t skip, struct line *out)
{
	out->text = l->data + l->start;
	out->len = len;
	out->is_start = !l->in_line;
	out->is_end = skip > 0;
	l->start += len + skip;
	l->in_line = !out->is_end;
}

/* Where to cut so that no character is torn: UTF-8 continues with 10xxxxxx,
 * three times at most, and what is not UTF-8 may be cut anywhere. */
static size_t
piece_len(const char *s, size_t max)
{
	for (size_t len = max; len > max - 4; len--)
		if (((unsigned char)s[len] & 0xc0) != 0x80)
			return len;
	return max;
}

bool
lines_next(struct lines *l, struct line *out)
{
	const char *s = l->data + l->start;
	size_t waiting = l->end - l->start;
	const char *lf = memchr(s, '\n', waiting);
	size_t len = lf != NULL ? (size_t)(lf - s) : waiting;
	bool has_cr = len > 0 && s[len - 1] == '\r';

	/* A CR that may turn out to belong to the line end is not counted. */
	if (len - has_cr > l->max) {
		hand_out(l, piece_len(s, l->max), 0, out);
		return true;
	}
	if (lf == NULL)
		return false;
	hand_out(l, len - has_cr, 1u + has_cr, out);
	return true;
}

bool
lines_last(struct lines *l, struct line *out)
{
	size_t len = l->end - l->start;
	bool has_cr = len > 0 && l->data[l->end - 1] == '\r';

	if (len == 0)
		return false;
	hand_out(l, len - has_cr, has_cr, out);
	out->is_end = true;
	l->in_line = false;
	return true;
}
