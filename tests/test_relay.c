/* test_relay.c - one to all and one to one, through real mailboxes, with
 * recipients that take their mail and others that do not.
 *
 * The room is a real directory; all its users live in the test's process, and
 * what is relayed are numbers, so that loss and order show.  A mailbox has room
 * for eleven datagrams or more (net.unix.max_dgram_qlen is 10 or more). */
#include "srv/relay.h"

#include "ipc/clock.h"
#include "ipc/limits.h"
#include "ipc/mailbox.h"
#include "tests/harness_directory.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define MAX_MEMBERS 200
/* More sockets than it takes to fill any mailbox. */
#define MAX_FILLERS 256

struct member {
	struct user_ref ref;
	/* his mailbox */
	int fd;
	/* datagrams in it that fill_mailbox put there */
	unsigned n_filled;
	/* the number that he must get next */
	uint32_t next;
};

static struct directory *dir;
static struct relay relay;
static struct member members[MAX_MEMBERS];
static unsigned n_members;

/* Somebody who joins, with a mailbox, before he is in the room. */
static struct member *
arrive(const char *name)
{
	struct member *m = &members[n_members++];
	struct name parsed = test_parse(name);
	struct directory view;

	cr_assert_leq(n_members, MAX_MEMBERS);
	*m = (struct member){ .ref = test_claim(dir) };
	m->fd = mailbox_open(m->ref);
	cr_assert_neq(m->fd, -1, "%s", strerror(errno));
	view = user_view(dir, m->ref);
	cr_assert_eq(directory_join(&view, &parsed), DIR_OK);
	return m;
}

static void
leave(struct member *m)
{
	struct directory view = user_view(dir, m->ref);

	cr_assert_eq(directory_leave(&view, ""), DIR_OK);
}

static void
close_mailbox(struct member *m)
{
	close(m->fd);
	m->fd = -1;
	mailbox_remove(m->ref);
}

/* Mailboxes are made in the working directory.  The relay is that of the first
 * member. */
static void
set_up(void)
{
	char path[TEST_PATH_BYTES];
	struct member *self;

	test_dir(path);
	cr_assert_eq(chdir(path), 0);
	dir = test_directory(MAX_MEMBERS);
	self = arrive("self");
	relay_init(&relay, dir, self->ref, self->fd);
}

static void
tear_down(void)
{
	relay_free(&relay);
	for (unsigned i = 0; i < n_members; i++)
		if (members[i].fd != -1)
			close(members[i].fd);
	harness_clean();
}

TestSuite(relay, .init = set_up, .fini = tear_down, .timeout = SUITE_TIMEOUT);

/* Fill his mailbox.  What one socket has undelivered is bounded too, so it
 * takes several. */
static void
fill_mailbox(struct member *m)
{
	for (int i = 0; i < MAX_FILLERS; i++) {
		int fd = mailbox_connect(m->ref);
		unsigned n_before = m->n_filled;

		cr_assert_neq(fd, -1);
		while (send(fd, "f", 1, MSG_DONTWAIT) == 1)
			m->n_filled++;
		close(fd);
		if (m->n_filled == n_before)
			return;
	}
	cr_assert_fail("the mailbox takes everything");
}

/* Take out what filled it. */
static void
make_room(struct member *m)
{
	char bytes[8];

	for (; m->n_filled > 0; m->n_filled--)
		cr_assert_eq(recv(m->fd, bytes, sizeof bytes, MSG_DONTWAIT), 1);
}

/* A datagram of `len` bytes that begins with the number. */
static const char *
numbered(uint32_t number, size_t len)
{
	static char bytes[PEER_MSG_MAX_BYTES];

	cr_assert(len >= sizeof number && len <= sizeof bytes);
	memcpy(bytes, &number, sizeof number);
	return bytes;
}

static void
tell_all(uint32_t number)
{
	cr_assert_eq(relay_to_all(&relay, numbered(number, sizeof number),
			 sizeof number),
	    0);
}

