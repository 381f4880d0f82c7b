/* test_backlog.c - what waits for one recipient, sent to real mailboxes.
 *
 * A mailbox has room for eleven datagrams or more (net.unix.max_dgram_qlen is
 * 10 or more). */
#include "srv/backlog.h"

#include "ipc/limits.h"
#include "ipc/mailbox.h"
#include "tests/harness.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* More sockets than it takes to fill any mailbox. */
#define MAX_FILLERS 256

static const struct user_ref bob = { 3, 1 };
static int bob_fd;
static struct backlog *backlog;

/* Mailboxes are made in the working directory. */
static void
set_up(void)
{
	char path[TEST_PATH_BYTES];

	test_dir(path);
	cr_assert_eq(chdir(path), 0);
	bob_fd = mailbox_open(bob);
	cr_assert_neq(bob_fd, -1);
	backlog = backlog_new(bob, 1000);
	cr_assert_not_null(backlog);
}

static void
tear_down(void)
{
	backlog_free(backlog);
	if (bob_fd != -1)
		close(bob_fd);
	harness_clean();
}

TestSuite(backlog, .init = set_up, .fini = tear_down, .timeout = SUITE_TIMEOUT);

/* As much as he takes. */
static enum backlog_result
send_all(struct backlog *b, int64_t now)
{
	enum backlog_result result;

	do {
		result = backlog_send(b, now);
	} while (result == BACKLOG_MOVED);
	return result;
}

/* Fill bob's mailbox.  What one socket has undelivered is bounded too, so it
 * takes several.  Returns how many datagrams went in. */
static unsigned
fill_mailbox(void)
{
	unsigned n = 0;

	for (int i = 0; i < MAX_FILLERS; i++) {
		int fd = mailbox_connect(bob);
		unsigned n_before = n;

		cr_assert_neq(fd, -1);
		while (send(fd, "fill", 4, MSG_DONTWAIT) == 4)
			n++;
		close(fd);
		if (n == n_before)
			return n;
	}
	cr_assert_fail("the mailbox takes everything");
	return 0;
}

/* Take n of what filled the mailbox out again. */
static void
make_room(unsigned n)
{
	char bytes[8];

	while (n-- > 0) {
		cr_assert_eq(
		    recv(bob_fd, bytes, sizeof bytes, MSG_DONTWAIT), 4);
		cr_assert_eq(memcmp(bytes, "fill", 4), 0);
	}
}

static bool
add_number(uint32_t number)
{
	struct parcel *parcel =
	    parcel_new((const char *)&number, sizeof number);
	bool added;

	cr_assert_not_null(parcel);
	added = backlog_add(backlog, parcel);
	parcel_release(parcel);
	return added;
}

static void
bob_gets_number(uint32_t expected)
{
	uint32_t number;

	cr_assert_eq(recv(bob_fd, &number, sizeof number, MSG_DONTWAIT),
	    (ssize_t)sizeof number, "%u has not come", expected);
	cr_assert_eq(number, expected);
}

static void
bob_gets_nothing(void)
{
	char byte;

	cr_assert_eq(recv(bob_fd, &byte, 1, MSG_DONTWAIT), -1);
	cr_assert_eq(errno, EAGAIN);
}

Test(backlog, of_nothing_is_empty)
{
	cr_expect_eq(send_all(backlog, 1000), BACKLOG_EMPTY);
	cr_expect_eq(backlog->n_bytes, 0);
	bob_gets_nothing();
}

Test(backlog, hands_over_in_order)
{
	for (uint32_t i = 0; i < 5; i++)
		cr_assert(add_number(i));
	cr_expect_eq(backlog->n, 5);
	cr_expect_eq(backlog->n_bytes, 5 * sizeof(uint32_t));
	cr_expect_eq(send_all(backlog, 1000), BACKLOG_EMPTY);
	cr_expect_eq(backlog->n, 0);
	cr_expect_eq(backlog->n_bytes, 0);
	for (uint32_t i = 0; i < 5; i++)
		bob_gets_number(i);
	bob_gets_nothing();
}

Test(backlog, keeps_what_a_full_mailbox_does_not_take)
{
	unsigned n_filled = fill_mailbox();

	cr_assert(add_number(1));
	cr_assert(add_number(2));
	cr_expect_eq(send_all(backlog, 2000), BACKLOG_WAITING);
	cr_expect_eq(backlog->n, 2);
	make_room(n_filled);
	bob_gets_nothing();
	cr_expect_eq(send_all(backlog, 3000), BACKLOG_EMPTY);
	bob_gets_number(1);
	bob_gets_number(2);
	bob_gets_nothing();
}

Test(backlog, remembers_when_it_last_moved)
{
	unsigned n_filled = fill_mailbox();

	cr_expect_eq(backlog->moved_at, 1000);
	cr_assert(add_number(1));
	cr_assert_eq(send_all(backlog, 2000), BACKLOG_WAITING);
	cr_expect_eq(backlog->moved_at, 1000);
	make_room(n_filled);
	cr_assert_eq(send_all(backlog, 3000), BACKLOG_EMPTY);
	cr_expect_eq(backlog->moved_at, 3000);
}

/* Whether its socket says that there is room. */
static bool
polls_ready(void)
{
	struct pollfd row = { backlog->fd, POLLOUT, 0 };

	cr_assert_neq(backlog->fd, -1);
	return poll(&row, 1, 0) == 1 && (row.revents & POLLOUT);
}

Test(backlog, polls_as_ready_only_when_there_is_room)
{
	unsigned n_filled = fill_mailbox();

	cr_assert(add_number(1));
	cr_assert_eq(send_all(backlog, 2000), BACKLOG_WAITING);
	cr_expect_not(polls_ready());
	make_room(n_filled);
	cr_expect(polls_ready());
}

