/* directory_layout.h - the bytes of the shared table.
 *
 *	header | presence[n_slots] | buckets[n_buckets] | slots[n_slots]
 *	    | news[n_news]
 *
 * Included by the directory's own files, by chat-who and by tests; everybody
 * else goes through directory.h.  Who writes what under which rule stands in
 * ipc/README.md.  A change of this file is a new DIR_LAYOUT_VERSION. */
#ifndef IPC_DIRECTORY_LAYOUT_H
#define IPC_DIRECTORY_LAYOUT_H

#include "ipc/counters.h"
#include "ipc/limits.h"
#include "ipc/lock.h"
#include "ipc/name.h"

#include <assert.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define DIR_MAGIC UINT64_C(0x7269644474616863) /* "chatDdir" */
#define DIR_LAYOUT_VERSION 6

/* The life of a slot, told by its presence word.
 *
 *	FREE     -> CLAIMED   by the master, before it forks the child
 *	CLAIMED  -> JOINED    by the child under the lock, when it has a name
 *	JOINED   -> LEAVING   by the child under the lock; the name is free
 *	LEAVING  -> FREE      by the child, when its client has its last lines
 *	any      -> FREE      by the master, when it reaps a child that died
 *
 * A slot is only claimed again after its child has been reaped; that knowledge
 * is the master's own and not in here. */
#define DIR_STATES(X)                                                          \
	X(FREE, "free")                                                        \
	X(CLAIMED, "naming")                                                   \
	X(JOINED, "here")                                                      \
	X(LEAVING, "leaving")

enum dir_state {
#define X(name, text) DIR_##name,
	DIR_STATES(X)
#undef X
	    DIR_N_STATES
};

/* What the server is doing, in the order in which it happens. */
enum dir_phase {
	DIR_RUNNING,
	/* children stop reading their clients and hand over what was said */
	DIR_DRAINING,
	/* nothing more will be said; children write out and leave */
	DIR_FINISHING,
};

#define DIR_RUN_DIR_BYTES 256
#define DIR_ADDRESS_BYTES 64
/* A word may arrive so many generations of its author's slot later. */
#define DIR_PIDS_KEPT 4
/* The end of a bucket's chain. */
#define DIR_NO_SLOT UINT32_MAX

struct dir_header {
	/* Written once, at the creation; the magic last. */
	uint64_t magic;
	uint32_t layout_version;
	uint32_t header_size;
	uint32_t slot_size;
	uint32_t n_slots;
	uint32_t n_buckets;
	uint32_t n_news;
	uint32_t max_users;
	int32_t master_pid;
	uint32_t n_listeners;
	/* CLOCK_REALTIME, seconds: for people.  CLOCK_MONOTONIC, ms: to count.
	 */
	int64_t started_realtime_s;
	int64_t started_at;
	char instance[INSTANCE_MAX_BYTES + 1];
	char run_dir[DIR_RUN_DIR_BYTES];
	char listeners[MAX_LISTENERS][DIR_ADDRESS_BYTES];

	/* By the master; enum dir_phase. */
	_Atomic uint32_t phase;
	/* The pid that removes the files when the master was killed; 0; -1 when
	 * it has. */
	_Atomic int32_t undertaker_pid;
	/* By the master: slots [0, n_slots_used) have ever been claimed. */
	_Atomic uint32_t n_slots_used;

	alignas(64) struct lock lock;
	/* Changes with every join, leave and rename; odd while the index is
	 * being changed.  Under the lock. */
	alignas(64) _Atomic uint64_t roster;
	/* Where the next entry of the news goes (ipc/news.h).  Under the lock.
	 */
	_Atomic uint64_t news_head;
	/* Slots that are JOINED.  Under the lock; counted anew by a repair. */
	_Atomic uint32_t n_joined;
	/* The bell (srv/bell.h): whether there is news for which it has still
	 * to be rung; when it was last rung, and until when it would have been
	 * had the rings been evenly apart, CLOCK_MONOTONIC ms. */
	_Atomic uint32_t bell_is_owed;
	_Atomic int64_t bell_rung_at;
	_Atomic int64_t bell_spent_until;

	alignas(64) _Atomic uint64_t counters[DIR_N_COUNTERS];
};

/* State and generation of a slot in one word, generation << 32 | flags | state,
 * so that reading the array gives a list of users without any lock. */
typedef _Atomic uint64_t dir_presence;

struct dir_slot {
	/* Odd while the fields down to `names` are being written: readers copy,
	 * compare and try again. */
	_Atomic uint32_t changes;
	/* The next slot of the same bucket.  Under the lock. */
	_Atomic uint32_t next;
	/* Which of the two names below is the name. */
	_Atomic uint32_t which_name;
	/* CLOCK_MONOTONIC, ms. */
	int64_t claimed_at;
	int64_t joined_at;
	/* Where the client is: "192.0.2.1:1234", "[2001:db8::1]:1234". */
	char from[DIR_ADDRESS_BYTES];
	/* A new name is written beside the old one and becomes the name by the
	 * store to which_name: a writer that is killed leaves a whole name. */
	struct name names[2];
	/* Odd when he is away; counted up with each change, and even while the
	 * text is being written: of a writer that is killed no half of it is
	 * left to be read. */
	_Atomic uint32_t is_away;
	char away[AWAY_MAX_BYTES + 1];
	/* The pid of whoever had the slot in generation g is in pids[g % 4], 0
	 * until he has started: a word of somebody who has left since can still
	 * be told from a forged one.  Each is true by itself. */
	_Atomic int32_t pids[DIR_PIDS_KEPT];

