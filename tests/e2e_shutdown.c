/* e2e_shutdown.c - how a server ends, and that nothing of it stays.
 *
 * By signal, with clients that do not read and children that do not run; and by
 * SIGKILL, where the children are on their own. */
#include "ipc/clock.h"
#include "ipc/limits.h"
#include "tests/harness_guest.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_CHILDREN 128
/* In which children leave whose master was killed. */
#define ORPHANS_MS (1000 * TEST_SLOWNESS)

TestSuite(e2e_shutdown, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* The children as they were before the end. */
struct children {
	size_t n;
	pid_t pids[MAX_CHILDREN];
};

static struct children
children_of(const struct server *s)
{
	struct children c;

	c.n = server_children(s, c.pids, MAX_CHILDREN);
	return c;
}

static bool
are_gone(void *arg)
{
	const struct children *c = arg;

	for (size_t i = 0; i < c->n; i++)
		if (!process_is_gone(c->pids[i]))
			return false;
	return true;
}

static void
join_many(const struct server *s, struct guest **guests, int n)
{
	char name[32];

	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof name, "guest%d", i);
		guests[i] = guest_join(s, name);
	}
	server_awaits_users(s, (unsigned)n);
}

static void
stop_child(pid_t pid)
{
	cr_assert_eq(kill(pid, SIGSTOP), 0);
	while (process_state(pid) != 'T' && process_state(pid) != 0)
		;
}

/* All that remains to be seen of a server that has ended well. */
static void
is_over(struct server *s, struct children *c)
{
	cr_assert_eq(server_await(s), 0, "%s", server_log_tail(s));
	cr_assert(are_gone(c), "children are left");
	cr_assert_str_eq(server_leftovers(s), "");
}

/* By a signal ------------------------------------------------------------- */

struct stop {
	int signal;
};

ParameterizedTestParameters(e2e_shutdown, ends_in_order_at)
{
	static struct stop signals[] = { { SIGTERM }, { SIGINT }, { SIGHUP },
		{ SIGQUIT } };

	return cr_make_param_array(
	    struct stop, signals, sizeof signals / sizeof *signals);
}

ParameterizedTest(struct stop *stop, e2e_shutdown, ends_in_order_at)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	struct guest *nobody = guest_connect(s);
	struct children c;

	guest_sees_start(nobody, "* This is chatd");
	c = children_of(s);
	cr_assert_eq(c.n, 3);
	guest_sees(alice, "* bob joined");
	(void)kill(s->pid, stop->signal);
	/* It is one notice, not that each of the others leaves. */
	guest_sees_next(alice, "* server is shutting down");
	guest_sees_end(alice);
	guest_sees(bob, "* server is shutting down");
	guest_sees_end(bob);
	guest_sees(nobody, "* server is shutting down");
	guest_sees_end(nobody);
	is_over(s, &c);
}

Test(e2e_shutdown, ends_at_once_where_nobody_is_here)
{
	struct server *s = server_start(NULL);
	struct children none = { 0 };

	(void)kill(s->pid, SIGTERM);
	is_over(s, &none);
}

Test(e2e_shutdown, what_was_echoed_before_the_end_reaches_all)
{
	enum { N = 500 };
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	struct guest *carol = guest_join(s, "carol");

	for (int i = 0; i < N; i++)
		guest_says(alice, "line %d", i);
	guest_sees(alice, "alice: line %d", N - 1);
	(void)kill(s->pid, SIGTERM);
	for (int i = 0; i < 2; i++) {
		struct guest *g = i == 0 ? bob : carol;

		guest_sees(g, "alice: line 0");
		for (int line = 1; line < N; line++)
			guest_sees_next(g, "alice: line %d", line);
		guest_sees_next(g, "* server is shutting down");
		guest_sees_end(g);
	}
	cr_assert_eq(server_await(s), 0);
}

/* How many of alice's lines g sees before the end; they come from the first on
 * without a gap. */
static int
count_lines(struct guest *g)
{
	int n = 0;

	for (;;) {
		const char *line = guest_line(g);
		int number;

		if (strcmp(line, "* server is shutting down") == 0)
			break;
		if (sscanf(line, "alice: line %d", &number) == 1)
			cr_assert_eq(number, n++, "%s", line);
	}
	guest_sees_end(g);
	return n;
}

