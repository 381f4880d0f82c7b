/* pace.h - the agreement between those who say much and those who are behind.
 *
 * A client whose queue has grown long but which goes on reading is shown as
 * behind in the directory.  While anybody is, children read clients that say
 * much no faster than PACE_BYTES_PER_S: a flood is slowed for the sake of
 * readers who could not follow it.  And those who flood at the same time share
 * what is read of them in a turn, since all of it may reach somebody before he
 * can show that he is behind.  Nobody who says less than that is ever held
 * up, and a client that has stopped reading, or does not catch up in
 * LAG_MAX_MS, holds up nobody: it is left to its fate at OUTBUF_MAX_BYTES.  (A
 * child that is stopped while it is shown so slows floods until it is evicted.)
 * Pure: times and sizes in, decisions out.
 */
#ifndef SRV_PACE_H
#define SRV_PACE_H

#include "ipc/directory.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The sender's half: how much of its client a child may read. */
struct pace {
	/* what may be read at once; grows while nobody is behind */
	size_t quantum;
	/* the client says as much as it is read: shown in the directory */
	bool is_flooding;
	/* what the last answer was */
	size_t allowed;
	/* what may be read although somebody is behind */
	size_t allowance;
	int64_t allowance_at;
};

void pace_init(struct pace *pace, int64_t now);

/* Bytes that may be read now; 0: wait PACE_LOOK_MS and ask again. */
size_t pace_may_read(
    struct pace *pace, const struct dir_traffic *traffic, int64_t now);

/* n bytes have been read. */
void pace_has_read(struct pace *pace, size_t n);

/* The reader's half: whether a client is behind. */
struct lag {
	bool is_behind;
	/* it was behind and has stopped reading, or reads too slowly ever to
	 * catch up; until its queue is short */
	bool is_stalled;
	int64_t behind_since;
	/* progress is judged then, from what had been written when it began */
	int64_t judged_at;
	uint64_t written_before;
};

/* `waiting` bytes are queued, `written` have been taken since the start. */
void lag_update(struct lag *lag, size_t waiting, uint64_t written, int64_t now);

/* When lag_update must be called although nothing happens; CLOCK_NEVER. */
int64_t lag_next_at(const struct lag *lag);

#endif