/* More wait than the mailbox holds, and the ring goes round. */
Test(backlog, keeps_the_order_while_adding_and_sending_alternate)
{
	unsigned n_filled = fill_mailbox();
	uint32_t n_added = 0, n_got = 0;

	for (int round = 0; round < 300; round++) {
		for (int i = 0; i < 7; i++)
			cr_assert(add_number(n_added++));
		(void)send_all(backlog, 2000);
		if (n_filled > 0) {
			make_room(n_filled);
			n_filled = 0;
			(void)send_all(backlog, 2000);
		}
		for (int i = 0; i < 5; i++)
			bob_gets_number(n_got++);
	}
	while (n_got < n_added) {
		(void)send_all(backlog, 2000);
		bob_gets_number(n_got++);
	}
	cr_expect_eq(backlog->n, 0);
	bob_gets_nothing();
}

Test(backlog, is_bounded_in_bytes)
{
	static char bytes[PEER_MSG_MAX_BYTES];
	struct parcel *large = parcel_new(bytes, sizeof bytes);
	size_t n_bytes = 0;

	while (backlog_add(backlog, large))
		n_bytes += sizeof bytes;
	cr_expect_eq(backlog->n_bytes, n_bytes);
	cr_expect_leq(n_bytes, BACKLOG_MAX_BYTES);
	cr_expect_gt(n_bytes + sizeof bytes, BACKLOG_MAX_BYTES);
	/* What is refused changes nothing, and less may still fit. */
	cr_expect(add_number(1));
	parcel_release(large);
}

Test(backlog, takes_exactly_its_bound)
{
	static char bytes[BACKLOG_MAX_BYTES];
	struct parcel *all = parcel_new(bytes, sizeof bytes);

	cr_expect(backlog_add(backlog, all));
	cr_expect_not(add_number(1));
	parcel_release(all);
}

Test(backlog, largest_datagram_goes_through)
{
	static char bytes[PEER_MSG_MAX_BYTES], got[PEER_MSG_MAX_BYTES + 1];
	struct parcel *parcel;

	memset(bytes, 'x', sizeof bytes);
	parcel = parcel_new(bytes, sizeof bytes);
	cr_assert(backlog_add(backlog, parcel));
	parcel_release(parcel);
	cr_expect_eq(send_all(backlog, 2000), BACKLOG_EMPTY);
	cr_assert_eq(
	    recv(bob_fd, got, sizeof got, MSG_DONTWAIT), (ssize_t)sizeof bytes);
	cr_expect_eq(memcmp(got, bytes, sizeof bytes), 0);
}

Test(backlog, parcel_in_two_lives_until_the_last_is_gone)
{
	struct backlog *other = backlog_new(bob, 1000);
	struct parcel *parcel = parcel_new("both", 4);
	char bytes[8];

	cr_assert(backlog_add(backlog, parcel));
	cr_assert(backlog_add(other, parcel));
	parcel_release(parcel);
	cr_assert_eq(send_all(other, 1000), BACKLOG_EMPTY);
	backlog_free(other);
	cr_assert_eq(send_all(backlog, 1000), BACKLOG_EMPTY);
	for (int i = 0; i < 2; i++) {
		cr_assert_eq(
		    recv(bob_fd, bytes, sizeof bytes, MSG_DONTWAIT), 4);
		cr_expect_eq(memcmp(bytes, "both", 4), 0);
	}
}

Test(backlog, freed_takes_what_waits_with_it)
{
	(void)fill_mailbox();
	for (uint32_t i = 0; i < 100; i++)
		cr_assert(add_number(i));
	cr_assert_eq(send_all(backlog, 1000), BACKLOG_WAITING);
	backlog_free(backlog);
	backlog = NULL;
	backlog_free(NULL);
	parcel_release(NULL);
}

Test(backlog, to_somebody_who_never_was_is_gone)
{
	struct backlog *nobody = backlog_new((struct user_ref){ 9, 9 }, 1000);
	struct parcel *parcel = parcel_new("x", 1);

	cr_assert(backlog_add(nobody, parcel));
	cr_expect_eq(send_all(nobody, 1000), BACKLOG_GONE);
	parcel_release(parcel);
	backlog_free(nobody);
}

Test(backlog, to_somebody_who_closes_his_mailbox_is_gone)
{
	(void)fill_mailbox();
	cr_assert(add_number(1));
	cr_assert_eq(send_all(backlog, 1000), BACKLOG_WAITING);
	close(bob_fd);
	bob_fd = -1;
	cr_expect_eq(send_all(backlog, 2000), BACKLOG_GONE);
}

/* He still reads what came before he removed his address. */
Test(backlog, connected_once_reaches_a_mailbox_whose_address_is_removed)
{
	unsigned n_filled = fill_mailbox();

	cr_assert(add_number(1));
	cr_assert_eq(send_all(backlog, 1000), BACKLOG_WAITING);
	mailbox_remove(bob);
	make_room(n_filled);
	cr_expect_eq(send_all(backlog, 2000), BACKLOG_EMPTY);
	bob_gets_number(1);
}

static void
allow_descriptors(rlim_t n)
{
	struct rlimit limit;

	cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = n;
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

Test(backlog, without_a_descriptor_waits_until_there_is_one)
{
	struct rlimit limit;

	cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	cr_assert(add_number(1));
	allow_descriptors(0);
	cr_expect_eq(send_all(backlog, 2000), BACKLOG_WAITING);
	cr_expect_eq(backlog->fd, -1);
	cr_expect_eq(backlog->moved_at, 1000);
	allow_descriptors(limit.rlim_cur);
	cr_expect_eq(send_all(backlog, 3000), BACKLOG_EMPTY);
	bob_gets_number(1);
}
