/* loop.c - waiting for descriptors and timers; see the header. */
#include "srv/loop.h"

#include "ipc/clock.h"
#include "ipc/log.h"

#include <errno.h>
#include <string.h>

/* Poll without rows needs no memory. */
#define SHORTAGE_PAUSE_MS 10

bool
loop_wait(struct pollfd *rows, unsigned n, int64_t until)
{
	if (poll(rows, n, clock_poll_timeout(until, clock_ms())) != -1)
		return true;
	if (errno == ENOMEM)
		(void)poll(NULL, 0, SHORTAGE_PAUSE_MS);
	else if (errno != EINTR)
		bug("poll: %s", strerror(errno));
	return false;
}
