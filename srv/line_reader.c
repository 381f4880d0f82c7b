/* line_reader.c - lines out of bytes, whatever pieces these come in. */
#include "srv/line_reader.h"

#include "ipc/log.h"
#include "ipc/memory.h"

#include <stdio.h>
#include <string.h>

size_t
line_reader_space(struct line_reader *r, char **at_out)
{
	if (r->start == r->end) {
		r->start = r->end = 0;
	} else if (r->start > 0) {
		memmove(r->bytes, r->bytes + r->start, r->end - r->start);
		r->end -= r->start;
		r->start = 0;
	}
	*at_out = r->bytes + r->end;
	return sizeof r->bytes - r->end;
}

void
line_reader_added(struct line_reader *r, size_t n)
{
	r->end += n;
}

void
line_reader_put(struct line_reader *r, const char *line)
{
	char *at;
	size_t space = line_reader_space(r, &at);
	int len = snprintf(at, space, "%s\n", line);

	if (len < 0 || (size_t)len >= space)
		bug("a line of %d bytes", len);
	line_reader_added(r, (size_t)len);
}

void
line_reader_end(struct line_reader *r)
{
	r->at_eof = true;
}

/* The first line without its LF, or all that is left at the end of file. */
static bool
find_line(const struct line_reader *r, size_t *len_out, size_t *taken_out)
{
	const char *begin = r->bytes + r->start;
	const char *lf = memchr(begin, '\n', r->end - r->start);

	if (lf != NULL) {
		*len_out = (size_t)(lf - begin);
		*taken_out = *len_out + 1;
		return true;
	}
	*len_out = *taken_out = r->end - r->start;
	return r->at_eof && *len_out > 0;
}

static enum line_result
skip_beginning(struct line_reader *r)
{
	/* One byte more than a line: the last may be the CR of a CRLF. */
	if (r->end - r->start <= LINE_MAX_BYTES + 1)
		return LINE_NONE;
	r->start = r->end;
	r->skipping = true;
	return LINE_TOO_LONG;
}

enum line_result
line_reader_next(struct line_reader *r, struct span *line_out)
{
	size_t len, taken;

	if (r->skipping) {
		bool ended = find_line(r, &len, &taken);

		r->start += taken;
		if (!ended)
			return LINE_NONE;
		r->skipping = false;
	}
	if (!find_line(r, &len, &taken))
		return skip_beginning(r);
	r->last_start = r->start;
	*line_out = (struct span){ r->bytes + r->start, len };
	r->start += taken;
	if (len > 0 && line_out->bytes[len - 1] == '\r')
		line_out->len--;
	return line_out->len > LINE_MAX_BYTES ? LINE_TOO_LONG : LINE_TAKEN;
}

void
line_reader_back(struct line_reader *r)
{
	r->start = r->last_start;
}

void
line_reader_tidy(struct line_reader *r)
{
	if (r->start == r->end)
		memory_give_back(r->bytes, sizeof r->bytes);
}
