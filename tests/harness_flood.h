/* harness_flood.h - strangers who connect, many in a second: half of them are
 * silent, half give a name and leave.
 *
 * They come from addresses of others (network_add_addresses), and from a
 * process of their own, so that the test's own clients are no slower for it. */
#ifndef TESTS_HARNESS_FLOOD_H
#define TESTS_HARNESS_FLOOD_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

/* How many come in a second, while the process keeps up. */
#define FLOOD_PER_SECOND 2000

struct flood {
	unsigned port;
	/* 10.0.0.2 and so many following it */
	uint32_t n_addresses;
	_Atomic unsigned n_begun, n_refused, n_welcome;
	_Atomic int must_end;
	pid_t pid;
};

/* Begin to flood 10.0.0.1:port.  Gone with the test. */
struct flood *flood_begin(unsigned port, uint32_t n_addresses);

/* End it, and wait until the server has met everybody who came. */
void flood_end(struct flood *f);

/* After flood_end: another n of the same come at once, and none is refused. */
void flood_is_welcome(struct flood *f, unsigned n);

#endif
