/* e2e_who.c - chat-who, the program, with a real server, and -w in a real
 * terminal. */
#include "tests/harness_guest.h"
#include "tests/harness_server.h"
#include "tests/harness_terminal.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static struct server *server;
static struct terminal *t;
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

/* Watching ---------------------------------------------------------------- */

static void
starts_watch(const char *options)
{
	terminal_types(t,
	    "clear; %s/chat-who -w %s --run-dir %s %s; echo \"ended $?\"",
	    BIN_DIR, options, server->run_dir, server->instance);
	terminal_presses(t, "Enter");
}

/* JSON is not drawn in place, and all of it is there to be read. */
Test(who, a_watch_in_json_knows_everybody_s_state)
{
	char name[8];
	pid_t last;

	server = server_start(NULL);
	for (int i = 0; i < 9; i++) {
		(void)snprintf(name, sizeof name, "guest%d", i);
		(void)guest_join(server, name);
	}
	last = server_child_pid(server, "guest8");
	/* The server would evict the other one. */
	kill(server->pid, SIGSTOP);
	kill(last, SIGSTOP);
	t = terminal_open(4000, 5);
	starts_watch("-j");
	terminal_shows(t, "\"state\":\"stopped\"");
	kill(last, SIGCONT);
	kill(server->pid, SIGCONT);
}
