/* torture_shortage.c - out of processes, descriptors, memory, room: the client
 * is told where that can be, the server lives and does not spin, and serves
 * again as soon as the shortage is over. */
#include "ipc/clock.h"
#include "tests/harness_guest.h"
#include "tests/harness_torture.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

TestSuite(torture_shortage, .fini = harness_clean, .timeout = TORTURE_TIMEOUT);

/* How long the master is watched for spinning, and what it may use of that: one
 * that spins uses all. */
#define WATCH_MS 1000
#define MAX_CPU_MS 300

static long
cpu_ms(pid_t pid)
{
	unsigned long user, system;
	char path[64], text[1024];
	const char *after;
	FILE *stat;
	size_t n;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	stat = fopen(path, "re");
	cr_assert_not_null(stat);
	n = fread(text, 1, sizeof text - 1, stat);
	fclose(stat);
	text[n] = '\0';
	after = strrchr(text, ')');
	cr_assert_eq(sscanf(after + 1,
			 " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
			 &user, &system),
	    2);
	return (long)(user + system) * 1000 / sysconf(_SC_CLK_TCK);
}

static bool
time_is_over(void *until)
{
	return clock_ms() >= *(int64_t *)until;
}

/* While somebody waits to be let in. */
static void
master_does_not_spin(const struct server *s)
{
	int64_t until = clock_ms() + WATCH_MS;
	long before = cpu_ms(s->pid), used;

	(void)wait_until(time_is_over, &until, 2 * WATCH_MS);
	used = cpu_ms(s->pid) - before;
	cr_assert_lt(
	    used, MAX_CPU_MS * TEST_SLOWNESS, "%ld ms of %d", used, WATCH_MS);
}

static struct server *
start(struct shortage *shortage)
{
	struct server_wiring wiring = SERVER_WIRING;

	wiring.shortage = shortage;
	return server_start_wired(NULL, &wiring);
}

/* Two who were there before, and are to notice nothing. */
static void
still_talk(struct guest *alice, struct guest *bob)
{
	guest_says(alice, "still here");
	guest_sees(bob, "alice: still here");
	guest_says(bob, "so am I");
	guest_sees(alice, "bob: so am I");
}

/* While it runs ------------------------------------------------------------ */

struct case_of {
	enum shortage_kind kind;
	int error;
	/* how the refusal begins; "" where nobody can be told */
	char told[64];
};

ParameterizedTestParameters(torture_shortage, passes_and_is_over)
{
	static struct case_of cases[] = {
		{ SHORTAGE_OF_PROCESSES, EAGAIN,
		    "! the server cannot start a process for you" },
		{ SHORTAGE_OF_PROCESSES, ENOMEM,
		    "! the server cannot start a process for you" },
		{ SHORTAGE_AT_ACCEPT, EMFILE, "" },
		{ SHORTAGE_AT_ACCEPT, ENFILE, "" },
		{ SHORTAGE_AT_ACCEPT, ENOBUFS, "" },
		{ SHORTAGE_AT_ACCEPT, ENOMEM, "" },
		{ SHORTAGE_OF_SOCKETS, EMFILE,
		    "! the server cannot serve you now" },
		{ SHORTAGE_OF_SOCKETS, ENOBUFS,
		    "! the server cannot serve you now" },
		{ SHORTAGE_AT_BIND, ENOSPC,
		    "! the server cannot serve you now" },
		{ SHORTAGE_AT_BIND, EACCES,
		    "! the server cannot serve you now" },
		{ SHORTAGE_OF_SIGNALFDS, ENFILE,
		    "! the server cannot serve you now" },
	};

	return cr_make_param_array(
	    struct case_of, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct case_of *t, torture_shortage, passes_and_is_over)
{
	struct shortage *shortage = shortage_new();
	struct server *s = start(shortage);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob"), *carol;

	guest_sees(alice, "* bob joined");
	shortage_set(shortage, t->kind, t->error);
	carol = guest_connect(s);
	if (*t->told != '\0') {
		guest_sees_start(carol, "%s", t->told);
		guest_sees_end(carol);
		carol = guest_connect(s);
		guest_sees_start(carol, "%s", t->told);
	}
	still_talk(alice, bob);
	master_does_not_spin(s);
	still_talk(alice, bob);
	cr_assert_gt(shortage_n_failed(shortage, t->kind), 0);

	shortage_set(shortage, t->kind, 0);
	/* Who could not even be told has been waiting, and is served. */
	if (*t->told == '\0')
		guest_sees(
		    carol, "* This is chatd; your first line is your name.");
	(void)guest_join(s, "dave");
	guest_sees_next(alice, "* dave joined");
	still_talk(alice, bob);
	cr_assert_eq(server_stop(s), 0);
}

/* The real thing: the spare descriptor is what says no. */
Test(torture_shortage, of_descriptors_is_told)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob"), *carol;
	struct rlimit few, usual;

	guest_sees(alice, "* bob joined");
	cr_assert_eq(prlimit(s->pid, RLIMIT_NOFILE, NULL, &usual), 0);
	few = usual;
	few.rlim_cur = 8;
	cr_assert_eq(prlimit(s->pid, RLIMIT_NOFILE, &few, NULL), 0);
	carol = guest_connect(s);
	guest_sees_next(
	    carol, "! the server is out of descriptors; try again later");
	guest_sees_end(carol);
	(void)guest_connect(s);
	master_does_not_spin(s);
	still_talk(alice, bob);
	cr_assert_gt(server_counter(s, DIR_COUNT_refused_resources), 0);
	cr_assert_eq(prlimit(s->pid, RLIMIT_NOFILE, &usual, NULL), 0);
	(void)guest_join(s, "dave");
	guest_sees_next(alice, "* dave joined");
}

/* When it starts ----------------------------------------------------------- */

struct start_case {
	enum shortage_kind kind;
	int error;
	char said[64];
};

ParameterizedTestParameters(torture_shortage, at_the_start_is_an_error)
{
	static struct start_case cases[] = {
		{ SHORTAGE_OF_SHARED_MEMORY, ENOSPC,
		    "cannot create the directory /dev/shm" },
		{ SHORTAGE_OF_DIRECTORIES, ENOSPC, "run directory" },
		{ SHORTAGE_OF_DIRECTORIES, EROFS, "run directory" },
		{ SHORTAGE_OF_SOCKETS, EMFILE, "cannot listen" },
		{ SHORTAGE_AT_BIND, EACCES, "cannot listen" },
		{ SHORTAGE_OF_SIGNALFDS, ENFILE, "signalfd" },
	};

	return cr_make_param_array(
	    struct start_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(
    struct start_case *t, torture_shortage, at_the_start_is_an_error)
{
	struct shortage *shortage = shortage_new();
	struct server_wiring wiring = SERVER_WIRING;
	struct server *s = server_prepare();

	wiring.shortage = shortage;
	shortage_set(shortage, t->kind, t->error);
	cr_assert_eq(server_runs_to_its_end(s, NULL, &wiring), 1);
	cr_assert(server_log_contains(s, t->said), "%s", server_log_tail(s));
	cr_assert(server_log_contains(s, strerror(t->error)), "%s",
	    server_log_tail(s));
	cr_assert_str_eq(server_leftovers(s), "");
	shortage_set(shortage, t->kind, 0);
	server_restart(s, NULL);
	(void)guest_join(s, "alice");
	cr_assert_eq(server_stop(s), 0);
}
