/* test_line_reader.c - lines out of bytes, however these are cut. */
#include "srv/line_reader.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct line_reader *reader;

static void
set_up(void)
{
	reader = calloc(1, sizeof *reader);
	cr_assert_not_null(reader);
}

static void
tear_down(void)
{
	free(reader);
}

TestSuite(
    line_reader, .init = set_up, .fini = tear_down, .timeout = SUITE_TIMEOUT);

/* Give it bytes as one read would; fails the test when they have no room. */
static void
feed(const char *bytes, size_t len)
{
	char *at;

	cr_assert_leq(len, line_reader_space(reader, &at));
	memcpy(at, bytes, len);
	line_reader_added(reader, len);
}

static void
feed_text(const char *text)
{
	feed(text, strlen(text));
}

static void
feed_many(char byte, size_t n)
{
	while (n-- > 0)
		feed(&byte, 1);
}

static void
next_is(enum line_result expected, const char *text, size_t len)
{
	struct span line = { 0 };
	enum line_result result = line_reader_next(reader, &line);

	cr_assert_eq(
	    result, expected, "%d instead of %d", (int)result, (int)expected);
	if (expected != LINE_TAKEN)
		return;
	cr_assert_eq(line.len, len, "%zu bytes: '%.*s'", line.len,
	    (int)line.len, line.bytes);
	cr_assert(len == 0 || memcmp(line.bytes, text, len) == 0, "'%.*s'",
	    (int)line.len, line.bytes);
}

static void
next_line_is(const char *text)
{
	next_is(LINE_TAKEN, text, strlen(text));
}

static void
no_line_is_left(void)
{
	next_is(LINE_NONE, NULL, 0);
}

static void
next_is_too_long(void)
{
	next_is(LINE_TOO_LONG, NULL, 0);
}

/* The next line is n times x. */
static void
next_line_has(size_t n)
{
	struct span line;

	cr_assert_eq(line_reader_next(reader, &line), LINE_TAKEN);
	cr_assert_eq(line.len, n, "%zu", line.len);
	for (size_t i = 0; i < n; i++)
		cr_assert_eq(line.bytes[i], 'x', "byte %zu", i);
}

Test(line_reader, without_bytes_has_no_line)
{
	no_line_is_left();
	feed_text("");
	no_line_is_left();
}

Test(line_reader, takes_lines_in_their_order)
{
	feed_text("one\ntwo\n\nfour");
	next_line_is("one");
	next_line_is("two");
	next_line_is("");
	no_line_is_left();
	feed_text("teen\n");
	next_line_is("fourteen");
	no_line_is_left();
}

Test(line_reader, takes_cr_lf_as_one_end)
{
	feed_text("one\r\n\r\ntwo\r");
	next_line_is("one");
	next_line_is("");
	no_line_is_left();
	feed_text("\n");
	next_line_is("two");
	no_line_is_left();
}

Test(line_reader, keeps_a_cr_that_ends_no_line)
{
	feed_text("a\rb\r\r\n\rc\n");
	next_line_is("a\rb\r");
	next_line_is("\rc");
}

Test(line_reader, keeps_zero_bytes)
{
	feed("a\0b\n\0\n", 6);
	next_is(LINE_TAKEN, "a\0b", 3);
	next_is(LINE_TAKEN, "\0", 1);
	no_line_is_left();
}

Test(line_reader, gives_what_is_left_at_the_end_of_file_as_a_line)
{
	feed_text("one\ntwo");
	line_reader_end(reader);
	next_line_is("one");
	next_line_is("two");
	no_line_is_left();
	no_line_is_left();
}

Test(line_reader, has_no_line_at_an_end_of_file_behind_a_line)
{
	feed_text("one\n");
	line_reader_end(reader);
	next_line_is("one");
	no_line_is_left();
}

Test(line_reader, has_no_line_at_an_end_of_file_without_bytes)
{
	line_reader_end(reader);
	no_line_is_left();
}

struct length_case {
	size_t len;
	char end[4];
	enum line_result result;
};

ParameterizedTestParameters(line_reader, line_of_a_length)
{
	static struct length_case cases[] = {
		{ LINE_MAX_BYTES - 1, "\n", LINE_TAKEN },
		{ LINE_MAX_BYTES, "\n", LINE_TAKEN },
		{ LINE_MAX_BYTES, "\r\n", LINE_TAKEN },
		{ LINE_MAX_BYTES + 1, "\n", LINE_TOO_LONG },
		{ LINE_MAX_BYTES + 1, "\r\n", LINE_TOO_LONG },
		{ LINE_MAX_BYTES + 2, "\n", LINE_TOO_LONG },
		{ LINE_MAX_BYTES, "\r\r\n", LINE_TOO_LONG },
		{ 2 * LINE_MAX_BYTES, "\r\n", LINE_TOO_LONG },
	};

	return cr_make_param_array(
	    struct length_case, cases, sizeof cases / sizeof *cases);
}