Test(e2e_shutdown, what_is_said_during_the_end_reaches_all_or_nobody)
{
	enum { N = 20000 };
	static char text[N * 16];
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	struct guest *carol = guest_join(s, "carol");
	size_t len = 0;
	int n_echoed, n_carol;

	for (int i = 0; i < N; i++)
		len += (size_t)snprintf(
		    text + len, sizeof text - len, "line %d\n", i);
	guest_sends(alice, text, len);
	guest_sees(bob, "alice: line 0");
	(void)kill(s->pid, SIGTERM);
	/* alice first: the socket would hold what she does not read. */
	n_echoed = count_lines(alice);
	cr_assert_gt(n_echoed, 0);
	n_carol = count_lines(carol);
	cr_assert_eq(n_carol, n_echoed, "%d lines, not %d", n_carol, n_echoed);
	for (int i = 1; i < n_echoed; i++)
		guest_sees_next(bob, "alice: line %d", i);
	guest_sees_next(bob, "* server is shutting down");
	guest_sees_end(bob);
	cr_assert_eq(server_await(s), 0);
}

Test(e2e_shutdown, ends_with_fifty_clients_that_do_not_read)
{
	enum { N = 50 };
	struct server *s = server_start(NULL);
	struct guest *guests[N];
	struct children c;

	join_many(s, guests, N);
	for (int i = 0; i < 200; i++)
		guest_says(guests[i % N], "line %d", i);
	c = children_of(s);
	cr_assert_eq(c.n, N);
	(void)kill(s->pid, SIGTERM);
	is_over(s, &c);
	for (int i = 0; i < N; i++) {
		guest_sees(guests[i], "* server is shutting down");
		guest_sees_end(guests[i]);
	}
}

/* More than sockets take from the children of `guests`, who do not read, and
 * less than makes them too slow. */
static void
fill_queues(const struct server *s, struct guest **guests, int n)
{
	struct guest *alice = guest_join(s, "alice");
	char line[LINE_MAX_BYTES - 32];
	struct dir_row row;

	for (int i = 0; i < n; i++)
		guest_takes_little(guests[i]);
	memset(line, 'x', sizeof line);
	line[sizeof line - 1] = '\0';
	do {
		guest_says(alice, "%s", line);
		guest_sees(alice, "alice: %s", line);
		cr_assert(server_find(s, "guest0", &row));
	} while (row.queued_bytes < OUTBUF_MAX_BYTES / 4);
	cr_assert_eq(server_counter(s, DIR_COUNT_evicted_slow), 0);
}

Test(e2e_shutdown, ends_with_queues_that_nobody_takes)
{
	enum { N = 10 };
	struct server *s = server_start(NULL);
	struct guest *guests[N];
	struct children c;

	join_many(s, guests, N);
	fill_queues(s, guests, N);
	c = children_of(s);
	(void)kill(s->pid, SIGTERM);
	is_over(s, &c);
}

Test(e2e_shutdown, ends_with_a_stopped_child)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct children c;

	(void)guest_join(s, "bob");
	c = children_of(s);
	stop_child(server_child_pid(s, "bob"));
	guest_says(alice, "still here?");
	guest_sees(alice, "alice: still here?");
	(void)kill(s->pid, SIGTERM);
	guest_sees(alice, "* server is shutting down");
	guest_sees_end(alice);
	is_over(s, &c);
}

static bool
ends_when_told_again(void *server)
{
	struct server *s = server;

	(void)kill(s->pid, SIGTERM);
	return process_is_gone(s->pid);
}

Test(e2e_shutdown, a_second_signal_ends_the_waiting)
{
	struct server *s = server_start(NULL);
	struct children c;

	(void)guest_join(s, "bob");
	c = children_of(s);
	/* He would be waited for. */
	stop_child(server_child_pid(s, "bob"));
	(void)kill(s->pid, SIGTERM);
	server_logs(s, "got signal");
	cr_assert(wait_until(ends_when_told_again, s, 1000 * TEST_SLOWNESS));
	is_over(s, &c);
}

/* Shell and kernel both send SIGHUP when a window is closed; make and timeout
 * send a signal to us, and then to all of our group. */
Test(e2e_shutdown, signals_in_a_row_are_one)
{
	enum { N = 20 };
	struct server *s = server_start(NULL);
	struct guest *guests[N];
	struct children c;

	join_many(s, guests, N);
	c = children_of(s);
	(void)kill(s->pid, SIGHUP);
	server_logs(s, "got signal");
	(void)kill(s->pid, SIGHUP);
	(void)kill(s->pid, SIGTERM);
	for (int i = 0; i < N; i++) {
		guest_sees(guests[i], "* server is shutting down");
		guest_sees_end(guests[i]);
	}
	is_over(s, &c);
}

Test(e2e_shutdown, a_signal_that_the_children_get_first_is_the_same_end)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	struct children c = children_of(s);

	guest_sees(alice, "* bob joined");
	for (size_t i = 0; i < c.n; i++)
		(void)kill(c.pids[i], SIGTERM);
	(void)kill(s->pid, SIGTERM);
	guest_sees_next(alice, "* server is shutting down");
	guest_sees_end(alice);
	guest_sees(bob, "* server is shutting down");
	guest_sees_end(bob);
	is_over(s, &c);
}

