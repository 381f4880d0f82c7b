/* relay.c - sending to one and to all, and waiting for nobody.
 *
 * Runs in every child.  A datagram goes out by sendmmsg, one
 * per recipient; whoever is full gets a backlog, and as long as he has one all
 * that follows goes through it, so that the order stays.  Who is here is read
 * from the directory again only when its roster has changed. */
#include "srv/relay.h"

#include "ipc/clock.h"
#include "ipc/limits.h"
#include "ipc/mailbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* A backlog without a descriptor is tried again this often. */
#define NO_DESCRIPTOR_RETRY_MS 20
/* So many backlogs are polled for.  When all flood there is one for nearly
 * everybody in each sender: whoever made room would wake all of them, and most
 * in vain.  Then each looks now and then who has turned his loop. */
#define POLLED_BACKLOGS 8
#define UNPOLLED_RETRY_MS 2
/* A roster that never occurs, being odd: the list is out of date. */
#define NO_ROSTER UINT64_MAX

void
relay_init(struct relay *relay, const struct directory *dir,
    struct user_ref self, int send_fd)
{
	*relay = (struct relay){
		.dir = dir,
		.self = self,
		.list_roster = NO_ROSTER,
	};
	sender_init(&relay->sender, send_fd);
}

void
relay_free(struct relay *relay)
{
	while (relay->backlogs != NULL) {
		struct backlog *b = relay->backlogs;

		relay->backlogs = b->next;
		backlog_free(b);
	}
	free(relay->list);
	relay->list = NULL;
	relay->n_list = relay->list_capacity = 0;
	relay->n_backlogs = 0;
	sender_free(&relay->sender);
}

/* The list of recipients -------------------------------------------------- */

static int
compare_slot(const void *key, const void *element)
{
	uint32_t slot = *(const uint32_t *)key;
	uint32_t other = ((const struct recipient *)element)->ref.slot;

	return slot < other ? -1 : slot > other;
}

/* The entry of `ref` in the list, which is in slot order. */
static struct recipient *
find_recipient(const struct relay *relay, struct user_ref ref)
{
	struct recipient *r;

	if (relay->n_list == 0)
		return NULL;
	r = bsearch(&ref.slot, relay->list, relay->n_list, sizeof *relay->list,
	    compare_slot);
	return r != NULL && user_ref_equal(r->ref, ref) ? r : NULL;
}

static int
grow_list(struct relay *relay, uint32_t needed)
{
	struct recipient *list;

	if (needed <= relay->list_capacity)
		return 0;
	/* Some more than now, so that a crowd that joins is not counted anew
	 * with each of its members. */
	needed += needed / 4 + 8;
	list = realloc(relay->list, needed * sizeof *list);
	if (list == NULL)
		return -1;
	relay->list = list;
	relay->list_capacity = needed;
	return 0;
}

/* Whether who is in this state is to hear of what is said.  When the server
 * stops, everybody leaves as soon as he has nothing more to say, and hears the
 * others out. */
static bool
still_hears(const struct relay *relay, enum dir_state state)
{
	return state == DIR_JOINED ||
	       (state == DIR_LEAVING &&
		   directory_phase(relay->dir) != DIR_RUNNING);
}

/* Read the room from the directory. */
static int
read_list(struct relay *relay)
{
	uint32_t n_used = dir_n_slots_used(relay->dir);
	uint32_t n = 0;

	relay->n_list = 0;
	for (uint32_t slot = 0; slot < n_used; slot++) {
		uint64_t presence = dir_presence_load(relay->dir, slot);

		if (slot == relay->self.slot ||
		    !still_hears(relay, dir_presence_state(presence)))
			continue;
		if (grow_list(relay, n + 1) == -1)
			return -1;
		relay->list[n++] = (struct recipient){
			.ref = { slot, dir_presence_generation(presence) },
		};
	}
	relay->n_list = n;
	return 0;
}

static bool
is_here(const struct relay *relay, struct user_ref who)
{
	uint64_t presence = dir_presence_load(relay->dir, who.slot);

	return dir_presence_state(presence) == DIR_JOINED &&
	       dir_presence_generation(presence) == who.generation;
}

/* A mailbox that is not there: its user has left, as a rule. */
static void
note_gone(struct relay *relay, struct user_ref who)
{
	/* One at a time: of another it is known at the next message. */
	if (relay->has_lost || !is_here(relay, who))
		return;
	relay->lost = who;
	relay->has_lost = true;
}

bool
relay_take_lost(struct relay *relay, struct user_ref *lost_out)
{
	bool has_lost = relay->has_lost;

	relay->has_lost = false;
	*lost_out = relay->lost;
	return has_lost;
}

/* Take a backlog out of the list of backlogs and free it. */
static void
end_backlog(struct relay *relay, struct backlog *b)
{
	struct backlog **link = &relay->backlogs;
	struct recipient *r = find_recipient(relay, b->to);

	while (*link != b)
		link = &(*link)->next;
	*link = b->next;
	relay->n_backlogs--;
	if (r != NULL)
		r->backlog = NULL;
	backlog_free(b);
}

