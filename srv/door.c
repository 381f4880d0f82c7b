/* door.c - accepting and refusing. */
#include "srv/door.h"

#include "ipc/clock.h"
#include "ipc/limits.h"
#include "ipc/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOG_EVERY_MS 1000

static int
open_spare(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void
door_init(struct door *door)
{
	door->spare_fd = open_spare();
	door->paused_until = 0;
	door->log_next_at = 0;
	door->n_unlogged = 0;
}

void
door_close(struct door *door)
{
	for (size_t i = 0; i < door->n_listeners; i++)
		listener_close(&door->listeners[i]);
	door->n_listeners = 0;
	if (door->spare_fd != -1)
		close(door->spare_fd);
	door->spare_fd = -1;
}

unsigned
door_poll_rows(const struct door *door, int64_t now, struct pollfd *rows)
{
	bool open = now >= door->paused_until;

	for (size_t i = 0; i < door->n_listeners; i++)
		rows[i] = (struct pollfd){ open ? door->listeners[i].fd : -1,
			POLLIN, 0 };
	return (unsigned)door->n_listeners;
}

int64_t
door_next_at(const struct door *door, int64_t now)
{
	return now < door->paused_until ? door->paused_until : CLOCK_NEVER;
}

void
door_pause(struct door *door)
{
	door->paused_until = clock_ms() + ACCEPT_PAUSE_MS;
}

static void
log_refusal(struct door *door, const char *from, const char *why)
{
	int64_t now = clock_ms();

	if (now < door->log_next_at) {
		door->n_unlogged++;
		return;
	}
	door->log_next_at = now + LOG_EVERY_MS;
	if (door->n_unlogged > 0)
		log_warn("refused %s: %s (and %u more before)", from, why,
		    door->n_unlogged);
	else
		log_warn("refused %s: %s", from, why);
	door->n_unlogged = 0;
}

void
door_refuse(struct door *door, const struct arrival *arrival, const char *why)
{
	char line[256];
	int len = snprintf(line, sizeof line, "! %s\n", why);

	/* A new connection's buffer takes a line at once; if not, so be it. */
	(void)send(arrival->fd, line, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL);
	close(arrival->fd);
	log_refusal(door, arrival->from, why);
}

/* Out of descriptors: the client would wait in the queue and poll would tell of
 * it for ever.  Accept it with the spare one, and say so. */
static void
accept_with_spare(struct door *door, int listener_fd)
{
	struct arrival arrival = { .from = "a client" };

	if (door->spare_fd != -1)
		close(door->spare_fd);
	arrival.fd =
	    accept4(listener_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (arrival.fd != -1)
		door_refuse(door, &arrival,
		    "the server is out of descriptors; try again later");
	door->spare_fd = open_spare();
	door_pause(door);
}

static bool
is_exempt(const struct door *door, int fd, const struct sockaddr *address)
{
	for (unsigned i = 0; i < door->n_exempt; i++)
		if (network_contains(&door->exempt[i], address))
			return true;
	return listener_is_own_address(fd, address);
}

enum door_result
door_accept(struct door *door, size_t i, struct arrival *out)
{
	struct sockaddr_storage storage;
	struct sockaddr *address = (struct sockaddr *)&storage;
	socklen_t len = sizeof storage;
	int listener_fd = door->listeners[i].fd;

	out->fd =
	    accept4(listener_fd, address, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (out->fd != -1) {
		listener_address_text(address, len, out->from);
		out->address_key = is_exempt(door, out->fd, address)
				       ? 0
				       : listener_address_key(address);
		return DOOR_CLIENT;
	}
	switch (errno) {
	case EMFILE:
	case ENFILE:
		accept_with_spare(door, listener_fd);
		return DOOR_SHORTAGE;
	case ENOMEM:
	case ENOBUFS:
		log_refusal(door, "a client", strerror(errno));
		door_pause(door);
		return DOOR_SHORTAGE;
	default:
		/* EAGAIN, and clients that are gone before they are accepted */
		return DOOR_NOBODY;
	}
}
