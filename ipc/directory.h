/* directory.h - who is here: the table of users in POSIX shared memory.
 *
 * The master creates it, claims slots before it forks and sweeps those of the
 * dead; a child joins, renames and leaves in its own slot only; chat-who maps
 * it read-only.  Changing the table takes the one lock; reading never does.
 * Byte layout: directory_layout.h; lock rules and deaths: ipc/README.md.
 *
 * A user is (slot, generation): pids and slots come back, the pair does not. */
#ifndef IPC_DIRECTORY_H
#define IPC_DIRECTORY_H

#include "ipc/directory_layout.h"
#include "ipc/name.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* One user, for as long as he stays. */
struct user_ref {
	uint32_t slot;
	uint32_t generation;
};

/* The master where a user could stand. */
#define USER_MASTER ((struct user_ref){ DIR_NO_SLOT, 0 })

/* Whom an identity in the lock word stands for; not for the master's. */
static inline struct user_ref
dir_identity_ref(uint64_t identity)
{
	return (struct user_ref){ (uint32_t)(identity >> 32) - 1,
		(uint32_t)identity };
}

static inline bool
user_ref_equal(struct user_ref a, struct user_ref b)
{
	return a.slot == b.slot && a.generation == b.generation;
}

/* One row, copied out whole at one moment (the figures a little later). */
struct dir_row {
	struct user_ref ref;
	enum dir_state state;
	pid_t pid;
	int64_t claimed_at, joined_at, active_at;
	char from[DIR_ADDRESS_BYTES];
	struct name name;
	uint64_t n_said, queued_bytes;
	uint32_t n_turns;
	/* by a signal, as far as the master has noticed */
	bool is_stopped;
	/* the text may be empty */
	bool is_away;
	char away[AWAY_MAX_BYTES + 1];
};

enum dir_result {
	DIR_OK,
	/* somebody who is here has it, whatever its case */
	DIR_NAME_TAKEN,
	/* the lock did not come in LOCK_WAIT_MS; nothing changed, try later */
	DIR_BUSY,
	DIR_NO_SUCH_USER,
	/* the entry was being written all the while, or its writer died at it
	 */
	DIR_UNREADABLE,
};

/* The memory (directory_map.c) -------------------------------------------- */

enum dir_open_result {
	DIR_OPENED,
	/* errno says why */
	DIR_OPEN_FAILED,
	/* a living master has it; its pid is in *master_pid_out */
	DIR_OPEN_HELD,
	/* the file under our name is not a directory of chatd, or belongs to
	 * another user: it is left alone */
	DIR_OPEN_FOREIGN,
	/* chatd's, of another layout version */
	DIR_OPEN_VERSION,
};

/* What the creator puts into the header. */
struct dir_config {
	const char *shm_name;
	const char *instance;
	const char *run_dir;
	uint32_t max_users;
};

/* Create the table, owned by this process while it lives; what a dead master
 * left under the name is removed first, and *removed_stale_out says so.  Master
 * only.  The caller frees with directory_close, after directory_remove. */
enum dir_open_result directory_create(const struct dir_config *config,
    struct directory **dir_out, pid_t *master_pid_out, bool *removed_stale_out);

/* What directory_create would find under the name, touching nothing: DIR_OPENED
 * when nothing keeps it from creating, and *is_stale_out says whether there is
 * something to be removed; else as that. */
enum dir_open_result directory_probe(
    const char *shm_name, pid_t *master_pid_out, bool *is_stale_out);

/* The bytes of a table. */
size_t directory_size(uint32_t max_users);

/* Map an existing table of the user `owner` read-only, of a living or a dead
 * server.  What belongs to anybody else is DIR_OPEN_FOREIGN, unread. */
enum dir_open_result directory_open(
    const char *shm_name, uid_t owner, struct directory **dir_out);

/* The living master's pid, or 0 when it is gone and the table is stale.  For a
 * reader; the owner of the table would be told 0. */
pid_t directory_master_pid(const struct directory *dir);

/* In a child whose master is dead: own the table as the master did, so that
 * what belongs to the instance may be removed.  False when the next master has
 * taken it over or put its own in its place. */
bool directory_inherit(struct directory *dir, const char *shm_name);

/* In the owner: unlink the shared memory.  The mapping stays. */
void directory_remove(const struct directory *dir, const char *shm_name);

void directory_close(struct directory *dir);

/* The master's side ------------------------------------------------------- */

/* Claim a free slot for a client at `from`.  Returns false when none is free.
 * No lock: a slot that is FREE and reaped is the master's alone. */
bool directory_claim(
    struct directory *dir, const char *from, struct user_ref *ref_out);

/* The child of this slot is dead and not yet reaped: free its lock, its name
 * and its slot.  *row_out is the entry as it was.  If he was in the room the
 * news says that he left for `reason`; not if that is NULL.
 *   DIR_OK     done, the slot may be claimed again
 *   DIR_BUSY   another holds the lock; nothing changed */
