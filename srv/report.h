/* report.h - what a child tells the master: whom it suspects to be stuck, and
 * that the bell has to be rung.
 *
 * Fixed records through one pipe, each written whole or not at all.  A report
 * is a hint: the master looks for itself before it does anything (suspects.c),
 * since the reporter may have been taken over. */
#ifndef SRV_REPORT_H
#define SRV_REPORT_H

#include "ipc/directory.h"

#include <stddef.h>

enum report_kind {
	/* `who` takes no mail */
	REPORT_STUCK_MAILBOX,
	/* `who` is in the room, but his mailbox is not there */
	REPORT_NO_MAILBOX,
	/* the directory's lock does not come */
	REPORT_STUCK_LOCK,
	/* there is news (srv/bell.h); to wake the master is all that it does */
	REPORT_NEWS,
};

struct report {
	enum report_kind kind;
	struct user_ref who;
};

/* Both ends of the pipe, non-blocking: [0] the master reads, [1] children
 * write.  -1 with errno. */
int report_pipe(int fds_out[2]);

/* A report that finds the pipe full is dropped: it comes again. */
void report_send(int fd, const struct report *report);

/* Read up to max reports.  Returns how many; 0 when there is none now. */
size_t report_receive(int fd, struct report *reports, size_t max);

#endif
