/* e2e_terminal_commands.c - chat in a real terminal: the commands that it
 * carries out itself.
 *
 * alice sits at the terminal, bob and others are there to be talked to. */
#include "tests/harness_chat.h"
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <string.h>

static struct server *server;
static struct terminal *t;
static struct guest *bob;

TestSuite(terminal, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static void
alice_and_bob_are_here(const char *options)
{
	server = server_start(NULL);
	t = terminal_open(80, 24);
	bob = guest_join(server, "bob");
	chat_starts(t, server, "USER=alice", options);
	terminal_ends_with(t, "alice>");
	guest_sees(bob, "* alice joined");
}

/* Answering --------------------------------------------------------------- */

Test(terminal, r_answers_who_whispered_last_by_his_name_of_now)
{
	alice_and_bob_are_here("");
	guest_says(bob, "@alice are you there?");
	terminal_shows(t, "[bob -> alice] are you there?");
	chat_enters(t, "/r yes");
	guest_sees(bob, "[alice -> bob] yes");
	guest_says(bob, "/nick rob");
	terminal_shows(t, "* bob is now rob");
	chat_enters(t, "/R  still here");
	guest_sees(bob, "[alice -> rob] still here");
	/* Never sent, only what it means. */
	guest_sees_nothing_like(bob, bob, "/r");
}

Test(terminal, r_loses_nothing_when_there_is_nobody_to_answer)
{
	struct guest *other;

	alice_and_bob_are_here("");
	chat_enters(t, "/r hello");
	terminal_shows(t, "-- nobody has whispered to you since you came");
	terminal_ends_with(t, "alice> /r hello");
	terminal_presses(t, "C-u");
	guest_says(bob, "@alice psst");
	terminal_shows(t, "[bob -> alice] psst");
	guest_close(bob);
	terminal_shows(t, "* bob left");
	/* Somebody else may take his name. */
	other = guest_join(server, "bob");
	terminal_shows(t, "* bob joined");
	chat_enters(t, "/r a secret");
	terminal_shows(t, "-- bob, who whispered to you last, has left");
	terminal_ends_with(t, "alice> /r a secret");
	terminal_presses(t, "C-u");
	chat_enters(t, "marker");
	guest_sees(other, "alice: marker");
	guest_sees_nothing_like(other, other, "secret");
}

/* The screen -------------------------------------------------------------- */

Test(terminal, quiet_hides_who_comes_and_goes_and_shows_it_again)
{
	struct guest *dave;

	alice_and_bob_are_here("");
	chat_enters(t, "/quiet");
	terminal_shows(t, "-- joins, leaves and renames are hidden");
	(void)guest_join(server, "carol");
	dave = guest_join(server, "dave");
	guest_says(dave, "/nick david");
	guest_sees(dave, "* dave is now david");
	guest_says(dave, "hello");
	terminal_shows(t, "david: hello");
	cr_assert_eq(terminal_counts(t, "joined"), 0);
	cr_assert_eq(terminal_counts(t, "is now"), 0);
	/* Who has come is known all the same. */
	terminal_types(t, "@ca");
	terminal_presses(t, "Tab");
	terminal_ends_with(t, "alice> @carol");
	terminal_presses(t, "C-u");
	chat_enters(t, "/nick alicia");
	terminal_shows(t, "* alice is now alicia");
	terminal_ends_with(t, "alicia>");
	chat_enters(t, "/quiet");
	terminal_shows(t, "-- joins, leaves and renames are shown");
	guest_close(dave);
	terminal_shows(t, "* david left");
}

Test(terminal, quiet_can_be_had_from_the_beginning)
{
	alice_and_bob_are_here("--quiet");
	(void)guest_join(server, "carol");
	guest_says(bob, "hello");
	terminal_shows(t, "bob: hello");
	cr_assert_eq(terminal_counts(t, "carol joined"), 0);
}

static bool
is_cleared(void *arg)
{
	return strncmp(terminal_screen(arg), "alice>", 6) == 0;
}

Test(terminal, clear_clears_the_screen)
{
	alice_and_bob_are_here("");
	chat_enters(t, "before");
	terminal_shows(t, "alice: before");
	chat_enters(t, "/clear");
	cr_assert(
	    wait_until(is_cleared, t, PATIENCE_MS), "%s", terminal_screen(t));
	chat_enters(t, "after");
	terminal_shows(t, "alice: after");
	cr_assert_eq(terminal_counts(t, "before"), 0);
}

Test(terminal, a_terminal_that_cannot_be_cleared_says_so)
{
	server = server_start(NULL);
	t = terminal_open(80, 24);
	chat_starts(t, server, "TERM=dumb", "-n alice");
	terminal_shows(t, "* Welcome, alice!");
	chat_enters(t, "/clear");
	terminal_shows(t, "-- this terminal cannot be cleared");
}

Test(terminal, help_shows_chats_own_commands_and_the_servers)
{
	alice_and_bob_are_here("");
	chat_enters(t, "/help");
	terminal_shows(t, "-- /r TEXT - answers who last whispered to you");
	terminal_shows(t, "-- /quiet - ");
	terminal_shows(t, "-- /clear - ");
	terminal_shows(t, "* /who - who is here");
	terminal_shows(t, "* exit - leaves");
	/* All of it fits. */
	cr_assert_eq(terminal_counts(t, "* Welcome, alice!"), 1);
}

Test(terminal, two_slashes_say_what_would_be_a_command)
{
	alice_and_bob_are_here("");
	chat_enters(t, "//quiet");
	guest_sees(bob, "alice: /quiet");
}

Test(terminal, commands_in_a_paste_are_carried_out_too)
{
	alice_and_bob_are_here("");
	guest_says(bob, "@alice psst");
	terminal_shows(t, "[bob -> alice] psst");
	terminal_pastes(t, "one\n/quiet\n/r two");
	terminal_shows(t, "/r two");
	terminal_presses(t, "Enter");
	guest_sees(bob, "alice: one");
	guest_sees_next(bob, "[alice -> bob] two");
	terminal_shows(t, "-- joins, leaves and renames are hidden");
}

/* Looking for what was said ------------------------------------------------ */

Test(terminal, last_shows_again_what_has_a_text_in_it)
{
	alice_and_bob_are_here("");
	guest_says(bob, "Fish is cheap today");
	guest_says(bob, "bread is not");
	guest_says(bob, "@alice but the fish smells");
	terminal_shows(t, "smells");
	chat_enters(t, "/clear");
	terminal_ends_with(t, "alice>");
	chat_enters(t, "/last fish");
	terminal_shows(t, "-- the last lines with \"fish\" in them:");
	terminal_shows(t, "bob: Fish is cheap today");
	terminal_shows(t, "[bob -> alice] but the fish smells");
	cr_assert_eq(terminal_counts(t, "bread"), 0);
	chat_enters(t, "/last meat");
	terminal_shows(t, "-- no line has \"meat\" in it");
	/* What was looked for is not found. */
	chat_enters(t, "/clear");
	chat_enters(t, "/last fish");
	terminal_shows(t, "smells");
	cr_assert_eq(terminal_counts(t, "in them:"), 1);
	chat_enters(t, "/last");
	terminal_shows(t, "-- the last lines:");
	terminal_shows(t, "bob: bread is not");
	guest_sees_nothing_like(bob, bob, "/last");
}
