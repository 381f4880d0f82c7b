/* e2e_endings.c - every way in which a session ends: the operator finds it in
 * the log once, with who, from where and why, and counted once. */
#include "ipc/limits.h"
#include "tests/harness_guest.h"
#include "tests/harness_lock.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(endings, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static bool
one_has_ended(void *server)
{
	return server_n_ended(server) > 0;
}

/* The log has one line of the session of `who`, and it ends with `why`. */
static void
is_logged(const struct server *s, const char *who, const char *why)
{
	char text[128];

	snprintf(text, sizeof text, "the session of %s from 127.0.0.1:", who);
	server_logs(s, text);
	cr_assert_eq(server_log_count(s, text), 1, "%s", server_log_tail(s));
	snprintf(text, sizeof text, " s: %s\n", why);
	cr_assert_eq(server_log_count(s, text), 1, "%s", server_log_tail(s));
}

/* The only session that has ended so far is that of `who`. */
static void
is_counted(struct server *s, const char *who, enum dir_counter counter,
    const char *why)
{
	cr_assert(wait_until(one_has_ended, s, PATIENCE_MS), "%s",
	    server_log_tail(s));
	cr_assert_eq(server_n_ended(s), 1);
	cr_assert_eq(server_counter(s, counter), 1, "not %s: %s",
	    counter_name(counter), server_log_tail(s));
	is_logged(s, who, why);
	cr_assert_eq(server_log_count(s, "the session of "), 1);
}

#define NAMELESS "a client without a name"

Test(endings, of_who_leaves)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");

	guest_says(alice, "/nick 王偉");
	guest_says(alice, "exit");
	guest_sees_end(alice);
	guest_close(alice);
	is_counted(s, "王偉", DIR_COUNT_ended_left, "left");
	cr_assert_eq(server_counter(s, DIR_COUNT_renamed), 1);
}

Test(endings, of_who_leaves_without_a_name)
{
	struct server *s = server_start(NULL);
	struct guest *g = guest_connect(s);

	/* With something unread it would be a connection that breaks. */
	guest_sees_start(g, "* This is chatd");
	guest_close(g);
	is_counted(s, NAMELESS, DIR_COUNT_ended_left, "left");
}

Test(endings, of_whose_names_are_refused)
{
	struct server *s = server_start(NULL);
	struct guest *g = guest_connect(s);

	(void)guest_join(s, "alice");
	guest_says(g, "alice");
	guest_says(g, "a b");
	guest_says(g, "*");
	guest_sees_end(g);
	guest_close(g);
	is_counted(s, NAMELESS, DIR_COUNT_ended_names_refused, "names refused");
	cr_assert_eq(server_counter(s, DIR_COUNT_rejected_name_taken), 1);
	cr_assert_eq(server_counter(s, DIR_COUNT_rejected_name), 2);
}

Test(endings, of_who_says_no_name,
    .timeout = SUITE_TIMEOUT + NAME_WAIT_MS / 1000)
{
	struct server *s = server_start(NULL);
	struct guest *g = guest_connect(s);

	(void)wait_until(one_has_ended, s, NAME_WAIT_MS);
	is_counted(s, NAMELESS, DIR_COUNT_ended_name_late, "no name came");
	guest_close(g);
}

Test(endings, of_whose_connection_breaks)
{
	struct server *s = server_start(NULL);

	guest_reset(guest_join(s, "alice"));
	is_counted(s, "alice", DIR_COUNT_ended_lost, "connection lost");
}

Test(endings, of_whom_the_operator_removes)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");

	(void)kill(server_child_pid(s, "alice"), SIGTERM);
	guest_sees_end(alice);
	guest_close(alice);
	is_counted(
	    s, "alice", DIR_COUNT_ended_removed, "removed by the operator");
}