/* The next line of length t->len, then "next", whole and byte for byte. */
ParameterizedTest(struct length_case *t, line_reader, line_of_a_length)
{
	for (int bytewise = 0; bytewise <= 1; bytewise++) {
		enum line_result result = LINE_NONE;
		struct span line;

		for (size_t i = 0; i < t->len; i++) {
			feed("x", 1);
			if (bytewise && result == LINE_NONE)
				result = line_reader_next(reader, &line);
			else if (bytewise)
				no_line_is_left();
		}
		feed_text(t->end);
		if (result == LINE_NONE)
			result = line_reader_next(reader, &line);
		cr_assert_eq(
		    result, t->result, "%zu, bytewise %d", t->len, bytewise);
		if (result == LINE_TAKEN)
			cr_assert_eq(line.len, t->len);
		feed_text("next\n");
		next_line_is("next");
		no_line_is_left();
	}
}

Test(line_reader, takes_the_longest_line_at_the_end_of_file)
{
	feed_many('x', LINE_MAX_BYTES);
	no_line_is_left();
	line_reader_end(reader);
	next_line_has(LINE_MAX_BYTES);
	no_line_is_left();
}

Test(line_reader, refuses_a_longer_line_at_the_end_of_file)
{
	feed_many('x', LINE_MAX_BYTES + 1);
	line_reader_end(reader);
	next_is_too_long();
	no_line_is_left();
}

Test(line_reader, reports_a_megabyte_without_end_once)
{
	static char block[CLIENT_READ_BYTES / 2];
	struct span line;
	int n_reported = 0;

	memset(block, 'x', sizeof block);
	for (size_t fed = 0; fed < 1 << 20; fed += sizeof block) {
		feed(block, sizeof block);
		switch (line_reader_next(reader, &line)) {
		case LINE_NONE:
			break;
		case LINE_TAKEN:
			cr_assert_fail("took a piece of %zu bytes", line.len);
			break;
		case LINE_TOO_LONG:
			n_reported++;
			break;
		}
		no_line_is_left();
	}
	cr_expect_eq(n_reported, 1);
	feed_text("\nshort\n");
	next_line_is("short");
	no_line_is_left();
}

Test(line_reader, forgets_a_line_that_is_too_long_and_cut_off_by_the_end)
{
	feed_many('x', LINE_MAX_BYTES + 2);
	next_is_too_long();
	feed_text("and more");
	line_reader_end(reader);
	no_line_is_left();
	no_line_is_left();
}

Test(line_reader, has_no_space_while_full_of_lines)
{
	char *at;

	feed_text("first\n");
	feed_many('\n', CLIENT_READ_BYTES - strlen("first\n"));
	cr_expect_eq(line_reader_space(reader, &at), 0);
	next_line_is("first");
	cr_expect_eq(line_reader_space(reader, &at), strlen("first\n"));
	for (size_t i = strlen("first\n"); i < CLIENT_READ_BYTES; i++)
		next_line_is("");
	no_line_is_left();
	cr_expect_eq(line_reader_space(reader, &at), CLIENT_READ_BYTES);
}

Test(line_reader, always_has_space_when_no_line_is_left)
{
	char *at;

	for (int i = 0; i < 3 * CLIENT_READ_BYTES; i++) {
		struct span line;

		feed("x", 1);
		(void)line_reader_next(reader, &line);
		cr_assert_gt(line_reader_space(reader, &at), 0, "byte %d", i);
	}
}

Test(line_reader, gives_a_line_that_was_put_back_again)
{
	feed_text("one\r\ntwo\nthree");
	next_line_is("one");
	line_reader_back(reader);
	next_line_is("one");
	next_line_is("two");
	line_reader_back(reader);
	line_reader_back(reader);
	next_line_is("two");
	line_reader_end(reader);
	next_line_is("three");
	line_reader_back(reader);
	next_line_is("three");
	no_line_is_left();
}

Test(line_reader, gives_a_line_put_back_again_after_another_read)
{
	feed_text("one\ntwo\n");
	next_line_is("one");
	next_line_is("two");
	line_reader_back(reader);
	feed_text("three\n");
	next_line_is("two");
	next_line_is("three");
}

Test(line_reader, gives_a_line_put_back_behind_one_that_was_too_long)
{
	feed_many('x', LINE_MAX_BYTES + 5);
	next_is_too_long();
	feed_text("x\nshort\n");
	next_line_is("short");
	line_reader_back(reader);
	next_line_is("short");
	no_line_is_left();
}

/* Any cutting of a stream ------------------------------------------------- */

/* What was taken, written down: each line with its length, or "too long". */
struct account {
	size_t len;
	char bytes[1 << 20];
};