static enum relay_result
tell_one(struct user_ref ref, uint32_t number)
{
	return relay_to_one(
	    &relay, ref, numbered(number, sizeof number), sizeof number);
}

/* Take what is in his mailbox: it must be the numbers that come next. */
static void
takes_mail(struct member *m)
{
	static char bytes[PEER_MSG_MAX_BYTES + 1];
	uint32_t number;
	ssize_t n;

	while ((n = recv(m->fd, bytes, sizeof bytes, MSG_DONTWAIT)) != -1) {
		cr_assert_geq(n, (ssize_t)sizeof number);
		memcpy(&number, bytes, sizeof number);
		cr_assert_eq(number, m->next, "slot %u got %u instead of %u",
		    m->ref.slot, number, m->next);
		m->next++;
	}
	cr_assert_eq(errno, EAGAIN);
}

static void
has_got_all(struct member *m, uint32_t n)
{
	takes_mail(m);
	cr_assert_eq(
	    m->next, n, "slot %u got %u of %u", m->ref.slot, m->next, n);
}

/* One turn of a child's loop, as far as the relay goes. */
static void
turn(void)
{
	struct pollfd rows[MAX_MEMBERS];
	unsigned n = relay_poll_rows(&relay, rows);

	cr_assert_neq(poll(rows, n, 0), -1);
	relay_on_ready(&relay, rows);
}

/* Until nothing waits any more, while `m` takes his mail. */
static void
drains(struct member *m)
{
	for (int i = 0; i < 100000 && !relay_is_clear(&relay); i++) {
		takes_mail(m);
		turn();
	}
	cr_assert(
	    relay_is_clear(&relay), "%zu bytes wait", relay_waiting(&relay));
}

/* Everybody ---------------------------------------------------------------- */

Test(relay, in_an_empty_room_reaches_nobody)
{
	tell_all(0);
	cr_expect(relay_is_clear(&relay));
	cr_expect_eq(relay_next_at(&relay, clock_ms()), CLOCK_NEVER);
	has_got_all(&members[0], 0);
}

Test(relay, reaches_everybody_in_order_and_not_ourselves)
{
	char name[16];

	for (int i = 0; i < 7; i++) {
		snprintf(name, sizeof name, "user%d", i);
		arrive(name);
	}
	for (uint32_t number = 0; number < 5; number++)
		tell_all(number);
	for (unsigned i = 1; i < n_members; i++)
		has_got_all(&members[i], 5);
	has_got_all(&members[0], 0);
	cr_expect(relay_is_clear(&relay));
}

Test(relay, reaches_more_than_one_volley_takes)
{
	char name[16];

	static_assert(MAX_MEMBERS > 3 * SEND_VECTOR + 2, "several volleys");
	for (int i = 0; i < 2 * SEND_VECTOR + 1; i++) {
		snprintf(name, sizeof name, "user%d", i);
		arrive(name);
	}
	tell_all(0);
	tell_all(1);
	for (unsigned i = 1; i < n_members; i++)
		has_got_all(&members[i], 2);
}

/* Exactly as many as a volley has room for, of whom some have left without a
 * word and some are full. */
Test(relay, goes_on_behind_recipients_that_fail)
{
	char name[16];

	for (int i = 0; i < SEND_VECTOR; i++) {
		snprintf(name, sizeof name, "user%d", i);
		arrive(name);
	}
	for (unsigned i = 1; i < n_members; i += 9)
		close_mailbox(&members[i]);
	for (unsigned i = 2; i < n_members; i += 9)
		fill_mailbox(&members[i]);
	tell_all(0);
	for (unsigned i = 1; i < n_members; i++) {
		if (i % 9 == 1)
			continue;
		if (i % 9 == 2)
			make_room(&members[i]);
		else
			has_got_all(&members[i], 1);
	}
	turn();
	cr_expect(relay_is_clear(&relay));
	for (unsigned i = 2; i < n_members; i += 9)
		has_got_all(&members[i], 1);
}

