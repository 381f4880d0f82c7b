/* suspects.h - children that do not run: stopped ones, and those that were
 * reported as stuck.
 *
 * A report is not believed, it is tried: the suspect is pinged by a signal, and
 * a child that runs answers by a turn of its loop, which it counts in its slot.
 * One that does not is killed, whatever it holds; the sweep that follows its
 * death sets things right.  Master only. */
#ifndef SRV_SUSPECTS_H
#define SRV_SUSPECTS_H

#include "ipc/directory.h"
#include "srv/children.h"

#include <stdint.h>

/* Ping the child and expect an answer within PING_ANSWER_MS; nothing when it is
 * unknown or has been pinged already. */
void suspects_ping(struct children *children, struct directory *dir,
    struct user_ref who, int64_t now);

/* Kill the child if its mailbox is not there indeed: what is said does not
 * reach it, and never will. */
void suspects_check_mailbox(
    struct children *children, struct directory *dir, struct user_ref who);

/* Ping the holder of the directory's lock, if a child has it; free the lock if
 * its word names nobody who lives. */
void suspects_ping_lock_holder(
    struct children *children, struct directory *dir, int64_t now);

/* Kill those that have been stopped for STOPPED_MS or have not answered. */
void suspects_check(
    struct children *children, struct directory *dir, int64_t now);

/* When suspects_check has something to do; CLOCK_NEVER. */
int64_t suspects_next_at(struct children *children);

#endif
