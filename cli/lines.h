/* lines.h - a stream of bytes taken apart into lines.
 *
 * Memory is bounded whatever the stream holds: a line that is longer than its
 * reader allows comes in pieces, none of which ends within a character.  A line
 * ends with LF or CRLF, which are not part of it. */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* What one read takes at most. */
#define LINES_READ_BYTES 65536

/* A line, or a piece of one; neither is NUL-terminated. */
struct line {
	const char *text;
	size_t len;
	/* Both are true of a line that came whole. */
	bool is_start;
	bool is_end;
};

struct lines {
	/* the longest line that is not cut; at most LINES_READ_BYTES / 2 */
	size_t max;
	size_t start;
	size_t end;
	/* within a line of which pieces have been handed out */
	bool in_line;
	char data[LINES_READ_BYTES];
};

void lines_init(struct lines *l, size_t max);

/* Where the next read goes and how much it may bring: always at least half of
 * LINES_READ_BYTES once lines_next has returned false.  Then say how much it
 * brought. */
char *lines_space(struct lines *l, size_t *room_out);
void lines_added(struct lines *l, size_t len);

/* The next line or piece; false: nothing more before the next read.  The text
 * is valid until lines_space is called. */
bool lines_next(struct lines *l, struct line *out);

/* At the end of the stream, after lines_next: the line that was not ended. */
bool lines_last(struct lines *l, struct line *out);

#endif