/* Tie the backlogs to a list that was just read; who is not in it has left. */
static void
tie_backlogs(struct relay *relay)
{
	struct backlog *b = relay->backlogs, *next;

	for (; b != NULL; b = next) {
		struct recipient *r = find_recipient(relay, b->to);

		next = b->next;
		if (r != NULL)
			r->backlog = b;
		else
			end_backlog(relay, b);
	}
}

/* Modelled in tests/model/slots.pml. */
static int
refresh(struct relay *relay)
{
	uint64_t roster = directory_roster(relay->dir);

	if (roster == relay->list_roster)
		return 0;
	relay->list_roster = NO_ROSTER;
	if (read_list(relay) == -1) {
		errno = ENOMEM;
		return -1;
	}
	tie_backlogs(relay);
	/* Somebody is coming or going this very moment: true for this message,
	 * not to be kept for the next. */
	if (roster % 2 == 0)
		relay->list_roster = roster;
	return 0;
}

/* Backlogs ---------------------------------------------------------------- */

/* Queue the message for `b`; the parcel is made for the first that needs one.
 */
static int
queue(struct relay *relay, struct backlog *b, struct parcel **parcel,
    const char *bytes, size_t len)
{
	if (*parcel == NULL)
		*parcel = parcel_new(bytes, len);
	if (*parcel != NULL && backlog_add(b, *parcel))
		return 0;
	end_backlog(relay, b);
	errno = ENOMEM;
	return -1;
}

static struct backlog *
begin_backlog(struct relay *relay, struct recipient *to)
{
	struct backlog *b = backlog_new(to->ref, clock_ms());

	if (b == NULL)
		return NULL;
	b->next = relay->backlogs;
	relay->backlogs = b;
	relay->n_backlogs++;
	to->backlog = b;
	return b;
}

/* His mailbox may have room, but his client is behind: what waits here waits
 * better than in his queue, which is bounded. */
static bool
is_held(const struct relay *relay, const struct backlog *b)
{
	uint64_t presence = dir_presence_load(relay->dir, b->to.slot);

	return (presence & DIR_PRESENCE_BEHIND) != 0 &&
	       dir_presence_generation(presence) == b->to.generation;
}

/* Send what a backlog holds, as far as that goes.  He may have come to be
 * behind with any of it, since he takes it while we send. */
static enum backlog_result
go_on(struct relay *relay, struct backlog *b, int64_t now)
{
	enum backlog_result result;

	do {
		b->turns_when_full = directory_turns(relay->dir, b->to);
		result = backlog_send(b, now);
	} while (result == BACKLOG_MOVED && !is_held(relay, b));
	switch (result) {
	case BACKLOG_WAITING:
	case BACKLOG_MOVED:
		return result;
	case BACKLOG_GONE:
		note_gone(relay, b->to);
		break;
	case BACKLOG_EMPTY:
		break;
	}
	end_backlog(relay, b);
	return result;
}

/* The first send to `to` did not go through.  A full socket of ours looks like
 * a full mailbox of his, so the backlog tries at once, from a socket of its
 * own. */
static enum relay_result
not_taken(struct relay *relay, struct recipient *to, struct parcel **parcel,
    const char *bytes, size_t len)
{
	struct backlog *b = begin_backlog(relay, to);

	if (b == NULL) {
		errno = ENOMEM;
		return RELAY_FAILED;
	}
	if (queue(relay, b, parcel, bytes, len) == -1)
		return RELAY_FAILED;
	return go_on(relay, b, clock_ms()) == BACKLOG_GONE ? RELAY_GONE
							   : RELAY_HANDED;
}

/* Sending ----------------------------------------------------------------- */

/* A message on its way to its recipients, some at a time. */
struct sending {
	const char *bytes;
	size_t len;
	/* made for the first who needs a backlog */
	struct parcel *parcel;
	/* of all so far: who turned out to have left */
	unsigned n_gone;
	struct volley volley;
	struct recipient *to[SEND_VECTOR];
};

static void
sending_begin(struct sending *s, const char *bytes, size_t len)
{
	s->bytes = bytes;
	s->len = len;
	s->parcel = NULL;
	s->n_gone = 0;
	volley_begin(&s->volley, bytes, len);
}

static void
sending_add(struct sending *s, struct recipient *to)
{
	s->to[s->volley.n] = to;
	volley_add(&s->volley, to->ref);
}

/* Recipient i was not reached, for `error`. */
static enum relay_result
miss(struct relay *relay, struct sending *s, unsigned i, int error)
{
	if (mailbox_answer(error) == MAILBOX_GONE) {
		note_gone(relay, s->to[i]->ref);
		return RELAY_GONE;
	}
	return not_taken(relay, s->to[i], &s->parcel, s->bytes, s->len);
}

/* Send to those who have been added.  It stops at the first who does not take
 * it, who is dealt with before it goes on behind him. */