Test(relay, of_the_master_reaches_everybody)
{
	int fd = mailbox_open_sender();
	struct relay masters;

	arrive("bob");
	cr_assert_neq(fd, -1);
	relay_init(&masters, dir, USER_MASTER, fd);
	cr_assert_eq(relay_to_all(&masters, numbered(0, 4), 4), 0);
	has_got_all(&members[0], 1);
	has_got_all(&members[1], 1);
	relay_free(&masters);
	close(fd);
}

Test(relay, reaches_who_joins_and_not_who_has_left)
{
	struct member *bob = arrive("bob"), *carol;

	tell_all(0);
	carol = arrive("carol");
	carol->next = 1;
	tell_all(1);
	leave(bob);
	tell_all(2);
	has_got_all(bob, 2);
	has_got_all(carol, 3);
}

Test(relay, does_not_reach_who_has_no_name_yet)
{
	struct user_ref ref = test_claim(dir);
	int fd = mailbox_open(ref);
	char byte;

	cr_assert_neq(fd, -1);
	arrive("bob");
	tell_all(0);
	cr_expect_eq(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
	has_got_all(&members[1], 1);
	close(fd);
}

Test(relay, does_not_reach_the_next_one_in_a_slot)
{
	struct member *bob = arrive("bob");
	struct user_ref next = { bob->ref.slot, bob->ref.generation + 1 };
	int fd = mailbox_open(next);
	char byte;

	cr_assert_neq(fd, -1);
	tell_all(0);
	cr_expect_eq(tell_one(next, 9), RELAY_GONE);
	cr_expect_eq(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
	has_got_all(bob, 1);
	close(fd);
}

/* Odd: the index is being changed at this moment. */
Test(relay, reads_the_list_again_after_one_made_during_a_change)
{
	struct member *bob = arrive("bob");

	atomic_fetch_add(&dir->header->roster, 1);
	tell_all(0);
	/* The change ends with bob out of the list, and the same roster. */
	atomic_store(&dir->presence[bob->ref.slot],
	    dir_presence_make(bob->ref.generation, DIR_LEAVING));
	tell_all(1);
	has_got_all(bob, 1);
	atomic_fetch_add(&dir->header->roster, 1);
}

/* Full mailboxes ------------------------------------------------------------
 */

Test(relay, of_a_full_mailbox_delays_nobody_else)
{
	struct member *bob = arrive("bob"), *carol = arrive("carol"),
		      *dave = arrive("dave");

	fill_mailbox(carol);
	for (uint32_t number = 0; number < 100; number++) {
		tell_all(number);
		has_got_all(bob, number + 1);
		has_got_all(dave, number + 1);
	}
	cr_expect_not(relay_is_clear(&relay));
	cr_expect_eq(relay.n_backlogs, 1);
	cr_expect_eq(relay_waiting(&relay), 100 * sizeof(uint32_t));
	make_room(carol);
	drains(carol);
	has_got_all(carol, 100);
	cr_expect_eq(relay_waiting(&relay), 0);
}

/* His mailbox has room again, and yet what waits goes first. */
Test(relay, keeps_the_order_through_the_backlog)
{
	struct member *bob = arrive("bob");

	fill_mailbox(bob);
	tell_all(0);
	tell_all(1);
	make_room(bob);
	tell_all(2);
	cr_assert_eq(tell_one(bob->ref, 3), RELAY_HANDED);
	drains(bob);
	tell_all(4);
	has_got_all(bob, 5);
}

Test(relay, keeps_the_order_while_he_takes_now_and_then)
{
	struct member *bob = arrive("bob");
	uint32_t number = 0;

	fill_mailbox(bob);
	for (int round = 0; round < 300; round++) {
		tell_all(number++);
		if (round % 5 == 0)
			cr_assert_eq(
			    tell_one(bob->ref, number++), RELAY_HANDED);
		if (round == 50)
			make_room(bob);
		if (round > 50 && round % 7 == 0)
			takes_mail(bob);
		if (round % 3 == 0)
			turn();
	}
	drains(bob);
	has_got_all(bob, number);
}

/* So many that they are not polled for. */
#define MANY 20

static void
many_are_full(void)
{
	char name[16];

	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof name, "user%d", i);
		fill_mailbox(arrive(name));
	}
	tell_all(0);
	cr_assert_eq(relay.n_backlogs, MANY);
}

