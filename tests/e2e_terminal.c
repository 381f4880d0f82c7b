/* e2e_terminal.c - chat in a real terminal: what is said and seen.
 *
 * alice sits at the terminal; bob and others are there to be talked to. */
#include "tests/harness_chat.h"
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define CONTROL_Q "\x11"
#define CONTROL_S "\x13"

static struct server *server;
static struct terminal *t;

TestSuite(terminal, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static void
starts_chat(const char *variables, const char *options)
{
	chat_starts(t, server, variables, options);
}

static void
alice_is_here(void)
{
	server = server_start(NULL);
	t = chat_at_terminal(server, "alice");
}

static void
alice_enters(const char *text)
{
	chat_enters(t, text);
}

static void
alice_leaves(void)
{
	chat_leaves(t, "alice");
}

/* What is said ------------------------------------------------------------ */

Test(terminal, a_line_appears_once_as_the_server_repeats_it)
{
	struct guest *bob;

	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_shows(t, "* bob joined");
	alice_enters("hello, bob");
	guest_sees(bob, "alice: hello, bob");
	terminal_shows(t, " alice: hello, bob");
	terminal_ends_with(t, "alice>");
	cr_assert_eq(terminal_counts(t, "hello, bob"), 1);
	alice_leaves();
	guest_sees(bob, "* alice left");
}

Test(terminal, what_others_say_leaves_the_line_being_typed_alone)
{
	struct guest *bob;

	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_types(t, "I was about to");
	terminal_ends_with(t, "alice> I was about to");
	guest_says(bob, "listen");
	guest_says(bob, "@alice just you");
	terminal_shows(t, "[bob -> alice] just you");
	terminal_shows(t, "bob: listen");
	terminal_ends_with(t, "alice> I was about to");
	alice_enters(" say it");
	guest_sees(bob, "alice: I was about to say it");
}

Test(terminal, a_line_of_several_rows_survives_what_others_say)
{
	struct guest *bob;
	char text[201];

	memset(text, 'x', sizeof text);
	memcpy(text + 195, "tail.", 6);
	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_types(t, "%s", text);
	terminal_shows(t, "tail.");
	for (int i = 0; i < 5; i++)
		guest_says(bob, "line %d", i);
	terminal_shows(t, "bob: line 4");
	terminal_shows(t, "tail.");
	cr_assert_eq(terminal_counts(t, "alice> x"), 1);
	cr_assert_eq(terminal_counts(t, "bob: line 0"), 1);
	terminal_presses(t, "Enter");
	guest_sees(bob, "alice: %s", text);
}

Test(terminal, a_burst_is_shown_to_its_last_line)
{
	struct guest *bob;

	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_types(t, "meanwhile");
	for (int i = 0; i < 5000; i++)
		guest_says(bob, "line %d", i);
	terminal_shows(t, "bob: line 4999");
	terminal_ends_with(t, "alice> meanwhile");
}

Test(terminal, a_burst_is_shown_whole_also_on_a_terminal_left_nonblocking)
{
	struct guest *bob;

	server = server_start(NULL);
	t = terminal_open(80, 24);
	bob = guest_join(server, "bob");
	terminal_types(t,
	    "dd if=/dev/null oflag=nonblock status=none; %s/chat --status=no "
	    "-n alice "
	    "127.0.0.1:%u",
	    BIN_DIR, server->port);
	terminal_presses(t, "Enter");
	terminal_ends_with(t, "alice>");
	/* Blanks fill the terminal's buffers, too. */
	for (int i = 0; i < 3000; i++)
		guest_says(bob, "line %d%60s", i, "");
	terminal_shows(t, "bob: line 2999");
	terminal_ends_with(t, "alice>");
	cr_assert_eq(terminal_counts_ever(t, "bob: line "), 3000);
}

Test(terminal, what_others_say_waits_for_a_screen_that_is_held)
{
	struct guest *bob;

	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_shows(t, "* bob joined");
	terminal_sends(t, CONTROL_S);
	guest_says(bob, "listen");
	guest_sees(bob, "bob: listen");
	terminal_sends(t, "and I say");
	guest_says(bob, "do you hear?");
	guest_sees(bob, "bob: do you hear?");
	terminal_sends(t, CONTROL_Q);
	terminal_shows(t, "bob: do you hear?");
	terminal_ends_with(t, "alice> and I say");
	cr_assert_eq(terminal_counts(t, "alice>"), 1);
}

Test(terminal, who_has_stopped_the_screen_can_type_on)
{
	struct guest *bob;

	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_shows(t, "* bob joined");
	terminal_sends(t, CONTROL_S);
	/* On an empty line this rings the bell. */
	terminal_presses(t, "BSpace");
	alice_enters("hello");
	guest_sees(bob, "alice: hello");
	terminal_types(t, "and so on");
	terminal_resizes(t, 60, 24);
	guest_says(bob, "hello");
	guest_sees(bob, "bob: hello");
	terminal_sends(t, CONTROL_Q);
	terminal_shows(t, "alice: hello");
	terminal_shows(t, "bob: hello");
	terminal_ends_with(t, "alice> and so on");
	cr_assert_eq(terminal_counts(t, "alice>"), 1);
}

Test(terminal, a_refusal_is_shown_and_the_talk_goes_on)
{
	alice_is_here();
	alice_enters("@nobody hello");
	terminal_shows(t, " ! ");
	terminal_ends_with(t, "alice>");
}

Test(terminal, saying_something_rings_no_bell)
{
	char dir[TEST_PATH_BYTES], variables[TEST_PATH_BYTES + 32];
	struct program_result bells;

	test_dir(dir);
	(void)snprintf(
	    variables, sizeof variables, "2>%s/bells USER=alice", dir);
	server = server_start(NULL);
	t = terminal_open(80, 24);
	starts_chat(variables, "");
	terminal_ends_with(t, "alice>");
	alice_enters("hello");
	terminal_shows(t, "alice: hello");
	(void)snprintf(variables, sizeof variables, "%s/bells", dir);
	program_run(
	    &bells, NULL, (const char *const[]){ "/bin/cat", variables, NULL });
	cr_assert_str_eq(bells.out, "");
	cr_assert_eq(bells.status, 0);
}

/* Names ------------------------------------------------------------------- */

Test(terminal, a_refused_name_is_asked_for_again)
{
	server = server_start(NULL);
	t = terminal_open(80, 24);
	(void)guest_join(server, "bob");
	starts_chat("USER=x", "-n bob");
	terminal_shows(t, "! the name \"bob\" is taken");
	terminal_ends_with(t, "your name:");
	alice_enters("alice");
	terminal_shows(t, "* Welcome, alice!");
	terminal_ends_with(t, "alice>");
	alice_leaves();
}

Test(terminal, what_is_typed_ahead_of_the_welcome_is_for_the_room)
{
	struct guest *bob;

	server = server_start(NULL);
	t = terminal_open(80, 24);
	bob = guest_join(server, "bob");
	starts_chat("USER=x", "-n ''");
	terminal_ends_with(t, "your name:");
	terminal_sends(t, "al\rhello\rworld\rand ");
	guest_sees(bob, "* al joined");
	guest_sees(bob, "al: hello");
	guest_sees(bob, "al: world");
	terminal_ends_with(t, "al> and");
	alice_enters("so on");
	guest_sees(bob, "al: and so on");
}

Test(terminal, what_is_typed_ahead_of_a_refusal_is_another_name)
{
	server = server_start(NULL);
	t = terminal_open(80, 24);
	(void)guest_join(server, "bob");
	starts_chat("USER=x", "-n ''");
	terminal_ends_with(t, "your name:");
	terminal_sends(t, "bob\rrob\rhello\r");
	terminal_shows(t, "* Welcome, rob!");
	terminal_shows(t, "rob: hello");
	terminal_ends_with(t, "rob>");
}

Test(terminal, the_prompt_follows_the_name)
{
	alice_is_here();
	alice_enters("/nick alicia");
	terminal_shows(t, "* alice is now alicia");
	terminal_ends_with(t, "alicia>");
}

Test(terminal, tab_completes_names_and_commands)
{
	alice_is_here();
	(void)guest_join(server, "Barbara");
	terminal_shows(t, "* Barbara joined");
	terminal_types(t, "@bar");
	terminal_presses(t, "Tab");
	terminal_types(t, "or bar");
	terminal_presses(t, "Tab");
	terminal_types(t, "?");
	terminal_ends_with(t, "alice> @Barbara or Barbara ?");
	terminal_presses(t, "C-c");
	terminal_ends_with(t, "alice>");
	terminal_types(t, "/hel");
	terminal_presses(t, "Tab");
	terminal_ends_with(t, "alice> /help");
	terminal_presses(t, "C-c");
	terminal_types(t, "bar");
	terminal_presses(t, "Tab");
	terminal_types(t, "hello");
	terminal_ends_with(t, "alice> Barbara: hello");
}

Test(terminal, a_second_tab_lists_the_names_that_fit)
{
	alice_is_here();
	(void)guest_join(server, "dana");
	(void)guest_join(server, "dave");
	terminal_shows(t, "* dave joined");
	terminal_types(t, "@d");
	terminal_presses(t, "Tab");
	terminal_presses(t, "Tab");
	terminal_shows(t, "-- @dana, @dave");
	terminal_ends_with(t, "alice> @da");
}

Test(terminal, tab_knows_names_that_the_greeting_left_out)
{
	char name[16];

	server = server_start(NULL);
	t = terminal_open(80, 24);
	for (int i = 0; i < 25; i++) {
		(void)snprintf(name, sizeof name, "guest-%c-here", 'a' + i);
		(void)guest_join(server, name);
	}
	server_awaits_users(server, 25);
	starts_chat("USER=alice", "");
	terminal_shows(t, "more");
	for (int i = 0; i < 25; i++) {
		terminal_types(t, "@guest-%c", 'a' + i);
		terminal_presses(t, "Tab");
		terminal_ends_with(t, "alice> @guest-%c-here", 'a' + i);
		terminal_presses(t, "C-c");
		terminal_ends_with(t, "alice>");
	}
	cr_assert_eq(terminal_counts(t, "people are here"), 1);
	cr_assert_eq(terminal_counts(t, "also here"), 0);
}

/* Looks ------------------------------------------------------------------- */

Test(terminal, every_line_has_its_time_from_the_first_on)
{
	server = server_start(NULL);
	t = terminal_open(80, 24);
	starts_chat("USER=alice", "-n ''");
	/* Without a time the row would begin with the dashes. */
	terminal_shows(t, " -- by what name shall others know you?");
}

/* A time zone that in some seconds puts the clock forward by a day. */
static void
compose_zone(char *zone, size_t size, time_t at)
{
	struct tm tm;

	cr_assert_not_null(gmtime_r(&at, &tm));
	(void)snprintf(zone, size, "TZ=AAA0BBB-24,%d/%02d:%02d:%02d,%d/0",
	    tm.tm_yday, tm.tm_hour, tm.tm_min, tm.tm_sec,
	    tm.tm_yday < 180 ? 300 : 60);
}

static bool
is_later(void *at)
{
	return time(NULL) > *(time_t *)at;
}

Test(terminal, another_day_is_told_with_its_first_line)
{
	char variables[128], date[64];
	struct guest *bob;
	struct tm tm;
	time_t at;

	server = server_start(NULL);
	t = terminal_open(80, 24);
	bob = guest_join(server, "bob");
	at = time(NULL) + 6 * TEST_SLOWNESS;
	compose_zone(variables, sizeof variables - 16, at);
	strcat(variables, " USER=alice");
	starts_chat(variables, "");
	terminal_ends_with(t, "alice>");
	if (is_later(&at))
		cr_skip_test("chat has taken until midnight to start");
	cr_assert(wait_until(is_later, &at, PATIENCE_MS));
	cr_assert_eq(terminal_counts(t, "-- it is "), 0);
	guest_says(bob, "good morning");
	terminal_shows(t, "bob: good morning");
	at += 24 * 60 * 60;
	(void)strftime(date, sizeof date, "%A, %F", gmtime_r(&at, &tm));
	terminal_shows(t, "-- it is %s", date);
	guest_says(bob, "had breakfast?");
	terminal_shows(t, "bob: had breakfast?");
	cr_assert_eq(terminal_counts(t, "-- it is "), 1);
}

Test(terminal, colours_can_be_had_and_done_without)
{
	alice_is_here();
	cr_assert_not_null(strstr(terminal_coloured_screen(t), "\033["));
	alice_leaves();
	/* Another name: alice's welcome may still be there for a moment. */
	starts_chat("NO_COLOR=1 USER=bob", "");
	terminal_shows(t, "* Welcome, bob!");
	cr_assert_null(strstr(terminal_coloured_screen(t), "\033["));
}

Test(terminal, a_dumb_terminal_will_do)
{
	struct guest *bob;

	server = server_start(NULL);
	t = terminal_open(80, 24);
	starts_chat("TERM=dumb", "-n alice");
	terminal_shows(t, "* Welcome, alice!");
	bob = guest_join(server, "bob");
	terminal_types(t, "half");
	guest_says(bob, "hello");
	terminal_shows(t, "bob: hello");
	terminal_ends_with(t, "alice> half");
	alice_enters(" whole");
	guest_sees(bob, "alice: half whole");
	cr_assert_null(strstr(terminal_coloured_screen(t), "\033["));
}

Test(terminal, a_window_of_another_size_is_made_use_of)
{
	struct guest *bob;

	alice_is_here();
	bob = guest_join(server, "bob");
	guest_says(bob, "before");
	terminal_types(t, "it will be a rather long line that does not fit");
	terminal_shows(t, "does not fit");
	terminal_resizes(t, 30, 24);
	guest_says(bob, "narrow");
	terminal_shows(t, "bob: narrow");
	terminal_resizes(t, 100, 20);
	guest_says(bob, "wide");
	terminal_shows(t, "bob: wide");
	terminal_ends_with(
	    t, "alice> it will be a rather long line that does not fit");
	cr_assert_eq(terminal_counts(t, "bob: before"), 1);
	cr_assert_eq(terminal_counts(t, "bob: narrow"), 1);
	terminal_presses(t, "Enter");
	guest_sees(
	    bob, "alice: it will be a rather long line that does not fit");
}
