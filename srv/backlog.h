/* backlog.h - what one sender has waiting for one recipient whose mailbox is
 * full.
 *
 * A backlog has a socket of its own, connected to the recipient: its poll tells
 * when there is room, and what lies undelivered in it is charged to it alone,
 * so a stuck recipient cannot use up the buffer that the healthy ones are sent
 * from.  Everything here is one process's own; nothing blocks. */
#ifndef SRV_BACKLOG_H
#define SRV_BACKLOG_H

#include "ipc/directory.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A datagram that waits in several backlogs, kept once and counted. */
struct parcel;

struct backlog {
	struct user_ref to;
	/* connected; -1 while descriptors or memory are short, and then it is
	 * the owner's to try again after a while */
	int fd;
	/* a queue of n parcels from `first` on, in a ring of `capacity` */
	struct parcel **ring;
	unsigned first, n, capacity;
	size_t n_bytes;
	/* when it was opened or last moved; when it was last reported */
	int64_t moved_at, reported_at;
	/* as it was before the mailbox was last found full: how often the
	 * recipient has turned its loop */
	uint32_t turns_when_full;
	/* as of the last poll: not sent, since the recipient's client is behind
	 */
	bool is_held;
	struct backlog *next;
};

enum backlog_result {
	/* all that waited has been handed over */
	BACKLOG_EMPTY,
	/* one has been handed over, and more wait */
	BACKLOG_MOVED,
	BACKLOG_WAITING,
	/* the recipient has left */
	BACKLOG_GONE,
};

/* NULL when there is no memory.  Freed with backlog_free, with what waits. */
struct backlog *backlog_new(struct user_ref to, int64_t now);
void backlog_free(struct backlog *b);

/* A parcel with one reference, the caller's; NULL when there is no memory. */
struct parcel *parcel_new(const char *bytes, size_t len);
void parcel_release(struct parcel *parcel);

/* Queue it, with a reference of the backlog's own.  Returns false when the
 * backlog is at BACKLOG_MAX_BYTES or there is no memory. */
bool backlog_add(struct backlog *b, struct parcel *parcel);

/* Send the first that waits. */
enum backlog_result backlog_send(struct backlog *b, int64_t now);

#endif
