/* loop.h - the one place where master and children wait. */
#ifndef SRV_LOOP_H
#define SRV_LOOP_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

/* Wait until a row is ready or the clock shows `until` (CLOCK_NEVER: for ever).
 * Returns false when poll was interrupted or the kernel short of memory, which
 * it waits a moment for: then the rows tell nothing. */
bool loop_wait(struct pollfd *rows, unsigned n, int64_t until);

#endif
