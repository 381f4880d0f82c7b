/* buffer.c - bytes on their way somewhere.
 *
 * Used by chat for what the server has yet to take, for what the screen or the
 * pipe has yet to take, and for sentences in the making.  No system calls: who
 * owns a descriptor does the writing. */
#include "cli/buffer.h"

#include "ipc/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The longest visible form of one untrusted byte is \ooo. */
#define PRINTABLE_GROWTH 4
/* Most sentences and most batches of lines fit at once. */
#define SMALLEST 1024

void
buffer_free(struct buffer *b)
{
	free(b->data);
	*b = (struct buffer){ 0 };
}

/* Make room for `len` bytes more behind b->end. */
static bool
reserve(struct buffer *b, size_t len)
{
	size_t used = b->end - b->start;
	size_t size = b->size > 0 ? b->size : SMALLEST;
	char *data;

	if (b->failed)
		return false;
	if (b->size - b->end >= len)
		return true;
	if (b->start > 0) {
		memmove(b->data, b->data + b->start, used);
		b->start = 0;
		b->end = used;
		if (b->size - b->end >= len)
			return true;
	}
	while (size - used < len)
		size *= 2;
	data = realloc(b->data, size);
	if (data == NULL) {
		b->failed = true;
		return false;
	}
	b->data = data;
	b->size = size;
	return true;
}

void
buffer_append(struct buffer *b, const char *s, size_t len)
{
	if (len == 0 || !reserve(b, len))
		return;
	memcpy(b->data + b->end, s, len);
	b->end += len;
}

void
buffer_append_string(struct buffer *b, const char *s)
{
	buffer_append(b, s, strlen(s));
}

void
buffer_append_format(struct buffer *b, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) == -1) {
		b->failed = true;
	} else {
		buffer_append_string(b, text);
		free(text);
	}
	va_end(args);
}

void
buffer_append_printable(struct buffer *b, const char *s, size_t len)
{
	if (text_is_safe(s, len)) {
		buffer_append(b, s, len);
		return;
	}
	if (reserve(b, len * PRINTABLE_GROWTH + 1))
		b->end +=
		    text_printable(b->data + b->end, b->size - b->end, s, len);
}

const char *
buffer_data(const struct buffer *b)
{
	return b->data == NULL ? "" : b->data + b->start;
}

size_t
buffer_len(const struct buffer *b)
{
	return b->end - b->start;
}

void
buffer_drop(struct buffer *b, size_t len)
{
	b->start += len;
	if (b->start == b->end)
		b->start = b->end = 0;
}
