/* swarm.c - many clients in one process; see the header.
 *
 * All clients share one buffer to read into.  What is not whole yet is kept by
 * its client, and put before what is read next, so that the user gets
 * lines in one piece and idle clients take no memory. */
#include "tools/swarm.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define READ_BYTES (256 * 1024)
#define EVENTS_PER_TURN 512
#define OUT_FIRST_BYTES 4096

struct swarm {
	const struct swarm_events *events;
	void *arg;
	int epoll_fd;
	uint32_t max;
	struct swarm_client *clients;
	/* room for a kept line, then for a read */
	char *buffer;
};

static void *
must(void *memory)
{
	if (memory == NULL)
		abort();
	return memory;
}

struct swarm *
swarm_new(uint32_t max, const struct swarm_events *events, void *arg)
{
	struct swarm *swarm = must(calloc(1, sizeof *swarm));

	*swarm = (struct swarm){
		.events = events,
		.arg = arg,
		.epoll_fd = epoll_create1(EPOLL_CLOEXEC),
		.max = max,
		.clients = must(calloc(max, sizeof *swarm->clients)),
		.buffer = must(malloc(SWARM_LINE_MAX + READ_BYTES)),
	};
	if (swarm->epoll_fd == -1)
		abort();
	for (uint32_t i = 0; i < max; i++)
		swarm->clients[i] = (struct swarm_client){
			.swarm = swarm,
			.fd = -1,
			.id = i,
		};
	return swarm;
}

void
swarm_free(struct swarm *swarm)
{
	if (swarm == NULL)
		return;
	for (uint32_t i = 0; i < swarm->max; i++)
		swarm_close(&swarm->clients[i], false);
	close(swarm->epoll_fd);
	free(swarm->clients);
	free(swarm->buffer);
	free(swarm);
}

struct swarm_client *
swarm_client(struct swarm *swarm, uint32_t id)
{
	return &swarm->clients[id];
}

/* What epoll is to tell of a client. */
static void
watch(struct swarm_client *c, int operation)
{
	struct epoll_event event = {
		.events = (c->is_paused ? 0 : EPOLLIN) |
			  (c->waits_for_room ? EPOLLOUT : 0),
		.data.u32 = c->id,
	};

	if (epoll_ctl(c->swarm->epoll_fd, operation, c->fd, &event) == -1)
		abort();
}

static void
wait_for_room(struct swarm_client *c, bool waits)
{
	if (c->waits_for_room == waits)
		return;
	c->waits_for_room = waits;
	watch(c, EPOLL_CTL_MOD);
}

/* Connecting and closing -------------------------------------------------- */

int
swarm_connect(struct swarm_client *c, const struct sockaddr *to,
    socklen_t to_len, const struct sockaddr *from, socklen_t from_len)
{
	int saved;

	c->fd = socket(
	    to->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd == -1)
		return -1;
	if ((from != NULL && bind(c->fd, from, from_len) == -1) ||
	    (connect(c->fd, to, to_len) == -1 && errno != EINPROGRESS)) {
		saved = errno;
		close(c->fd);
		c->fd = -1;
		errno = saved;
		return -1;
	}
	c->is_connected = false;
	c->is_paused = false;
	c->waits_for_room = true;
	watch(c, EPOLL_CTL_ADD);
	return 0;
}

void
swarm_close(struct swarm_client *c, bool reset)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };

	if (c->fd == -1)
		return;
	if (reset)
		(void)setsockopt(
		    c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	close(c->fd);
	free(c->tail);
	free(c->out);
	*c = (struct swarm_client){
		.swarm = c->swarm,
		.fd = -1,
		.id = c->id,
	};
}

static void
end(struct swarm_client *c, int error)
{
	struct swarm *swarm = c->swarm;

	swarm_close(c, false);
	swarm->events->ended(swarm->arg, c, error);
}

/* Writing ----------------------------------------------------------------- */

size_t
swarm_waiting(const struct swarm_client *c)
{
	return c->out_end - c->out_start;
}

/* Returns what was taken.  An error is left to the read that finds it too. */
static size_t
send_some(struct swarm_client *c, const char *bytes, size_t len)
{
	ssize_t n = send(c->fd, bytes, len, MSG_NOSIGNAL);

	return n > 0 ? (size_t)n : 0;
}

static void
keep(struct swarm_client *c, const char *bytes, size_t len)
{
	if (c->out_start > 0) {
		memmove(c->out, c->out + c->out_start, swarm_waiting(c));
		c->out_end -= c->out_start;
		c->out_start = 0;
	}
	if (c->out_size - c->out_end < len) {
		if (c->out_size == 0)
			c->out_size = OUT_FIRST_BYTES;
		while (c->out_size - c->out_end < len)
			c->out_size *= 2;
		c->out = must(realloc(c->out, c->out_size));
	}
	memcpy(c->out + c->out_end, bytes, len);
	c->out_end += len;
}