/* One turn of his child's loop, in which it takes its mail. */
static void
turns_loop(struct member *m)
{
	make_room(m);
	takes_mail(m);
	atomic_fetch_add(&dir->slots[m->ref.slot].n_turns, 1);
}

Test(relay, does_not_poll_for_many)
{
	struct pollfd rows[MAX_MEMBERS];
	int64_t now = clock_ms();

	many_are_full();
	cr_expect_eq(relay_poll_rows(&relay, rows), 0);
	cr_expect_leq(relay_next_at(&relay, now), now + 10);
	turn();
	cr_expect_eq(relay.n_backlogs, MANY);
}

Test(relay, reaches_each_of_many_once_he_has_turned_his_loop)
{
	many_are_full();
	for (unsigned i = 1; i <= MANY; i++) {
		turns_loop(&members[i]);
		turn();
		has_got_all(&members[i], 1);
		cr_assert_eq(relay.n_backlogs, MANY - i);
	}
}

/* Nobody who leaves waits for him. */
Test(relay, forgets_one_of_many_who_has_died)
{
	struct member *bob = &members[3];

	many_are_full();
	close_mailbox(bob);
	(void)test_sweep(dir, bob->ref);
	turn();
	cr_expect_eq(relay.n_backlogs, MANY - 1);
}

/* Nothing is ready, so nothing happens: no busy loop. */
Test(relay, polls_a_full_mailbox_as_not_ready)
{
	struct member *bob = arrive("bob");
	struct pollfd row;

	fill_mailbox(bob);
	tell_all(0);
	cr_assert_eq(relay_poll_rows(&relay, &row), 1);
	cr_expect_eq(poll(&row, 1, 0), 0);
	make_room(bob);
	cr_expect_eq(poll(&row, 1, 0), 1);
	relay_on_ready(&relay, &row);
	cr_expect(relay_is_clear(&relay));
	has_got_all(bob, 1);
}

/* What stuck members have undelivered is charged to the socket that sent it: a
 * small one is used up by the first of them. */
Test(relay, reaches_the_healthy_although_our_own_socket_is_full)
{
	struct member *stuck = arrive("stuck"), *bob = arrive("bob");
	const size_t len = 3000;
	int small = 4096;

	cr_assert_eq(setsockopt(relay.sender.fds[0], SOL_SOCKET, SO_SNDBUF,
			 &small, sizeof small),
	    0);
	sender_init(&relay.sender, relay.sender.fds[0]);
	for (uint32_t number = 0; number < 50; number++) {
		cr_assert_eq(
		    relay_to_all(&relay, numbered(number, len), len), 0);
		has_got_all(bob, number + 1);
	}
	drains(stuck);
	has_got_all(stuck, 50);
}

Test(relay, is_congested_while_too_much_waits_for_one)
{
	struct member *bob = arrive("bob");
	const size_t len = 8192;
	uint32_t number = 0;

	static_assert(BACKLOG_PAUSE_BYTES % 8192 == 0, "it is hit exactly");
	fill_mailbox(bob);
	while (number < BACKLOG_PAUSE_BYTES / len) {
		cr_expect_not(relay_is_congested(&relay));
		cr_assert_eq(
		    relay_to_all(&relay, numbered(number++, len), len), 0);
	}
	cr_expect(relay_is_congested(&relay));
	make_room(bob);
	drains(bob);
	cr_expect_not(relay_is_congested(&relay));
	has_got_all(bob, number);
}

