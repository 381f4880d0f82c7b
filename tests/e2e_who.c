/* e2e_who.c - chat-who, the program, with a real server; -w is e2e_watch.c's.
 */
#include "tests/harness_guest.h"
#include "tests/harness_server.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static struct server *server;
static struct program_result result;

TestSuite(who, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static void
runs_shell(const char *command)
{
	const char *const argv[] = { "/bin/sh", "-c", command, NULL };

	program_run(&result, NULL, argv);
}

Test(who, a_help_that_cannot_be_written_is_an_error)
{
	runs_shell(BIN_DIR "/chat-who --help >/dev/full");
	cr_assert_eq(result.status, 71);
	cr_assert_not_null(strstr(result.err, "cannot show it"));
	runs_shell(BIN_DIR "/chat-who --version");
	cr_assert_eq(result.status, 0);
	cr_assert_eq(strncmp(result.out, "chat-who ", 9), 0);
}

/* Choosing ---------------------------------------------------------------- */

static void
asks(const char *options)
{
	char command[512];

	(void)snprintf(command, sizeof command,
	    BIN_DIR "/chat-who %s --run-dir %s %s", options, server->run_dir,
	    server->instance);
	runs_shell(command);
	cr_assert_eq(result.status, 0, "%s", result.err);
}

static bool
is_stopped(void *pid)
{
	return process_state(*(const pid_t *)pid) == 'T';
}

static void
stops(pid_t pid)
{
	kill(pid, SIGSTOP);
	cr_assert(wait_until(is_stopped, &pid, PATIENCE_MS));
}

Test(who, users_are_chosen_and_sorted_in_every_form)
{
	struct guest *bob;
	pid_t alice;

	server = server_start(NULL);
	(void)guest_join(server, "Alice");
	bob = guest_join(server, "bob");
	(void)guest_join(server, "Alfred");
	guest_says(bob, "hello");
	guest_sees(bob, "bob: hello");
	asks("-q --name 'aL*' --sort name");
	cr_assert_str_eq(result.out, "Alfred\nAlice\n");
	asks("-o said,name --sort -said --name '[a-b]*'");
	cr_assert_not_null(strstr(
	    result.out, "SAID  NAME\n   1  bob\n   0  Alice\n   0  Alfred\n"));
	asks("-j --name bo?");
	cr_assert_not_null(strstr(result.out, "\"n_users\": 3"));
	cr_assert_not_null(strstr(result.out, "\"bob\""));
	cr_assert_null(strstr(result.out, "\"Alice\""));
	/* The server would evict her. */
	alice = server_child_pid(server, "Alice");
	stops(server->pid);
	stops(alice);
	asks("-q --state stopped");
	cr_assert_str_eq(result.out, "Alice\n");
	kill(alice, SIGCONT);
	kill(server->pid, SIGCONT);
}

Test(who, choosing_users_is_for_one_server)
{
	struct server *other;

	server = server_start(NULL);
	other = server_start(
	    (const char *const[]){ "--run-dir", server->run_dir, NULL });
	program_run(&result, NULL,
	    (const char *const[]){ BIN_DIR "/chat-who", "--name", "a*",
		"--run-dir", server->run_dir, NULL });
	cr_assert_eq(result.status, 64);
	cr_assert_not_null(strstr(result.err, "2 servers run"));
	cr_assert_eq(server_stop(other), 0);
}

/* States ------------------------------------------------------------------ */

static bool
alice_is_shown_as(void *state)
{
	const char *const argv[] = { BIN_DIR "/chat-who", "-o", "state",
		"--run-dir", server->run_dir, server->instance, NULL };

	program_run(&result, NULL, argv);
	return strstr(result.out, state) != NULL;
}

/* Looked at again and again, so that he goes on before he is evicted. */
Test(who, somebody_who_is_stopped_is_shown_so_until_he_goes_on)
{
	char stopped[] = "stopped", here[] = "here";
	pid_t pid;

	server = server_start(NULL);
	(void)guest_join(server, "alice");
	pid = server_child_pid(server, "alice");
	kill(pid, SIGSTOP);
	cr_assert(wait_until(alice_is_shown_as, stopped, PATIENCE_MS));
	kill(pid, SIGCONT);
	cr_assert(wait_until(alice_is_shown_as, here, PATIENCE_MS));
}