static void
account_add(struct account *a, enum line_result result, struct span line)
{
	uint32_t head =
	    result == LINE_TOO_LONG ? UINT32_MAX : (uint32_t)line.len;

	cr_assert_leq(a->len + sizeof head + line.len, sizeof a->bytes);
	memcpy(a->bytes + a->len, &head, sizeof head);
	a->len += sizeof head;
	if (result == LINE_TOO_LONG || line.len == 0)
		return;
	memcpy(a->bytes + a->len, line.bytes, line.len);
	a->len += line.len;
}

static void
account_add_slowly(struct account *a, const char *bytes, size_t len)
{
	if (len > 0 && bytes[len - 1] == '\r')
		len--;
	account_add(a, len > LINE_MAX_BYTES ? LINE_TOO_LONG : LINE_TAKEN,
	    (struct span){ bytes, len });
}

/* The slow reference: the whole stream is there at once. */
static void
account_of_stream(struct account *a, const char *bytes, size_t len)
{
	size_t start = 0;

	a->len = 0;
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] != '\n')
			continue;
		account_add_slowly(a, bytes + start, i - start);
		start = i + 1;
	}
	if (start < len)
		account_add_slowly(a, bytes + start, len - start);
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

/* Lines that are mostly short, some near the bound, some far beyond it. */
static size_t
random_stream(uint32_t *seed, char *bytes, size_t max)
{
	static const char letters[] = "ab\r\r\0 \xff@";
	size_t len = 0;

	for (;;) {
		uint32_t n = random_next(seed) % 8;

		if (n == 6)
			n = LINE_MAX_BYTES - 4 + random_next(seed) % 9;
		else if (n == 7)
			n = random_next(seed) % (3 * CLIENT_READ_BYTES / 2);
		if (len + n + 2 > max)
			return len;
		while (n-- > 0)
			bytes[len++] =
			    letters[random_next(seed) % (sizeof letters - 1)];
		if (random_next(seed) % 3 == 0)
			bytes[len++] = '\r';
		bytes[len++] = '\n';
	}
}

static void
take_all(struct account *a, uint32_t *seed)
{
	struct span line = { 0 };
	enum line_result result;

	while ((result = line_reader_next(reader, &line)) != LINE_NONE) {
		if (result == LINE_TAKEN && random_next(seed) % 4 == 0) {
			line_reader_back(reader);
			continue;
		}
		account_add(a, result, line);
		/* Not every turn takes all that is there. */
		if (random_next(seed) % 16 == 0)
			return;
	}
}

static void
account_of_pieces(struct account *a, const char *bytes, size_t len,
    uint32_t *seed, uint32_t max_piece)
{
	size_t fed = 0;

	memset(reader, 0, sizeof *reader);
	a->len = 0;
	while (fed < len) {
		char *at;
		size_t space = line_reader_space(reader, &at);
		size_t n = 1 + random_next(seed) % max_piece;

		n = n < space ? n : space;
		n = n < len - fed ? n : len - fed;
		memcpy(at, bytes + fed, n);
		line_reader_added(reader, n);
		fed += n;
		take_all(a, seed);
	}
	line_reader_end(reader);
	/* take_all may stop early; a drained reader stays drained. */
	for (size_t i = 0; i < CLIENT_READ_BYTES && reader->start < reader->end;
	     i++)
		take_all(a, seed);
}

Test(line_reader, takes_a_line_that_nobody_sent)
{
	struct span line;

	memset(reader, 0, sizeof *reader);
	line_reader_put(reader, "name");
	cr_assert_eq(line_reader_next(reader, &line), LINE_TAKEN);
	cr_expect_eq(line.len, 4);
	cr_expect_eq(memcmp(line.bytes, "name", 4), 0);
	cr_expect_eq(line_reader_next(reader, &line), LINE_NONE);
}

ParameterizedTestParameters(line_reader, any_cut_of_a_stream_gives_its_lines)
{
	static uint32_t max_pieces[] = { 1, 2, 7, 100, LINE_MAX_BYTES + 1,
		CLIENT_READ_BYTES };

	return cr_make_param_array(
	    uint32_t, max_pieces, sizeof max_pieces / sizeof *max_pieces);
}

ParameterizedTest(
    uint32_t *max_piece, line_reader, any_cut_of_a_stream_gives_its_lines)
{
	static struct account expected, taken;
	static char stream[512 * 1024];
	uint32_t seed = 4711 + *max_piece;

	for (int round = 0; round < 20; round++) {
		size_t len = random_stream(&seed, stream, sizeof stream);

		/* Half of the streams end within a line. */
		if (round % 2 == 1)
			len -= random_next(&seed) % 5000;
		account_of_stream(&expected, stream, len);
		account_of_pieces(&taken, stream, len, &seed, *max_piece);
		cr_assert_eq(taken.len, expected.len, "round %d", round);
		cr_assert_eq(memcmp(taken.bytes, expected.bytes, taken.len), 0,
		    "round %d", round);
	}
}