	/* Figures that the child keeps current, each true by itself. */
	alignas(64) _Atomic int64_t active_at;
	_Atomic uint64_t n_said;
	_Atomic uint64_t queued_bytes;
	/* Turns of the child's loop: a child that answers a ping turns. */
	_Atomic uint32_t n_turns;
};

/* What the news tells of. */
enum dir_news_kind {
	DIR_NEWS_JOINED,
	DIR_NEWS_LEFT,
	DIR_NEWS_RENAMED,
	DIR_N_NEWS_KINDS
};

/* One entry of the news; ipc/news.h. */
struct dir_news {
	/* its position + 1; 0 while it is being written */
	_Atomic uint64_t mark;
	uint32_t kind;
	uint32_t slot;
	uint32_t generation;
	uint32_t name_hash;
	char name[NAME_MAX_BYTES + 1];
	char other[NAME_MAX_BYTES + 1];
};

static_assert(sizeof(struct dir_slot) == 832, "slot size");
static_assert(offsetof(struct dir_slot, names) == 96, "name offset");
static_assert(sizeof(struct dir_header) % 64 == 0, "arrays are aligned");
static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "presence words are lock-free");

/* Slots that the master may claim, oldest first: a slot rests as long as
 * possible before it is somebody else's. */
struct dir_free {
	uint32_t head, n;
	uint32_t slots[];
};

/* A process's view of the table. */
struct directory {
	int fd;
	size_t map_len;
	/* which file this is, to recognise it before unlinking it */
	dev_t dev;
	ino_t ino;
	/* The sizes that the arrays were checked to have when they were mapped.
	 * What the header says later may be anything: a child that has been
	 * taken over can write to it. */
	uint32_t n_slots, n_buckets, max_users;
	struct dir_header *header;
	dir_presence *presence;
	_Atomic uint32_t *buckets;
	struct dir_slot *slots;
	struct dir_news *news;
	uint32_t n_news;
	/* Who we are as the holder of the lock; LOCK_FREE in a reader. */
	uint64_t self;
	/* The slot that this child owns; DIR_NO_SLOT elsewhere. */
	uint32_t own_slot;
	/* The news up to here rests on what this child did last. */
	uint64_t own_news;
	/* The master's alone; apart, since it writes to them at every fork. */
	struct dir_free *free;
};

/* Set in the presence word by a child whose client reads, but is behind
 * (srv/pace.h); gone with the next state. */
#define DIR_PRESENCE_BEHIND UINT64_C(0x100)
/* Set by a child whose client says as much as it is read (srv/pace.h). */
#define DIR_PRESENCE_FLOODS UINT64_C(0x400)
/* Set by the master for a child that a signal has stopped; gone when it goes
 * on. */
#define DIR_PRESENCE_STOPPED UINT64_C(0x800)
#define DIR_PRESENCE_STATE_MASK UINT64_C(0xff)

/* The master as the holder of the lock. */
#define DIR_MASTER_IDENTITY UINT64_MAX

static inline uint64_t
dir_presence_make(uint32_t generation, enum dir_state state)
{
	return (uint64_t)generation << 32 | (uint32_t)state;
}

static inline enum dir_state
dir_presence_state(uint64_t presence)
{
	return (enum dir_state)(presence & DIR_PRESENCE_STATE_MASK);
}

static inline uint32_t
dir_presence_generation(uint64_t presence)
{
	return (uint32_t)(presence >> 32);
}

static inline const struct name *
dir_slot_name(const struct dir_slot *slot)
{
	return &slot->names[atomic_load_explicit(
				&slot->which_name, memory_order_acquire) &
			    1];
}

static inline int32_t
dir_slot_pid(const struct dir_slot *slot, uint32_t generation)
{
	return atomic_load_explicit(
	    &slot->pids[generation % DIR_PIDS_KEPT], memory_order_acquire);
}

static inline void
dir_slot_set_pid(struct dir_slot *slot, uint32_t generation, int32_t pid)
{
	atomic_store_explicit(
	    &slot->pids[generation % DIR_PIDS_KEPT], pid, memory_order_release);
}

static inline uint64_t
dir_presence_load(const struct directory *dir, uint32_t slot)
{
	return atomic_load_explicit(&dir->presence[slot], memory_order_acquire);
}

/* Slots that have ever been claimed.  No larger than the table, whatever has
 * become of it. */
static inline uint32_t
dir_n_slots_used(const struct directory *dir)
{
	uint32_t n = atomic_load(&dir->header->n_slots_used);

	return n < dir->n_slots ? n : dir->n_slots;
}

/* The chain of the index that `name` is in. */
static inline _Atomic uint32_t *
dir_bucket(const struct directory *dir, const struct name *name)
{
	/* so at the creation, and checked when a reader maps it */
	assert(dir->n_buckets > 0);
	return &dir->buckets[name_hash(name) % dir->n_buckets];
}

/* The child in `slot` as the holder of the lock; never LOCK_FREE. */
static inline uint64_t
dir_identity(uint32_t slot, uint32_t generation)
{
	return ((uint64_t)slot + 1) << 32 | generation;
}

#endif
