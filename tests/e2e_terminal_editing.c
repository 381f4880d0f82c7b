/* e2e_terminal_editing.c - chat in a real terminal: the line being typed.
 *
 * alice sits at the terminal; bob is there to be talked to. */
#include "tests/harness_chat.h"
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define NI "\xe4\xbd\xa0"
#define HAO "\xe5\xa5\xbd"
#define SHI "\xe4\xb8\x96"
#define JIE "\xe7\x95\x8c"
#define PASTE_BEGINS "\x1b[200~"

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

Test(terminal, chinese_is_edited_by_the_character)
{
	struct guest *bob;

	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_types(t, NI HAO SHI JIE);
	terminal_ends_with(t, "alice> " NI HAO SHI JIE);
	terminal_presses(t, "BSpace");
	terminal_ends_with(t, "alice> " NI HAO SHI);
	terminal_presses(t, "Left");
	terminal_presses(t, "BSpace");
	terminal_ends_with(t, "alice> " NI SHI);
	terminal_types(t, "a");
	terminal_ends_with(t, "alice> " NI "a" SHI);
	guest_says(bob, HAO);
	terminal_shows(t, "bob: " HAO);
	terminal_ends_with(t, "alice> " NI "a" SHI);
	terminal_presses(t, "Enter");
	guest_sees(bob, "alice: " NI "a" SHI);
}

Test(terminal, a_locale_without_utf8_is_made_up_for)
{
	struct guest *bob;

	server = server_start(NULL);
	t = terminal_open(80, 24);
	bob = guest_join(server, "bob");
	starts_chat("LC_ALL=C", "-n alice");
	terminal_shows(t, "your locale is not UTF-8");
	terminal_types(t, NI HAO);
	terminal_ends_with(t, "alice> " NI HAO);
	terminal_presses(t, "BSpace");
	terminal_ends_with(t, "alice> " NI);
	terminal_presses(t, "Enter");
	guest_sees(bob, "alice: " NI);
}

Test(terminal, what_was_said_can_be_called_back)
{
	struct guest *bob;

	alice_is_here();
	bob = guest_join(server, "bob");
	alice_enters("one");
	guest_sees(bob, "alice: one");
	alice_enters("two");
	terminal_types(t, "thr");
	terminal_presses(t, "Up");
	terminal_ends_with(t, "alice> two");
	terminal_presses(t, "Up");
	terminal_ends_with(t, "alice> one");
	terminal_presses(t, "Enter");
	guest_sees(bob, "alice: one");
	/* The line that was left unfinished went with it. */
	terminal_presses(t, "Up");
	terminal_ends_with(t, "alice> one");
	terminal_presses(t, "Down");
	terminal_ends_with(t, "alice>");
}

Test(terminal, control_o_sends_the_line)
{
	/* "alice> " and 73 characters fill a row. */
	static const int lens[] = { 5, 73, 75 };
	struct guest *bob;
	char text[80];

	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_shows(t, "* bob joined");
	for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
		memset(text, 'x', sizeof text);
		text[lens[i]] = '\0';
		terminal_types(t, "%s", text);
		terminal_presses(t, "C-o");
		guest_sees(bob, "alice: %s", text);
		terminal_ends_with(t, "alice>");
	}
	/* Nothing is left where it was typed, and nothing else is gone. */
	cr_assert_eq(terminal_counts(t, "alice> x"), 0);
	cr_assert_eq(terminal_counts(t, "* bob joined"), 1);
}

/* alice has keys of her own. */
static void
alice_is_here_with(const char *binding)
{
	char dir[TEST_PATH_BYTES], inputrc[TEST_PATH_BYTES + 16];

	test_dir(dir);
	(void)snprintf(inputrc, sizeof inputrc, "INPUTRC=%s/inputrc", dir);
	server = server_start(NULL);
	t = terminal_open(80, 24);
	terminal_types(t, "echo '%s' >%s/inputrc", binding, dir);
	terminal_presses(t, "Enter");
	starts_chat(inputrc, "-n alice");
	terminal_ends_with(t, "alice>");
}

Test(terminal, any_key_can_be_bound_to_sending_the_line)
{
	struct guest *bob;

	alice_is_here_with("\"\\C-xs\": accept-line");
	bob = guest_join(server, "bob");
	terminal_types(t, "hello");
	terminal_sends(t, "\x18s");
	guest_sees(bob, "alice: hello");
	terminal_ends_with(t, "alice>");
}

Test(terminal, tab_completes_whatever_text_it_has_been_bound_to)
{
	alice_is_here_with("\"\\t\": \"    \"");
	terminal_types(t, "/hel");
	terminal_presses(t, "Tab");
	terminal_ends_with(t, "alice> /help");
}

