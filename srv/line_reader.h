/* line_reader.h - bytes from a client, taken apart into lines.
 *
 * Pure and bounded: one buffer, of which only what a client sends is ever
 * touched.  A line ends with LF or CRLF; a longer one than LINE_MAX_BYTES is
 * reported once and skipped to its end. */
#ifndef SRV_LINE_READER_H
#define SRV_LINE_READER_H

#include "ipc/limits.h"
#include "srv/event.h"

#include <stdbool.h>
#include <stddef.h>

struct line_reader {
	/* what has been read and not yet taken is bytes[start, end) */
	size_t start, end;
	/* where the last line that was taken began */
	size_t last_start;
	/* inside a line that was reported as too long */
	bool skipping;
	bool at_eof;
	char bytes[CLIENT_READ_BYTES];
};

enum line_result {
	/* no whole line is there */
	LINE_NONE,
	LINE_TAKEN,
	LINE_TOO_LONG,
};

/* Where the next read goes and how much it may bring; 0 when full of lines that
 * have not been taken. */
size_t line_reader_space(struct line_reader *r, char **at_out);
void line_reader_added(struct line_reader *r, size_t n);

/* Add a line that nobody has sent; it fits an empty reader. */
void line_reader_put(struct line_reader *r, const char *line);

/* No more will come: what is left is the last line, if it is not empty. */
void line_reader_end(struct line_reader *r);

/* Take the next line, without its end; it stays valid until the next read. */
enum line_result line_reader_next(struct line_reader *r, struct span *line_out);

/* Give back the memory that many lines have taken, if all have been taken. */
void line_reader_tidy(struct line_reader *r);

/* Put the line that was taken last back, to be taken again. */
void line_reader_back(struct line_reader *r);

#endif
