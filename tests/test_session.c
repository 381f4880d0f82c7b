/* test_session.c - lines of a client, and what they ask for. */
#include "srv/session.h"

#include "ipc/text.h"
#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdint.h>
#include <string.h>

TestSuite(session, .timeout = SUITE_TIMEOUT);

static struct span
span_of(const char *text)
{
	return (struct span){ text, strlen(text) };
}

static bool
span_is(struct span s, const char *text)
{
	return s.len == strlen(text) &&
	       (s.len == 0 || memcmp(s.bytes, text, s.len) == 0);
}

struct line_case {
	char line[64];
	enum request_kind kind;
	char name[40];
	char text[64];
};

static void
asks_for(bool is_named, const struct line_case *t)
{
	struct request request;

	session_read(is_named, span_of(t->line), &request);
	cr_expect_eq(request.kind, t->kind, "'%s' is of kind %d", t->line,
	    (int)request.kind);
	cr_expect(span_is(request.name, t->name), "'%s' names '%.*s'", t->line,
	    (int)request.name.len, request.name.bytes);
	cr_expect(span_is(request.text, t->text), "'%s' has text '%.*s'",
	    t->line, (int)request.text.len, request.text.bytes);
}

ParameterizedTestParameters(session, line_of_a_user)
{
	static struct line_case cases[] = {
		{ "", REQUEST_NOTHING, "", "" },
		{ " ", REQUEST_NOTHING, "", "" },
		{ " \t \t", REQUEST_NOTHING, "", "" },
		{ "hello", REQUEST_SAY, "", "hello" },
		{ "h", REQUEST_SAY, "", "h" },
		{ "  indented, and a blank ", REQUEST_SAY, "",
		    "  indented, and a blank " },
		{ "\u017elu\u0165ou\u010dk\u00fd \U0001f40e", REQUEST_SAY, "",
		    "\u017elu\u0165ou\u010dk\u00fd \U0001f40e" },
		{ "* bob left", REQUEST_SAY, "", "* bob left" },
		{ "! no", REQUEST_SAY, "", "! no" },
		{ "[a -> b] c", REQUEST_SAY, "", "[a -> b] c" },
		/* to one */
		{ "@bob hello", REQUEST_WHISPER, "bob", "hello" },
		{ "@bob \t hello", REQUEST_WHISPER, "bob", "hello" },
		{ "@bob hello  you ", REQUEST_WHISPER, "bob", "hello  you " },
		{ "@bob @carol", REQUEST_WHISPER, "bob", "@carol" },
		{ "@bob exit", REQUEST_WHISPER, "bob", "exit" },
		{ "@\u5f20\u4f1f \u4f60\u597d", REQUEST_WHISPER, "\u5f20\u4f1f",
		    "\u4f60\u597d" },
		{ "/msg bob hello", REQUEST_WHISPER, "bob", "hello" },
		{ "/MSG  bob  hello", REQUEST_WHISPER, "bob", "hello" },
		{ "/msg @bob hello", REQUEST_WHISPER, "@bob", "hello" },
		/* doubled marks */
		{ "@@bob hello", REQUEST_SAY, "", "@bob hello" },
		{ "@@", REQUEST_SAY, "", "@" },
		{ "@@@", REQUEST_SAY, "", "@@" },
		{ "//help", REQUEST_SAY, "", "/help" },
		{ "//", REQUEST_SAY, "", "/" },
		{ "///", REQUEST_SAY, "", "//" },
		{ "//quit", REQUEST_SAY, "", "/quit" },
		{ "hello @@bob //x", REQUEST_SAY, "", "hello @@bob //x" },
		/* commands */
		{ "/help", REQUEST_HELP, "", "" },
		{ "/Help me", REQUEST_HELP, "", "" },
		{ "/who", REQUEST_WHO, "", "" },
		{ "/who ", REQUEST_WHO, "", "" },
		{ "/whois bob", REQUEST_WHOIS, "bob", "" },
		{ "/WhoIs \t bob ", REQUEST_WHOIS, "bob", "" },
		{ "/me waves", REQUEST_ACT, "", "waves" },
		{ "/me \t waves  twice", REQUEST_ACT, "", "waves  twice" },
		{ "/ME waves", REQUEST_ACT, "", "waves" },
		{ "/me left early", REQUEST_ACT, "", "left early" },
		{ "/nick rob", REQUEST_NAME, "rob", "" },
		{ "/nick  rob \t", REQUEST_NAME, "rob", "" },
		{ "/nick rob roy", REQUEST_NAME, "rob roy", "" },
		{ "/ignore bob", REQUEST_IGNORE, "bob", "" },
		{ "/IGNORE  bob \t", REQUEST_IGNORE, "bob", "" },
		{ "/ignore a b", REQUEST_IGNORE, "a b", "" },
		{ "/ignore", REQUEST_IGNORE, "", "" },
		{ "/ignore \t ", REQUEST_IGNORE, "", "" },
		{ "/unignore bob ", REQUEST_UNIGNORE, "bob", "" },
		{ "/away", REQUEST_AWAY, "", "" },
		{ "/away \t", REQUEST_AWAY, "", "" },
		{ "/AWAY  back at two ", REQUEST_AWAY, "", "back at two" },
		{ "/back", REQUEST_BACK, "", "" },
		{ "/Back again", REQUEST_BACK, "", "" },
		/* leaving */
		{ "exit", REQUEST_LEAVE, "", "" },
		{ " exit\t", REQUEST_LEAVE, "", "" },
		{ "/quit", REQUEST_LEAVE, "", "" },
		{ " /quit ", REQUEST_LEAVE, "", "" },
		{ "/QUIT", REQUEST_LEAVE, "", "" },
		{ "/quit so long", REQUEST_LEAVE, "", "" },
		{ "Exit", REQUEST_SAY, "", "Exit" },
		{ "exit now", REQUEST_SAY, "", "exit now" },
		{ "exits", REQUEST_SAY, "", "exits" },
	};

	return cr_make_param_array(
	    struct line_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct line_case *t, session, line_of_a_user)
{
	asks_for(true, t);
}

ParameterizedTestParameters(session, line_of_who_has_no_name_yet)
{
	static struct line_case cases[] = {
		{ "alice", REQUEST_NAME, "alice", "" },
		{ "  alice \t", REQUEST_NAME, "alice", "" },
		{ "", REQUEST_NAME, "", "" },
		{ "  ", REQUEST_NAME, "", "" },
		{ "alice smith", REQUEST_NAME, "alice smith", "" },
		{ "@bob hello", REQUEST_NAME, "@bob hello", "" },
		{ "/help", REQUEST_NAME, "/help", "" },
		{ "GET / HTTP/1.1", REQUEST_NAME, "GET / HTTP/1.1", "" },
		{ "a\x01", REQUEST_NAME, "a\x01", "" },
		{ "exit", REQUEST_LEAVE, "", "" },
		{ " exit ", REQUEST_LEAVE, "", "" },
		{ "/quit", REQUEST_LEAVE, "", "" },
		{ "/QUIT", REQUEST_LEAVE, "", "" },
		{ "Exit", REQUEST_NAME, "Exit", "" },
	};

	return cr_make_param_array(
	    struct line_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct line_case *t, session, line_of_who_has_no_name_yet)
{
	asks_for(false, t);
}

struct refusal_case {
	char line[128];
	char reason[192];
};

ParameterizedTestParameters(session, refused_line)
{
	static struct refusal_case cases[] = {
		{ "@", "to whom, and what?" },
		{ "@ ", "to whom, and what?" },
		{ "@bob", "to whom, and what?" },
		{ "@bob  ", "to whom, and what?" },
		{ "@ hello", "to whom, and what?" },
		/* meant for one, and about to be said to all */
		{ " @bob secret", "your line begins with a blank" },
		{ "\t/msg bob secret", "your line begins with a blank" },
		{ "/msg", "to whom, and what?" },
		{ "/msg bob", "to whom, and what?" },
		{ "/me", "what do you do?" },
		{ "/me  ", "what do you do?" },
		{ "/me joined", "that would read like a notice" },
		{ "/me left (ill)", "that would read like a notice" },
		{ "/me is\tnow rob", "that would read like a notice" },
		{ "/nick", "which name?" },
		{ "/nick \t", "which name?" },
		{ "/whois", "about whom? write /whois name" },
		{ "/whois \t", "about whom? write /whois name" },
		{ "/unignore", "whom? write /unignore name" },
		{ "/unignore  ", "whom? write /unignore name" },
		{ "/", "there is no command /; " },
		{ "/ help", "there is no command /; " },
		{ "/exit", "there is no command /exit; " },
		{ "/helpme", "there is no command /helpme; " },
		{ "/he", "there is no command /he; " },
		{ "/\x1b[2J", "there is no command /^[[2J; " },
		{ "/\u202ex", "there is no command /<U+202E>x; " },
		/* cut between characters, and so still text */
		{ "/eeeee\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
		  "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
		  "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
		  "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
		  "\u00e9\u00e9\u00e9",
		    "there is no command /eeeee\u00e9\u00e9\u00e9\u00e9\u00e9"
		    "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
		    "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
		    "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
		    "\u00e9\u00e9\u00e9\u00e9\u00e9; /help" },
		{ "caf\xe9", "your line is not UTF-8" },
		{ "@bob caf\xe9", "your line is not UTF-8" },
		{ "/who \xff", "your line is not UTF-8" },
		{ "\xed\xa0\x80", "your line is not UTF-8" },
		{ "exit\xff", "your line is not UTF-8" },
	};

	return cr_make_param_array(
	    struct refusal_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct refusal_case *t, session, refused_line)
{
	struct request request;

	session_read(true, span_of(t->line), &request);
	cr_assert_eq(request.kind, REQUEST_REFUSE, "'%s'", t->line);
	cr_expect_eq(strncmp(request.text.bytes, t->reason, strlen(t->reason)),
	    0, "'%.*s'", (int)request.text.len, request.text.bytes);
	cr_expect(text_is_safe(request.text.bytes, request.text.len));
}

Test(session, name_that_is_not_utf8_is_refused)
{
	struct request request;

	session_read(false, span_of("\x16\x03\x01\x02\xff\xfe"), &request);
	cr_expect_eq(request.kind, REQUEST_REFUSE);
	cr_expect(text_is_safe(request.text.bytes, request.text.len));
}

Test(session, refusal_repeats_no_more_than_a_piece_of_a_long_command)
{
	char line[LINE_MAX_BYTES];
	struct request request;

	memset(line, 'x', sizeof line);
	line[0] = '/';
	session_read(true, (struct span){ line, sizeof line }, &request);
	cr_expect_eq(request.kind, REQUEST_REFUSE);
	cr_expect_lt(request.text.len, 256);
}

/* 80 bytes into it stands the middle of a character. */
Test(session, refusal_of_a_long_foreign_command_is_safe_to_show)
{
	char line[LINE_MAX_BYTES] = "/";
	struct request request;

	for (size_t i = 1; i + 3 <= 400; i += 3)
		memcpy(line + i, "\u4f60", 3);
	session_read(true, span_of(line), &request);
	cr_expect_eq(request.kind, REQUEST_REFUSE);
	cr_expect(text_is_safe(request.text.bytes, request.text.len));
}

struct shown_case {
	char line[32];
	size_t len;
	char text[64];
};

ParameterizedTestParameters(session, control_characters_are_made_visible)
{
	static struct shown_case cases[] = {
		{ "a\tb", 3, "a b" },
		{ "\x1b[31mred", 8, "^[[31mred" },
		{ "a\0b", 3, "a^@b" },
		{ "a\rb", 3, "a^Mb" },
		{ "a\x7f", 2, "a^?" },
		{ "a\xc2\x85\x62", 4, "a<U+0085>b" },
		{ "a\u202eb", 5, "a<U+202E>b" },
		{ "a\u2066b", 5, "a<U+2066>b" },
		{ "a\u2028b", 5, "a<U+2028>b" },
	};

	return cr_make_param_array(
	    struct shown_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(
    struct shown_case *t, session, control_characters_are_made_visible)
{
	static const struct {
		const char *before;
		enum request_kind kind;
	} ways[] = {
		{ "", REQUEST_SAY },
		{ "@bob ", REQUEST_WHISPER },
		{ "/msg bob ", REQUEST_WHISPER },
		{ "/me ", REQUEST_ACT },
		{ "/away ", REQUEST_AWAY },
	};

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		size_t before_len = strlen(ways[i].before);
		struct request request;
		char line[64];

		memcpy(line, ways[i].before, before_len);
		memcpy(line + before_len, t->line, t->len);
		session_read(
		    true, (struct span){ line, before_len + t->len }, &request);
		cr_expect_eq(request.kind, ways[i].kind, "%s%s", ways[i].before,
		    t->text);
		cr_expect(span_is(request.text, t->text), "'%.*s'",
		    (int)request.text.len, request.text.bytes);
	}
}

Test(session, line_of_the_greatest_length_is_said_whole)
{
	static char line[LINE_MAX_BYTES];
	struct request request;

	memset(line, 'x', sizeof line);
	session_read(true, (struct span){ line, sizeof line }, &request);
	cr_expect_eq(request.kind, REQUEST_SAY);
	cr_expect_eq(request.text.len, LINE_MAX_BYTES);
	cr_expect_eq(request.text.bytes, line);
}

static enum request_kind
kind_of_away(const char *text, size_t len)
{
	char line[LINE_MAX_BYTES] = "/away ";
	struct request request;

	memcpy(line + 6, text, len);
	session_read(true, (struct span){ line, 6 + len }, &request);
	cr_expect(text_is_safe(request.text.bytes, request.text.len));
	return request.kind;
}

Test(session, text_about_being_away_is_refused_where_it_is_too_long)
{
	char text[AWAY_MAX_BYTES + 1];

	memset(text, 'x', sizeof text);
	cr_expect_eq(kind_of_away(text, AWAY_MAX_BYTES), REQUEST_AWAY);
	cr_expect_eq(kind_of_away(text, AWAY_MAX_BYTES + 1), REQUEST_REFUSE);
	/* shown by two */
	text[0] = '\x01';
	cr_expect_eq(kind_of_away(text, AWAY_MAX_BYTES - 1), REQUEST_AWAY);
	cr_expect_eq(kind_of_away(text, AWAY_MAX_BYTES), REQUEST_REFUSE);
}

/* n plain letters, then controls, each of which is shown by two. */
static void
read_line_with_controls(size_t n_plain, size_t n_controls, struct request *out)
{
	static char line[LINE_MAX_BYTES];

	memset(line, 'x', n_plain);
	memset(line + n_plain, '\x01', n_controls);
	session_read(true, (struct span){ line, n_plain + n_controls }, out);
}

Test(session, line_that_fits_when_made_visible_is_said)
{
	struct request request;

	read_line_with_controls(LINE_MAX_BYTES - 2, 1, &request);
	cr_expect_eq(request.kind, REQUEST_SAY);
	cr_expect_eq(request.text.len, LINE_MAX_BYTES);
	read_line_with_controls(0, LINE_MAX_BYTES / 2, &request);
	cr_expect_eq(request.kind, REQUEST_SAY);
	cr_expect_eq(request.text.len, LINE_MAX_BYTES);
}

Test(session, line_that_does_not_fit_when_made_visible_is_refused)
{
	struct request request;

	read_line_with_controls(LINE_MAX_BYTES - 1, 1, &request);
	cr_expect_eq(request.kind, REQUEST_REFUSE);
	read_line_with_controls(0, LINE_MAX_BYTES / 2 + 1, &request);
	cr_expect_eq(request.kind, REQUEST_REFUSE);
	read_line_with_controls(0, LINE_MAX_BYTES, &request);
	cr_expect_eq(request.kind, REQUEST_REFUSE);
	cr_expect(text_is_safe(request.text.bytes, request.text.len));
}

Test(session, refusal_is_formatted_and_made_printable)
{
	struct request request;

	session_refuse(
	    &request, DIR_COUNT_rejected_command, "%d x %s", 3, "\x1b[2J\xff");
	cr_expect_eq(request.kind, REQUEST_REFUSE);
	cr_expect(span_is(request.text, "3 x ^[[2J\\377"));
}

/* A fixed sequence, so that a failure comes again. */
static uint32_t
random_next(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Pieces that lines are made of here: marks, verbs, blanks, bad bytes. */
static size_t
random_line(uint32_t *seed, char line[LINE_MAX_BYTES])
{
	static const char *const pieces[] = { "@", "/", " ", "\t", "bob",
		"exit", "me ", "msg ", "nick ", "\x01", "\x1b", "\xff",
		"\u202e", "\u4f60", "left", "is now " };
	unsigned n = random_next(seed) % 12;
	size_t len = 0;

	while (n-- > 0) {
		const char *piece = pieces[random_next(seed) %
					   (sizeof pieces / sizeof *pieces)];

		memcpy(line + len, piece, strlen(piece));
		len += strlen(piece);
	}
	return len;
}

Test(session, whatever_is_sent_nothing_unsafe_is_passed_on)
{
	static char line[LINE_MAX_BYTES];
	uint32_t seed = 20240229;

	for (int i = 0; i < 200000; i++) {
		size_t len = random_line(&seed, line);
		struct request request;

		session_read(true, (struct span){ line, len }, &request);
		cr_assert(text_is_safe(request.text.bytes, request.text.len),
		    "line %d", i);
		cr_assert_leq(request.text.len, LINE_MAX_BYTES);
		if (request.kind == REQUEST_SAY || request.kind == REQUEST_ACT)
			cr_assert_gt(request.text.len, 0, "line %d", i);
		if (request.kind == REQUEST_WHISPER)
			cr_assert(request.text.len > 0 && request.name.len > 0,
			    "line %d", i);
	}
}