Test(terminal, a_line_that_cannot_be_sent_stays_whatever_the_key)
{
	struct guest *bob;
	char text[4101];

	memset(text, 'x', sizeof text);
	memcpy(text + 4090, "123456789.", 11);
	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_pastes(t, text);
	terminal_shows(t, "123456789.");
	terminal_presses(t, "C-o");
	terminal_shows(t, "a line has at most 4096 bytes; nothing was sent");
	terminal_shows(t, "123456789.");
	for (int i = 0; i < 4; i++)
		terminal_presses(t, "BSpace");
	terminal_presses(t, "C-o");
	text[4096] = '\0';
	guest_sees(bob, "alice: %s", text);
	terminal_ends_with(t, "alice>");
}

Test(terminal, what_is_pasted_waits_for_enter)
{
	struct guest *bob;

	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_pastes(t, "first\nsecond\n\nthird");
	terminal_shows(t, "third");
	terminal_presses(t, "Enter");
	guest_sees(bob, "alice: first");
	guest_sees_next(bob, "alice: second");
	guest_sees_next(bob, "alice: third");
}

Test(terminal, a_paste_of_many_lines_is_sent_by_a_second_enter)
{
	struct guest *bob;

	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_pastes(t, "1st\n2nd\n3rd\n4th");
	terminal_shows(t, "4th");
	terminal_presses(t, "Enter");
	terminal_shows(
	    t, "-- 4 lines; Enter again sends them, Ctrl-C does not");
	terminal_shows(t, "4th");
	guest_says(bob, "what is it?");
	guest_sees_start(bob, "* 2 people are here");
	guest_sees_next(bob, "bob: what is it?");
	terminal_shows(t, "bob: what is it?");
	terminal_presses(t, "Enter");
	guest_sees_next(bob, "alice: 1st");
	guest_sees_next(bob, "alice: 2nd");
	guest_sees_next(bob, "alice: 3rd");
	guest_sees_next(bob, "alice: 4th");
	terminal_ends_with(t, "alice>");
}

static bool
is_cleared(void *arg)
{
	return strncmp(terminal_screen(arg), "alice>", 6) == 0;
}

Test(terminal, a_paste_of_many_lines_is_thrown_away_by_control_c)
{
	struct guest *bob;

	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_pastes(t, "1st\n2nd\n3rd\n4th");
	terminal_shows(t, "4th");
	terminal_presses(t, "Enter");
	terminal_shows(t, "-- 4 lines; Enter again sends them");
	terminal_presses(t, "C-c");
	terminal_ends_with(t, "alice>");
	alice_enters("better not");
	guest_sees_start(bob, "* 2 people are here");
	guest_sees_next(bob, "alice: better not");
	/* The same again is asked about again. */
	alice_enters("/clear");
	cr_assert(wait_until(is_cleared, t, PATIENCE_MS));
	terminal_pastes(t, "1st\n2nd\n3rd\n4th");
	terminal_shows(t, "4th");
	terminal_presses(t, "Enter");
	terminal_shows(t, "-- 4 lines; Enter again sends them");
	terminal_presses(t, "C-c");
	alice_enters("marker");
	guest_sees_next(bob, "alice: marker");
}

Test(terminal, many_lines_at_once_are_a_paste_whatever_the_terminal_says)
{
	struct guest *bob;

	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_types(t, "my ");
	terminal_sends(t, "1st\r2nd\r\r3rd\r4th\r5th");
	terminal_shows(t, "5th");
	terminal_presses(t, "Enter");
	terminal_shows(t, "-- 5 lines; Enter again sends them");
	guest_says(bob, "what is it?");
	guest_sees_start(bob, "* 2 people are here");
	guest_sees_next(bob, "bob: what is it?");
	terminal_shows(t, "bob: what is it?");
	terminal_presses(t, "Enter");
	guest_sees_next(bob, "alice: my 1st");
	guest_sees_next(bob, "alice: 2nd");
	guest_sees_next(bob, "alice: 3rd");
	guest_sees_next(bob, "alice: 4th");
	guest_sees_next(bob, "alice: 5th");
	/* And then a line is a line again. */
	alice_enters("6th");
	guest_sees_next(bob, "alice: 6th");
	terminal_sends(t, "7th\r8th\r9th\rand");
	guest_sees_next(bob, "alice: 7th");
	guest_sees_next(bob, "alice: 8th");
	guest_sees_next(bob, "alice: 9th");
	terminal_ends_with(t, "alice> and");
}

Test(terminal, a_line_that_is_too_long_stays_to_be_shortened)
{
	struct guest *bob;
	char text[4101];

	memset(text, 'x', sizeof text);
	memcpy(text + 4090, "123456789.", 11);
	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_pastes(t, text);
	terminal_shows(t, "123456789.");
	terminal_presses(t, "Enter");
	terminal_shows(t, "a line has at most 4096 bytes; nothing was sent");
	terminal_shows(t, "123456789.");
	for (int i = 0; i < 4; i++)
		terminal_presses(t, "BSpace");
	terminal_presses(t, "Enter");
	text[4096] = '\0';
	guest_sees(bob, "alice: %s", text);
	terminal_ends_with(t, "alice>");
}

