/* test_text.c - untrusted bytes: what is UTF-8, what is safe, what is shown. */
#include "ipc/text.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(text, .timeout = SUITE_TIMEOUT);

/* A fixed sequence, so that a failure comes again. */
static uint32_t
random_next(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* The slow reference: UTF-8 by the table of RFC 3629. */
static int
slow_decode(const unsigned char *s, size_t len, uint32_t *c)
{
	static const struct {
		unsigned char first_min, first_max, second_min, second_max;
		int len;
	} rows[] = {
		{ 0x00, 0x7f, 0, 0, 1 },
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
		if (s[0] < rows[r].first_min || s[0] > rows[r].first_max)
			continue;
		if (len < (size_t)rows[r].len)
			return -1;
		*c = rows[r].len == 1 ? s[0]
				      : s[0] & ((1u << (7 - rows[r].len)) - 1);
		for (int i = 1; i < rows[r].len; i++) {
			unsigned min = i == 1 ? rows[r].second_min : 0x80;
			unsigned max = i == 1 ? rows[r].second_max : 0xbf;

			if (s[i] < min || s[i] > max)
				return -1;
			*c = *c << 6 | (s[i] & 0x3f);
		}
		return rows[r].len;
	}
	return -1;
}

static bool
slow_is_safe(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t i = 0;

	while (i < len) {
		uint32_t c = 0;
		int n = slow_decode(s + i, len - i, &c);

		if (n == -1 || c <= 0x1f || (c >= 0x7f && c <= 0x9f) ||
		    c == 0x2028 || c == 0x2029 ||
		    (c >= 0x202a && c <= 0x202e) ||
		    (c >= 0x2066 && c <= 0x2069))
			return false;
		i += (size_t)n;
	}
	return true;
}

static int
encode(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

Test(text, decodes_every_character_and_no_surrogate)
{
	for (uint32_t c = 0; c < 0x110000; c++) {
		uint32_t back = 0;
		char s[4];
		int len = encode(c, s);
		int n = text_decode(s, (size_t)len, &back);

		if (c >= 0xd800 && c <= 0xdfff)
			cr_assert_eq(n, -1, "surrogate U+%04X", c);
		else
			cr_assert(n == len && back == c, "U+%04X", c);
		for (int cut = 1; cut < len; cut++)
			cr_assert_eq(text_decode(s, (size_t)cut, &back), -1,
			    "U+%04X cut to %d", c, cut);
	}
}

Test(text, refuses_what_a_terminal_acts_upon_and_nothing_else)
{
	for (uint32_t c = 0; c < 0x110000; c++) {
		char s[4];
		size_t len = (size_t)encode(c, s);

		cr_assert_eq(
		    text_is_safe(s, len), slow_is_safe(s, len), "U+%04X", c);
	}
}

struct bytes_case {
	char bytes[16];
	size_t len;
	char shown[64];
	char why[48];
};

ParameterizedTestParameters(text, bytes_that_are_not_utf8)
{
	static struct bytes_case cases[] = {
		{ "\x80", 1, "\\200", "continuation alone" },
		{ "\xbf", 1, "\\277", "continuation alone" },
		{ "\xc0\x80", 2, "\\300\\200", "overlong NUL" },
		{ "\xc1\xbf", 2, "\\301\\277", "overlong DEL" },
		{ "\xe0\x80\xaf", 3, "\\340\\200\\257", "overlong slash" },
		{ "\xe0\x9f\xbf", 3, "\\340\\237\\277", "overlong" },
		{ "\xf0\x80\x80\xaf", 4, "\\360\\200\\200\\257", "overlong" },
		{ "\xf0\x8f\xbf\xbf", 4, "\\360\\217\\277\\277", "overlong" },
		{ "\xed\xa0\x80", 3, "\\355\\240\\200", "high surrogate" },
		{ "\xed\xbf\xbf", 3, "\\355\\277\\277", "low surrogate" },
		{ "\xed\xa0\xbd\xed\xb8\x80", 6,
		    "\\355\\240\\275\\355\\270\\200", "CESU-8" },
		{ "\xf4\x90\x80\x80", 4, "\\364\\220\\200\\200",
		    "beyond U+10FFFF" },
		{ "\xf5\x80\x80\x80", 4, "\\365\\200\\200\\200",
		    "beyond U+10FFFF" },
		{ "\xf8\x88\x80\x80\x80", 5, "\\370\\210\\200\\200\\200",
		    "five bytes" },
		{ "\xfe", 1, "\\376", "no such byte" },
		{ "\xff", 1, "\\377", "no such byte" },
		{ "\xc3", 1, "\\303", "cut" },
		{ "\xe2\x82", 2, "\\342\\202", "cut" },
		{ "\xf0\x9f\x98", 3, "\\360\\237\\230", "cut" },
		{ "\xe2\x28\xa1", 3, "\\342(\\241", "broken in the middle" },
		{ "caf\xe9", 4, "caf\\351", "Latin-1" },
	};

	return cr_make_param_array(
	    struct bytes_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct bytes_case *t, text, bytes_that_are_not_utf8)
{
	char shown[64], inside[64];
	size_t len;

	cr_expect_not(text_is_utf8(t->bytes, t->len), "%s", t->why);
	cr_expect_not(text_is_safe(t->bytes, t->len), "%s", t->why);
	cr_expect_eq(text_printable(shown, sizeof shown, t->bytes, t->len),
	    strlen(t->shown));
	cr_expect_str_eq(shown, t->shown, "%s", t->why);
	/* The same behind more plain text than a word holds. */
	len = (size_t)snprintf(inside, sizeof inside, "plain text here ");
	memcpy(inside + len, t->bytes, t->len);
	cr_expect_not(text_is_utf8(inside, len + t->len), "%s", t->why);
}

ParameterizedTestParameters(text, is_shown)
{
	static struct bytes_case cases[] = {
		{ "", 0, "", "nothing" },
		{ "hello", 5, "hello", "plain" },
		{ "a\tb", 3, "a b", "tab" },
		{ "\0", 1, "^@", "NUL" },
		{ "\x1b[31m", 5, "^[[31m", "escape" },
		{ "\a\b\r\n", 4, "^G^H^M^J", "C0" },
		{ "\x7f", 1, "^?", "DEL" },
		{ "\xc2\x9b", 2, "<U+009B>", "C1: CSI" },
		{ "\xe2\x80\xae", 3, "<U+202E>", "right-to-left override" },
		{ "\xe2\x81\xa6", 3, "<U+2066>", "isolate" },
		{ "\xe2\x80\xa8", 3, "<U+2028>", "line separator" },
		{ "\xe2\x80\xa9", 3, "<U+2029>", "paragraph separator" },
		{ "\xc3\xa9", 2, "\xc3\xa9", "e acute" },
		{ "\xc2\xa0", 2, "\xc2\xa0", "no-break space" },
		{ "\xe2\x80\x8d", 3, "\xe2\x80\x8d", "zero width joiner" },
		{ "\xf0\x9f\x98\x80", 4, "\xf0\x9f\x98\x80", "emoji" },
		{ "\xe4\xb8\xad", 3, "\xe4\xb8\xad", "Chinese" },
	};

	return cr_make_param_array(
	    struct bytes_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct bytes_case *t, text, is_shown)
{
	char shown[64];
	size_t len = text_printable(shown, sizeof shown, t->bytes, t->len);

	cr_expect_eq(len, strlen(t->shown), "%s", t->why);
	cr_expect_str_eq(shown, t->shown, "%s", t->why);
	cr_expect(text_is_safe(shown, len), "%s", t->why);
}

/* Every byte at every place of every alignment, among plain text: the path that
 * looks at eight bytes at a time must not overlook it, nor what is beside it.
 */
Test(text, looks_at_every_byte_of_a_word)
{
	alignas(8) char buffer[64];

	for (size_t start = 0; start < 8; start++)
		for (size_t len = 1; len <= 24; len++)
			for (size_t at = 0; at < len; at++)
				for (int b = 0; b < 256; b++) {
					memset(
					    buffer, 'a' + b % 3, sizeof buffer);
					buffer[start + at] = (char)b;
					cr_assert_eq(
					    text_is_safe(buffer + start, len),
					    slow_is_safe(buffer + start, len),
					    "byte %#x at %zu of %zu from %zu",
					    (unsigned)b, at, len, start);
				}
}

/* Neighbours that borrow from each other in the word-wise test. */
Test(text, looks_at_every_pair_of_bytes)
{
	char buffer[16];

	for (size_t at = 0; at + 1 < sizeof buffer; at++)
		for (int pair = 0; pair < 65536; pair++) {
			memset(buffer, ' ', sizeof buffer);
			buffer[at] = (char)(pair & 0xff);
			buffer[at + 1] = (char)(pair >> 8);
			cr_assert_eq(text_is_safe(buffer, sizeof buffer),
			    slow_is_safe(buffer, sizeof buffer),
			    "pair %#x at %zu", (unsigned)pair, at);
		}
}

/* Bytes of the kinds that matter: mostly plain, some sequences, some broken. */
static size_t
random_bytes(uint32_t *seed, char *out, size_t max)
{
	size_t len = random_next(seed) % max, i = 0;

	while (i < len) {
		char s[4];
		int n = 1;

		switch (random_next(seed) % 8) {
		case 0:
			s[0] = (char)random_next(seed);
			break;
		case 1:
			n = encode(random_next(seed) % 0x110000, s);
			break;
		case 2:
			n = encode(0x2020 + random_next(seed) % 0x50, s);
			break;
		case 3:
			n = encode(random_next(seed) % 0x120, s);
			break;
		default:
			s[0] = (char)(0x20 + random_next(seed) % 0x5f);
		}
		for (int k = 0; k < n && i < len; k++)
			out[i++] = s[k];
	}
	return len;
}

Test(text, agrees_with_the_slow_reference_on_random_bytes)
{
	uint32_t seed = 20011;

	for (int round = 0; round < 200000; round++) {
		/* Of its exact size, so that a read beyond it is seen. */
		size_t max = 1 + random_next(&seed) % 48;
		char raw[48];
		size_t len = random_bytes(&seed, raw, max);
		char *bytes = malloc(len + 1);

		memcpy(bytes, raw, len);
		cr_assert_eq(text_is_safe(bytes, len), slow_is_safe(bytes, len),
		    "round %d", round);
		free(bytes);
	}
}

Test(text, shows_only_what_is_safe_and_never_half_a_character)
{
	uint32_t seed = 4711;

	for (int round = 0; round < 5000; round++) {
		char raw[40], whole[1024], cut[1024];
		size_t len = random_bytes(&seed, raw, sizeof raw);
		size_t full = text_printable(whole, sizeof whole, raw, len);

		cr_assert_lt(full, sizeof whole);
		cr_assert_eq(strlen(whole), full);
		cr_assert(text_is_safe(whole, full), "round %d", round);
		for (size_t size = 1; size <= full + 1; size++) {
			size_t got;

			memset(cut, 'X', sizeof cut);
			got = text_printable(cut, size, raw, len);
			cr_assert_eq(got, full, "the length is the whole's");
			cr_assert_lt(strlen(cut), size);
			cr_assert_eq(cut[size], 'X', "wrote past the end");
			cr_assert(text_is_safe(cut, strlen(cut)),
			    "round %d cut to %zu", round, size);
			cr_assert_eq(memcmp(cut, whole, strlen(cut)), 0);
		}
	}
}

Test(text, is_cut_between_characters_as_late_as_it_can)
{
	char out[8];

	cr_expect_eq(text_printable(out, 4, "a\xc3\xa9\xc3\xa9", 5), 5);
	cr_expect_str_eq(out, "a\xc3\xa9");
	cr_expect_eq(text_printable(out, 3,
			 "a\xc3\xa9"
			 "b",
			 4),
	    4);
	cr_expect_str_eq(out, "a", "nothing after what did not fit");
	cr_expect_eq(text_printable(out, 1, "abc", 3), 3);
	cr_expect_str_eq(out, "");
	cr_expect_eq(text_printable(NULL, 0, "abc", 3), 3);
}

struct width_case {
	char text[32];
	size_t columns;
};

ParameterizedTestParameters(text, takes_columns)
{
	static struct width_case cases[] = {
		{ "", 0 },
		{ "hello", 5 },
		{ "h\xc3\xa9llo", 5 },
		/* e and a combining acute */
		{ "e\xcc\x81", 1 },
		/* Chinese, two characters */
		{ "\xe4\xb8\xad\xe6\x96\x87", 4 },
		/* fullwidth A */
		{ "\xef\xbc\xa1", 2 },
		{ "\xf0\x9f\x98\x80", 2 },
		/* zero width joiner */
		{ "\xe2\x80\x8d", 0 },
	};

	return cr_make_param_array(
	    struct width_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct width_case *t, text, takes_columns)
{
	cr_expect_eq(text_width(t->text, strlen(t->text)), t->columns,
	    "%s: %zu", t->text, text_width(t->text, strlen(t->text)));
}

struct seen_case {
	char text[48];
	size_t size;
	char seen[48];
	size_t len;
};

ParameterizedTestParameters(text, is_seen_as)
{
	static struct seen_case cases[] = {
		{ "", 16, "", 0 },
		{ "left", 16, "left", 4 },
		{ "left", 5, "left", 4 },
		{ "left", 4, "lef", 4 },
		{ "left", 1, "", 4 },
		{ "a b", 16, "a b", 3 },
		{ "a \u2003\u00a0 b", 16, "a b", 3 },
		{ "\u2003 a", 16, "a", 1 },
		{ "a \u00a0", 16, "a", 1 },
		{ " ", 16, "", 0 },
		{ "jo\u200bined", 16, "joined", 6 },
		/* no half character, and nothing behind what did not fit */
		{ "ab\u4f60c", 5, "ab", 6 },
		{ "ab\u4f60c", 6, "ab\u4f60", 6 },
		{ "a bc", 4, "a b", 4 },
		{ "a \u4f60", 4, "a", 5 },
	};

	return cr_make_param_array(
	    struct seen_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct seen_case *t, text, is_seen_as)
{
	char seen[64];

	memset(seen, '#', sizeof seen);
	cr_expect_eq(text_seen(seen, t->size, t->text, strlen(t->text)), t->len,
	    "'%s'", t->text);
	cr_expect_str_eq(seen, t->seen, "'%s'", t->text);
	cr_expect_eq(seen[t->size], '#', "'%s'", t->text);
}
