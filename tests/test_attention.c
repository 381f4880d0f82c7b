/* test_attention.c - which messages are for the person at the screen. */
#include "cli/attention.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

#define ZHANG_WEI "\xe5\xbc\xa0\xe4\xbc\x9f"
#define NI_HAO "\xe4\xbd\xa0\xe5\xa5\xbd"

TestSuite(attention, .timeout = SUITE_TIMEOUT);

static struct message
parsed(const char *line)
{
	struct message m;

	message_parse(line, strlen(line), &m);
	return m;
}

struct attention_case {
	char line[64];
	char me[32];
	enum attention expected;
};

ParameterizedTestParameters(attention, is_on_what_is_for_the_person)
{
	static struct attention_case cases[] = {
		{ "bob: alice", "alice", ATTENTION_MENTION },
		{ "bob: hello, alice!", "alice", ATTENTION_MENTION },
		{ "bob: @Alice: look", "alice", ATTENTION_MENTION },
		{ "bob: is it ALICE's?", "alice", ATTENTION_MENTION },
		{ "bob: ask alice.", "alice", ATTENTION_MENTION },
		{ "bob: alice... well", "alice", ATTENTION_MENTION },
		{ "bob: _alice_", "alice", ATTENTION_MENTION },
		{ "bob: malice or alice", "alice", ATTENTION_MENTION },
		{ "bob: malice", "alice", ATTENTION_NONE },
		{ "bob: alices", "alice", ATTENTION_NONE },
		{ "bob: alice2", "alice", ATTENTION_NONE },
		{ "bob: alice-b and c.alice", "alice", ATTENTION_NONE },
		{ "bob: alice_b", "alice", ATTENTION_NONE },
		{ "bob: alice-b", "alice-b", ATTENTION_MENTION },
		{ "bob: ali ce", "alice", ATTENTION_NONE },
		{ "bob: alic\xcc\xa7"
		  "e alice\xcc\xa7",
		    "alice", ATTENTION_NONE },
		/* full width, sharp s, composed and not */
		{ "bob: \xef\xbd\x81\xef\xbd\x8c", "al", ATTENTION_MENTION },
		{ "bob: STRASSE",
		    "stra\xc3\x9f"
		    "e",
		    ATTENTION_MENTION },
		{ "bob: E\xcc\x81lodie?", "\xc3\xa9lodie", ATTENTION_MENTION },
		/* no blanks between words */
		{ "bob: " NI_HAO ZHANG_WEI NI_HAO, ZHANG_WEI,
		    ATTENTION_MENTION },
		{ "bob: " NI_HAO "alice" NI_HAO, "alice", ATTENTION_MENTION },
		/* the name of somebody else is no text */
		{ "alice2: hello", "alice2", ATTENTION_NONE },
		/* not in one's own */
		{ "alice: I am alice", "alice", ATTENTION_NONE },
		{ "Alice: I am alice", "alice", ATTENTION_NONE },
		{ "* alice is alice", "alice", ATTENTION_NONE },
		{ "[alice -> bob] alice", "alice", ATTENTION_NONE },
		{ "[alice -> alice] alice", "alice", ATTENTION_NONE },
		/* deeds, and what the server says */
		{ "* bob waves to alice", "alice", ATTENTION_MENTION },
		{ "* @NAME TEXT - says TEXT to NAME alone", "name",
		    ATTENTION_NONE },
		{ "* alice joined", "alice", ATTENTION_NONE },
		{ "* bob is now alice", "alice", ATTENTION_NONE },
		{ "* 2 people are here: alice, bob", "alice", ATTENTION_NONE },
		{ "! alice cannot do that", "alice", ATTENTION_NONE },
		/* to the person alone */
		{ "[bob -> alice] psst", "alice", ATTENTION_PRIVATE },
		{ "[bob -> ALICE] psst", "alice", ATTENTION_PRIVATE },
		/* no text, no name */
		{ "bob: \xff alice", "alice", ATTENTION_NONE },
		{ "bob: alice", "", ATTENTION_NONE },
		{ "bob: ", "alice", ATTENTION_NONE },
	};

	return cr_make_param_array(
	    struct attention_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(
    struct attention_case *c, attention, is_on_what_is_for_the_person)
{
	struct message m = parsed(c->line);

	cr_assert_eq(attention_of(&m, c->me), c->expected, "%s", c->line);
}

/* Which of these ring, as the bits of their places. */
static unsigned
ringing(enum attention_bell bell)
{
	static const char *const lines[] = { "[bob -> alice] psst",
		"bob: alice?", "* bob waves to alice", "bob: hello",
		"alice: alice", "[alice -> bob] psst", "* bob joined",
		"* bob waves", "! no" };
	unsigned bits = 0;

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct message m = parsed(lines[i]);

		if (attention_rings(
			bell, attention_of(&m, "alice"), &m, "alice"))
			bits |= 1u << i;
	}
	return bits;
}

Test(attention, rings_for_what_one_has_asked_for)
{
	cr_assert_eq(ringing(BELL_NEVER), 0);
	cr_assert_eq(ringing(BELL_PRIVATE), 1);
	cr_assert_eq(ringing(BELL_MENTION), 7);
	cr_assert_eq(ringing(BELL_ALL), 15);
}
