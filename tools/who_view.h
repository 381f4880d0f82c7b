/* who_view.h - everything that one directory said at one moment, copied out.
 *
 * Plain values that belong to the caller: whoever prints them never sees shared
 * memory, and every string but the keys is safe text (ipc/text.h).  No lock is
 * ever taken, and nothing here waits for anybody. */
#ifndef TOOLS_WHO_VIEW_H
#define TOOLS_WHO_VIEW_H

#include "ipc/directory.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define WHO_STATES(X)                                                          \
	X(HERE, "here")                                                        \
	/* its process is stopped (SIGSTOP, ^Z, a debugger) */                 \
	X(STOPPED, "stopped")                                                  \
	/* its process is gone and the master has not yet swept it */          \
	X(DEAD, "dead")                                                        \
	/* the entry was being written all the while: only slot, generation    \
	 * and pid are known */                                                \
	X(UNREADABLE, "unreadable")

enum who_state {
#define X(name, text) WHO_##name,
	WHO_STATES(X)
#undef X
	    WHO_N_STATES
};

/* How fast something goes; known from a second look on (who_rates.h). */
struct who_rate {
	bool is_known;
	double per_s;
};

/* One user who is in the room.  Times are CLOCK_MONOTONIC, ms, from 0 to when
 * the view was taken. */
struct who_row {
	struct user_ref ref;
	pid_t pid;
	enum who_state state;
	int64_t joined_at, active_at;
	uint64_t n_said, queued_bytes;
	struct who_rate said_rate;
	char name[NAME_MAX_BYTES + 1];
	/* what the name is compared by (ipc/name.h); not to be shown */
	char key[NAME_KEY_MAX_BYTES + 1];
	char from[DIR_ADDRESS_BYTES];
	/* the text may be empty */
	bool is_away;
	char away[AWAY_MAX_BYTES + 1];
};

/* Who held the lock.  The name is empty for the server itself and for a client
 * that has none; the pid is 0 when the holder was gone on a second look. */
struct who_holder {
	bool is_held, is_master;
	pid_t pid;
	char name[NAME_MAX_BYTES + 1];
};

struct who_view {
	/* Whether the server lives; without it the rows are ghosts. */
	bool is_live;
	pid_t master_pid;
	enum dir_phase phase;
	uint32_t max_users;
	/* when it was copied, by both clocks, ms */
	int64_t taken_at, taken_realtime;
	int64_t started_at, started_realtime_s;
	char instance[INSTANCE_MAX_BYTES + 1];
	char run_dir[DIR_RUN_DIR_BYTES];
	char listeners[MAX_LISTENERS][DIR_ADDRESS_BYTES];
	uint32_t n_listeners;
	uint64_t roster;
	uint64_t counters[DIR_N_COUNTERS];
	struct who_rate counter_rates[DIR_N_COUNTERS];
	struct who_holder holder;
	/* clients that have not given a name */
	uint32_t n_connecting;
	/* in the order in which they joined, unreadable ones last */
	struct who_row *rows;
	size_t n_rows;
	/* users who are in the room and not among the rows (who_select.h), and
	 * what waits for them */
	size_t n_hidden;
	uint64_t hidden_queued_bytes;
};

static inline size_t
who_view_n_users(const struct who_view *view)
{
	return view->n_rows + view->n_hidden;
}

/* Copy what an open directory says, of a living server or not; no row is DEAD.
 * -1 when memory runs out; then there is nothing to free. */
int who_view_copy(const struct directory *dir, struct who_view *view_out);

/* Open the directory named `shm_name`, copy it and close it again.  A file that
 * is not `owner`'s is DIR_OPEN_FOREIGN.  A stale directory gives a view without
 * rows.  After DIR_OPENED the caller frees with who_view_free. */
enum dir_open_result who_view_take(
    const char *shm_name, uid_t owner, struct who_view *view_out);

void who_view_free(struct who_view *view);

/* What waits for all users, shown or not. */
uint64_t who_view_queued_bytes(const struct who_view *view);

const char *who_state_text(enum who_state state);

/* The texts of all, with a blank before each. */
extern const char who_state_texts[];

#endif
