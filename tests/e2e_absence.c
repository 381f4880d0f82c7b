/* e2e_absence.c - who is away, as the others see it.
 *
 * A real chatd and raw sockets. */
#include "ipc/limits.h"
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct server *s;
static struct guest *alice, *bob;

static void
set_up(void)
{
	s = server_start(NULL);
	alice = guest_join(s, "alice");
	bob = guest_join(s, "bob");
	guest_sees(alice, "* bob joined");
	guest_sees(bob, "* 2 people are here: bob, alice");
}

TestSuite(e2e_absence, .init = set_up, .fini = harness_clean,
    .timeout = SUITE_TIMEOUT);

Test(e2e_absence, is_told_to_who_whispers)
{
	guest_says(bob, "/away gone fishing");
	guest_sees_next(bob, "* you are away: gone fishing");
	guest_says(alice, "@BOB are you there?");
	guest_sees_next(alice, "[alice -> bob] are you there?");
	guest_sees_next(alice, "* bob is away: gone fishing");
	/* He gets it all the same, and is not told what the other was. */
	guest_sees_next(bob, "[alice -> bob] are you there?");
	/* What is said to everyone is answered by nobody. */
	guest_says(alice, "hello");
	guest_sees_next(alice, "alice: hello");
	guest_sees_next(bob, "alice: hello");
	guest_says(bob, "/away");
	guest_sees_next(bob, "* you are away");
	guest_says(alice, "/msg bob and now?");
	guest_sees_next(alice, "[alice -> bob] and now?");
	guest_sees_next(alice, "* bob is away");
}

Test(e2e_absence, is_marked_in_the_lists)
{
	struct guest *carol;

	guest_says(bob, "/away");
	guest_sees_next(bob, "* you are away");
	guest_says(alice, "/who");
	guest_sees_next(alice, "* 2 people are here: alice, bob (away)");
	guest_says(bob, "/who");
	guest_sees_next(bob, "* 2 people are here: bob (away), alice");
	carol = guest_join(s, "carol");
	guest_sees_next(carol, "* 3 people are here: carol, alice, bob (away)");
}

Test(e2e_absence, lasts_until_back_whatever_one_says_or_is_called)
{
	guest_says(bob, "/away");
	guest_says(bob, "still here, in fact");
	guest_says(bob, "/nick rob");
	guest_sees(bob, "* bob is now rob");
	guest_sees(alice, "* bob is now rob");
	guest_says(alice, "/who");
	guest_sees_next(alice, "* 2 people are here: alice, rob (away)");
	guest_says(bob, "/back");
	guest_sees_next(bob, "* you are back");
	guest_says(alice, "/who");
	guest_sees_next(alice, "* 2 people are here: alice, rob");
	guest_says(alice, "@rob hi");
	guest_sees_next(alice, "[alice -> rob] hi");
	guest_says(bob, "/back");
	guest_sees(bob, "! you are not away; /away shows others that you are");
	guest_sees_nothing_like(alice, bob, "away");
}

Test(e2e_absence, ends_with_the_session)
{
	guest_says(bob, "/away gone");
	guest_says(bob, "exit");
	guest_sees_end(bob);
	guest_sees_next(alice, "* bob left");
	(void)guest_join(s, "bob");
	guest_sees_next(alice, "* bob joined");
	guest_says(alice, "/who");
	guest_sees_next(alice, "* 2 people are here: alice, bob");
}

Test(e2e_absence, of_a_text_that_is_too_long_is_refused_and_changes_nothing)
{
	char text[AWAY_MAX_BYTES + 2];

	memset(text, 'x', sizeof text);
	text[AWAY_MAX_BYTES] = '\0';
	guest_says(bob, "/away %s", text);
	guest_sees_next(bob, "* you are away: %s", text);
	guest_says(bob, "/away \x1b[2J");
	guest_sees_next(bob, "* you are away: ^[[2J");
	text[AWAY_MAX_BYTES] = 'x';
	text[AWAY_MAX_BYTES + 1] = '\0';
	guest_says(bob, "/away %s", text);
	guest_sees_next(bob,
	    "! what you say about being away has more than 128 bytes; make it "
	    "shorter");
	guest_says(alice, "@bob hi");
	guest_sees(alice, "* bob is away: ^[[2J");
}
