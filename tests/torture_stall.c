/* torture_stall.c - children that are stopped, clients that do not read, and
 * everybody talking at once: nobody else waits, and nobody who reads is lost.
 */
#include "ipc/clock.h"
#include "ipc/limits.h"
#include "tests/harness_condition.h"
#include "tests/harness_crowd.h"
#include "tests/harness_latency.h"
#include "tests/harness_lock.h"
#include "tests/harness_network.h"
#include "tests/harness_torture.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(torture_stall, .fini = harness_clean, .timeout = TORTURE_TIMEOUT);

/* Stopped ----------------------------------------------------------------- */

enum { N_STOPPED = 10 };

static bool
stopped_are_gone(void *arg)
{
	struct crowd *c = arg;

	for (uint32_t i = 0; i < N_STOPPED; i++)
		if (crowd_state(c, i) != CROWD_AWAY)
			return false;
	return true;
}

/* Each is when it is reaped, a little after its client has lost it. */
static bool
all_are_counted(void *server)
{
	return server_counter(server, DIR_COUNT_evicted_stopped) +
		   server_counter(server, DIR_COUNT_evicted_wedged) ==
	       N_STOPPED;
}

static void
ten_are_stopped(bool one_holds_the_lock)
{
	enum { N = 100 };
	struct server *s = server_start((const char *const[]){ "-q", NULL });
	struct crowd *c = crowd_new(s, N);
	uint32_t before, during;
	int64_t stopped_at, took;

	(void)torture_seed();
	crowd_all_come(c);
	latency_begin(c, N_STOPPED, N);
	before = latency_p99_us();

	for (uint32_t i = 0; i < N_STOPPED; i++) {
		crowd_is_doomed(c, i);
		cr_assert_eq(kill(crowd_pid(c, i), SIGSTOP), 0);
	}
	stopped_at = clock_ms();
	if (one_holds_the_lock)
		lock_is_held_by(s, crowd_name(c, 0));
	during = latency_p99_us();

	cr_assert(crowd_turn_until(c, stopped_are_gone, c, PATIENCE_MS),
	    "they are not evicted; the log:\n%s", server_log_tail(s));
	took = clock_ms() - stopped_at;
	fprintf(stderr,
	    "p99 %u us, with ten stopped %u us; evicted after %d ms\n", before,
	    during, (int)took);
	cr_assert_leq(took, (STOPPED_MS + 1000) * TEST_SLOWNESS);
	crowd_settles(c);
	cr_assert(wait_until(all_are_counted, s, PATIENCE_MS));
	cr_assert_eq(crowd_n_here(c), N - N_STOPPED);
	/* Only where nothing else runs beside; a busy machine tells nothing. */
	if (torture_is_long())
		cr_assert_leq(during, 2 * before);
}

Test(torture_stall, ten_of_a_hundred_stopped_delay_nobody)
{
	ten_are_stopped(false);
}

Test(torture_stall, nor_when_one_of_them_holds_the_lock)
{
	ten_are_stopped(true);
}

/* Not reading ------------------------------------------------------------- */

/* The queue may be twice its content while it grows; the mail of one turn, and
 * what any child has, come on top. */
#define SLOW_CHILD_MAX_KIB ((2 * OUTBUF_MAX_BYTES + 4 * 1024 * 1024) / 1024)

static bool
one_was_too_slow(void *server)
{
	return server_counter(server, DIR_COUNT_evicted_slow) == 1;
}

Test(torture_stall, one_who_does_not_read_costs_the_others_nothing)
{
	enum { N = 100, SLOW = 0, FILL = 4000 };
	const size_t total = 10 * 1024 * 1024;
	struct server *s = server_start(NULL);
	struct crowd *c = crowd_new(s, N);
	unsigned long most_kib = 0;
	size_t said = 0;
	pid_t pid;

	(void)torture_seed();
	crowd_all_come(c);
	pid = crowd_pid(c, SLOW);
	crowd_stops_reading(c, SLOW, true);
	crowd_is_doomed(c, SLOW);
	for (uint32_t seat = 1; said < total; seat = 1 + seat % (N - 1)) {
		unsigned long kib = condition_private_kib(pid);

		crowd_says(c, seat, FILL);
		said += FILL;
		crowd_turn(c, 0);
		most_kib = kib > most_kib ? kib : most_kib;
	}
	cr_assert(crowd_turn_until(c, one_was_too_slow, s, 6 * PATIENCE_MS));
	crowd_stops_reading(c, SLOW, false);
	crowd_settles(c);
	fprintf(stderr, "its child had %lu KiB at most\n", most_kib);
	cr_assert_eq(crowd_n_here(c), N - 1);
	cr_assert_leq(most_kib, SLOW_CHILD_MAX_KIB * TEST_SLOWNESS);
	cr_assert_eq(server_counter(s, DIR_COUNT_evicted_slow), 1);
	server_logs(s, "too slow");
	cr_assert_eq(server_log_count(s, "too slow"), 1);
}

/* Everybody at once ------------------------------------------------------- */

static void
everybody_floods(void)
{
	const uint32_t n = torture_rounds(40, 100);
	const unsigned n_lines = torture_rounds(20, 50);
	struct server *s = server_start((const char *const[]){ "-q", NULL });
	struct crowd *c = crowd_new(s, n);

	crowd_all_come(c);
	for (unsigned line = 0; line < n_lines; line++)
		for (uint32_t i = 0; i < n; i++)
			crowd_says(c, i, 4000);
	crowd_settles(c);
	cr_assert_eq(crowd_n_here(c), n);
	cr_assert_eq(server_counter(s, DIR_COUNT_evicted_slow), 0);
	cr_assert_eq(server_counter(s, DIR_COUNT_evicted_wedged), 0);
}

Test(torture_stall, all_flood_at_once_with_mailboxes_as_they_are)
{
	everybody_floods();
}

Test(torture_stall, all_flood_at_once_with_mailboxes_of_ten)
{
	network_of_its_own();
	network_set_mailbox_len(10);
	everybody_floods();
}

Test(torture_stall, all_flood_at_once_with_mailboxes_of_512)
{
	network_of_its_own();
	network_set_mailbox_len(512);
	everybody_floods();
}
