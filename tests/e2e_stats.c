/* e2e_stats.c - chat-who --stats, the program, with real servers that live,
 * hang or are dead. */
#include "tests/harness_guest.h"
#include "tests/harness_lock.h"
#include "tests/harness_terminal.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define CHAT_WHO BIN_DIR "/chat-who"

TestSuite(stats, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* Too large for the stack of a test. */
static struct program_result result;

static void
asks(const struct server *s, const char *options, const char *instance)
{
	program_run(&result, NULL,
	    (const char *const[]){
		CHAT_WHO, options, "--run-dir", s->run_dir, instance, NULL });
}

/* The row of a counter, count and all. */
static void
shows(const char *counter, unsigned long count)
{
	const char *row = strstr(result.out, counter);
	unsigned long shown = 0;

	cr_assert_not_null(row, "no %s in %s", counter, result.out);
	cr_assert_eq(sscanf(row + strlen(counter), "%lu", &shown), 1);
	cr_assert_eq(shown, count, "%s is %lu", counter, shown);
}

static json_int_t
json_counter(const json_t *server, const char *name)
{
	json_t *value =
	    json_object_get(json_object_get(server, "counters"), name);

	cr_assert(json_is_integer(value), "no %s in %s", name, result.out);
	return json_integer_value(value);
}

static json_t *
parsed(void)
{
	json_error_t error;
	json_t *object = json_loads(result.out, 0, &error);

	cr_assert_not_null(object, "%s: %s", error.text, result.out);
	return object;
}

Test(stats, are_a_table_of_what_has_happened_and_of_what_has_not)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");

	guest_says(alice, "one");
	guest_says(alice, "two");
	guest_sees(alice, "alice: two");
	asks(s, "--stats", s->instance);
	cr_assert_eq(result.status, 0, "%s", result.err);
	cr_assert_str_eq(result.err, "");
	cr_assert_not_null(strstr(result.out, "1 of 1024 users"));
	shows("  accepted ", 1);
	shows("  joined ", 1);
	shows("  lines ", 2);
	shows("  crashed_fault ", 0);
}

Test(stats, need_no_lock)
{
	struct server *s = server_start(NULL);
	pid_t child;

	(void)guest_join(s, "alice");
	child = lock_is_stuck_with(s, "alice");
	asks(s, "-s", s->instance);
	cr_assert_eq(result.status, 0, "%s", result.err);
	shows("  joined ", 1);
	asks(s, "-sj", s->instance);
	cr_assert_eq(result.status, 0, "%s", result.err);
	(void)kill(child, SIGKILL);
	(void)kill(s->pid, SIGCONT);
}

Test(stats, of_a_dead_server_are_for_programs_only)
{
	struct server *s = server_start(NULL);
	json_t *object;

	(void)guest_join(s, "alice");
	server_kill_all(s);
	asks(s, "-s", s->instance);
	cr_assert_eq(result.status, 1);
	cr_assert_str_eq(result.out, "");
	cr_assert_not_null(strstr(result.err, "is stale"), "%s", result.err);
	asks(s, "-sj", s->instance);
	cr_assert_eq(result.status, 1);
	object = parsed();
	cr_assert(json_is_false(json_object_get(object, "live")));
	cr_assert_eq(json_counter(object, "joined"), 1);
	json_decref(object);
	asks(s, "-s", NULL);
	cr_assert_eq(result.status, 1);
	cr_assert_not_null(strstr(result.err, "no server runs"));
	server_remove_leftovers(s);
}

Test(stats, of_several_servers_are_a_list_for_programs_only)
{
	struct server *s = server_start(NULL);
	struct server *other = server_start(
	    (const char *const[]){ "--run-dir", s->run_dir, NULL });
	json_t *object, *list;

	(void)guest_join(s, "alice");
	asks(s, "-s", NULL);
	cr_assert_eq(result.status, 64);
	cr_assert_str_eq(result.out, "");
	cr_assert_not_null(
	    strstr(result.err, "2 servers run"), "%s", result.err);
	asks(s, "-s", s->instance);
	cr_assert_eq(result.status, 0);
	shows("  joined ", 1);
	asks(s, "-sj", NULL);
	cr_assert_eq(result.status, 0);
	object = parsed();
	list = json_object_get(object, "instances");
	cr_assert_eq(json_array_size(list), 2);
	cr_assert_eq(json_counter(json_array_get(list, 0), "joined") +
			 json_counter(json_array_get(list, 1), "joined"),
	    1);
	json_decref(object);
	cr_assert_eq(server_stop(other), 0);
}

Test(stats, are_not_for_names_only)
{
	struct server *s = server_start(NULL);

	asks(s, "-sq", s->instance);
	cr_assert_eq(result.status, 64);
	cr_assert_not_null(
	    strstr(result.err, "--stats and --quiet exclude each other"));
}

Test(stats, may_be_watched)
{
	struct server *s = server_start(NULL);
	struct terminal *t = terminal_open(80, 60);
	struct guest *alice;

	terminal_types(t, "clear; %s -sw --run-dir %s %s; echo \"ended $?\"",
	    CHAT_WHO, s->run_dir, s->instance);
	terminal_presses(t, "Enter");
	terminal_shows(t, "  ended_left                0");
	terminal_is_alternate(t, true);
	alice = guest_join(s, "alice");
	guest_says(alice, "exit");
	guest_sees_end(alice);
	guest_close(alice);
	terminal_shows(t, "  ended_left                1");
	terminal_presses(t, "C-c");
	terminal_shows(t, "ended 0");
}
