/* e2e_terminal_attention.c - chat in a real terminal: what is for the person
 * who sits there, marked and with a bell.
 *
 * alice sits at the terminal, bob talks. */
#include "tests/harness_chat.h"
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct server *server;
static struct terminal *t;
static struct guest *bob;

TestSuite(terminal, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static void
alice_and_bob_are_here(const char *variables, const char *options)
{
	server = server_start(NULL);
	t = terminal_open(80, 24);
	bob = guest_join(server, "bob");
	chat_starts(t, server, variables, options);
	terminal_ends_with(t, "alice>");
}

/* Something that rings no bell, to see that what came before has been shown. */
static void
bob_says_the_last_word(void)
{
	guest_says(bob, "that was all");
	terminal_shows(t, "bob: that was all");
}

Test(terminal, without_colours_a_mention_is_marked_and_rings)
{
	alice_and_bob_are_here("NO_COLOR=1 USER=alice", "");
	guest_says(bob, "without malice");
	guest_says(bob, "is Alice there?");
	terminal_shows(t, " >> bob: is Alice there?");
	terminal_shows(t, " bob: without malice");
	cr_assert_eq(terminal_counts(t, ">> bob"), 1);
	terminal_rings(t);
	chat_enters(t, "yes, alice is here");
	terminal_shows(t, " alice: yes, alice is here");
	cr_assert_eq(terminal_counts(t, ">> alice"), 0);
}

Test(terminal, with_colours_what_is_for_the_person_is_bold)
{
	alice_and_bob_are_here("USER=alice", "");
	guest_says(bob, "is alice there?");
	terminal_shows(t, "bob: is alice there?");
	cr_assert_not_null(strstr(
	    terminal_coloured_screen(t), "\033[1m\033[33mis alice there?"));
	guest_says(bob, "@alice psst");
	terminal_shows(t, "[bob -> alice] psst");
	cr_assert_not_null(
	    strstr(terminal_coloured_screen(t), "\033[1m\033[35mpsst"));
	cr_assert_eq(terminal_counts(t, ">>"), 0);
}

Test(terminal, a_private_message_rings_although_mentions_need_not)
{
	alice_and_bob_are_here("USER=alice", "--bell private");
	guest_says(bob, "alice!");
	bob_says_the_last_word();
	cr_assert_not(terminal_has_rung(t));
	guest_says(bob, "@alice psst");
	terminal_rings(t);
}

Test(terminal, the_bell_can_be_switched_off)
{
	alice_and_bob_are_here("USER=alice", "--bell never");
	guest_says(bob, "alice!");
	guest_says(bob, "@alice alice!");
	bob_says_the_last_word();
	cr_assert_not(terminal_has_rung(t));
}

Test(terminal, every_line_may_ring)
{
	alice_and_bob_are_here("USER=alice", "--bell all");
	chat_enters(t, "my own does not");
	terminal_shows(t, "alice: my own does not");
	cr_assert_not(terminal_has_rung(t));
	guest_says(bob, "hello");
	terminal_rings(t);
}

Test(terminal, a_pipe_is_neither_marked_nor_rung_for)
{
	const char *argv[] = { BIN_DIR "/chat", "--bell", "all", "-n", "alice",
		NULL, NULL };
	struct guest *alice;
	char address[32];

	server = server_start(NULL);
	bob = guest_join(server, "bob");
	(void)snprintf(address, sizeof address, "127.0.0.1:%u", server->port);
	argv[5] = address;
	alice = guest_run(argv);
	guest_sees_start(alice, "* 2 people are here");
	guest_says(bob, "alice!");
	guest_says(bob, "@alice psst");
	guest_sees_next(alice, "bob: alice!");
	guest_sees_next(alice, "[bob -> alice] psst");
}