Test(relay, gives_up_a_recipient_beyond_the_bound_and_says_so)
{
	struct member *bob = arrive("bob"), *carol = arrive("carol");
	const size_t len = PEER_MSG_MAX_BYTES;
	uint32_t number = 0;

	fill_mailbox(bob);
	while (relay_waiting(&relay) + len <= BACKLOG_MAX_BYTES) {
		cr_assert_eq(
		    relay_to_all(&relay, numbered(number, len), len), 0);
		has_got_all(carol, ++number);
	}
	cr_expect_eq(relay_to_all(&relay, numbered(number, len), len), -1);
	has_got_all(carol, number + 1);
	cr_expect(relay_is_clear(&relay));
}

/* Comings and goings while something waits --------------------------------- */

Test(relay, keeps_what_waits_while_others_come_and_go)
{
	struct member *bob = arrive("bob"), *stuck = arrive("stuck"), *carol;

	fill_mailbox(stuck);
	tell_all(0);
	tell_all(1);
	leave(bob);
	tell_all(2);
	carol = arrive("carol");
	carol->next = 3;
	tell_all(3);
	cr_expect_eq(relay.n_backlogs, 1);
	make_room(stuck);
	drains(stuck);
	has_got_all(stuck, 4);
	has_got_all(bob, 2);
	has_got_all(carol, 4);
}

Test(relay, forgets_what_waits_for_somebody_who_leaves)
{
	struct member *bob = arrive("bob"), *carol = arrive("carol");

	fill_mailbox(bob);
	tell_all(0);
	cr_assert_not(relay_is_clear(&relay));
	leave(bob);
	tell_all(1);
	cr_expect(relay_is_clear(&relay));
	cr_expect_eq(relay_waiting(&relay), 0);
	has_got_all(carol, 2);
}

Test(relay, forgets_what_waits_for_somebody_who_dies)
{
	struct member *bob = arrive("bob");

	fill_mailbox(bob);
	tell_all(0);
	cr_assert_not(relay_is_clear(&relay));
	close(bob->fd);
	bob->fd = -1;
	turn();
	cr_expect(relay_is_clear(&relay));
}

/* His queue is bounded; what waits in all of us together need not fit it. */
Test(relay, holds_back_what_waits_for_one_whose_client_is_behind)
{
	struct member *bob = arrive("bob");
	struct directory view = user_view(dir, bob->ref);
	int64_t now;

	fill_mailbox(bob);
	tell_all(0);
	tell_all(1);
	directory_show(&view, DIR_PRESENCE_BEHIND, true);
	make_room(bob);
	turn();
	cr_expect_not(relay_is_clear(&relay));
	now = clock_ms();
	cr_expect_lt(relay_next_at(&relay, now), now + STUCK_REPORT_MS);
	directory_show(&view, DIR_PRESENCE_BEHIND, false);
	turn();
	cr_expect(relay_is_clear(&relay));
	has_got_all(bob, 2);
}

/* A sender whose client is paused sends nothing that would show him that he who
 * was waited for has left. */
Test(relay, goes_on_when_the_one_who_holds_it_up_takes_no_more_mail)
{
	struct member *bob = arrive("bob");

	fill_mailbox(bob);
	while (!relay_is_congested(&relay))
		cr_assert_eq(relay_to_all(&relay, numbered(0, 8192), 8192), 0);
	leave(bob);
	mailbox_close_to_senders(bob->ref, bob->fd);
	turn();
	cr_expect(relay_is_congested(&relay), "nothing has told him");
	make_room(bob);
	turn();
	cr_expect(relay_is_clear(&relay));
}

/* Free slots are taken in turn, so this goes once round the table. */
static struct member *
arrive_in_slot(uint32_t slot)
{
	for (;;) {
		struct member *m = arrive("carol");

		if (m->ref.slot == slot)
			return m;
		leave(m);
		close_mailbox(m);
		(void)test_sweep(dir, m->ref);
		n_members--;
	}
}

Test(relay, sends_nothing_of_the_last_one_to_the_next_in_his_slot)
{
	struct member *bob = arrive("bob"), *carol;

	fill_mailbox(bob);
	tell_all(0);
	leave(bob);
	close_mailbox(bob);
	(void)test_sweep(dir, bob->ref);
	carol = arrive_in_slot(bob->ref.slot);
	cr_assert_neq(carol->ref.generation, bob->ref.generation);
	carol->next = 1;
	tell_all(1);
	turn();
	has_got_all(carol, 2);
	cr_expect(relay_is_clear(&relay));
}

