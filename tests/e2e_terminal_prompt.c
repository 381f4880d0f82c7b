/* e2e_terminal_prompt.c - chat in a real terminal: the prompt that tells how
 * things stand.
 *
 * alice sits at the terminal; others come, go and whisper. */
#include "tests/harness_chat.h"
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct server *server;
static struct terminal *t;

TestSuite(terminal, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static void
alice_is_here(const char *options)
{
	server = server_start(NULL);
	t = terminal_open(80, 24);
	chat_starts(t, server, "USER=alice", options);
	terminal_ends_with(t, "alice@127.0.0.1:%u (1 here)>", server->port);
}

Test(terminal, the_prompt_counts_who_is_here)
{
	struct guest *bob;

	alice_is_here("--status");
	bob = guest_join(server, "bob");
	terminal_ends_with(t, "alice@127.0.0.1:%u (2 here)>", server->port);
	guest_says(bob, "/nick rob");
	terminal_shows(t, "* bob is now rob");
	terminal_ends_with(t, "alice@127.0.0.1:%u (2 here)>", server->port);
	guest_close(bob);
	terminal_ends_with(t, "alice@127.0.0.1:%u (1 here)>", server->port);
	chat_enters(t, "/nick al");
	terminal_ends_with(t, "al@127.0.0.1:%u (1 here)>", server->port);
}

Test(terminal, the_prompt_counts_who_is_hidden_too)
{
	alice_is_here("--status --quiet");
	(void)guest_join(server, "bob");
	terminal_ends_with(t, "alice@127.0.0.1:%u (2 here)>", server->port);
	cr_assert_eq(terminal_counts(t, "joined"), 0);
}

Test(terminal, the_prompt_counts_a_crowd_that_comes_and_goes)
{
	struct guest *crowd[40];
	char name[24];

	alice_is_here("--status");
	for (int i = 0; i < 40; i++) {
		(void)snprintf(name, sizeof name, "guest-%d", i);
		crowd[i] = guest_join(server, name);
	}
	terminal_ends_with(t, "alice@127.0.0.1:%u (41 here)>", server->port);
	for (int i = 0; i < 40; i += 2)
		guest_close(crowd[i]);
	terminal_ends_with(t, "alice@127.0.0.1:%u (21 here)>", server->port);
	chat_enters(t, "/who");
	terminal_shows(t, "* 21 people are here");
	terminal_ends_with(t, "alice@127.0.0.1:%u (21 here)>", server->port);
	for (int i = 1; i < 40; i += 2)
		guest_close(crowd[i]);
	terminal_ends_with(t, "alice@127.0.0.1:%u (1 here)>", server->port);
}

Test(terminal, the_prompt_counts_private_messages_until_a_line_is_sent)
{
	struct guest *bob;

	alice_is_here("--status");
	terminal_resizes(t, 120, 24);
	bob = guest_join(server, "bob");
	guest_says(bob, "@alice one");
	guest_says(bob, "@alice two");
	terminal_ends_with(
	    t, "alice@127.0.0.1:%u (2 here, 2 private)>", server->port);
	chat_enters(t, "/r yes?");
	guest_sees(bob, "[alice -> bob] yes?");
	terminal_ends_with(t, "alice@127.0.0.1:%u (2 here)>", server->port);
}

Test(terminal, the_prompt_leaves_room_in_a_narrow_window)
{
	alice_is_here("--status");
	terminal_types(t, "half a line");
	terminal_resizes(t, 34, 24);
	terminal_ends_with(t, "alice (1 here)> half a line");
	terminal_resizes(t, 24, 24);
	terminal_ends_with(t, "alice (1)> half a line");
	terminal_resizes(t, 20, 24);
	terminal_ends_with(t, "alice> half a line");
	terminal_resizes(t, 80, 24);
	terminal_ends_with(
	    t, "alice@127.0.0.1:%u (1 here)> half a line", server->port);
	cr_assert_eq(terminal_counts(t, "half a line"), 1);
}

Test(terminal, the_prompt_changes_and_the_line_being_typed_stays)
{
	alice_is_here("--status");
	terminal_types(t, "I was about to");
	terminal_ends_with(
	    t, "alice@127.0.0.1:%u (1 here)> I was about to", server->port);
	(void)guest_join(server, "bob");
	terminal_ends_with(
	    t, "alice@127.0.0.1:%u (2 here)> I was about to", server->port);
	cr_assert_eq(terminal_counts(t, "I was about to"), 1);
}
