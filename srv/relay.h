/* relay.h - the only place that sends to one or to all.
 *
 * Each child has one.
 * Sending never waits: a recipient whose mailbox is full gets a backlog
 * (backlog.h), everybody else goes on undelayed.  What is promised about loss
 * and order stands in ipc/README.md, "Promises of the relay". */
#ifndef SRV_RELAY_H
#define SRV_RELAY_H

#include "ipc/directory.h"
#include "srv/backlog.h"
#include "srv/sender.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct recipient {
	struct user_ref ref;
	/* what waits for him, or NULL; owned by the list below */
	struct backlog *backlog;
};

struct relay {
	const struct directory *dir;
	/* never sent to */
	struct user_ref self;
	struct sender sender;
	/* who is here, as of roster `list_roster` */
	struct recipient *list;
	uint32_t n_list, list_capacity;
	uint64_t list_roster;
	struct backlog *backlogs;
	unsigned n_backlogs;
	/* somebody who is in the room and whose mailbox is not there */
	struct user_ref lost;
	bool has_lost;
};

/* It sends from send_fd, which stays the caller's, and others if need be. */
void relay_init(struct relay *relay, const struct directory *dir,
    struct user_ref self, int send_fd);

/* Drops what still waits. */
void relay_free(struct relay *relay);

/* Hand the datagram to everyone who is in the room but us.  Returns 0; -1 when
 * memory for the list or a backlog is lacking: then at least one recipient will
 * not have it. */
int relay_to_all(struct relay *relay, const char *bytes, size_t len);

enum relay_result {
	RELAY_HANDED,
	/* he has left */
	RELAY_GONE,
	/* no memory */
	RELAY_FAILED,
};
enum relay_result relay_to_one(
    struct relay *relay, struct user_ref to, const char *bytes, size_t len);

/* Nothing waits for anybody. */
static inline bool
relay_is_clear(const struct relay *relay)
{
	return relay->n_backlogs == 0;
}

/* So much waits for somebody that our client should not be read for now. */
bool relay_is_congested(const struct relay *relay);

/* All bytes that wait. */
size_t relay_waiting(const struct relay *relay);

/* Fill in a poll row for each backlog that has a descriptor, and whose
 * recipient is not shown as behind: what waits for that one is held back.  None
 * when there are many backlogs: relay_next_at is soon then.  `rows` has room
 * for n_backlogs.  Returns how many were filled in. */
unsigned relay_poll_rows(const struct relay *relay, struct pollfd *rows);

/* After the poll of those rows, before anything is sent: send what has become
 * possible.  Also tries backlogs that had no row, if there is a point in it. */
void relay_on_ready(struct relay *relay, const struct pollfd *rows);

/* When relay_on_ready wants to be called even if nothing is ready, and when
 * somebody will be overdue; CLOCK_NEVER without backlogs. */
int64_t relay_next_at(const struct relay *relay, int64_t now);

/* Somebody who is JOINED but whose mailbox is gone, so that what was said did
 * not reach him; false when there is none.  Told once. */
bool relay_take_lost(struct relay *relay, struct user_ref *lost_out);

/* A recipient who has taken nothing for STUCK_REPORT_MS and has not been named
 * within that time; false when there is none (more). */
bool relay_next_stuck(
    struct relay *relay, int64_t now, struct user_ref *stuck_out);

#endif
