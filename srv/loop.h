/* loop.h - the one place where master and children wait. */
#ifndef SRV_LOOP_H
#define SRV_LOOP_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

/* As many rows as can be kept. */
#define LOOP_KEPT 5

/* Rows that are waited for nearly always, which the kernel therefore keeps:
 * to wait for these very rows costs less than handing them over each time. */
struct loop_kept {
	/* -1: nothing is kept, and all goes on as well, but slower */
	int epoll_fd;
	unsigned n;
	struct pollfd rows[LOOP_KEPT];
};

/* Keep these rows, LOOP_KEPT at most, which have no results yet.  Their
 * descriptors stay open as long as the process lives. */
void loop_keep(struct loop_kept *kept, const struct pollfd *rows, unsigned n);

/* Wait until a row is ready or the clock shows `until` (CLOCK_NEVER: for ever);
 * what is kept is of use if these are the same rows, and may be NULL.  Returns
 * false when the wait was interrupted or the kernel short of memory, which it
 * waits a moment for: then the rows tell nothing. */
bool loop_wait(const struct loop_kept *kept, struct pollfd *rows, unsigned n,
    int64_t until);

#endif