enum dir_result directory_sweep(struct directory *dir, struct user_ref ref,
    const char *reason, struct dir_row *row_out);

/* Show everybody that a signal has stopped the child of this slot, or that it
 * goes on.  No lock; gone with the slot's next state. */
void directory_show_stopped(
    struct directory *dir, struct user_ref who, bool is_so);

/* Free the lock from a holder that is no child: nobody would ever give it back.
 * Nothing when `holder` does not hold it (any more). */
void directory_free_lock(struct directory *dir, uint64_t holder);

/* The child's side -------------------------------------------------------- */

/* Make this process the owner of `ref`; first thing after the fork. */
void directory_become(struct directory *dir, struct user_ref ref);

/* Each of these three puts what it does into the news (ipc/news.h); others are
 * to be woken for it.  After it, dir->own_news is the position behind it. */

/* Take `name` and be in the room: DIR_OK, DIR_NAME_TAKEN, DIR_BUSY. */
enum dir_result directory_join(struct directory *dir, const struct name *name);

/* Exchange the own name for another.  Changing only its case is fine. */
enum dir_result directory_rename(
    struct directory *dir, const struct name *name);

/* Leave the room: the name is free, no list holds us any more, and the slot is
 * LEAVING until directory_gone.  All that was said must have been handed over.
 * The reason is empty when it was the user's own choice; NULL: the news does
 * not tell of it, since all leave.  DIR_OK or DIR_BUSY. */
enum dir_result directory_leave(struct directory *dir, const char *reason);
void directory_gone(struct directory *dir);

/* Show everybody, or no longer, that our client reads but is behind, or that it
 * floods: DIR_PRESENCE_BEHIND, DIR_PRESENCE_FLOODS.  No lock; only a user who
 * is JOINED is shown. */
void directory_show(struct directory *dir, uint64_t flag, bool is_so);

/* Show everybody that we are away, with a text that is safe and has at most
 * AWAY_MAX_BYTES, or none; and that we are back.  No lock. */
void directory_show_away(struct directory *dir, const char *text, size_t len);
void directory_show_back(struct directory *dir);

/* The own slot's figures. */
static inline struct dir_slot *
directory_own(const struct directory *dir)
{
	return &dir->slots[dir->own_slot];
}

static inline bool
directory_own_is_away(const struct directory *dir)
{
	return atomic_load(&directory_own(dir)->is_away) % 2 != 0;
}

/* How often who has this slot has turned his loop. */
static inline uint32_t
directory_turns(const struct directory *dir, struct user_ref ref)
{
	return atomic_load(&dir->slots[ref.slot].n_turns);
}

/* Anybody's side (directory_read.c); no lock --------------------------------
 */

/* The value that changes with every join, leave and rename; odd while one is
 * under way, and then a list made from the table must not be kept. */
uint64_t directory_roster(const struct directory *dir);

uint32_t directory_n_joined(const struct directory *dir);

/* Users that count against the limit: CLAIMED and JOINED slots, counted. */
uint32_t directory_count_users(const struct directory *dir);

/* CLAIMED slots, counted: clients that have come no later than `since` (ms of
 * CLOCK_MONOTONIC) and not given a name.  The master's. */
uint32_t directory_count_nameless(const struct directory *dir, int64_t since);

/* What those who are JOINED show: whether anybody is behind, and how many
 * flood. Looks at all. */
struct dir_traffic {
	bool somebody_is_behind;
	uint32_t n_flooding;
};
struct dir_traffic directory_traffic(const struct directory *dir);

/* Copy the entry of `slot`, whatever its state: DIR_OK or DIR_UNREADABLE (then
 * state, pid and ref are true and the rest is empty). */
enum dir_result directory_read(
    const struct directory *dir, uint32_t slot, struct dir_row *row_out);

/* The user who is here under this name: DIR_OK or DIR_NO_SUCH_USER. */
enum dir_result directory_find(const struct directory *dir,
    const struct name *name, struct dir_row *row_out);

/* Whether `pid` may speak as `ref`: it has the slot in that generation, or had
 * it not more than DIR_PIDS_KEPT - 2 generations ago, and this is a late word.
 * The master speaks for those who died. */
bool directory_vouches(
    const struct directory *dir, struct user_ref ref, pid_t pid);

/* Add n to a counter (counters.h). */
void directory_count(
    struct directory *dir, enum dir_counter counter, uint64_t n);

enum dir_phase directory_phase(const struct directory *dir);

/* Copy out the address of listener `i`, ended by NUL whatever stands there.
 * Returns false behind the last. */
bool directory_listener(const struct directory *dir, uint32_t i,
    char address_out[DIR_ADDRESS_BYTES]);

const char *directory_state_text(enum dir_state state);

#endif
