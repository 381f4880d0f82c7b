/* e2e_ignoring.c - who is ignored is not heard, whatever he does.
 *
 * A real chatd and raw sockets.  Carol, whom alice hears, marks how far the
 * room is: what bob has said before is in alice's mailbox by then, since his
 * echo comes after it has been handed over. */
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct server *s;
static struct guest *alice, *bob, *carol;

static void
set_up(void)
{
	s = server_start(NULL);
	alice = guest_join(s, "alice");
	bob = guest_join(s, "bob");
	carol = guest_join(s, "carol");
	guest_sees(alice, "* carol joined");
	guest_sees(bob, "* carol joined");
}

TestSuite(e2e_ignoring, .init = set_up, .fini = harness_clean,
    .timeout = SUITE_TIMEOUT);

static void
alice_ignores(const char *name)
{
	guest_says(alice, "/ignore %s", name);
	guest_sees_next(
	    alice, "* you no longer hear %s; /unignore %s ends it", name, name);
}

/* He has said this, and all others have it. */
static void
has_said(struct guest *g, const char *name, const char *text)
{
	guest_says(g, "%s", text);
	guest_sees(g, "%s: %s", name, text);
}

static void
bob_leaves(void)
{
	guest_says(bob, "exit");
	guest_sees_end(bob);
}

/* The next that alice sees is carol. */
static void
alice_has_seen_nothing(void)
{
	has_said(carol, "carol", "mark");
	guest_sees_next(alice, "carol: mark");
}

Test(e2e_ignoring, what_the_ignored_says_does_and_whispers_is_not_seen)
{
	alice_ignores("bob");
	guest_says(bob, "/me waves");
	guest_says(bob, "@alice psst");
	has_said(bob, "bob", "hello");
	/* The others hear him. */
	guest_sees(carol, "* bob waves");
	guest_sees_next(carol, "bob: hello");
	alice_has_seen_nothing();
}

Test(e2e_ignoring, of_a_flood_not_a_line_is_seen)
{
	enum { LINES = 2000 };
	static char flood[LINES * 101 + 1];

	for (int i = 0; i < LINES; i++)
		snprintf(flood + 101 * i, 102, "%0100d\n", i);
	alice_ignores("bob");
	guest_sends_text(bob, flood);
	has_said(bob, "bob", "that was it");
	guest_sees(carol, "bob: that was it");
	alice_has_seen_nothing();
}

Test(e2e_ignoring, goes_on_when_he_takes_another_name)
{
	alice_ignores("bob");
	guest_says(bob, "/nick rob");
	has_said(bob, "rob", "it is me");
	/* That is told all the same. */
	guest_sees_next(alice, "* bob is now rob");
	alice_has_seen_nothing();
	/* Both names are good for hearing him again. */
	guest_says(alice, "/unignore rob");
	guest_sees_next(alice, "* you hear rob again");
	has_said(bob, "rob", "thanks");
	guest_sees_next(alice, "rob: thanks");
	guest_says(alice, "/ignore");
	guest_sees_next(alice, "* you ignore nobody");
}

Test(e2e_ignoring, goes_on_when_he_comes_back_under_the_name)
{
	alice_ignores("bob");
	bob_leaves();
	guest_sees_next(alice, "* bob left");
	bob = guest_join(s, "BOB");
	guest_sees_next(alice, "* BOB joined");
	has_said(bob, "BOB", "hello again");
	alice_has_seen_nothing();
	/* Before he has said a word he hides, and takes another name. */
	bob_leaves();
	guest_sees_next(alice, "* BOB left");
	bob = guest_join(s, "bob");
	guest_says(bob, "/nick rob");
	has_said(bob, "rob", "who am I?");
	guest_sees_next(alice, "* bob joined");
	guest_sees_next(alice, "* bob is now rob");
	alice_has_seen_nothing();
}

Test(e2e_ignoring, may_begin_before_he_is_here)
{
	struct guest *dave;

	alice_ignores("dave");
	dave = guest_join(s, "dave");
	guest_sees_next(alice, "* dave joined");
	has_said(dave, "dave", "hello");
	alice_has_seen_nothing();
}

Test(e2e_ignoring, ends_when_it_is_taken_back)
{
	alice_ignores("bob");
	alice_ignores("dave");
	guest_says(alice, "/ignore");
	guest_sees_next(alice, "* you ignore: bob, dave");
	has_said(bob, "bob", "one");
	alice_has_seen_nothing();
	guest_says(alice, "/unignore BOB");
	guest_sees_next(alice, "* you hear bob again");
	guest_says(alice, "/unignore bob");
	guest_sees_next(alice, "! you do not ignore \"bob\"");
	has_said(bob, "bob", "two");
	guest_sees_next(alice, "bob: two");
}

Test(e2e_ignoring, is_one_users_own_and_not_of_himself)
{
	guest_says(alice, "/ignore Alice");
	guest_sees_next(alice, "! that is you; nobody can ignore himself");
	alice_ignores("bob");
	/* He is not told, and may be spoken to. */
	guest_says(alice, "@bob are you there?");
	guest_sees_next(alice, "[alice -> bob] are you there?");
	guest_sees_next(bob, "[alice -> bob] are you there?");
	has_said(bob, "bob", "yes");
	guest_sees(carol, "bob: yes");
	alice_has_seen_nothing();
}