/* Nobody is there to ask for counters afterwards. */
Test(endings, of_all_when_the_server_stops)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");

	guest_sees_start(guest_connect(s), "* This is chatd");
	guest_sees_start(alice, "* 1 person");
	cr_assert_eq(server_stop(s), 0);
	guest_sees_end(alice);
	cr_assert_eq(server_log_count(s, "the session of alice from 127."), 1);
	cr_assert_eq(server_log_count(s, "the session of " NAMELESS), 1);
	cr_assert_eq(server_log_count(s, " s: server stopped\n"), 2);
	cr_assert_eq(server_log_count(s, "the session of "), 2);
}

Test(endings, of_all_when_the_server_is_killed)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *silent = guest_connect(s);

	guest_sees_start(silent, "* This is chatd");
	server_kill(s);
	guest_sees_end(alice);
	guest_sees_end(silent);
	server_leaves_nothing(s);
	cr_assert_eq(server_log_count(s, "the session of alice from 127."), 1);
	cr_assert_eq(server_log_count(s, "the session of " NAMELESS), 1);
	cr_assert_eq(server_log_count(s, " s: server died\n"), 2);
	cr_assert_eq(server_log_count(s, "the session of "), 2);
}

static int
end_of(pid_t pid)
{
	int status;

	do {
		cr_assert_eq(waitpid(pid, &status, __WALL), pid);
	} while (!WIFSIGNALED(status) && !WIFEXITED(status));
	return status;
}

/* By the last one out. */
Test(endings, of_who_has_to_be_killed_when_the_server_is)
{
	struct server *s = server_start(NULL);
	pid_t bob;

	(void)guest_join(s, "alice");
	(void)guest_join(s, "bob");
	bob = server_child_pid(s, "bob");
	process_hold(bob);
	server_kill(s);
	cr_assert_eq(end_of(bob), SIGKILL);
	server_leaves_nothing(s);
	cr_assert_eq(server_log_count(s, "the session of alice from 127."), 1);
	cr_assert_eq(server_log_count(s, "the session of bob from 127."), 1);
	cr_assert_eq(
	    server_log_count(s, " s: killed, still there at the server's end"),
	    1, "%s", server_log_tail(s));
	cr_assert_eq(server_log_count(s, "the session of "), 2);
}

/* The first one out should clean up, and cannot. */
Test(endings, are_cleaned_up_after_though_the_undertaker_is_stopped)
{
	struct server *s = server_start(NULL);
	struct guest *bob;
	pid_t alice;

	(void)guest_join(s, "alice");
	bob = guest_join(s, "bob");
	alice = server_child_pid(s, "alice");
	process_hold(alice);
	server_header(s)->undertaker_pid = alice;
	server_kill(s);
	cr_assert_eq(end_of(alice), SIGKILL);
	guest_sees_end(bob);
	server_leaves_nothing(s);
}

Test(endings, are_cleaned_up_after_though_the_undertaker_has_died)
{
	struct server *s = server_start(NULL);
	struct guest *bob = guest_join(s, "bob");

	/* His pid has been given to somebody else. */
	server_header(s)->undertaker_pid = getpid();
	server_kill(s);
	guest_sees_end(bob);
	server_leaves_nothing(s);
}

Test(endings, of_who_gets_no_resources)
{
	struct server_wiring wiring = SERVER_WIRING;
	struct server *s;
	struct guest *g;

	wiring.shortage = shortage_new();
	s = server_start_wired(NULL, &wiring);
	shortage_set(wiring.shortage, SHORTAGE_OF_SIGNALFDS, EMFILE);
	g = guest_connect(s);
	guest_sees_end(g);
	guest_close(g);
	shortage_set(wiring.shortage, SHORTAGE_OF_SIGNALFDS, 0);
	is_counted(s, NAMELESS, DIR_COUNT_ended_resources, "out of resources");
}

/* By force ----------------------------------------------------------------- */

