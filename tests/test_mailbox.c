/* test_mailbox.c - the sockets between children.
 *
 * Every test has a working directory of its own, where mailboxes lie. */
#include "ipc/mailbox.h"

#include "ipc/peer_msg.h"
#include "tests/harness.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[TEST_PATH_BYTES];

static void
set_up(void)
{
	test_dir(dir);
	cr_assert_eq(chdir(dir), 0);
}

TestSuite(
    mailbox, .init = set_up, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static const struct user_ref bob = { 3, 17 };

static int
send_to(int fd, struct user_ref ref, const void *bytes, size_t len)
{
	struct sockaddr_un address;
	socklen_t address_len = mailbox_address(ref, &address);

	return sendto(fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL,
		   (struct sockaddr *)&address, address_len) == -1
		   ? -1
		   : 0;
}

static int
open_bob(void)
{
	int fd = mailbox_open(bob);

	cr_assert_neq(fd, -1, "%s", strerror(errno));
	return fd;
}

Test(mailbox, has_slot_and_generation_for_a_name)
{
	const struct user_ref last = { UINT32_MAX, UINT32_MAX };
	struct sockaddr_un address;
	int fd = open_bob();

	cr_expect_eq(access("3.17", F_OK), 0);
	(void)mailbox_address(bob, &address);
	cr_expect_str_eq(address.sun_path, "3.17");
	(void)mailbox_address(last, &address);
	cr_expect_str_eq(address.sun_path, "4294967295.4294967295");
	mailbox_remove(bob);
	cr_expect_eq(access("3.17", F_OK), -1);
	mailbox_remove(bob);
	close(fd);
}

Test(mailbox, is_opened_once)
{
	int fd = open_bob();

	cr_expect_eq(mailbox_open(bob), -1);
	cr_expect_eq(errno, EADDRINUSE);
	close(fd);
}

Test(mailbox, that_is_empty_gives_nothing_at_once)
{
	struct inbox *inbox = inbox_new();
	struct mail mail[MAIL_VECTOR];
	int fd = open_bob();

	cr_expect_eq(inbox_receive(inbox, fd, mail), 0);
	close(fd);
	cr_expect_eq(inbox_receive(inbox, fd, mail), -1);
	inbox_free(inbox);
	inbox_free(NULL);
}

static int
send_from_child(void *text)
{
	int fd = mailbox_open_sender();

	return send_to(fd, bob, text, strlen(text)) == -1 ? 1 : 0;
}

Test(mailbox, tells_who_sent)
{
	struct inbox *inbox = inbox_new();
	struct mail mail[MAIL_VECTOR];
	char text[] = "hello";
	int fd = open_bob();
	pid_t pid = spawn(send_from_child, text);

	cr_assert_eq(await(pid), 0);
	cr_assert_eq(inbox_receive(inbox, fd, mail), 1);
	cr_expect_eq(mail[0].sender_pid, pid);
	cr_expect_not(mail[0].is_damaged);
	cr_expect_eq(mail[0].len, 5);
	cr_expect_eq(memcmp(mail[0].bytes, "hello", 5), 0);
	cr_expect_eq(inbox_receive(inbox, fd, mail), 0);
	inbox_free(inbox);
	close(fd);
}

/* Only root can be somebody else; there is nothing to send otherwise, since
 * nobody else gets into the directory. */
static int
send_as_nobody(void *arg)
{
	int fd = mailbox_connect(bob);

	(void)arg;
	if (fd == -1 || setuid(65534) == -1)
		return 1;
	return send(fd, "forged", 6, MSG_DONTWAIT) == -1 ? 2 : 0;
}

Test(mailbox, believes_nobody_of_another_user)
{
	struct inbox *inbox = inbox_new();
	struct mail mail[MAIL_VECTOR];
	int fd = open_bob();

	if (geteuid() == 0) {
		cr_assert_eq(await(spawn(send_as_nobody, NULL)), 0);
		cr_assert_eq(inbox_receive(inbox, fd, mail), 1);
		cr_expect(mail[0].is_damaged);
		cr_expect_eq(mail[0].sender_pid, -1);
	}
	inbox_free(inbox);
	close(fd);
}

Test(mailbox, keeps_order_and_gives_a_vector_at_a_time)
{
	struct inbox *inbox = inbox_new();
	struct mail mail[MAIL_VECTOR];
	int fd = open_bob(), sender = mailbox_open_sender();
	int n_sent = 0, n_got = 0, n;

	for (int round = 0; round < 10; round++) {
		/* as many as the queue takes: 10 on many machines */
		while (n_sent - n_got < 3 * MAIL_VECTOR &&
		       send_to(sender, bob, &n_sent, sizeof n_sent) == 0)
			n_sent++;
		while ((n = inbox_receive(inbox, fd, mail)) > 0) {
			cr_assert_leq(n, MAIL_VECTOR);
			for (int i = 0; i < n; i++, n_got++) {
				cr_assert_eq(mail[i].len, sizeof n_got);
				cr_assert_eq(
				    memcmp(mail[i].bytes, &n_got, sizeof n_got),
				    0);
			}
		}
	}
	cr_expect_gt(n_got, 50);
	cr_expect_eq(n_got, n_sent);
	inbox_free(inbox);
	close(sender);
	close(fd);
}

Test(mailbox, takes_the_longest_message_and_flags_a_longer_one)
{
	static char bytes[PEER_MSG_MAX_BYTES + 1];
	struct inbox *inbox = inbox_new();
	struct mail mail[MAIL_VECTOR];
	int fd = open_bob(), sender = mailbox_open_sender();

	memset(bytes, 'x', sizeof bytes);
	cr_assert_eq(send_to(sender, bob, bytes, PEER_MSG_MAX_BYTES), 0);
	cr_assert_eq(inbox_receive(inbox, fd, mail), 1);
	cr_expect_not(mail[0].is_damaged);
	cr_expect_eq(mail[0].len, PEER_MSG_MAX_BYTES);
	cr_expect_eq(memcmp(mail[0].bytes, bytes, PEER_MSG_MAX_BYTES), 0);

	cr_assert_eq(send_to(sender, bob, bytes, sizeof bytes), 0);
	cr_assert_eq(send_to(sender, bob, "next", 4), 0);
	cr_assert_eq(inbox_receive(inbox, fd, mail), 2);
	cr_expect(mail[0].is_damaged, "cut off by the kernel");
	cr_expect_not(mail[1].is_damaged);
	cr_expect_eq(mail[1].len, 4);
	cr_assert_eq(send_to(sender, bob, "", 0), 0);
	cr_assert_eq(inbox_receive(inbox, fd, mail), 1);
	cr_expect_eq(mail[0].len, 0);
	cr_expect_not(mail[0].is_damaged);
	inbox_free(inbox);
	close(sender);
	close(fd);
}

static bool
is_writable(int fd)
{
	struct pollfd p = { fd, POLLOUT, 0 };

	cr_assert_neq(poll(&p, 1, 0), -1);
	return (p.revents & POLLOUT) != 0;
}

Test(mailbox, that_is_full_says_so_and_tells_when_there_is_room)
{
	struct inbox *inbox = inbox_new();
	struct mail mail[MAIL_VECTOR];
	int fd = open_bob(), sender = mailbox_open_sender();
	int own = mailbox_connect(bob), n_sent = 0;

	cr_assert_neq(own, -1);
	cr_expect(is_writable(own));
	while (send(own, "x", 1, MSG_DONTWAIT) == 1)
		n_sent++;
	cr_expect_eq(
	    mailbox_answer(errno), MAILBOX_FULL, "%s", strerror(errno));
	cr_expect_eq(send_to(sender, bob, "x", 1), -1);
	cr_expect_eq(mailbox_answer(errno), MAILBOX_FULL);
	cr_expect_not(is_writable(own));
	while (n_sent > 0)
		n_sent -= inbox_receive(inbox, fd, mail);
	cr_expect_eq(n_sent, 0);
	cr_expect(is_writable(own));
	cr_expect_eq(send(own, "y", 1, MSG_DONTWAIT), 1);
	inbox_free(inbox);
	close(own);
	close(sender);
	close(fd);
}

/* What waits for one that does not read must not keep others from theirs. */
Test(mailbox, that_is_full_harms_no_other)
{
	const struct user_ref carol = { 4, 1 };
	int fd = open_bob(), carols = mailbox_open(carol);
	int own = mailbox_connect(bob), sender = mailbox_open_sender();
	static char bytes[PEER_MSG_MAX_BYTES];

	while (send(own, bytes, sizeof bytes, MSG_DONTWAIT) != -1)
		;
	cr_expect_eq(mailbox_answer(errno), MAILBOX_FULL);
	cr_expect_eq(send_to(sender, carol, bytes, sizeof bytes), 0, "%s",
	    strerror(errno));
	close(own);
	close(sender);
	close(carols);
	close(fd);
}

Test(mailbox, of_a_user_who_left_says_so)
{
	int fd = open_bob(), sender = mailbox_open_sender();
	int own = mailbox_connect(bob);

	cr_assert_neq(own, -1);
	close(fd);
	cr_expect_eq(send_to(sender, bob, "x", 1), -1);
	cr_expect_eq(
	    mailbox_answer(errno), MAILBOX_GONE, "%s", strerror(errno));
	cr_expect_eq(send(own, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL), -1);
	cr_expect_eq(
	    mailbox_answer(errno), MAILBOX_GONE, "%s", strerror(errno));
	cr_expect_eq(mailbox_connect(bob), -1);
	cr_expect_eq(mailbox_answer(errno), MAILBOX_GONE);
	mailbox_remove(bob);
	cr_expect_eq(send_to(sender, bob, "x", 1), -1);
	cr_expect_eq(mailbox_answer(errno), MAILBOX_GONE);
	cr_expect_eq(mailbox_connect(bob), -1);
	cr_expect_eq(mailbox_answer(errno), MAILBOX_GONE);
	close(own);
	close(sender);
}

Test(mailbox, closed_to_senders_gives_what_is_in_it_and_takes_no_more)
{
	int fd = open_bob(), sender = mailbox_open_sender();
	int own = mailbox_connect(bob);
	struct inbox *inbox = inbox_new();
	struct mail mail[MAIL_VECTOR];
	int n_sent = 0, n;

	while (send(own, "x", 1, MSG_DONTWAIT) == 1)
		n_sent++;
	mailbox_close_to_senders(bob, fd);
	cr_expect_eq(send_to(sender, bob, "y", 1), -1);
	cr_expect_eq(mailbox_answer(errno), MAILBOX_GONE);
	while ((n = inbox_receive(inbox, fd, mail)) > 0)
		n_sent -= n;
	cr_expect_eq(n, 0);
	cr_expect_eq(n_sent, 0);
	/* Room is told, and what comes of it is an answer. */
	cr_expect(is_writable(own));
	cr_expect_eq(send(own, "y", 1, MSG_DONTWAIT | MSG_NOSIGNAL), -1);
	cr_expect_eq(
	    mailbox_answer(errno), MAILBOX_GONE, "%s", strerror(errno));
	inbox_free(inbox);
	close(own);
	close(sender);
	close(fd);
}

/* The next user of the slot has another mailbox. */
Test(mailbox, of_the_next_generation_is_another)
{
	const struct user_ref next = { bob.slot, bob.generation + 1 };
	struct inbox *inbox = inbox_new();
	struct mail mail[MAIL_VECTOR];
	int old = open_bob(), sender = mailbox_open_sender(), fd;

	close(old);
	mailbox_remove(bob);
	fd = mailbox_open(next);
	cr_assert_neq(fd, -1);
	cr_expect_eq(send_to(sender, bob, "x", 1), -1);
	cr_expect_eq(mailbox_answer(errno), MAILBOX_GONE);
	cr_expect_eq(inbox_receive(inbox, fd, mail), 0);
	inbox_free(inbox);
	close(sender);
	close(fd);
}

Test(mailbox, answers_what_an_error_means)
{
	cr_expect_eq(mailbox_answer(EAGAIN), MAILBOX_FULL);
	cr_expect_eq(mailbox_answer(ENOBUFS), MAILBOX_FULL);
	cr_expect_eq(mailbox_answer(ENOENT), MAILBOX_GONE);
	cr_expect_eq(mailbox_answer(ECONNREFUSED), MAILBOX_GONE);
	cr_expect_eq(mailbox_answer(ECONNRESET), MAILBOX_GONE);
	cr_expect_eq(mailbox_answer(EPIPE), MAILBOX_GONE);
	cr_expect_eq(mailbox_answer(EPERM), MAILBOX_GONE);
	cr_expect_eq(mailbox_answer(ENOMEM), MAILBOX_FAILED);
	cr_expect_eq(mailbox_answer(EMFILE), MAILBOX_FAILED);
	cr_expect_eq(mailbox_answer(EMSGSIZE), MAILBOX_FAILED);
}
