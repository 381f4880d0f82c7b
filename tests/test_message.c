/* test_message.c - what a line of the server means. */
#include "cli/message.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

TestSuite(message, .timeout = SUITE_TIMEOUT);

static void
is_slice(
    struct slice s, const char *expected, const char *what, const char *line)
{
	cr_assert(s.len == strlen(expected) &&
		      (s.len == 0 || memcmp(s.s, expected, s.len) == 0),
	    "%s of '%s' is '%.*s', not '%s'", what, line, (int)s.len,
	    s.len > 0 ? s.s : "", expected);
}

struct message_case {
	char line[64];
	enum message_kind kind;
	char author[16];
	char recipient[16];
	char text[48];
	unsigned n_people;
};

#define ZHANG "\xe5\xbc\xa0\xe4\xbc\x9f"

ParameterizedTestParameters(message, is_parsed)
{
	static struct message_case cases[] = {
		{ "alice: hello", MESSAGE_SAID, "alice", "", "hello", 0 },
		{ "alice: a: b", MESSAGE_SAID, "alice", "", "a: b", 0 },
		{ "alice: * bob left", MESSAGE_SAID, "alice", "", "* bob left",
		    0 },
		{ "alice: ", MESSAGE_SAID, "alice", "", "", 0 },
		{ ZHANG ": hi", MESSAGE_SAID, ZHANG, "", "hi", 0 },
		{ "a b: c", MESSAGE_UNKNOWN, "", "", "a b: c", 0 },
		{ ": c", MESSAGE_UNKNOWN, "", "", ": c", 0 },
		{ "alice:hello", MESSAGE_UNKNOWN, "", "", "alice:hello", 0 },

		{ "[alice -> bob] psst", MESSAGE_PRIVATE, "alice", "bob",
		    "psst", 0 },
		{ "[a -> b] [c -> d] e", MESSAGE_PRIVATE, "a", "b",
		    "[c -> d] e", 0 },
		{ "[alice -> bob]", MESSAGE_UNKNOWN, "", "", "[alice -> bob]",
		    0 },
		{ "[alice] x", MESSAGE_UNKNOWN, "", "", "[alice] x", 0 },
		{ "[ -> b] x", MESSAGE_UNKNOWN, "", "", "[ -> b] x", 0 },

		{ "! no such name", MESSAGE_REFUSED, "", "", "no such name",
		    0 },
		{ "!", MESSAGE_UNKNOWN, "", "", "!", 0 },

		{ "* Welcome, alice! /help tells", MESSAGE_WELCOME, "alice", "",
		    " /help tells", 0 },
		{ "* Goodbye, alice!", MESSAGE_GOODBYE, "alice", "", "", 0 },
		{ "* Goodbye!", MESSAGE_GOODBYE, "", "", "", 0 },
		{ "* Goodbye!!", MESSAGE_NOTICE, "", "", "Goodbye!!", 0 },
		{ "* Goodbye", MESSAGE_NOTICE, "", "", "Goodbye", 0 },
		{ "* 1 person is here: a", MESSAGE_PRESENT, "", "", "a", 1 },
		{ "* 3 people are here: a, b, c", MESSAGE_PRESENT, "", "",
		    "a, b, c", 3 },
		{ "* also here: d, e", MESSAGE_ALSO_PRESENT, "", "", "d, e",
		    0 },
		{ "* many people are here: a", MESSAGE_NOTICE, "", "",
		    "many people are here: a", 0 },
		{ "* 9 birds are here: a", MESSAGE_NOTICE, "", "",
		    "9 birds are here: a", 0 },

		{ "* bob joined", MESSAGE_JOINED, "bob", "", "", 0 },
		{ "* bob joined us", MESSAGE_NOTICE, "", "", "bob joined us",
		    0 },
		{ "* bob left", MESSAGE_LEFT, "bob", "", "", 0 },
		{ "* bob left (too slow)", MESSAGE_LEFT, "bob", "", "too slow",
		    0 },
		{ "* bob left early", MESSAGE_NOTICE, "", "", "bob left early",
		    0 },
		{ "* bob is now rob", MESSAGE_RENAMED, "bob", "rob", "", 0 },
		{ "* bob is now happy!", MESSAGE_NOTICE, "", "",
		    "bob is now happy!", 0 },
		{ "* 12 people joined: a, b and 10 more", MESSAGE_CROWD_JOINED,
		    "", "", "a, b and 10 more", 12 },
		{ "* 4 people left: a, b, c, d", MESSAGE_CROWD_LEFT, "", "",
		    "a, b, c, d", 4 },
		{ "* 4 people sang: a", MESSAGE_NOTICE, "", "",
		    "4 people sang: a", 0 },
		{ "* 4 joined", MESSAGE_JOINED, "4", "", "", 0 },
		/* nobody, and names that no server gives: unseen, begun by a
		 * mark, not UTF-8 */
		{ "* joined", MESSAGE_NOTICE, "", "", "joined", 0 },
		{ "*  joined", MESSAGE_NOTICE, "", "", " joined", 0 },
		{ "*  left", MESSAGE_NOTICE, "", "", " left", 0 },
		{ "*  is now bob", MESSAGE_NOTICE, "", "", " is now bob", 0 },
		{ "* \u200b joined", MESSAGE_NOTICE, "", "", "\u200b joined",
		    0 },
		{ "* \u00ad left", MESSAGE_NOTICE, "", "", "\u00ad left", 0 },
		{ "* \u0301 left (x)", MESSAGE_NOTICE, "", "",
		    "\u0301 left (x)", 0 },
		{ "* \x7f left", MESSAGE_NOTICE, "", "", "\x7f left", 0 },
		{ "* \xff left", MESSAGE_NOTICE, "", "", "\xff left", 0 },
		{ "* a=b joined", MESSAGE_NOTICE, "", "", "a=b joined", 0 },
		{ "* \u202e is now bob", MESSAGE_NOTICE, "", "",
		    "\u202e is now bob", 0 },
		{ "* bob is now \u200b", MESSAGE_NOTICE, "", "",
		    "bob is now \u200b", 0 },
		{ "* bob is now ", MESSAGE_NOTICE, "", "", "bob is now ", 0 },
		{ "* bob waves", MESSAGE_NOTICE, "", "", "bob waves", 0 },
		{ "* server is shutting down", MESSAGE_NOTICE, "", "",
		    "server is shutting down", 0 },

		{ "", MESSAGE_UNKNOWN, "", "", "", 0 },
		{ "*", MESSAGE_UNKNOWN, "", "", "*", 0 },
		{ "HTTP/1.1 400 Bad Request", MESSAGE_UNKNOWN, "", "",
		    "HTTP/1.1 400 Bad Request", 0 },
	};

	return cr_make_param_array(
	    struct message_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct message_case *c, message, is_parsed)
{
	struct message m;

	message_parse(c->line, strlen(c->line), &m);
	cr_assert_eq(m.kind, c->kind, "'%s' is of kind %d", c->line, m.kind);
	is_slice(m.line, c->line, "line", c->line);
	is_slice(m.author, c->author, "author", c->line);
	is_slice(m.recipient, c->recipient, "recipient", c->line);
	is_slice(m.text, c->text, "text", c->line);
	cr_assert_eq(m.n_people, c->n_people, "'%s' counts %u people", c->line,
	    m.n_people);
}

Test(message, has_no_author_longer_than_a_name_can_be)
{
	char line[400];
	struct message m;

	memset(line, 'a', sizeof line);
	memcpy(line + 300, ": hello", 7);
	message_parse(line, 307, &m);
	cr_assert_eq(m.kind, MESSAGE_UNKNOWN);
	cr_assert_eq(m.text.len, 307);
}

Test(message, reads_nothing_past_the_end_of_the_line)
{
	const char *line = "* bob joined";
	struct message m;

	for (size_t len = 0; len < strlen(line); len++) {
		message_parse(line, len, &m);
		cr_assert_neq(m.kind, MESSAGE_JOINED);
		cr_assert_eq(m.line.len, len);
	}
}

Test(message, a_list_yields_its_names_and_not_the_number_of_others)
{
	const char *line =
	    "* 214 people are here: alice, " ZHANG ", t and 194 more";
	struct message m;
	struct slice rest, name;

	message_parse(line, strlen(line), &m);
	cr_assert_eq(m.kind, MESSAGE_PRESENT);
	cr_assert_eq(m.n_people, 214);
	rest = m.text;
	cr_assert(message_next_name(&rest, &name));
	is_slice(name, "alice", "first name", line);
	cr_assert(message_next_name(&rest, &name));
	is_slice(name, ZHANG, "second name", line);
	cr_assert(message_next_name(&rest, &name));
	is_slice(name, "t", "third name", line);
	cr_assert_not(message_next_name(&rest, &name));
}

struct list_case {
	char list[64];
	/* each followed by a blank */
	char names[32];
};

ParameterizedTestParameters(message, list_steps_over_the_mark_of_who_is_away)
{
	static struct list_case cases[] = {
		{ "alice, bob (away), carol", "alice bob carol " },
		{ "alice (away)", "alice " },
		{ "alice (away), bob (away) and 2 more", "alice bob " },
		{ "alice (away), =, bob", "alice bob " },
		/* what else stands there is no name, nor this mark */
		{ "alice (ill), bob", "alice " },
		{ "alice (away) (away), bob", "alice " },
		{ "alice(away), bob", "alice " },
		{ "alice  (away), bob", "alice " },
		{ "alice (away, bob", "alice " },
		{ " (away), bob", "" },
		{ "(away), bob", "" },
	};

	return cr_make_param_array(
	    struct list_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(
    struct list_case *c, message, list_steps_over_the_mark_of_who_is_away)
{
	struct slice rest = { c->list, strlen(c->list) }, name;
	char names[64] = "";

	while (message_next_name(&rest, &name)) {
		strncat(names, name.s, name.len);
		strcat(names, " ");
	}
	cr_assert_str_eq(names, c->names, "%s", c->list);
}
