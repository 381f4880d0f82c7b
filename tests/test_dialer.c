/* test_dialer.c - connecting in a process of its own. */
#include "cli/dialer.h"

#include "tests/harness.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(dialer, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* A socket that is bound to this machine, and its address. */
static int
bound(struct address *address)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof sin;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	cr_assert_eq(bind(fd, (struct sockaddr *)&sin, len), 0);
	cr_assert_eq(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	strcpy(address->host, "127.0.0.1");
	(void)snprintf(
	    address->port, sizeof address->port, "%u", ntohs(sin.sin_port));
	return fd;
}

static void
comes_to_an_end(const struct dialer *d)
{
	struct pollfd p = { d->fd, POLLIN, 0 };

	cr_assert_eq(poll(&p, 1, PATIENCE_MS), 1);
}

static void
has_left_no_child(void)
{
	cr_assert_eq(waitpid(-1, NULL, WNOHANG), -1);
}

Test(dialer, hands_the_connection_over)
{
	struct address address;
	struct buffer why = { 0 };
	struct dialer d;
	int listen_fd = bound(&address), fd, far_fd;
	char byte;

	cr_assert_eq(listen(listen_fd, 1), 0);
	cr_assert(dialer_start(&d, &address));
	comes_to_an_end(&d);
	fd = dialer_finish(&d, &why);
	cr_assert_neq(fd, -1, "%.*s", (int)buffer_len(&why), buffer_data(&why));
	cr_assert_eq(d.fd, -1);
	cr_assert(fcntl(fd, F_GETFL) & O_NONBLOCK);
	cr_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	far_fd = accept(listen_fd, NULL, NULL);
	cr_assert_eq(write(fd, "x", 1), 1);
	cr_assert_eq(read(far_fd, &byte, 1), 1);
	/* The process that made it has no part in it. */
	close(fd);
	cr_assert_eq(read(far_fd, &byte, 1), 0);
	close(far_fd);
	close(listen_fd);
	has_left_no_child();
}

Test(dialer, tells_why_there_is_no_connection)
{
	struct address address;
	struct buffer why = { 0 };
	struct dialer d;
	int taken_fd = bound(&address);

	cr_assert(dialer_start(&d, &address));
	comes_to_an_end(&d);
	cr_assert_eq(dialer_finish(&d, &why), -1);
	buffer_append(&why, "", 1);
	cr_assert_not_null(strstr(buffer_data(&why), "Connection refused"));
	/* No advice, which is for who has named the wrong server. */
	cr_assert_null(strstr(buffer_data(&why), "is chatd running"));
	buffer_free(&why);
	close(taken_fd);
	has_left_no_child();
}

Test(dialer, tells_when_it_was_killed)
{
	struct address address;
	struct buffer why = { 0 };
	struct dialer d;
	int fd = bound(&address);

	cr_assert_eq(listen(fd, 0), 0);
	cr_assert(dialer_start(&d, &address));
	/* It may have connected already, and then it has nothing to tell. */
	kill(d.pid, SIGKILL);
	comes_to_an_end(&d);
	if (dialer_finish(&d, &why) == -1)
		cr_assert_gt(buffer_len(&why), 0);
	buffer_free(&why);
	close(fd);
	has_left_no_child();
}

Test(dialer, can_be_given_up)
{
	struct address address;
	struct dialer d;
	int fd = bound(&address);

	cr_assert_eq(listen(fd, 0), 0);
	cr_assert(dialer_start(&d, &address));
	dialer_stop(&d);
	cr_assert_eq(d.fd, -1);
	has_left_no_child();
	dialer_stop(&d);
	close(fd);
}
