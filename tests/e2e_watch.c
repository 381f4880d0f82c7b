/* e2e_watch.c - chat-who -w in a real terminal, with a real server: what it
 * takes of the terminal and gives back.  What keys do is e2e_watch_keys.c's. */
#include "tests/harness_guest.h"
#include "tests/harness_server.h"
#include "tests/harness_terminal.h"
#include "tests/harness_watch.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define CONTROL_S "\x13"

static struct server *server;
static struct terminal *t;

TestSuite(watch, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* The screen -------------------------------------------------------------- */

static void
alice_is_watched(void)
{
	server = server_start(NULL);
	t = watch_of_alice(server);
}

static void
the_terminal_is_the_shell_s(void)
{
	terminal_is_alternate(t, false);
	terminal_presses(t, "Enter");
	terminal_types(t, "echo $((40 + 2))!");
	terminal_presses(t, "Enter");
	terminal_shows(t, "42!");
	cr_assert_eq(terminal_counts(t, "alice "), 0);
}

Test(watch, a_watch_is_drawn_in_place_until_control_c)
{
	alice_is_watched();
	(void)guest_join(server, "bob");
	terminal_shows(t, "bob ");
	cr_assert_eq(terminal_counts(t, "NAME "), 1);
	terminal_presses(t, "C-c");
	terminal_shows(t, "ended 0");
	the_terminal_is_the_shell_s();
}

Test(watch, a_watch_gives_the_screen_back_on_sigterm)
{
	alice_is_watched();
	kill(terminal_program(t), SIGTERM);
	terminal_shows(t, "ended 0");
	the_terminal_is_the_shell_s();
}

Test(watch, a_watch_gives_the_screen_back_on_a_signal_that_means_nothing_to_it)
{
	alice_is_watched();
	kill(terminal_program(t), SIGUSR1);
	terminal_shows(t, "ended 0");
	the_terminal_is_the_shell_s();
}

Test(watch, a_watch_knows_from_its_second_look_how_much_is_said)
{
	server = server_start(NULL);
	(void)guest_join(server, "alice");
	t = terminal_open(80, 24);
	watch_starts(t, server, "-o rate,name,state");
	terminal_shows(t, "   0  alice  here");
}

Test(watch, a_watch_of_a_held_screen_can_be_ended)
{
	pid_t watch;

	alice_is_watched();
	watch = terminal_program(t);
	terminal_sends(t, CONTROL_S);
	watch_frames_go_by(watch);
	kill(watch, SIGTERM);
	terminal_shows(t, "ended 0");
	the_terminal_is_the_shell_s();
}

Test(watch, a_watch_lends_the_screen_and_draws_nothing_in_the_background)
{
	pid_t watch;

	alice_is_watched();
	watch = terminal_program(t);
	terminal_presses(t, "C-z");
	terminal_is_alternate(t, false);
	terminal_ends_with(t, "$");
	terminal_types(t, "bg");
	terminal_presses(t, "Enter");
	watch_frames_go_by(watch);
	the_terminal_is_the_shell_s();
	terminal_types(t, "fg");
	terminal_presses(t, "Enter");
	terminal_is_alternate(t, true);
	terminal_shows(t, "alice ");
}

Test(watch, a_watch_ignores_what_it_was_started_to_ignore)
{
	server = server_start(NULL);
	(void)guest_join(server, "alice");
	t = terminal_open(80, 24);
	terminal_types(t, "trap '' HUP");
	terminal_presses(t, "Enter");
	watch_starts(t, server, "");
	terminal_shows(t, "alice ");
	kill(terminal_program(t), SIGHUP);
	(void)guest_join(server, "bob");
	terminal_shows(t, "bob ");
	terminal_presses(t, "C-c");
	terminal_shows(t, "ended 0");
}

/* JSON is not drawn in place, and all of it is there to be read. */
Test(watch, a_watch_in_json_knows_everybody_s_state)
{
	char name[24];
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
	watch_starts(t, server, "-j");
	terminal_shows(t, "\"state\":\"stopped\"");
	kill(last, SIGCONT);
	kill(server->pid, SIGCONT);
}

/* The keyboard ------------------------------------------------------------ */

Test(watch, a_watch_is_quit_by_a_key_and_leaves_the_keyboard_as_it_was)
{
	char before[256], during[256], after[256];

	server = server_start(NULL);
	(void)guest_join(server, "alice");
	t = terminal_open(80, 24);
	terminal_modes(t, before, sizeof before);
	watch_starts(t, server, "");
	terminal_shows(t, "alice ");
	terminal_modes(t, during, sizeof during);
	cr_assert_str_neq(during, before);
	terminal_types(t, "q");
	terminal_shows(t, "ended 0");
	terminal_modes(t, after, sizeof after);
	cr_assert_str_eq(after, before);
	the_terminal_is_the_shell_s();
}

Test(watch, a_watch_gives_the_keyboard_back_when_it_is_suspended)
{
	char before[256], during[256], suspended[256], again[256];

	server = server_start(NULL);
	(void)guest_join(server, "alice");
	t = terminal_open(80, 24);
	terminal_modes(t, before, sizeof before);
	watch_starts(t, server, "");
	terminal_shows(t, "alice ");
	terminal_modes(t, during, sizeof during);
	terminal_presses(t, "C-z");
	terminal_is_alternate(t, false);
	terminal_ends_with(t, "$");
	terminal_modes(t, suspended, sizeof suspended);
	cr_assert_str_eq(suspended, before);
	terminal_types(t, "fg");
	terminal_presses(t, "Enter");
	terminal_is_alternate(t, true);
	terminal_shows(t, "alice ");
	terminal_modes(t, again, sizeof again);
	cr_assert_str_eq(again, during);
	terminal_types(t, "q");
	/* The shell's line went on with the echo when it was suspended. */
	terminal_is_alternate(t, false);
	the_terminal_is_the_shell_s();
}

Test(watch, a_watch_gives_the_terminal_back_when_it_dies_of_a_fault)
{
	char before[256], after[256];

	server = server_start(NULL);
	(void)guest_join(server, "alice");
	t = terminal_open(80, 24);
	terminal_types(t, "ulimit -c 0");
	terminal_presses(t, "Enter");
	terminal_modes(t, before, sizeof before);
	watch_starts(t, server, "");
	terminal_shows(t, "alice ");
	/* The one that no sanitizer wants. */
	kill(terminal_program(t), SIGTRAP);
	terminal_shows(t, "ended 133");
	terminal_modes(t, after, sizeof after);
	cr_assert_str_eq(after, before);
	the_terminal_is_the_shell_s();
}

Test(watch, a_watch_reads_no_keys_from_what_is_no_terminal)
{
	char before[256], during[256];

	server = server_start(NULL);
	(void)guest_join(server, "alice");
	t = terminal_open(80, 24);
	terminal_modes(t, before, sizeof before);
	watch_starts(t, server, "</dev/null");
	terminal_shows(t, "alice ");
	terminal_modes(t, during, sizeof during);
	cr_assert_str_eq(during, before);
	watch_frames_go_by(terminal_program(t));
	terminal_presses(t, "C-c");
	terminal_shows(t, "ended 0");
	the_terminal_is_the_shell_s();
}
