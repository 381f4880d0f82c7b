/* torture_end.c - a master that is killed at any moment, and an orderly end
 * with many clients of every kind. */
#include "ipc/clock.h"
#include "ipc/limits.h"
#include "tests/harness_crowd.h"
#include "tests/harness_torture.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(torture_end, .fini = harness_clean, .timeout = TORTURE_TIMEOUT);

/* In which the children of a killed master are gone. */
#define ORPHANS_MS (1000 * TEST_SLOWNESS)
#define MAX_CHILDREN 2048

static struct children {
	size_t n;
	pid_t pids[MAX_CHILDREN];
} children;

static bool
are_gone(void *arg)
{
	(void)arg;
	for (size_t i = 0; i < children.n; i++)
		if (!process_is_gone(children.pids[i]))
			return false;
	return true;
}

/* Killed ------------------------------------------------------------------ */

static bool
can_bind(void *port)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t) * (unsigned *)port),
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

static bool
nobody_is_connected(void *arg)
{
	struct crowd *c = arg;

	for (uint32_t i = 0; i < 20; i++)
		if (crowd_state(c, i) != CROWD_AWAY)
			return false;
	return true;
}

/* Under load, for a random while, and then SIGKILL. */
static void
kill_master(struct server *s, struct crowd *c)
{
	int64_t until = clock_ms() + torture_dice(60);

	while (clock_ms() < until) {
		for (int i = 0; i < 5; i++)
			torture_deed(c, 20);
		crowd_turn(c, 1);
	}
	crowd_is_sound(c);
	crowd_all_are_doomed(c);
	/* Stopped, so that none is born between the count and the kill. */
	cr_assert_eq(kill(s->pid, SIGSTOP), 0);
	children.n = server_children(s, children.pids, MAX_CHILDREN);
	server_kill(s);
}

Test(torture_end, a_master_killed_at_any_moment_leaves_nothing_running)
{
	const unsigned n_kills = torture_rounds(10, 200);
	struct server *s = server_start((const char *const[]){ "-q", NULL });

	(void)torture_seed();
	for (unsigned i = 0; i < n_kills; i++) {
		struct crowd *c = crowd_new(s, 20);

		kill_master(s, c);
		/* One that was just born has not let go of the listener yet. */
		cr_assert(wait_until(can_bind, &s->port, ORPHANS_MS),
		    "kill %u: an orphan has the port", i);
		cr_assert(wait_until(are_gone, NULL, ORPHANS_MS),
		    "kill %u: children are left", i);
		cr_assert(
		    crowd_turn_until(c, nobody_is_connected, c, PATIENCE_MS));
		crowd_is_sound(c);
		crowd_free(c);
		/* What nobody was left to remove the next start does. */
		if (children.n > 0)
			server_leaves_nothing(s);
		server_restart(s, (const char *const[]){ "-q", NULL });
	}
	cr_assert_eq(server_stop(s), 0);
	cr_assert_str_eq(server_leftovers(s), "");
}

/* In order ---------------------------------------------------------------- */

static bool
all_are_away(void *arg)
{
	struct crowd *c = arg;

	return crowd_n_here(c) == 0;
}

/* Some do not read, some children are stopped, and all the rest hear all that
 * anybody got back. */
Test(torture_end, of_a_crowd_is_orderly_and_takes_no_more_than_five_seconds)
{
	const uint32_t n = torture_rounds(200, 1000);
	const uint32_t n_deaf = 10, n_stopped = 10;
	char max_users[16];
	struct server *s;
	struct crowd *c;
	int64_t began;

	snprintf(max_users, sizeof max_users, "%u", n);
	s = server_start((const char *const[]){ "-q", "-m", max_users, NULL });
	c = crowd_new(s, n);
	crowd_all_come(c);
	for (uint32_t i = 0; i < n_deaf; i++)
		crowd_stops_reading(c, i, true);
	for (uint32_t i = n_deaf; i < n_deaf + n_stopped; i++) {
		crowd_is_doomed(c, i);
		cr_assert_eq(kill(crowd_pid(c, i), SIGSTOP), 0);
	}
	for (uint32_t i = n - 100; i < n; i++)
		crowd_says(c, i, 100);
	/* Taken from us, and on its way. */
	crowd_turn(c, 1);
	children.n = server_children(s, children.pids, MAX_CHILDREN);
	crowd_all_are_doomed(c);
	began = clock_ms();
	cr_assert_eq(kill(s->pid, SIGTERM), 0);
	while (!process_is_gone(s->pid)) {
		crowd_turn(c, 1);
		cr_assert_lt(clock_ms() - began, 5000 * TEST_SLOWNESS);
	}
	fprintf(stderr, "%u users: %d ms\n", n, (int)(clock_ms() - began));
	cr_assert_eq(server_await(s), 0);
	cr_assert(are_gone(NULL));
	for (uint32_t i = 0; i < n_deaf; i++)
		crowd_stops_reading(c, i, false);
	cr_assert(crowd_turn_until(c, all_are_away, c, PATIENCE_MS));
	crowd_is_sound(c);
	cr_assert(witness_all_heard_the_same(
	    crowd_witness(c), n_deaf + n_stopped, n));
	cr_assert_str_eq(server_leftovers(s), "");
}
