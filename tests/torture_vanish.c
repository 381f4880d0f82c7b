/* torture_vanish.c - clients that vanish from the network without a word: their
 * names are free again within the documented time.
 *
 * The client is in a network namespace of its own, and its cable is pulled.  It
 * takes as long as it takes, so only `make torture` has it. */
#include "ipc/clock.h"
#include "ipc/limits.h"
#include "tests/harness_guest.h"
#include "tests/harness_network.h"
#include "tests/harness_torture.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(torture_vanish, .fini = harness_clean, .timeout = TORTURE_TIMEOUT);

/* Probes are not sent to the millisecond. */
#define SLACK_MS 10000

static struct program_result result;

/* ip(8), its words separated by single blanks. */
__attribute__((format(printf, 1, 2))) static void
ip(const char *format, ...)
{
	const char *argv[24] = { "/usr/bin/env",
		"PATH=/usr/sbin:/sbin:/usr/bin", "ip" };
	char words[256];
	size_t n = 3;
	va_list ap;

	va_start(ap, format);
	vsnprintf(words, sizeof words, format, ap);
	va_end(ap);
	for (char *word = strtok(words, " "); word != NULL && n < 23;
	     word = strtok(NULL, " "))
		argv[n++] = word;
	program_run(&result, NULL, argv);
	cr_assert_eq(result.status, 0, "ip %s: %s", format, result.err);
}

/* Its whole life: in a network of its own, until it is killed. */
static int
be_elsewhere(void *pipe_fd)
{
	if (unshare(CLONE_NEWNET) == -1 || write(*(int *)pipe_fd, "x", 1) != 1)
		return 1;
	for (;;)
		(void)pause();
}

/* A client at the other end of a cable; returns the pid that holds its network.
 * The test's own process goes there and back to connect. */
static pid_t
lay_cable(void)
{
	int fds[2];
	char byte;
	pid_t pid;

	network_of_its_own();
	cr_assert_eq(pipe(fds), 0);
	pid = spawn(be_elsewhere, &fds[1]);
	cr_assert_eq(read(fds[0], &byte, 1), 1);
	ip("link add here type veth peer name there netns %d", (int)pid);
	ip("addr add 10.9.0.1/24 dev here");
	ip("link set here up");
	return pid;
}

static int
network_fd(const char *pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof path, "/proc/%s/ns/net", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	cr_assert_neq(fd, -1);
	return fd;
}

static void
go_to(int network)
{
	cr_assert_eq(setns(network, CLONE_NEWNET), 0);
}

static void
vanishes(bool is_spoken_to)
{
	struct server *s;
	struct guest *alice, *ghost;
	char pid[16];
	int home, there;
	int64_t began, took;

	if (!torture_is_long())
		cr_skip_test("it takes 90 seconds: make torture");
	snprintf(pid, sizeof pid, "%d", (int)lay_cable());
	s = server_start(
	    (const char *const[]){ "--listen", "10.9.0.1:0", NULL });
	alice = guest_join(s, "alice");
	home = network_fd("self");
	there = network_fd(pid);
	go_to(there);
	ip("addr add 10.9.0.2/24 dev there");
	ip("link set there up");
	ghost = guest_connect_to(s, "10.9.0.1", s->port);
	guest_says(ghost, "ghost");
	guest_sees_start(ghost, "* Welcome, ghost!");
	guest_sees(alice, "* ghost joined");
	/* The cable is pulled. */
	ip("link set there down");
	go_to(home);
	began = clock_ms();
	if (is_spoken_to) {
		guest_says(alice, "are you there?");
		guest_sees_next(alice, "alice: are you there?");
	}
	do {
		struct dir_row row;

		took = clock_ms() - began;
		cr_assert_lt(took, TCP_GONE_MS + SLACK_MS);
		if (!server_find(s, "ghost", &row))
			break;
		(void)wait_until(is_gone, &row.pid, 1000);
	} while (true);
	fprintf(stderr, "gone after %d ms\n", (int)took);
	guest_sees_next(alice, "* ghost left (timed out)");
	(void)guest_join(s, "ghost");
	close(home);
	close(there);
	server_logs(s, "the session of ghost from 10.9.0.2:");
	server_logs(s, " s: timed out\n");
	cr_assert_eq(server_counter(s, DIR_COUNT_ended_timed_out), 1);
}

/* A copy of the socket by which the child serves a client on the network. */
static int
client_socket_of(pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	cr_assert_neq(pidfd, -1);
	for (int number = 0; number < 64; number++) {
		int fd = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);
		struct sockaddr_storage peer;
		socklen_t len = sizeof peer;

		if (fd != -1 &&
		    getpeername(fd, (struct sockaddr *)&peer, &len) == 0 &&
		    peer.ss_family == AF_INET) {
			close(pidfd);
			return fd;
		}
		if (fd != -1)
			close(fd);
	}
	cr_assert_fail("no socket; the first error: %s", strerror(errno));
	return -1;
}

static int
option_of(int fd, int level, int name)
{
	int value = -1;
	socklen_t len = sizeof value;

	cr_assert_eq(getsockopt(fd, level, name, &value, &len), 0);
	return value;
}

/* What the others rest on, in no time. */
Test(torture_vanish, every_connection_is_watched)
{
	struct server *s = server_start(NULL);
	int fd, idle_s, interval_s, n_probes;

	(void)guest_join(s, "alice");
	fd = client_socket_of(server_child_pid(s, "alice"));
	idle_s = option_of(fd, IPPROTO_TCP, TCP_KEEPIDLE);
	interval_s = option_of(fd, IPPROTO_TCP, TCP_KEEPINTVL);
	n_probes = option_of(fd, IPPROTO_TCP, TCP_KEEPCNT);
	cr_assert_eq(option_of(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
	cr_assert_eq(option_of(fd, IPPROTO_TCP, TCP_USER_TIMEOUT), TCP_GONE_MS);
	cr_assert_leq(1000 * (idle_s + interval_s * n_probes), TCP_GONE_MS);
	close(fd);
}

Test(torture_vanish, a_silent_one_is_gone_in_time)
{
	vanishes(false);
}

Test(torture_vanish, one_who_is_spoken_to_is_gone_in_time)
{
	vanishes(true);
}