/* One recipient -------------------------------------------------------------
 */

Test(relay, to_one_reaches_him_alone)
{
	struct member *bob = arrive("bob"), *carol = arrive("carol");

	cr_expect_eq(tell_one(bob->ref, 0), RELAY_HANDED);
	has_got_all(bob, 1);
	has_got_all(carol, 0);
}

Test(relay, to_one_whose_mailbox_is_full_waits)
{
	struct member *bob = arrive("bob");

	fill_mailbox(bob);
	cr_expect_eq(tell_one(bob->ref, 0), RELAY_HANDED);
	cr_expect_eq(tell_one(bob->ref, 1), RELAY_HANDED);
	cr_expect_eq(relay.n_backlogs, 1);
	make_room(bob);
	drains(bob);
	has_got_all(bob, 2);
}

Test(relay, to_one_who_has_left_says_so)
{
	struct member *bob = arrive("bob");

	tell_all(0);
	leave(bob);
	cr_expect_eq(tell_one(bob->ref, 1), RELAY_GONE);
	has_got_all(bob, 1);
}

Test(relay, to_one_who_has_just_died_says_so)
{
	struct member *bob = arrive("bob");

	/* Not swept yet: the directory still has him. */
	close_mailbox(bob);
	cr_expect_eq(tell_one(bob->ref, 0), RELAY_GONE);
	cr_expect(relay_is_clear(&relay));
}

/* Whoever connects his mailbox to another has it taken from everybody else. */
Test(relay, to_one_whose_mailbox_takes_nothing_any_more_says_so_and_reports_it)
{
	struct member *bob = arrive("bob"), *carol = arrive("carol");
	struct sockaddr_un address;
	socklen_t len = mailbox_address(carol->ref, &address);
	struct user_ref lost;

	cr_assert_eq(connect(bob->fd, (struct sockaddr *)&address, len), 0);
	cr_expect_eq(tell_one(bob->ref, 0), RELAY_GONE);
	cr_expect(relay_is_clear(&relay));
	cr_assert(relay_take_lost(&relay, &lost));
	cr_expect(user_ref_equal(lost, bob->ref));
	cr_expect_not(relay_take_lost(&relay, &lost));
}

Test(relay, to_one_who_was_waited_for_and_takes_nothing_any_more_says_so)
{
	struct member *bob = arrive("bob"), *carol = arrive("carol");
	struct sockaddr_un address;
	socklen_t len = mailbox_address(carol->ref, &address);

	fill_mailbox(bob);
	cr_expect_eq(tell_one(bob->ref, 0), RELAY_HANDED);
	cr_assert_eq(connect(bob->fd, (struct sockaddr *)&address, len), 0);
	make_room(bob);
	turn();
	cr_expect(relay_is_clear(&relay));
}

Test(relay, to_one_who_has_no_name_yet_or_is_us_says_that_he_is_not_here)
{
	struct user_ref ref = test_claim(dir);

	cr_expect_eq(tell_one(ref, 0), RELAY_GONE);
	cr_expect_eq(tell_one(members[0].ref, 0), RELAY_GONE);
	cr_expect_eq(tell_one(USER_MASTER, 0), RELAY_GONE);
}

Test(relay, to_one_beyond_the_bound_fails)
{
	struct member *bob = arrive("bob");
	const size_t len = PEER_MSG_MAX_BYTES;

	fill_mailbox(bob);
	while (relay_waiting(&relay) + len <= BACKLOG_MAX_BYTES)
		cr_assert_eq(
		    relay_to_one(&relay, bob->ref, numbered(0, len), len),
		    RELAY_HANDED);
	cr_expect_eq(relay_to_one(&relay, bob->ref, numbered(0, len), len),
	    RELAY_FAILED);
}

/* The stuck ------------------------------------------------------------------
 */

