/* e2e_watch_keys.c - what keys do to chat-who -w in a real terminal, with a
 * real server. */
#include "tests/harness_guest.h"
#include "tests/harness_server.h"
#include "tests/harness_terminal.h"
#include "tests/harness_watch.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static struct server *server;
static struct terminal *t;

TestSuite(watch_keys, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static void
alice_is_watched(void)
{
	server = server_start(NULL);
	t = watch_of_alice(server);
}

/* Sorting ----------------------------------------------------------------- */

Test(watch_keys, keys_sort_a_watch_and_turn_it_round)
{
	const char *screen;

	alice_is_watched();
	(void)guest_join(server, "bob");
	terminal_shows(t, "bob ");
	terminal_types(t, "n");
	terminal_shows(t, "sorted by name");
	terminal_types(t, "r");
	terminal_shows(t, "sorted by -name");
	/* The next frame is in the same order, and whole. */
	terminal_types(t, " ");
	screen = terminal_screen(t);
	cr_assert_lt(strstr(screen, "bob "), strstr(screen, "alice "));
	terminal_types(t, "b");
	terminal_shows(t, "sorted by -queued");
}

/* A key that sends more than one byte is none of them, and takes none of those
 * behind it along: Right, the same as some terminals send it, Delete with
 * Control, Alt and a letter. */
Test(watch_keys, keys_that_are_sequences_do_nothing_to_a_watch)
{
	alice_is_watched();
	terminal_sends(t, "\033[Cp\033OC");
	terminal_shows(t, "sorted by pid");
	terminal_sends(t, "\033[3;5~n\033q\033s");
	terminal_shows(t, "sorted by name");
	terminal_presses(t, "Right");
	terminal_types(t, "r");
	terminal_shows(t, "sorted by -name");
}

Test(watch_keys, keys_that_sort_users_leave_a_list_of_servers_alone)
{
	struct server *other;

	server = server_start(NULL);
	other = server_start(
	    (const char *const[]){ "--run-dir", server->run_dir, NULL });
	t = terminal_open(80, 24);
	terminal_types(t,
	    "clear; %s/chat-who -w --run-dir %s; echo \"ended $?\"", BIN_DIR,
	    server->run_dir);
	terminal_presses(t, "Enter");
	terminal_shows(t, "INSTANCE ");
	terminal_types(t, "n/");
	watch_frames_go_by(terminal_program(t));
	terminal_shows(t, "INSTANCE ");
	cr_assert_eq(terminal_counts(t, "name one"), 0);
	cr_assert_eq(terminal_counts(t, "Show names like"), 0);
	terminal_types(t, "h");
	terminal_shows(t, "this help");
	cr_assert_eq(terminal_counts(t, "INSTANCE "), 0);
	terminal_types(t, "q");
	terminal_shows(t, "ended 0");
	cr_assert_eq(server_stop(other), 0);
}

/* Scrolling --------------------------------------------------------------- */

/* Twelve users, six of whom there will be room for. */
static void
a_crowd_comes(void)
{
	char name[24];

	server = server_start(NULL);
	for (int i = 1; i <= 12; i++) {
		(void)snprintf(name, sizeof name, "guest%02d", i);
		(void)guest_join(server, name);
	}
	t = terminal_open(80, 12);
}

static void
a_crowd_is_watched(const char *options)
{
	a_crowd_comes();
	watch_starts(t, server, options);
	terminal_shows(t, "users 1-6 of 12");
}

/* The table ends with this user and this line. */
static void
ends_with(const char *name, const char *line)
{
	terminal_shows(t, "%s", line);
	cr_assert_eq(terminal_counts(t, name), 1);
	cr_assert_eq(terminal_counts(t, "NAME "), 1);
}

Test(watch_keys, more_users_than_there_is_room_for_are_scrolled)
{
	a_crowd_is_watched("");
	terminal_presses(t, "Down");
	ends_with("guest07", "users 2-7 of 12");
	cr_assert_eq(terminal_counts(t, "guest01"), 0);
	terminal_presses(t, "PageDown");
	ends_with("guest12", "users 7-12 of 12");
	terminal_presses(t, "PageUp");
	terminal_presses(t, "Up");
	ends_with("guest06", "users 1-6 of 12");
	/* as a terminal in application mode sends it */
	terminal_sends(t, "\033OF");
	ends_with("guest12", "users 7-12 of 12");
	terminal_presses(t, "Home");
	ends_with("guest06", "users 1-6 of 12");
}

Test(watch_keys, who_has_scrolled_stays_where_he_is)
{
	a_crowd_is_watched("--sort name");
	terminal_presses(t, "PageDown");
	terminal_shows(t, "users 7-12 of 12");
	(void)guest_join(server, "aaron");
	terminal_shows(t, "users 7-12 of 13");
	cr_assert_eq(terminal_counts(t, "guest06"), 1);
	terminal_types(t, "r");
	terminal_shows(t, "sorted by -name");
	terminal_shows(t, "users 7-12 of 13");
	terminal_resizes(t, 80, 10);
	terminal_shows(t, "users 7-10 of 13");
	terminal_resizes(t, 80, 14);
	terminal_shows(t, "users 6-13 of 13");
	terminal_resizes(t, 80, 24);
	terminal_shows(t, "guest12");
}

Test(watch_keys, counters_are_scrolled_too)
{
	server = server_start(NULL);
	t = terminal_open(80, 12);
	watch_starts(t, server, "-s");
	terminal_shows(t, "lines 1-8 of ");
	terminal_presses(t, "End");
	terminal_shows(t, "lock_repairs ");
	cr_assert_eq(terminal_counts(t, "COUNTER "), 1);
}

/* Filters ----------------------------------------------------------------- */

Test(watch_keys, a_key_asks_for_a_filter)
{
	a_crowd_is_watched("");
	terminal_types(t, "/Guest0x");
	terminal_shows(t, "Show names like: Guest0x");
	terminal_presses(t, "BSpace");
	terminal_types(t, "[1-3]");
	terminal_presses(t, "Enter");
	terminal_shows(t, "3 users are shown: name guest0[1-3]");
	terminal_shows(t, "guest03 ");
	terminal_types(t, "/");
	terminal_ends_with(t, "Show names like:");
	cr_assert_eq(terminal_counts(t, "guest"), 4);
	terminal_presses(t, "Enter");
	terminal_shows(t, "users 1-6 of 12");
}

static bool
is_nothing_asked(void *arg)
{
	(void)arg;
	return terminal_counts(t, "Show names like") == 0;
}

static void
is_asked_for_a_filter(void)
{
	terminal_types(t, "/guest");
	terminal_shows(t, "Show names like: guest");
}

Test(watch_keys, a_filter_is_given_up_by_escape_and_control_c)
{
	a_crowd_comes();
	watch_starts(t, server, "--name '*1*'");
	terminal_shows(t, "4 users are shown: name *1*");
	is_asked_for_a_filter();
	terminal_sends(t, "\033");
	cr_assert(wait_until(is_nothing_asked, NULL, PATIENCE_MS));
	is_asked_for_a_filter();
	terminal_presses(t, "C-c");
	cr_assert(wait_until(is_nothing_asked, NULL, PATIENCE_MS));
	terminal_types(t, "n");
	terminal_shows(t, "sorted by name");
	terminal_shows(t, "4 users are shown: name *1*");
	terminal_presses(t, "C-c");
	terminal_shows(t, "ended 0");
}

Test(watch_keys, somebody_s_signal_ends_it_whatever_is_asked)
{
	alice_is_watched();
	is_asked_for_a_filter();
	kill(terminal_program(t), SIGINT);
	terminal_shows(t, "ended 0");
}

Test(watch_keys, a_filter_half_typed_is_there_again_after_a_pause)
{
	alice_is_watched();
	is_asked_for_a_filter();
	terminal_presses(t, "C-z");
	terminal_is_alternate(t, false);
	terminal_ends_with(t, "$");
	terminal_types(t, "fg");
	terminal_presses(t, "Enter");
	terminal_is_alternate(t, true);
	terminal_shows(t, "Show names like: guest");
	terminal_presses(t, "Enter");
	terminal_shows(t, "0 users are shown: name guest");
}

/* Help -------------------------------------------------------------------- */

Test(watch_keys, the_escape_key_is_one_when_nothing_follows)
{
	alice_is_watched();
	terminal_types(t, "?");
	terminal_shows(t, "quit");
	terminal_sends(t, "\033");
	terminal_shows(t, "alice ");
	terminal_types(t, "n");
	terminal_shows(t, "sorted by name");
}

Test(watch_keys, a_key_shows_which_keys_there_are)
{
	alice_is_watched();
	terminal_types(t, "?");
	terminal_shows(t, "quit");
	cr_assert_eq(terminal_counts(t, "alice "), 0);
	terminal_types(t, "h");
	terminal_shows(t, "alice ");
	terminal_types(t, "h");
	terminal_shows(t, "quit");
	terminal_types(t, "s");
	terminal_shows(t, "sorted by -said");
	terminal_shows(t, "alice ");
}

/* A list of names, which has no header. */
Test(watch_keys, help_stands_where_any_table_would)
{
	server = server_start(NULL);
	(void)guest_join(server, "alice");
	t = terminal_open(80, 24);
	watch_starts(t, server, "-q");
	terminal_ends_with(t, "alice");
	terminal_types(t, "h");
	terminal_shows(t, "Sort by");
	cr_assert_eq(terminal_counts(t, "alice"), 0);
	terminal_types(t, "h");
	terminal_ends_with(t, "alice");
	terminal_types(t, "h");
	terminal_shows(t, "Sort by");
	/* No server: no users to be sorted. */
	cr_assert_eq(server_stop(server), 0);
	terminal_shows(t, "no server");
	terminal_shows(t, "quit");
	terminal_types(t, "q");
	terminal_shows(t, "ended 0");
}
