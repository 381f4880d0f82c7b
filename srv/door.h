/* door.h - where clients come in: accepting from all listeners, and turning
 * away whom we cannot serve, with a word.  Master only; never reads a client
 * byte, never waits, never spins. */
#ifndef SRV_DOOR_H
#define SRV_DOOR_H

#include "ipc/directory_layout.h"
#include "srv/listener.h"
#include "srv/network.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct door {
	struct listener listeners[MAX_LISTENERS];
	size_t n_listeners;
	/* whose clients are not counted; the caller's */
	const struct network *exempt;
	unsigned n_exempt;
	/* given up for a moment to accept, and refuse, when descriptors run out
	 */
	int spare_fd;
	/* nothing is accepted until then */
	int64_t paused_until;
	/* one log line a second about refusals */
	int64_t log_next_at;
	unsigned n_unlogged;
};

/* The listeners are filled in by the caller and closed by door_close. */
void door_init(struct door *door);
void door_close(struct door *door);

/* `rows` has room for MAX_LISTENERS.  Returns how many were filled in. */
unsigned door_poll_rows(
    const struct door *door, int64_t now, struct pollfd *rows);

/* When the door opens again; CLOCK_NEVER when it is open. */
int64_t door_next_at(const struct door *door, int64_t now);

/* A client that has come in. */
struct arrival {
	/* non-blocking; the caller's */
	int fd;
	/* listener_address_key; 0 for who is exempt, as clients on this machine
	 * are */
	uint64_t address_key;
	char from[DIR_ADDRESS_BYTES];
};

enum door_result {
	DOOR_CLIENT,
	DOOR_NOBODY,
	/* descriptors or memory are short: somebody was told so, if he could
	 * be, and the door is paused */
	DOOR_SHORTAGE,
};

/* Accept one client from listener i. */
enum door_result door_accept(struct door *door, size_t i, struct arrival *out);

/* Tell a client why, close it, log it within measure. */
void door_refuse(
    struct door *door, const struct arrival *arrival, const char *why);

/* Accept nothing for ACCEPT_PAUSE_MS: what is short does not come back sooner.
 */
void door_pause(struct door *door);

#endif
