/* bell.c - telling everybody that there is news; see the header.
 *
 * `bell_is_owed` is set by whoever has published something and does not ring
 * himself, and taken back before a ring: whoever publishes after that finds it
 * unset, or has been read by those who are woken. */
#include "srv/bell.h"

#include "ipc/clock.h"
#include "ipc/limits.h"
#include "ipc/news.h"
#include "ipc/peer_msg.h"

int64_t
bell_gap(const struct directory *dir)
{
	return directory_n_joined(dir) / BELL_USERS_PER_MS;
}

int64_t
bell_crowd_gap(const struct directory *dir)
{
	int64_t gap = bell_gap(dir), n = directory_n_joined(dir);
	int64_t even = n < BELL_CROWD_MS ? n : BELL_CROWD_MS;

	return even > gap ? even : gap;
}

/* When the next ring may be. */
static int64_t
free_at(const struct directory *dir)
{
	const struct dir_header *header = dir->header;
	int64_t credit = (BELL_CREDIT - 1) * bell_crowd_gap(dir);
	int64_t at = atomic_load(&header->bell_spent_until) - credit;
	int64_t apart = atomic_load(&header->bell_rung_at) + bell_gap(dir);

	return at > apart ? at : apart;
}

/* Who does not take it has mail already, or has left. */
static void
send_to_all(struct sender *sender, struct volley *v)
{
	unsigned sent = 0;

	while (sent < v->n) {
		int n = sender_send(sender, v->messages + sent, v->n - sent);

		sent += n > 0 ? (unsigned)n : 1;
	}
	v->n = 0;
}

static void
ring(struct directory *dir, struct user_ref self, struct sender *sender)
{
	uint32_t n_used = dir_n_slots_used(dir);
	char bytes[PEER_MIN_BYTES];
	struct volley v;

	atomic_store(&dir->header->bell_is_owed, 0);
	volley_begin(&v, bytes, peer_bell(bytes, self, news_head(dir)));
	for (uint32_t slot = 0; slot < n_used; slot++) {
		uint64_t presence = dir_presence_load(dir, slot);

		if (dir_presence_state(presence) != DIR_JOINED ||
		    slot == self.slot)
			continue;
		volley_add(&v, (struct user_ref){
				   slot, dir_presence_generation(presence) });
		if (v.n == SEND_VECTOR)
			send_to_all(sender, &v);
	}
	send_to_all(sender, &v);
	/* The master sends nothing else, and what is under way stays so. */
	if (user_ref_equal(self, USER_MASTER))
		sender_free(sender);
}

/* Be the one who rings, if it is time. */
static bool
take_turn(struct directory *dir, int64_t now)
{
	struct dir_header *header = dir->header;
	int64_t rung_at = atomic_load(&header->bell_rung_at);
	int64_t spent_until = atomic_load(&header->bell_spent_until);

	if (now < free_at(dir) || !atomic_compare_exchange_strong(
				      &header->bell_rung_at, &rung_at, now))
		return false;
	if (spent_until < now)
		spent_until = now;
	atomic_store(
	    &header->bell_spent_until, spent_until + bell_crowd_gap(dir));
	return true;
}

bool
bell_news(struct directory *dir, struct user_ref self, struct sender *sender)
{
	if (!take_turn(dir, clock_ms()))
		return atomic_exchange(&dir->header->bell_is_owed, 1) == 0;
	ring(dir, self, sender);
	return false;
}

int64_t
bell_next_at(const struct directory *dir)
{
	if (atomic_load(&dir->header->bell_is_owed) == 0)
		return CLOCK_NEVER;
	return free_at(dir);
}

void
bell_check(struct directory *dir, struct sender *sender, int64_t now)
{
	if (now >= bell_next_at(dir) && take_turn(dir, now))
		ring(dir, USER_MASTER, sender);
}
