/* loop.c - waiting for descriptors and timers; see the header. */
#include "srv/loop.h"

#include "ipc/clock.h"
#include "ipc/log.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* Poll without rows needs no memory. */
#define SHORTAGE_PAUSE_MS 10

static int
add_rows(int epoll_fd, const struct pollfd *rows, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct epoll_event event = {
			.events = (uint32_t)rows[i].events,
			.data.u32 = i,
		};

		if (rows[i].fd != -1 && epoll_ctl(epoll_fd, EPOLL_CTL_ADD,
					    rows[i].fd, &event) == -1)
			return -1;
	}
	return 0;
}

void
loop_keep(struct loop_kept *kept, const struct pollfd *rows, unsigned n)
{
	if (n > LOOP_KEPT)
		bug("%u rows are too many to be kept", n);
	kept->n = n;
	memcpy(kept->rows, rows, n * sizeof *rows);
	kept->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	/* Some files can be polled only. */
	if (kept->epoll_fd != -1 && add_rows(kept->epoll_fd, rows, n) == -1) {
		close(kept->epoll_fd);
		kept->epoll_fd = -1;
	}
}

static bool
are_kept(const struct loop_kept *kept, const struct pollfd *rows, unsigned n)
{
	return kept != NULL && kept->epoll_fd != -1 && kept->n == n &&
	       memcmp(kept->rows, rows, n * sizeof *rows) == 0;
}

/* poll for kept rows; the events of epoll have the values of poll's. */
static int
poll_kept(const struct loop_kept *kept, struct pollfd *rows, int timeout)
{
	struct epoll_event events[LOOP_KEPT];
	int n = epoll_wait(kept->epoll_fd, events, LOOP_KEPT, timeout);

	for (int i = 0; i < n; i++)
		rows[events[i].data.u32].revents = (short)events[i].events;
	return n;
}

bool
loop_wait(const struct loop_kept *kept, struct pollfd *rows, unsigned n,
    int64_t until)
{
	int timeout = clock_poll_timeout(until, clock_ms());
	int n_ready = are_kept(kept, rows, n) ? poll_kept(kept, rows, timeout)
					      : poll(rows, n, timeout);

	if (n_ready != -1)
		return true;
	if (errno == ENOMEM)
		(void)poll(NULL, 0, SHORTAGE_PAUSE_MS);
	else if (errno != EINTR)
		bug("waiting: %s", strerror(errno));
	return false;
}