Test(e2e_shutdown, starts_again_at_once_after_the_end)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");

	for (int i = 0; i < 3; i++) {
		cr_assert_eq(server_stop(s), 0);
		guest_sees(alice, "* server is shutting down");
		server_restart(s, NULL);
		alice = guest_join(s, "alice");
		guest_sees_next(alice, "* 1 person is here: alice");
	}
}

/* One child --------------------------------------------------------------- */

Test(e2e_shutdown, a_child_whose_client_has_closed_waits_for_nothing_more)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	pid_t pid = server_child_pid(s, "alice");

	guest_says(alice, "exit");
	guest_sees(alice, "* Goodbye, alice!");
	guest_sees_end(alice);
	cr_assert_not(process_is_gone(pid), "she may still be reading");
	guest_close(alice);
	cr_assert(wait_until(is_gone, &pid, LINGER_MS / 2));
}

/* By SIGKILL -------------------------------------------------------------- */

static bool
can_bind(void *port)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(*(uint16_t *)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
	bool can;

	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	can =
	    bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
	    listen(fd, 1) == 0;
	close(fd);
	return can;
}

Test(e2e_shutdown, when_the_master_is_killed_everything_goes)
{
	enum { N = 30 };
	struct server *s = server_start(NULL);
	struct guest *guests[N];
	struct children c;
	uint16_t port = (uint16_t)s->port;

	join_many(s, guests, N);
	c = children_of(s);
	cr_assert_eq(c.n, N);
	server_kill(s);
	cr_assert(can_bind(&port), "an orphan holds the port");
	cr_assert(wait_until(are_gone, &c, ORPHANS_MS), "children are left");
	for (int i = 0; i < N; i++) {
		guest_sees(guests[i], "* server is shutting down");
		guest_sees_end(guests[i]);
	}
	server_leaves_nothing(s);
}

Test(e2e_shutdown, when_the_master_is_killed_a_stopped_child_goes_too)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct children c;

	(void)guest_join(s, "bob");
	c = children_of(s);
	stop_child(server_child_pid(s, "bob"));
	server_kill(s);
	cr_assert(
	    wait_until(are_gone, &c, 2 * ORPHANS_MS), "children are left");
	guest_sees(alice, "* server is shutting down");
	guest_sees_end(alice);
	server_leaves_nothing(s);
}

Test(e2e_shutdown, when_the_master_is_killed_its_only_child_goes_though_stopped)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct children c = children_of(s);

	stop_child(server_child_pid(s, "alice"));
	server_kill(s);
	cr_assert(
	    wait_until(are_gone, &c, 2 * ORPHANS_MS), "children are left");
	guest_sees(alice, "* server is shutting down");
	guest_sees_end(alice);
	server_leaves_nothing(s);
}

Test(e2e_shutdown, when_the_master_is_killed_who_is_leaving_cleans_up)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");

	guest_says(alice, "exit");
	guest_sees(alice, "* Goodbye, alice!");
	/* Her child waits for her to close: the only one, and on its way. */
	server_kill(s);
	guest_sees_end(alice);
	server_leaves_nothing(s);
}

Test(e2e_shutdown, when_the_master_is_killed_clients_that_do_not_read_go_too)
{
	enum { N = 10 };
	struct server *s = server_start(NULL);
	struct guest *guests[N];
	struct children c;

	join_many(s, guests, N);
	fill_queues(s, guests, N);
	c = children_of(s);
	server_kill(s);
	cr_assert(wait_until(are_gone, &c, ORPHANS_MS), "children are left");
	server_leaves_nothing(s);
}

Test(e2e_shutdown, what_a_killed_master_alone_left_the_next_start_removes)
{
	struct server *s = server_start(NULL);

	server_kill(s);
	cr_assert_str_neq(server_leftovers(s), "");
	server_restart(s, NULL);
	cr_assert(server_log_contains(s, "removed what a dead server left"));
	(void)guest_join(s, "alice");
	cr_assert_eq(server_stop(s), 0);
	cr_assert_str_eq(server_leftovers(s), "");
}

Test(e2e_shutdown, one_started_at_once_after_a_kill_is_left_in_peace)
{
	struct server *s = server_start(NULL);
	struct guest *guests[10], *alice;
	struct children c;

	join_many(s, guests, 10);
	c = children_of(s);
	/* The old children are still about, and one of them cleans up. */
	server_kill(s);
	server_restart(s, NULL);
	alice = guest_join(s, "alice");
	guest_sees_next(alice, "* 1 person is here: alice");
	cr_assert(wait_until(are_gone, &c, PATIENCE_MS));
	(void)guest_join(s, "guest0");
	guest_sees(alice, "* guest0 joined");
	cr_assert_eq(server_stop(s), 0);
	cr_assert_str_eq(server_leftovers(s), "");
}