Test(relay, reports_a_stuck_recipient_once_a_period)
{
	struct member *bob = arrive("bob"), *carol = arrive("carol");
	struct user_ref stuck;
	int64_t now;

	fill_mailbox(bob);
	tell_all(0);
	now = relay.backlogs->moved_at;
	cr_expect_eq(relay_next_at(&relay, now), now + STUCK_REPORT_MS);
	cr_expect_not(
	    relay_next_stuck(&relay, now + STUCK_REPORT_MS - 1, &stuck));
	for (int period = 1; period <= 3; period++) {
		int64_t due = now + period * STUCK_REPORT_MS;

		cr_assert(relay_next_stuck(&relay, due, &stuck));
		cr_expect(user_ref_equal(stuck, bob->ref));
		cr_expect_not(relay_next_stuck(&relay, due, &stuck));
		cr_expect_not(relay_next_stuck(
		    &relay, due + STUCK_REPORT_MS - 1, &stuck));
		cr_expect_eq(relay_next_at(&relay, due), due + STUCK_REPORT_MS);
	}
	has_got_all(carol, 1);
}

Test(relay, reports_each_of_several_stuck_recipients)
{
	struct member *bob = arrive("bob"), *carol = arrive("carol");
	struct user_ref first, second, third;
	int64_t now;

	fill_mailbox(bob);
	fill_mailbox(carol);
	tell_all(0);
	now = clock_ms() + STUCK_REPORT_MS;
	cr_assert(relay_next_stuck(&relay, now, &first));
	cr_assert(relay_next_stuck(&relay, now, &second));
	cr_expect_not(relay_next_stuck(&relay, now, &third));
	cr_expect_neq(first.slot, second.slot);
}

/* He is slow, but he takes. */
Test(relay, does_not_report_a_recipient_whose_backlog_moves)
{
	struct member *bob = arrive("bob");
	struct user_ref stuck;
	struct backlog *b;
	char byte;

	fill_mailbox(bob);
	/* Long enough that making room for a few does not empty it. */
	for (uint32_t number = 0; number < 1000; number++)
		tell_all(number);
	b = relay.backlogs;
	b->moved_at = b->reported_at = clock_ms() - STUCK_REPORT_MS;
	while (bob->n_filled > 0 && b->n == 1000) {
		cr_assert_eq(recv(bob->fd, &byte, 1, MSG_DONTWAIT), 1);
		bob->n_filled--;
		turn();
	}
	cr_assert_lt(b->n, 1000);
	cr_expect_not(relay_next_stuck(
	    &relay, b->moved_at + STUCK_REPORT_MS - 1, &stuck));
}

Test(relay, without_descriptors_waits_and_tries_again)
{
	struct member *bob = arrive("bob");
	struct rlimit limit, none;
	int64_t now;

	cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	fill_mailbox(bob);
	none = limit;
	none.rlim_cur = 0;
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	tell_all(0);
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	cr_assert_eq(relay.n_backlogs, 1);
	cr_assert_eq(relay.backlogs->fd, -1);
	now = clock_ms();
	cr_expect_lt(relay_next_at(&relay, now), now + STUCK_REPORT_MS);
	make_room(bob);
	/* poll says nothing of a row without a descriptor */
	turn();
	cr_expect(relay_is_clear(&relay));
	has_got_all(bob, 1);
}

Test(relay, polls_only_descriptors)
{
	struct rlimit limit, none;
	struct pollfd rows[2];

	cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	fill_mailbox(arrive("bob"));
	fill_mailbox(arrive("carol"));
	none = limit;
	none.rlim_cur = 0;
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	tell_all(0);
	cr_expect_eq(relay.n_backlogs, 2);
	/* Beyond the limit on descriptors poll fails, whatever the rows say. */
	cr_expect_eq(relay_poll_rows(&relay, rows), 0);
	cr_expect_eq(poll(rows, 0, 0), 0);
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	relay_on_ready(&relay, rows);
	cr_expect_eq(relay_poll_rows(&relay, rows), 2);
}