void
swarm_send(struct swarm_client *c, const void *bytes, size_t len)
{
	size_t taken = 0;

	if (c->fd == -1)
		return;
	if (c->is_connected && swarm_waiting(c) == 0)
		taken = send_some(c, bytes, len);
	if (taken == len)
		return;
	keep(c, (const char *)bytes + taken, len - taken);
	wait_for_room(c, true);
}

static void
on_room(struct swarm_client *c)
{
	struct swarm *swarm = c->swarm;

	if (!c->is_connected) {
		int error = 0;
		socklen_t len = sizeof error;

		(void)getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len);
		if (error != 0) {
			end(c, error);
			return;
		}
		c->is_connected = true;
		swarm->events->connected(swarm->arg, c);
		if (c->fd == -1)
			return;
	}
	c->out_start += send_some(c, c->out + c->out_start, swarm_waiting(c));
	if (swarm_waiting(c) > 0)
		return;
	c->out_start = c->out_end = 0;
	wait_for_room(c, false);
	if (swarm->events->room != NULL)
		swarm->events->room(swarm->arg, c);
}

/* Reading ----------------------------------------------------------------- */

/* Keep the line that has begun; false when it is longer than any may be. */
static bool
keep_tail(struct swarm_client *c, const char *bytes, size_t len)
{
	if (len > SWARM_LINE_MAX)
		return false;
	if (len == 0) {
		free(c->tail);
		c->tail = NULL;
	} else {
		/* `bytes` is in the swarm's buffer, never in the old tail. */
		c->tail = must(realloc(c->tail, len));
		memcpy(c->tail, bytes, len);
	}
	c->tail_len = len;
	return true;
}

static void
on_lines(struct swarm_client *c, const char *bytes, size_t len)
{
	struct swarm *swarm = c->swarm;
	const char *last = memrchr(bytes, '\n', len);
	size_t whole = last == NULL ? 0 : (size_t)(last - bytes) + 1;

	if (!keep_tail(c, bytes + whole, len - whole)) {
		end(c, EMSGSIZE);
		return;
	}
	if (whole > 0)
		swarm->events->lines(swarm->arg, c, bytes, whole);
}

static void
on_bytes(struct swarm_client *c, const char *bytes, size_t len)
{
	struct swarm *swarm = c->swarm;
	size_t taken = swarm->events->bytes(swarm->arg, c, bytes, len);

	/* It may have closed the client. */
	if (c->fd != -1 && !keep_tail(c, bytes + taken, len - taken))
		end(c, EMSGSIZE);
}

static void
on_readable(struct swarm_client *c)
{
	char *at = c->swarm->buffer + SWARM_LINE_MAX;
	ssize_t n = recv(c->fd, at, READ_BYTES, 0);

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		end(c, n == 0 ? 0 : errno);
		return;
	}
	if (c->tail_len > 0)
		memcpy(at - c->tail_len, c->tail, c->tail_len);
	if (c->swarm->events->bytes != NULL)
		on_bytes(c, at - c->tail_len, c->tail_len + (size_t)n);
	else
		on_lines(c, at - c->tail_len, c->tail_len + (size_t)n);
}

void
swarm_pause(struct swarm_client *c, bool is_paused)
{
	if (c->fd == -1 || c->is_paused == is_paused)
		return;
	c->is_paused = is_paused;
	watch(c, EPOLL_CTL_MOD);
}

/* The loop ---------------------------------------------------------------- */

static int
turn(struct swarm *swarm, const struct timespec *timeout)
{
	struct epoll_event events[EVENTS_PER_TURN];
	int n = epoll_pwait2(
	    swarm->epoll_fd, events, EVENTS_PER_TURN, timeout, NULL);

	for (int i = 0; i < n; i++) {
		struct swarm_client *c = &swarm->clients[events[i].data.u32];
		uint32_t what = events[i].events;

		/* One that an event of another has closed is told of no more,
		 * unless it is connected again: then this is harmless. */
		if (c->fd != -1 && what & EPOLLOUT)
			on_room(c);
		if (c->fd != -1 && what & (EPOLLIN | EPOLLHUP | EPOLLERR))
			on_readable(c);
	}
	return n == -1 ? 0 : n;
}

int
swarm_turn_ns(struct swarm *swarm, int64_t timeout_ns)
{
	const struct timespec timeout = {
		.tv_sec = timeout_ns / 1000000000,
		.tv_nsec = timeout_ns % 1000000000,
	};

	return turn(swarm, &timeout);
}

int
swarm_turn(struct swarm *swarm, int timeout_ms)
{
	if (timeout_ms < 0)
		return turn(swarm, NULL);
	return swarm_turn_ns(swarm, (int64_t)timeout_ms * 1000000);
}
