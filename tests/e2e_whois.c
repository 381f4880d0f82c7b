/* e2e_whois.c - what one is told of another, and of oneself.
 *
 * A real chatd and raw sockets.  Nothing here lasts as long as a minute; what
 * does is in test_dialogue.c and test_duration.c. */
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
	bob = guest_join(s, "Bob");
	guest_sees(alice, "* Bob joined");
	guest_sees(bob, "* 2 people are here: Bob, alice");
}

TestSuite(
    e2e_whois, .init = set_up, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

struct told {
	char name[16];
	unsigned here_s, quiet_s, n_lines;
};

/* The next line that g sees, which must be of this form to the last byte. */
static struct told
is_told(struct guest *g)
{
	const char *line = guest_line(g);
	char again[128];
	struct told t = { 0 };

	cr_assert_eq(sscanf(line,
			 "* %15s has been here for %u s, has been quiet for "
			 "%u s, and has said %u lines",
			 t.name, &t.here_s, &t.quiet_s, &t.n_lines),
	    4, "%s", line);
	snprintf(again, sizeof again,
	    "* %s has been here for %u s, has been quiet for %u s, and has "
	    "said %u line%s",
	    t.name, t.here_s, t.quiet_s, t.n_lines, t.n_lines == 1 ? "" : "s");
	cr_assert_str_eq(line, again);
	cr_assert_leq(t.quiet_s, t.here_s, "%s", line);
	return t;
}

Test(e2e_whois, of_another_tells_what_he_has_said_in_numbers)
{
	struct told t;

	guest_says(bob, "one");
	guest_says(bob, "/me two");
	guest_says(bob, "@alice three");
	guest_says(bob, "/who");
	guest_sees(alice, "[Bob -> alice] three");
	/* It is counted by then. */
	guest_sees(bob, "[Bob -> alice] three");
	guest_says(alice, "/whois bob");
	t = is_told(alice);
	cr_expect_str_eq(t.name, "Bob");
	cr_expect_eq(t.n_lines, 3);
	/* He is not told, and nothing of where he is. */
	guest_sees_nothing_like(bob, alice, "whois");
	guest_sees_nothing_like(alice, alice, "127.0.0.1");
}

Test(e2e_whois, of_oneself_counts_what_was_said_in_the_same_breath)
{
	struct told t;

	guest_sends_text(alice, "one\n/whois alice\n");
	guest_sees_next(alice, "alice: one");
	t = is_told(alice);
	cr_expect_str_eq(t.name, "alice");
	cr_expect_eq(t.n_lines, 1);
	cr_expect_lt(t.quiet_s, 30);
}

Test(e2e_whois, tells_who_is_away)
{
	guest_says(bob, "/away lunch");
	guest_sees_next(bob, "* you are away: lunch");
	guest_says(alice, "/whois BOB");
	cr_expect_str_eq(is_told(alice).name, "Bob");
	guest_sees_next(alice, "* Bob is away: lunch");
	guest_says(bob, "/back");
	guest_sees_next(bob, "* you are back");
	guest_says(alice, "/whois bob");
	(void)is_told(alice);
	guest_says(alice, "mark");
	guest_sees_next(alice, "alice: mark");
}

Test(e2e_whois, of_nobody_is_refused_as_a_whisper_to_him)
{
	char refusal[128];

	guest_says(alice, "@carol hi");
	snprintf(refusal, sizeof refusal, "%s", guest_line(alice));
	cr_assert_eq(strncmp(refusal, "! nobody named \"carol\"", 22), 0);
	guest_says(alice, "/whois carol");
	guest_sees_next(alice, "%s", refusal);
	guest_says(alice, "/whois");
	guest_sees_next(
	    alice, "! about whom? write /whois name; /who tells who is here");
}
