/* test_bench_scan.c - texts found in what servers of each protocol send, in
 * whatever pieces it comes. */
#include "tools/bench_scan.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(bench_scan, .timeout = SUITE_TIMEOUT);

#define N_SENDERS 3
#define TEXT_LEN 40

/* What is told, as a string: a digit for a text of that sender, the lines as
 * they are. */
struct told {
	char what[4096];
};

static void
on_text(void *arg, uint32_t recipient, const struct bench_text *text)
{
	struct told *told = arg;
	size_t len = strlen(told->what);

	(void)recipient;
	snprintf(told->what + len, sizeof told->what - len, "<%u.%u>",
	    text->sender, text->number);
}

static void
on_line(void *arg, uint32_t recipient, const char *line, size_t line_len)
{
	struct told *told = arg;
	size_t len = strlen(told->what);

	(void)recipient;
	snprintf(told->what + len, sizeof told->what - len, "%.*s",
	    (int)line_len, line);
}

struct fixture {
	const struct bench_protocol *protocol;
	struct bench_guest guests[N_SENDERS];
	struct bench_before before[N_SENDERS];
	struct bench_scan scan;
	struct told told;
	/* what the server sends */
	char stream[4096];
	size_t len;
};

static struct fixture f;

static void
set_up(const struct bench_protocol *protocol)
{
	static char prefix[] = "b0000000!bench@127.0.0.1";

	memset(&f, 0, sizeof f);
	f.protocol = protocol;
	for (uint32_t i = 0; i < N_SENDERS; i++) {
		snprintf(
		    f.guests[i].name, sizeof f.guests[i].name, "bxyz%05u", i);
		f.guests[i].prefix = prefix;
		f.guests[i].stage = BENCH_IN_ROOM;
		protocol->before_received(
		    f.before[i].bytes, &f.guests[i], NULL, TEXT_LEN);
		f.before[i].len = strlen(f.before[i].bytes);
	}
	f.scan = (struct bench_scan){
		.before = f.before,
		.n_senders = N_SENDERS,
		.text_len = TEXT_LEN,
		.end = protocol->end_received,
		.end_len = strlen(protocol->end_received),
		.on_text = on_text,
		.on_line = on_line,
		.arg = &f.told,
	};
}

static void
sends(const char *bytes)
{
	size_t len = strlen(bytes);

	memcpy(f.stream + f.len, bytes, len);
	f.len += len;
}

static void
sends_text(uint32_t sender, uint32_t number)
{
	const struct bench_text text = { sender, number, 12345 };

	sends(f.before[sender].bytes);
	bench_text_write(f.stream + f.len, TEXT_LEN, &text);
	f.len += TEXT_LEN;
	sends(f.protocol->end_received);
}

/* As the swarm does: what was not taken comes again before what follows. */
static void
receive_in_pieces_of(size_t piece)
{
	size_t taken = 0;

	f.told.what[0] = '\0';
	for (size_t end = 0; end < f.len;) {
		end = f.len - end < piece ? f.len : end + piece;
		taken +=
		    bench_scan_bytes(&f.scan, 1, f.stream + taken, end - taken);
		cr_assert(taken <= end);
	}
	cr_assert_eq(taken, f.len, "something is kept at the end");
}

static void
is_told(const char *expected)
{
	for (size_t piece = 1; piece <= f.len; piece++) {
		receive_in_pieces_of(piece);
		cr_assert_str_eq(
		    f.told.what, expected, "in pieces of %zu", piece);
	}
}

static void
finds_texts_between(const struct bench_protocol *protocol, const char *line)
{
	char expected[256];

	set_up(protocol);
	sends(line);
	sends_text(0, 0);
	sends_text(2, 7);
	sends(line);
	sends(line);
	sends_text(1, 1);
	sends(line);
	snprintf(expected, sizeof expected, "%s<0.0><2.7>%s%s<1.1>%s", line,
	    line, line, line);
	is_told(expected);
}

Test(bench_scan, texts_of_chatd)
{
	finds_texts_between(&bench_chatd, "* bob joined\n");
}

Test(bench_scan, texts_of_irc)
{
	finds_texts_between(&bench_irc, ":bench.invalid NOTICE b :a | b\r\n");
}

Test(bench_scan, texts_of_nats)
{
	finds_texts_between(&bench_nats, "PING\r\n");
}

Test(bench_scan, texts_of_resp)
{
	finds_texts_between(&bench_resp, ":10\r\n");
}

/* Whoever reads knows that such a line is none of the server's. */
static bool
is_strange(const char *line)
{
	char reply[BENCH_WORDS_BYTES];

	return f.protocol->answer(&f.guests[1], line, strlen(line), reply) ==
	       BENCH_STRANGE;
}

static void
damage_is_a_line(const struct bench_protocol *protocol)
{
	set_up(protocol);
	sends_text(0, 0);
	sends_text(0, 1);
	f.stream[f.len - 10] ^= 1;
	sends_text(0, 2);
	for (size_t piece = 1; piece <= f.len; piece++) {
		char *line;

		receive_in_pieces_of(piece);
		cr_assert(bench_line_begins(
		    f.told.what, strlen(f.told.what), "<0.0>"));
		line = f.told.what + strlen("<0.0>");
		cr_assert(is_strange(line), "%s", line);
		cr_assert_not_null(strstr(line, "<0.2>"));
		cr_assert_null(strstr(line, "<0.1>"));
	}
}

Test(bench_scan, damaged_texts_are_strange_lines)
{
	damage_is_a_line(&bench_chatd);
	damage_is_a_line(&bench_nats);
}

Test(bench_scan, a_text_behind_another_name_is_a_line)
{
	const struct bench_text text = { 1, 0, 0 };

	set_up(&bench_chatd);
	sends(f.before[0].bytes);
	bench_text_write(f.stream + f.len, TEXT_LEN, &text);
	f.len += TEXT_LEN;
	sends("\n");
	receive_in_pieces_of(f.len);
	cr_assert(is_strange(f.told.what));
	cr_assert_null(strstr(f.told.what, "<"));
}

Test(bench_scan, a_text_within_a_line_is_no_text)
{
	set_up(&bench_chatd);
	sends("* ");
	sends_text(0, 0);
	receive_in_pieces_of(f.len);
	cr_assert_null(strstr(f.told.what, "<"));
}

Test(bench_scan, a_text_that_is_too_short_is_a_line)
{
	set_up(&bench_chatd);
	sends_text(0, 0);
	f.len -= 5;
	sends("\n");
	receive_in_pieces_of(f.len);
	cr_assert(is_strange(f.told.what));
}

Test(bench_scan, before_anybody_speaks_all_are_lines)
{
	set_up(&bench_nats);
	f.scan.n_senders = 0;
	sends("INFO {\"a|b\"}\r\nPONG\r\n");
	is_told("INFO {\"a|b\"}\r\nPONG\r\n");
}

Test(bench_scan, in_pairs_what_begins_is_the_partners)
{
	set_up(&bench_nats);
	f.scan.in_pairs = true;
	for (uint32_t i = 0; i < 2; i++) {
		bench_nats.before_received(f.before[i].bytes, &f.guests[i],
		    &f.guests[i ^ 1], TEXT_LEN);
		f.before[i].len = strlen(f.before[i].bytes);
	}
	sends_text(0, 0);
	sends("PING\r\n");
	sends_text(0, 1);
	is_told("<0.0>PING\r\n<0.1>");
}
