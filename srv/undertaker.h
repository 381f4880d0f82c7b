/* undertaker.h - what is done when the master was killed: the last child out
 * removes what is left. */
#ifndef SRV_UNDERTAKER_H
#define SRV_UNDERTAKER_H

#include "ipc/directory.h"
#include "ipc/instance.h"

/* Call in a child whose master is dead, after its own leave.  The first caller
 * is the undertaker: it waits for its siblings to have left (waking those that
 * are stopped and killing those that do not go), then removes shared memory,
 * mailboxes and directory.  The others wait for it to end, and when it is
 * killed or stopped one of them takes its place.  Who could not leave returns
 * at once.
 */
void undertaker_run(
    struct directory *dir, const struct run_dir *run_dir, const char *instance);

#endif