static int
sending_go(struct relay *relay, struct sending *s)
{
	struct volley *v = &s->volley;
	unsigned sent = 0;
	int result = 0;

	while (sent < v->n) {
		int n = sender_send(
		    &relay->sender, v->messages + sent, v->n - sent);

		if (n > 0) {
			sent += (unsigned)n;
			continue;
		}
		switch (miss(relay, s, sent, errno)) {
		case RELAY_HANDED:
			break;
		case RELAY_GONE:
			s->n_gone++;
			break;
		case RELAY_FAILED:
			result = -1;
			break;
		}
		sent++;
	}
	v->n = 0;
	return result;
}

int
relay_to_all(struct relay *relay, const char *bytes, size_t len)
{
	struct sending s;
	int result = 0;

	if (refresh(relay) == -1)
		return -1;
	sending_begin(&s, bytes, len);
	for (uint32_t i = 0; i < relay->n_list; i++) {
		struct recipient *to = &relay->list[i];

		if (to->backlog != NULL) {
			if (queue(relay, to->backlog, &s.parcel, bytes, len) ==
			    -1)
				result = -1;
			continue;
		}
		sending_add(&s, to);
		if (s.volley.n == SEND_VECTOR && sending_go(relay, &s) == -1)
			result = -1;
	}
	if (sending_go(relay, &s) == -1)
		result = -1;
	parcel_release(s.parcel);
	return result;
}

enum relay_result
relay_to_one(
    struct relay *relay, struct user_ref to, const char *bytes, size_t len)
{
	struct recipient *r;
	struct sending s;
	int result;

	sending_begin(&s, bytes, len);
	if (refresh(relay) == -1)
		return RELAY_FAILED;
	r = find_recipient(relay, to);
	if (r == NULL)
		return RELAY_GONE;
	if (r->backlog != NULL) {
		result = queue(relay, r->backlog, &s.parcel, bytes, len);
	} else {
		sending_add(&s, r);
		result = sending_go(relay, &s);
	}
	parcel_release(s.parcel);
	if (result == -1)
		return RELAY_FAILED;
	return s.n_gone > 0 ? RELAY_GONE : RELAY_HANDED;
}

/* Waiting ----------------------------------------------------------------- */

bool
relay_is_congested(const struct relay *relay)
{
	for (const struct backlog *b = relay->backlogs; b; b = b->next)
		if (b->n_bytes >= BACKLOG_PAUSE_BYTES)
			return true;
	return false;
}

size_t
relay_waiting(const struct relay *relay)
{
	size_t n = 0;

	for (const struct backlog *b = relay->backlogs; b; b = b->next)
		n += b->n_bytes;
	return n;
}

static bool
are_polled(const struct relay *relay)
{
	return relay->n_backlogs <= POLLED_BACKLOGS;
}

unsigned
relay_poll_rows(const struct relay *relay, struct pollfd *rows)
{
	unsigned n = 0;

	/* A row without a descriptor would count against RLIMIT_NOFILE, and
	 * poll fails beyond that. */
	for (struct backlog *b = relay->backlogs; b; b = b->next) {
		b->is_held = is_held(relay, b);
		if (are_polled(relay) && b->fd != -1 && !b->is_held)
			rows[n++] = (struct pollfd){ b->fd, POLLOUT, 0 };
	}
	return n;
}

/* Whether it is worth to try. */
static bool
may_move(const struct relay *relay, const struct backlog *b)
{
	/* Who has died does not turn his loop any more. */
	return b->fd == -1 || !is_here(relay, b->to) ||
	       directory_turns(relay->dir, b->to) != b->turns_when_full;
}

void
relay_on_ready(struct relay *relay, const struct pollfd *rows)
{
	struct backlog *b = relay->backlogs, *next;
	int64_t now = b != NULL ? clock_ms() : 0;
	/* Some may come to an end below. */
	bool have_rows = are_polled(relay);

	/* The rows are in the order of the list, which has not changed since.
	 */
	for (; b != NULL; b = next) {
		next = b->next;
		if (b->is_held)
			continue;
		if (have_rows && b->fd != -1 ? (rows++)->revents != 0
					     : may_move(relay, b))
			(void)go_on(relay, b, now);
	}
}

int64_t
relay_next_at(const struct relay *relay, int64_t now)
{
	int64_t at = CLOCK_NEVER;

	for (const struct backlog *b = relay->backlogs; b; b = b->next) {
		int64_t since =
		    b->moved_at > b->reported_at ? b->moved_at : b->reported_at;

		at = clock_earlier(at, since + STUCK_REPORT_MS);
		if (b->is_held)
			at = clock_earlier(at, now + PACE_LOOK_MS);
		else if (b->fd == -1)
			at = clock_earlier(at, now + NO_DESCRIPTOR_RETRY_MS);
		else if (!are_polled(relay))
			at = clock_earlier(at, now + UNPOLLED_RETRY_MS);
	}
	return at;
}

bool
relay_next_stuck(struct relay *relay, int64_t now, struct user_ref *stuck_out)
{
	for (struct backlog *b = relay->backlogs; b; b = b->next) {
		if (now - b->moved_at < STUCK_REPORT_MS ||
		    now - b->reported_at < STUCK_REPORT_MS)
			continue;
		b->reported_at = now;
		*stuck_out = b->to;
		return true;
	}
	return false;
}
