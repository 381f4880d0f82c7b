/* children.h - the master's table of its living children.
 *
 * By slot and by pid; no shared memory.  Master only: its memory is not there
 * in a child, which would have a copy of each page that the master writes to.
 */
#ifndef SRV_CHILDREN_H
#define SRV_CHILDREN_H

#include "ipc/directory.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Why the master killed a child; told to the others behind "left", and counted
 * (obituary.c). */
enum kill_reason {
	KILL_NONE,
	KILL_STOPPED,
	KILL_WEDGED,
	KILL_NO_MAILBOX,
	/* the server ends, and it does not */
	KILL_LATE,
};

/* "not responding": for the log and for those who are told. */
const char *kill_reason_text(enum kill_reason reason);

struct child_entry {
	/* 0: no child in this slot */
	pid_t pid;
	struct user_ref ref;
	bool is_console;
	/* listener_address_key, set by children_set_address; 0: not counted */
	uint64_t address_key;
	enum kill_reason killed;
	/* since when it is stopped; CLOCK_NEVER: it runs */
	int64_t stopped_at;
	/* it was pinged and must have turned its loop by then; CLOCK_NEVER */
	int64_t answer_until;
	/* as it was when pinged */
	uint32_t turns_when_pinged;
	uint64_t cpu_ms_when_pinged;
	/* the next of the same hash bucket, by pid and by address, as slot + 1;
	 * 0: none */
	uint32_t next, next_from;
};

struct children {
	/* n_slots of each, in memory that children do not get */
	struct child_entry *by_slot;
	uint32_t *buckets;
	uint32_t *address_buckets;
	uint32_t n_slots;
	uint32_t n;
	/* how many are stopped or pinged: when 0 nobody need be looked at */
	uint32_t n_watched;
};

/* -1 with errno when there is no memory. */
int children_init(struct children *children, uint32_t n_slots);
void children_free(struct children *children);

struct child_entry *children_add(
    struct children *children, struct user_ref ref, pid_t pid);
void children_remove(struct children *children, struct child_entry *entry);

/* NULL when there is none. */
struct child_entry *children_find(struct children *children, pid_t pid);
struct child_entry *children_at(struct children *children, struct user_ref ref);

/* Say once where the child's client is. */
void children_set_address(
    struct children *children, struct child_entry *entry, uint64_t address_key);

/* How many serve clients of this address; 0 for the key 0.  Looks at those. */
uint32_t children_count_from(
    const struct children *children, uint64_t address_key);

/* Walk: pass NULL first, then the last result; NULL at the end.  The entry may
 * be removed between two calls. */
struct child_entry *children_next(
    struct children *children, struct child_entry *last);

/* The only ways of starting and ending a watch, so that the count is true. */
void children_watch_stopped(
    struct children *children, struct child_entry *entry, int64_t since);
void children_watch_answer(
    struct children *children, struct child_entry *entry, int64_t until);

#endif
