/* test_line_protocol.c - what each event looks like to a client. */
#include "srv/line_protocol.h"

#include "ipc/limits.h"
#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

static struct outbuf out;

static void
set_up(void)
{
	outbuf_init(&out, -1);
}

static void
tear_down(void)
{
	outbuf_free(&out);
}

TestSuite(
    line_protocol, .init = set_up, .fini = tear_down, .timeout = SUITE_TIMEOUT);

static struct span
span_of(const char *text)
{
	return (struct span){ text, strlen(text) };
}

struct event_case {
	enum event_kind kind;
	char author[16], recipient[16], text[32];
	char line[64];
};

static void
put(const struct event_case *t)
{
	struct event event = {
		.kind = t->kind,
		.author = span_of(t->author),
		.recipient = span_of(t->recipient),
		.text = span_of(t->text),
	};

	line_protocol_put(&out, &event);
}

ParameterizedTestParameters(line_protocol, event)
{
	static struct event_case cases[] = {
		{ EVENT_SAID, "alice", "", "hello", "alice: hello\n" },
		{ EVENT_SAID, "alice", "", "", "alice: \n" },
		{ EVENT_SAID, "alice", "", " * x", "alice:  * x\n" },
		{ EVENT_SAID, "\u5f20\u4f1f", "", "\u4f60\u597d",
		    "\u5f20\u4f1f: \u4f60\u597d\n" },
		{ EVENT_ACTED, "alice", "", "waves", "* alice waves\n" },
		{ EVENT_WHISPERED, "alice", "bob", "psst",
		    "[alice -> bob] psst\n" },
		{ EVENT_JOINED, "bob", "", "", "* bob joined\n" },
		{ EVENT_LEFT, "bob", "", "", "* bob left\n" },
		{ EVENT_LEFT, "bob", "", "too slow",
		    "* bob left (too slow)\n" },
		{ EVENT_RENAMED, "bob", "", "rob", "* bob is now rob\n" },
		{ EVENT_NOTICE, "", "", "server is shutting down",
		    "* server is shutting down\n" },
		{ EVENT_REFUSED, "", "", "no", "! no\n" },
	};

	return cr_make_param_array(
	    struct event_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct event_case *t, line_protocol, event)
{
	put(t);
	cr_assert_eq(outbuf_waiting(&out), strlen(t->line));
	cr_expect_eq(memcmp(out.bytes, t->line, strlen(t->line)), 0, "%.*s",
	    (int)outbuf_waiting(&out), out.bytes);
}

Test(line_protocol, takes_spans_of_nothing)
{
	struct event event = { .kind = EVENT_LEFT };

	line_protocol_put(&out, &event);
	cr_expect_eq(outbuf_waiting(&out), strlen("*  left\n"));
}

Test(line_protocol, puts_one_line_behind_the_other)
{
	put(&(struct event_case){ EVENT_SAID, "a", "", "1", "" });
	put(&(struct event_case){ EVENT_SAID, "b", "", "2", "" });
	cr_assert_eq(outbuf_waiting(&out), strlen("a: 1\nb: 2\n"));
	cr_expect_eq(memcmp(out.bytes, "a: 1\nb: 2\n", 10), 0);
}

Test(line_protocol, longest_line_is_within_the_promised_length)
{
	static char letters[LINE_MAX_BYTES];
	struct event event = {
		.kind = EVENT_WHISPERED,
		.author = { letters, NAME_MAX_BYTES },
		.recipient = { letters, NAME_MAX_BYTES },
		.text = { letters, LINE_MAX_BYTES },
	};

	memset(letters, 'x', sizeof letters);
	line_protocol_put(&out, &event);
	cr_expect_leq(outbuf_waiting(&out), WIRE_LINE_MAX_BYTES);
	cr_expect_gt(
	    outbuf_waiting(&out), (size_t)LINE_MAX_BYTES + 2 * NAME_MAX_BYTES);
}

Test(line_protocol, drops_what_a_dead_client_would_get)
{
	out.dead = true;
	put(&(struct event_case){ EVENT_SAID, "a", "", "1", "" });
	cr_expect_eq(outbuf_waiting(&out), 0);
}

struct mimic_case {
	char text[48];
	bool mimics;
};

ParameterizedTestParameters(line_protocol, mimics_notice)
{
	static struct mimic_case cases[] = {
		{ "joined", true },
		{ "left", true },
		{ "left (too slow)", true },
		{ "left (", true },
		{ "is now rob", true },
		{ "people are here: alice", true },
		{ "person is here: alice", true },
		/* of somebody called "also", or "server" */
		{ "here: dave", true },
		{ "is shutting down", true },
		{ "is away", true },
		{ "is  away \u200b", true },
		{ "is away: lunch", true },
		{ "is away: \u00a0", true },
		{ "has been here for 3 min, has been quiet for", true },
		{ "has been here for", true },
		/* of somebody called "you" */
		{ "are away", true },
		{ "are away: lunch", true },
		{ "are away:", true },
		{ "are back", true },
		{ "no longer hear bob; /unignore bob ends it", true },
		{ "hear bob again", true },
		{ "ignore nobody", true },
		{ "ignore: bob", true },
		{ "ignore:", true },
		{ "also ignore: bob", true },
		/* the eye does not see blanks at the end */
		{ "joined ", true },
		{ "left  ", true },
		{ "is shutting down ", true },
		/* nor invisible characters, nor of what kind a blank is */
		{ "joined\u200b", true },
		{ "jo\u200bined", true },
		{ "joined\u00a0", true },
		{ "is\u2003now rob", true },
		{ "\u2003left", true },
		{ "\u00a0 joined", true },
		{ "is  \u00a0now rob", true },
		/* where a name would stand is somebody unseen */
		{ "is now \u00a0", true },
		{ "is now \u200b", true },
		{ "is now", true },
		{ "here: \u00a0", true },
		{ "here:", true },
		{ "", false },
		{ "waves", false },
		{ "joins", false },
		{ "joined the army", false },
		{ "left early", false },
		{ "is", false },
		{ "is nowhere", false },
		{ "here", false },
		{ "is shutting down the light", false },
		{ "Joined", false },
		{ "has left", false },
		{ "peopled the earth", false },
		{ "is away from home", false },
		{ "is awayed", false },
		{ "goes away: bye", false },
		{ "has been here before", false },
		{ "are back again", false },
		{ "hears voices", false },
		{ "ignores bob", false },
		{ "ignore nobody but bob", false },
		{ "no longer hears bob", false },
	};

	return cr_make_param_array(
	    struct mimic_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct mimic_case *t, line_protocol, mimics_notice)
{
	cr_expect_eq(line_protocol_mimics_notice(span_of(t->text)), t->mimics,
	    "'%s'", t->text);
}