Test(terminal, a_paste_of_many_lines_is_scrolled_sideways_and_not_lost)
{
	char text[8000] = "", line[32];
	struct guest *bob;

	for (int i = 0; i < 400; i++) {
		(void)snprintf(line, sizeof line, "row %d\n", i);
		strcat(text, line);
	}
	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_pastes(t, text);
	terminal_shows(t, "row 399");
	guest_says(bob, "much to say?");
	terminal_shows(t, "bob: much to say?");
	terminal_presses(t, "Enter");
	terminal_shows(t, "-- 400 lines; Enter again sends them");
	terminal_presses(t, "Enter");
	for (int i = 0; i < 400; i++)
		guest_sees(bob, "alice: row %d", i);
	terminal_ends_with(t, "alice>");
}

Test(terminal, a_window_too_narrow_for_a_line_does_no_harm)
{
	static const char text[] = "much more than a window so narrow can hold";
	struct guest *bob;

	alice_is_here();
	bob = guest_join(server, "bob");
	for (int columns = 5; columns > 0; columns--) {
		terminal_resizes(t, columns, 24);
		terminal_types(t, "%s", text);
		terminal_presses(t, "C-a");
		terminal_presses(t, "Enter");
		guest_sees(bob, "alice: %s", text);
	}
	terminal_types(t, "much room");
	terminal_resizes(t, 80, 24);
	terminal_ends_with(t, "alice> much room");
}

/* Ctrl-C and Ctrl-Z ------------------------------------------------------- */

Test(terminal, control_c_empties_the_line_and_then_tells_how_to_leave)
{
	struct guest *bob;

	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_types(t, "better not");
	terminal_ends_with(t, "alice> better not");
	terminal_presses(t, "C-c");
	terminal_ends_with(t, "alice>");
	terminal_presses(t, "C-c");
	terminal_shows(t, "Ctrl-D or exit leaves");
	alice_enters("still here");
	guest_sees_start(bob, "* 2 people are here");
	guest_sees_next(bob, "alice: still here");
}

Test(terminal, control_c_ends_a_search_without_a_trace)
{
	alice_is_here();
	alice_enters("needle");
	terminal_shows(t, "alice: needle");
	terminal_presses(t, "C-r");
	terminal_types(t, "nee");
	terminal_shows(t, "(reverse-i-search)`nee': needle");
	terminal_presses(t, "C-c");
	terminal_ends_with(t, "alice>");
	cr_assert_eq(terminal_counts(t, "reverse-i-search"), 0);
}

/* Where readline has one list of what can be undone in two places. */
Test(terminal, control_c_ends_a_walk_through_history_after_a_search)
{
	struct guest *bob;

	alice_is_here_with("set editing-mode vi");
	bob = guest_join(server, "bob");
	alice_enters("hello");
	guest_sees(bob, "alice: hello");
	terminal_presses(t, "Escape");
	terminal_types(t, "k");
	terminal_ends_with(t, "alice> hello");
	terminal_types(t, "x/hello");
	terminal_ends_with(t, "alice> /hello");
	terminal_presses(t, "Enter");
	terminal_ends_with(t, "alice> ello");
	terminal_types(t, "jk");
	terminal_presses(t, "C-c");
	terminal_ends_with(t, "alice>");
	/* Enter begins a line to be inserted. */
	terminal_presses(t, "Enter");
	alice_enters("hello again");
	guest_sees(bob, "alice: hello again");
}

Test(terminal, control_c_ends_a_count_without_a_trace)
{
	alice_is_here();
	terminal_presses(t, "M-3");
	terminal_shows(t, "(arg: 3)");
	terminal_presses(t, "C-c");
	terminal_ends_with(t, "alice>");
	terminal_types(t, "x");
	terminal_ends_with(t, "alice> x");
	terminal_presses(t, "M-3");
	terminal_types(t, "y");
	terminal_ends_with(t, "alice> xyyy");
}

Test(terminal, control_c_ends_a_paste_that_does_not_end)
{
	alice_is_here();
	/* There is nothing to be seen of it. */
	chat_reads(t, PASTE_BEGINS "half");
	terminal_presses(t, "C-c");
	terminal_types(t, "x");
	terminal_ends_with(t, "alice> x");
}

Test(terminal, control_z_stops_a_paste_that_does_not_end)
{
	alice_is_here();
	/* There is nothing to be seen of it. */
	chat_reads(t, PASTE_BEGINS "half");
	terminal_presses(t, "C-z");
	terminal_ends_with(t, "$");
	alice_enters("fg");
	terminal_ends_with(t, "alice> half");
}
