/* test_bell.c - who rings the bell, when, and who hears it. */
#include "srv/bell.h"

#include "ipc/clock.h"
#include "ipc/limits.h"
#include "ipc/mailbox.h"
#include "ipc/peer_msg.h"
#include "tests/harness_directory.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_USERS 1200

static struct directory *dir;
static struct sender sender;
static struct user_ref refs[MAX_USERS];
static int mailboxes[MAX_USERS];
static unsigned n_users;

static void
arrives(void)
{
	char name[32];

	snprintf(name, sizeof name, "u%u", n_users);
	refs[n_users] = test_join(dir, name);
	mailboxes[n_users] = mailbox_open(refs[n_users]);
	cr_assert_neq(mailboxes[n_users], -1);
	n_users++;
}

static void
set_up(void)
{
	char path[TEST_PATH_BYTES];

	test_dir(path);
	cr_assert_eq(chdir(path), 0);
	dir = test_directory(MAX_USERS);
	arrives();
	sender_init(&sender, mailboxes[0]);
}

static void
tear_down(void)
{
	sender_free(&sender);
	for (unsigned i = 0; i < n_users; i++)
		close(mailboxes[i]);
	harness_clean();
}

TestSuite(bell, .init = set_up, .fini = tear_down, .timeout = SUITE_TIMEOUT);

/* How often the bell has been heard in this mailbox since the last look. */
static unsigned
rings(unsigned user)
{
	char bytes[PEER_MSG_MAX_BYTES];
	struct peer_msg msg;
	unsigned n = 0;
	ssize_t len;

	while ((len = recv(
		    mailboxes[user], bytes, sizeof bytes, MSG_DONTWAIT)) > 0) {
		cr_assert(peer_read(bytes, (size_t)len, &msg));
		cr_assert_eq(msg.kind, PEER_BELL);
		n++;
	}
	return n;
}

static void
rang_ms_ago(int64_t ms)
{
	atomic_store(&dir->header->bell_rung_at, clock_ms() - ms);
}

Test(bell, is_rung_at_once_for_news_that_comes_alone)
{
	arrives();
	arrives();
	cr_expect_not(bell_news(dir, refs[0], &sender));
	cr_expect_eq(rings(0), 0);
	cr_expect_eq(rings(1), 1);
	cr_expect_eq(rings(2), 1);
	cr_expect_eq(bell_next_at(dir), CLOCK_NEVER);
}

Test(bell, waits_the_longer_the_more_there_are_to_be_woken)
{
	atomic_store(&dir->header->n_joined, 1);
	cr_expect_eq(bell_gap(dir), 0);
	/* A single arrival is told within a tenth of a second. */
	atomic_store(&dir->header->n_joined, 1000);
	cr_expect_leq(bell_gap(dir), 100);
	cr_expect_geq(bell_gap(dir), 50);
	cr_expect_leq(bell_crowd_gap(dir), 100);
	atomic_store(&dir->header->n_joined, 10000);
	cr_expect_leq(bell_gap(dir), 1000);
	cr_expect_leq(bell_crowd_gap(dir), 1000);
}

/* The clock is the test's own, which only bell_check can be given. */
static unsigned
rings_in(int64_t from, int64_t ms)
{
	unsigned n = 0;

	for (int64_t at = from; at < from + ms; at++) {
		atomic_store(&dir->header->bell_is_owed, 1);
		bell_check(dir, &sender, at);
		n += rings(1);
	}
	return n;
}

Test(bell, is_rung_often_for_a_few_and_seldom_while_a_crowd_comes_and_goes)
{
	const int64_t hour = 3600000;
	int64_t now = clock_ms() + hour;

	arrives();
	atomic_store(&dir->header->n_joined, 50);
	cr_expect_eq(rings_in(now, BELL_CREDIT * bell_gap(dir)), BELL_CREDIT);
	(void)rings_in(now, 1000);
	cr_expect_leq(rings_in(now + 1000, 1000), 1000 / bell_crowd_gap(dir));
	cr_expect_geq(
	    rings_in(now + 2000, 1000), 1000 / bell_crowd_gap(dir) - 1);
	/* who has been quiet has credit again */
	cr_expect_eq(
	    rings_in(now + hour, BELL_CREDIT * bell_gap(dir)), BELL_CREDIT);
}

/* The room is told to be large, so that the test is never too slow for it. */
Test(bell, of_a_crowd_is_left_to_the_master_who_is_told_once)
{
	int64_t now;

	arrives();
	atomic_store(&dir->header->n_joined, 30000);
	rang_ms_ago(0);
	cr_expect(bell_news(dir, refs[0], &sender));
	cr_expect_not(bell_news(dir, refs[0], &sender));
	cr_expect_not(bell_news(dir, refs[0], &sender));
	cr_expect_eq(rings(1), 0);
	now = bell_next_at(dir);
	cr_expect_neq(now, CLOCK_NEVER);
	bell_check(dir, &sender, now - 1);
	cr_expect_eq(rings(1), 0);
	bell_check(dir, &sender, now);
	cr_expect_eq(rings(1), 1);
	cr_expect_eq(bell_next_at(dir), CLOCK_NEVER);
	bell_check(dir, &sender, now + 60000);
	cr_expect_eq(rings(1), 0);
}

/* Its report was lost, or it is stopped: whoever is next does it. */
Test(bell, that_the_master_has_not_rung_is_rung_with_the_next_news)
{
	arrives();
	atomic_store(&dir->header->n_joined, 30000);
	rang_ms_ago(0);
	cr_expect(bell_news(dir, refs[0], &sender));
	rang_ms_ago(60000);
	cr_expect_not(bell_news(dir, refs[0], &sender));
	cr_expect_eq(rings(1), 1);
	cr_expect_eq(bell_next_at(dir), CLOCK_NEVER);
}

Test(bell, is_heard_by_a_thousand_who_do_not_run)
{
	while (n_users < 1000)
		arrives();
	rang_ms_ago(60000);
	cr_expect_not(bell_news(dir, refs[0], &sender));
	for (unsigned i = 1; i < n_users; i++)
		cr_assert_eq(rings(i), 1, "user %u", i);
	/* More than one socket's worth. */
	cr_expect_gt(sender.n, 1);
}

Test(bell, of_the_master_leaves_no_socket_open)
{
	while (n_users < 1000)
		arrives();
	rang_ms_ago(60000);
	cr_expect_not(bell_news(dir, USER_MASTER, &sender));
	cr_expect_eq(sender.n, 1);
	for (unsigned i = 0; i < n_users; i++)
		cr_assert_eq(rings(i), 1, "user %u", i);
}

Test(bell, passes_over_a_mailbox_that_is_full_and_one_that_is_gone)
{
	char byte = 0;

	arrives();
	arrives();
	arrives();
	for (;;) {
		int fd = mailbox_connect(refs[1]);

		cr_assert_neq(fd, -1);
		if (send(fd, &byte, 1, MSG_DONTWAIT) == -1) {
			close(fd);
			break;
		}
		while (send(fd, &byte, 1, MSG_DONTWAIT) == 1)
			;
		close(fd);
	}
	mailbox_remove(refs[2]);
	cr_expect_not(bell_news(dir, refs[0], &sender));
	cr_expect_eq(rings(3), 1);
}
