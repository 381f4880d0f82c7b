/* obituary.h - what ended a session, counted and logged once.
 *
 * By the master, when it reaps the session's process: there every end is seen,
 * in order or not, and seen once.  By the process itself only when the master
 * is dead, and by the last one (undertaker.c) for whom that one has to kill. */
#ifndef SRV_OBITUARY_H
#define SRV_OBITUARY_H

#include "ipc/directory.h"
#include "srv/children.h"
#include "srv/ending.h"

#include <signal.h>

/* Where the end of a process is counted that waitid(2) tells of.  One that the
 * master was about to kill, and that was faster, has ended by itself. */
enum dir_counter obituary_counter(
    const siginfo_t *info, enum kill_reason killed);

/* In the master, or in its place.  `row` is the entry as it was when it was
 * swept. */
void obituary_write(struct directory *dir, const struct dir_row *row,
    const siginfo_t *info, enum kill_reason killed);

/* In a child whose master is dead, as the last thing it does in the room. */
void obituary_write_own(struct directory *dir, enum ending ending);

#endif
