/* e2e_dump.c - chat-who --dump, the program, with real servers that live, hang
 * or are dead. */
#include "tests/harness_guest.h"
#include "tests/harness_lock.h"
#include "tests/harness_server.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

TestSuite(dump, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* Too large for the stack of a test. */
static struct program_result result;

static void
asks(const struct server *s, const char *instance)
{
	program_run(&result, NULL,
	    (const char *const[]){ BIN_DIR "/chat-who", "--dump", "--run-dir",
		s->run_dir, instance, NULL });
}

static void
shows(const char *text)
{
	cr_assert_not_null(
	    strstr(result.out, text), "no %s in %s", text, result.out);
}

Test(dump, of_a_living_server_is_all_it_has)
{
	struct server *s = server_start(NULL);

	(void)guest_join(s, "alice");
	asks(s, NULL);
	cr_assert_eq(result.status, 0, "%s", result.err);
	cr_assert_str_eq(result.err, "");
	shows(" (lives)\n");
	shows(", here)\n");
	shows("\"alice\"");
	shows("  sound: 1 are here");
}

Test(dump, of_a_dead_server_is_what_it_has_left)
{
	struct server *s = server_start(NULL);

	(void)guest_join(s, "alice");
	server_kill_all(s);
	asks(s, s->instance);
	cr_assert_eq(result.status, 0, "%s", result.err);
	shows(" (is gone)\n");
	shows("\"alice\"");
	asks(s, NULL);
	cr_assert_eq(result.status, 0, "%s", result.err);
	shows(" (is gone)\n");
	server_remove_leftovers(s);
}

Test(dump, needs_no_lock_and_names_its_holder)
{
	struct server *s = server_start(NULL);
	pid_t child;

	(void)guest_join(s, "alice");
	child = lock_is_stuck_with(s, "alice");
	asks(s, s->instance);
	cr_assert_eq(result.status, 0, "%s", result.err);
	shows(": \"alice\", pid ");
	(void)kill(child, SIGKILL);
	(void)kill(s->pid, SIGCONT);
}

Test(dump, is_of_one_server)
{
	struct server *s = server_start(NULL);
	struct server *other = server_start(
	    (const char *const[]){ "--run-dir", s->run_dir, NULL });

	asks(s, NULL);
	cr_assert_eq(result.status, 64);
	cr_assert_not_null(strstr(result.err, "name the instance"));
	asks(s, "nonesuch");
	cr_assert_eq(result.status, 1);
	cr_assert_not_null(strstr(result.err, "no server runs as"));
	cr_assert_eq(server_stop(other), 0);
}
