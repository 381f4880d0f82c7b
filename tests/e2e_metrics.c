/* e2e_metrics.c - chat-who --metrics, the program, with real servers that live
 * or are dead. */
#include "tests/harness_guest.h"
#include "tests/harness_server.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(metrics, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* Too large for the stack of a test. */
static struct program_result result;

static void
asks(const struct server *s, const char *instance)
{
	program_run(&result, NULL,
	    (const char *const[]){ BIN_DIR "/chat-who", "--metrics",
		"--run-dir", s->run_dir, instance, NULL });
}

/* The value of a metric of one server; `reason` NULL: it has none. */
static void
shows(const struct server *s, const char *name, const char *reason, long value)
{
	char sample[256];

	(void)snprintf(sample, sizeof sample, "\n%s{server=\"%s\"%s%s%s} %ld\n",
	    name, s->instance, reason == NULL ? "" : ",reason=\"",
	    reason == NULL ? "" : reason, reason == NULL ? "" : "\"", value);
	cr_assert_not_null(
	    strstr(result.out, sample), "no %s in %s", sample, result.out);
}

Test(metrics, tell_of_all_servers_or_of_one)
{
	struct server *s = server_start(NULL);
	struct server *other = server_start(
	    (const char *const[]){ "--run-dir", s->run_dir, NULL });
	struct guest *alice = guest_join(s, "alice");

	guest_says(alice, "one");
	guest_sees(alice, "alice: one");
	asks(s, NULL);
	cr_assert_eq(result.status, 0, "%s", result.err);
	shows(s, "chatd_users", NULL, 1);
	shows(s, "chatd_lines_total", NULL, 1);
	shows(other, "chatd_users", NULL, 0);
	shows(other, "chatd_crashed_total", "fault", 0);
	asks(s, other->instance);
	cr_assert_eq(result.status, 0, "%s", result.err);
	shows(other, "chatd_up", NULL, 1);
	cr_assert_null(strstr(result.out, s->instance));
	cr_assert_eq(server_stop(other), 0);
}

Test(metrics, of_a_dead_server_say_that_it_is_down)
{
	struct server *s = server_start(NULL);

	(void)guest_join(s, "alice");
	server_kill_all(s);
	asks(s, s->instance);
	cr_assert_eq(result.status, 1);
	shows(s, "chatd_up", NULL, 0);
	asks(s, NULL);
	cr_assert_eq(result.status, 1);
	shows(s, "chatd_up", NULL, 0);
	cr_assert_null(strstr(result.out, "chatd_users{"));
	cr_assert_not_null(strstr(result.err, "no server runs"));
	server_remove_leftovers(s);
}