Test(endings, of_whose_process_is_stopped)
{
	struct server *s = server_start(NULL);

	(void)guest_join(s, "alice");
	(void)kill(server_child_pid(s, "alice"), SIGSTOP);
	is_counted(s, "alice", DIR_COUNT_evicted_stopped,
	    "killed, stopped for too long");
}

Test(endings, of_whose_mailbox_is_gone)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	char path[2 * TEST_PATH_BYTES + 64];
	struct dir_row row;

	(void)guest_join(s, "bob");
	guest_sees(alice, "* bob joined");
	cr_assert(server_find(s, "bob", &row));
	snprintf(path, sizeof path, "%s/%s/%u.%u", s->run_dir, s->instance,
	    row.ref.slot, row.ref.generation);
	cr_assert_eq(unlink(path), 0, "%s", path);
	guest_says(alice, "bob?");
	is_counted(
	    s, "bob", DIR_COUNT_evicted_unreachable, "killed, mailbox lost");
}

Test(endings, of_whose_process_does_not_end_with_the_server)
{
	struct server *s = server_start(NULL);

	(void)guest_join(s, "alice");
	(void)kill(server_child_pid(s, "alice"), SIGSTOP);
	cr_assert_eq(server_stop(s), 0);
	cr_assert_eq(server_log_count(s, "the session of alice from 127."), 1);
	cr_assert_eq(server_log_count(s, "the session of "), 1);
	cr_assert(
	    server_log_contains(
		s, " s: killed, still there at the server's end\n") ||
		server_log_contains(s, " s: killed, stopped for too long\n"),
	    "%s", server_log_tail(s));
}

/* By a crash --------------------------------------------------------------- */

struct crash {
	int signal;
	enum dir_counter counter;
	char why[64];
};

ParameterizedTestParameters(endings, of_whose_process_crashes)
{
	static struct crash crashes[] = {
		{ SIGKILL, DIR_COUNT_crashed_killed,
		    "killed by signal 9 (Killed)" },
		/* which no sanitizer catches */
		{ SIGSYS, DIR_COUNT_crashed_fault,
		    "killed by signal 31 (Bad system call)" },
		{ SIGABRT, DIR_COUNT_crashed_abort,
		    "killed by signal 6 (Aborted)" },
		{ SIGALRM, DIR_COUNT_crashed_signal,
		    "killed by signal 14 (Alarm clock)" },
	};

	return cr_make_param_array(
	    struct crash, crashes, sizeof crashes / sizeof *crashes);
}

ParameterizedTest(struct crash *c, endings, of_whose_process_crashes)
{
	const struct rlimit no_core = { 0, 0 };
	struct server *s;

	cr_assert_eq(setrlimit(RLIMIT_CORE, &no_core), 0);
	s = server_start(NULL);
	(void)guest_join(s, "alice");
	(void)kill(server_child_pid(s, "alice"), c->signal);
	is_counted(s, "alice", c->counter, c->why);
}

/* All together ------------------------------------------------------------- */

static bool
two_are_left(void *server)
{
	return server_counter(server, DIR_COUNT_accepted) ==
	       server_n_ended(server) + 2;
}

/* Whatever happens, who has come is here or has ended. */
Test(endings, and_the_living_are_all_that_were_let_in)
{
	struct server *s = server_start(NULL);
	pid_t children[64];
	size_t n;

	(void)guest_join(s, "alice");
	for (int i = 0; i < 30; i++)
		guest_sees_start(guest_connect(s), "* This is chatd");
	n = server_children(s, children, 64);
	for (size_t i = 0; i < n; i++)
		if (children[i] != server_child_pid(s, "alice"))
			(void)kill(children[i], i % 3 == 0 ? SIGKILL : SIGTERM);
	(void)guest_join(s, "bob");
	cr_assert(wait_until(two_are_left, s, PATIENCE_MS));
	server_awaits_users(s, 2);
	cr_assert_eq(server_log_count(s, "the session of "), 30);
}
