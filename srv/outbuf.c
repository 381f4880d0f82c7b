/* outbuf.c - the output queue of one child; see the header. */
#include "srv/outbuf.h"

#include "ipc/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A queue that grows by this much within a turn is written before its end. */
#define OUTBUF_EARLY_BYTES 65536

void
outbuf_init(struct outbuf *b, int fd)
{
	*b = (struct outbuf){ .fd = fd, .write_at = OUTBUF_EARLY_BYTES };
	b->bytes = b->first;
	b->capacity = sizeof b->first;
}

void
outbuf_free(struct outbuf *b)
{
	if (b->bytes != b->first)
		free(b->bytes);
	b->bytes = b->first;
	b->capacity = sizeof b->first;
	b->start = b->end = 0;
}

/* Move what waits to the front, where it is cheap: when most of the buffer has
 * been written already. */
static void
close_gap(struct outbuf *b)
{
	memmove(b->bytes, b->bytes + b->start, outbuf_waiting(b));
	b->end -= b->start;
	b->start = 0;
}

static bool
grow(struct outbuf *b, size_t needed)
{
	bool is_first = b->bytes == b->first;
	size_t capacity = b->capacity;
	char *bytes;

	while (capacity < needed)
		capacity *= 2;
	bytes = realloc(is_first ? NULL : b->bytes, capacity);
	if (bytes == NULL)
		return false;
	if (is_first)
		memcpy(bytes, b->first, b->end);
	b->bytes = bytes;
	b->capacity = capacity;
	b->has_grown = true;
	return true;
}

char *
outbuf_reserve(struct outbuf *b, size_t n)
{
	if (outbuf_waiting(b) + n > b->write_at) {
		outbuf_ready(b);
		outbuf_write(b);
	}
	if (b->dead)
		return NULL;
	if (outbuf_waiting(b) + n > OUTBUF_MAX_BYTES) {
		b->overflowed = true;
		return NULL;
	}
	if (b->capacity - b->end < n && b->start > 0 &&
	    b->start >= b->capacity / 2)
		close_gap(b);
	if (b->capacity - b->end < n && !grow(b, b->end + n)) {
		b->overflowed = true;
		return NULL;
	}
	return b->bytes + b->end;
}

void
outbuf_commit(struct outbuf *b, size_t n)
{
	b->end += n;
}

void
outbuf_give_up(struct outbuf *b)
{
	b->dead = true;
	b->start = b->end;
}

static void
write_some(struct outbuf *b)
{
	ssize_t n;

	do {
		n = write(b->fd, b->bytes + b->start, outbuf_waiting(b));
	} while (n == -1 && errno == EINTR);
	b->is_blocked = n < (ssize_t)outbuf_waiting(b);
	if (n == -1) {
		if (errno != EAGAIN) {
			/* EPIPE: the client has closed, in order. */
			b->lost_by = errno == EPIPE ? 0 : errno;
			outbuf_give_up(b);
		}
		return;
	}
	b->start += (size_t)n;
	b->n_written += (uint64_t)n;
}

void
outbuf_write(struct outbuf *b)
{
	if (outbuf_waiting(b) > 0 && !b->is_blocked)
		write_some(b);
	if (outbuf_waiting(b) == 0) {
		b->start = b->end = 0;
		outbuf_free(b);
	}
	b->write_at = outbuf_waiting(b) + OUTBUF_EARLY_BYTES;
}

void
outbuf_ready(struct outbuf *b)
{
	b->is_blocked = false;
}

void
outbuf_cut(struct outbuf *b)
{
	const char *line_end;

	b->overflowed = false;
	/* At the front stands either a whole line or the rest of one. */
	line_end = memchr(b->bytes + b->start, '\n', outbuf_waiting(b));
	if (line_end != NULL)
		b->end = (size_t)(line_end - b->bytes) + 1;
}
