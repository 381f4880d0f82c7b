/* buffer.h - bytes on their way somewhere: appended at the end, taken from the
 * front.  Grows as needed; who fills it bounds it.
 *
 * Running out of memory is remembered instead of reported: an append then does
 * nothing, and `failed` says so for ever.  So code that composes a text reads
 * straight down, and the owner looks once at the end. */
#ifndef CLI_BUFFER_H
#define CLI_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/* All zero is an empty buffer. */
struct buffer {
	char *data;
	size_t start;
	size_t end;
	size_t size;
	bool failed;
};

void buffer_free(struct buffer *b);

void buffer_append(struct buffer *b, const char *s, size_t len);
void buffer_append_string(struct buffer *b, const char *s);

/* As printf(3) does. */
__attribute__((format(printf, 2, 3))) void buffer_append_format(
    struct buffer *b, const char *format, ...);

/* Append what a terminal may be shown of untrusted bytes (ipc/text.h). */
void buffer_append_printable(struct buffer *b, const char *s, size_t len);

/* The bytes that wait; valid until the next call with this buffer. */
const char *buffer_data(const struct buffer *b);
size_t buffer_len(const struct buffer *b);

/* The first `len` of them are done with. */
void buffer_drop(struct buffer *b, size_t len);

#endif
