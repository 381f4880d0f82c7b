/* outbuf.h - bytes waiting for a client that is slower than the room.
 *
 * What waits is bounded by OUTBUF_MAX_BYTES; takes no memory of the heap while
 * little waits, so an idle child is small and a burst is given back.  Plain
 * data but for outbuf_write; it points into itself, so it stays where it is. */
#ifndef SRV_OUTBUF_H
#define SRV_OUTBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A greeting, or some lines. */
#define OUTBUF_FIRST_BYTES 2048

struct outbuf {
	/* the client; non-blocking, not closed here */
	int fd;
	char *bytes;
	size_t capacity;
	/* what waits is bytes[start, end) */
	size_t start, end;
	/* all that the client has taken */
	uint64_t n_written;
	/* write early, once this much waits */
	size_t write_at;
	/* something did not fit; stays set until outbuf_cut */
	bool overflowed;
	/* the client took less than there was; until outbuf_ready */
	bool is_blocked;
	/* it has been on the heap; for the owner to clear */
	bool has_grown;
	/* the client takes nothing any more: what is put is dropped */
	bool dead;
	/* errno of the write that found the connection lost; 0 */
	int lost_by;
	/* what `bytes` points to at first */
	char first[OUTBUF_FIRST_BYTES];
};

void outbuf_init(struct outbuf *b, int fd);
void outbuf_free(struct outbuf *b);

static inline size_t
outbuf_waiting(const struct outbuf *b)
{
	return b->end - b->start;
}

/* Room for n bytes at the end, for the caller to fill and commit.  A long queue
 * is written early, so that one turn of the loop cannot overflow what a client
 * that reads would have taken.  NULL when the client is dead, or when bound or
 * memory do not allow it (overflowed). */
char *outbuf_reserve(struct outbuf *b, size_t n);
void outbuf_commit(struct outbuf *b, size_t n);

/* Write what the client takes now; nothing when it took less than all the last
 * time and outbuf_ready has not been called since. */
void outbuf_write(struct outbuf *b);

/* poll(2) has told that the client takes something again, or is gone. */
void outbuf_ready(struct outbuf *b);

/* The client will take nothing any more: drop what waits, and what comes. */
void outbuf_give_up(struct outbuf *b);

/* Forget all that waits but the rest of a line that is partly written, so that
 * what is put next is still a line of its own; overflowed is cleared. */
void outbuf_cut(struct outbuf *b);

#endif
