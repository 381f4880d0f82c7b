/* e2e_terminal_scripts.c - chat in a real terminal: text that is not a row of
 * letters of one width: combining characters, right to left, emoji.
 *
 * alice sits at the terminal; bob is there to be talked to.  Her prompt takes
 * seven columns. */
#include "tests/harness_chat.h"
#include "tests/harness_emoji.h"
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define ALEF "\xd7\x90"
#define BET "\xd7\x91"
#define GIMEL "\xd7\x92"
#define CONTROL_UNDERSCORE "\x1f"

static struct server *server;
static struct terminal *t;
static struct guest *bob;

TestSuite(terminal, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static void
alice_and_bob_are_here(void)
{
	server = server_start(NULL);
	t = chat_at_terminal(server, "alice");
	bob = guest_join(server, "bob");
	terminal_shows(t, "* bob joined");
}

/* Of what stands above the input line nothing has been drawn over. */
static void
nothing_is_harmed(void)
{
	cr_assert_eq(terminal_counts_ever(t, "* Welcome, alice!"), 1);
	cr_assert_eq(terminal_counts_ever(t, "* 1 person is here: alice"), 1);
	cr_assert_eq(terminal_counts_ever(t, "* bob joined"), 1);
	cr_assert_eq(terminal_counts(t, "alice>"), 1);
}

Test(terminal, combining_characters_have_no_column)
{
	alice_and_bob_are_here();
	terminal_types(t, "ae" ACUTE "b");
	terminal_cursor_is(t, 10);
	terminal_presses(t, "Left");
	terminal_presses(t, "Left");
	terminal_cursor_is(t, 8);
	terminal_presses(t, "BSpace");
	terminal_ends_with(t, "alice> e" ACUTE "b");
	terminal_cursor_is(t, 7);
	guest_says(bob, "e" ACUTE "e" ACUTE);
	terminal_shows(t, "bob: e" ACUTE "e" ACUTE);
	terminal_ends_with(t, "alice> e" ACUTE "b");
	terminal_cursor_is(t, 7);
	nothing_is_harmed();
	terminal_presses(t, "Enter");
	guest_sees(bob, "alice: e" ACUTE "b");
}

Test(terminal, combining_characters_are_folded_at_the_margin)
{
	char text[512] = "";

	alice_and_bob_are_here();
	for (int i = 0; i < 100; i++)
		strcat(text, "e" ACUTE);
	terminal_types(t, "%s", text);
	terminal_cursor_is(t, 27);
	terminal_presses(t, "C-a");
	terminal_cursor_is(t, 7);
	terminal_types(t, "x");
	terminal_presses(t, "C-e");
	terminal_cursor_is(t, 28);
	guest_says(bob, "hello");
	terminal_shows(t, "bob: hello");
	terminal_cursor_is(t, 28);
	nothing_is_harmed();
	terminal_presses(t, "Enter");
	guest_sees(bob, "alice: x%s", text);
}

Test(terminal, text_from_right_to_left_is_edited_in_its_order)
{
	alice_and_bob_are_here();
	terminal_types(t, ALEF BET GIMEL " 12");
	terminal_cursor_is(t, 13);
	for (int i = 0; i < 4; i++)
		terminal_presses(t, "Left");
	terminal_cursor_is(t, 9);
	terminal_presses(t, "BSpace");
	terminal_ends_with(t, "alice> " ALEF GIMEL " 12");
	guest_says(bob, GIMEL BET);
	terminal_shows(t, "bob: " GIMEL BET);
	terminal_ends_with(t, "alice> " ALEF GIMEL " 12");
	terminal_cursor_is(t, 8);
	nothing_is_harmed();
	terminal_presses(t, "Enter");
	guest_sees(bob, "alice: " ALEF GIMEL " 12");
}

Test(terminal, what_would_turn_the_line_round_is_seen_before_it_is_sent)
{
	alice_and_bob_are_here();
	terminal_types(t, "a" OVERRIDE "b");
	terminal_ends_with(t, "alice> a<U+202E>b");
	terminal_presses(t, "Left");
	terminal_presses(t, "BSpace");
	terminal_ends_with(t, "alice> ab");
}

/* tmux draws a family in two columns, readline thinks that it has six. */
Test(terminal, emoji_of_several_characters_do_no_harm)
{
	static const char *const emoji[] = { FAMILY, DE, HEART, BROWN_THUMB };

	alice_and_bob_are_here();
	for (size_t i = 0; i < sizeof emoji / sizeof *emoji; i++) {
		terminal_types(t, "a%sb", emoji[i]);
		terminal_presses(t, "C-a");
		terminal_cursor_is(t, 7);
		terminal_types(t, "Z");
		terminal_ends_with(t, "alice> Za%sb", emoji[i]);
		terminal_cursor_is(t, 8);
		terminal_presses(t, "C-e");
		terminal_types(t, "E");
		guest_says(bob, "no %zu", i);
		terminal_shows(t, "bob: no %zu", i);
		terminal_ends_with(t, "alice> Za%sbE", emoji[i]);
		nothing_is_harmed();
		terminal_presses(t, "Enter");
		guest_sees(bob, "alice: Za%sbE", emoji[i]);
		terminal_ends_with(t, "alice>");
	}
}

Test(terminal, emoji_of_several_characters_are_passed_and_deleted_whole)
{
	alice_and_bob_are_here();
	terminal_types(t, "a" FAMILY "b" DE DE);
	terminal_presses(t, "BSpace");
	terminal_ends_with(t, "alice> a" FAMILY "b" DE);
	for (int i = 0; i < 3; i++)
		terminal_presses(t, "Left");
	terminal_cursor_is(t, 8);
	terminal_presses(t, "Right");
	terminal_types(t, "X");
	terminal_ends_with(t, "alice> a" FAMILY "Xb" DE);
	terminal_presses(t, "BSpace");
	terminal_presses(t, "BSpace");
	terminal_ends_with(t, "alice> ab" DE);
	terminal_presses(t, "Right");
	terminal_presses(t, "DC");
	terminal_ends_with(t, "alice> ab");
	/* They come back whole, too. */
	terminal_sends(t, CONTROL_UNDERSCORE);
	terminal_ends_with(t, "alice> ab" DE);
	nothing_is_harmed();
}

Test(terminal, emoji_that_fill_the_window_are_scrolled_sideways)
{
	char families[512] = "";

	alice_and_bob_are_here();
	for (int i = 0; i < 12; i++)
		strcat(families, FAMILY);
	terminal_types(t, "begin%send", families);
	terminal_shows(t, "end");
	terminal_resizes(t, 60, 24);
	guest_says(bob, "hello");
	terminal_shows(t, "bob: hello");
	terminal_presses(t, "C-a");
	terminal_shows(t, "alice> begin" FAMILY);
	terminal_cursor_is(t, 7);
	nothing_is_harmed();
	terminal_presses(t, "C-o");
	guest_sees(bob, "alice: begin%send", families);
	terminal_ends_with(t, "alice>");
	nothing_is_harmed();
}

/* A line of several rows that comes to be drawn in one, and back. */
Test(terminal, emoji_may_come_to_a_line_and_go_again)
{
	char text[101];

	memset(text, 'x', sizeof text);
	text[100] = '\0';
	alice_and_bob_are_here();
	terminal_types(t, "%s", text);
	terminal_cursor_is(t, 27);
	terminal_types(t, DE);
	terminal_ends_with(t, "alice> <%s" DE, text + 48);
	nothing_is_harmed();
	terminal_presses(t, "BSpace");
	terminal_cursor_is(t, 27);
	cr_assert_eq(terminal_counts(t, "xxx"), 2);
	nothing_is_harmed();
	terminal_presses(t, "Enter");
	guest_sees(bob, "alice: %s", text);
}
