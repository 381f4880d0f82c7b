/* bench_text.c - writing and reading texts; see the header. */
#include "tools/bench_text.h"

#include <endian.h>
#include <string.h>

#define DIGITS_ZERO UINT64_C(0x3030303030303030)
#define DIGIT_BITS UINT64_C(0x3f3f3f3f3f3f3f3f)
#define SENDER_BITS 18

/* The filler of a line is a piece of one pattern; where it begins depends on
 * sender and number. */
#define PATTERN_OFFSETS 1024
#define PATTERN_BYTES (BENCH_TEXT_MAX + PATTERN_OFFSETS)

static const char *
pattern(void)
{
	static char bytes[PATTERN_BYTES];
	uint32_t state = 2463534242;

	if (bytes[0] != '\0')
		return bytes;
	for (size_t i = 0; i < sizeof bytes; i++) {
		/* xorshift */
		state ^= state << 13;
		state ^= state >> 17;
		state ^= state << 5;
		bytes[i] = (char)('0' + (state >> 24) % 64);
	}
	return bytes;
}

static const char *
filler(const struct bench_text *text)
{
	uint32_t at = text->sender * 31 + text->number * 7;

	return pattern() + at % PATTERN_OFFSETS;
}

/* 48 bits as eight digits, and back. */

static uint64_t
to_digits(uint64_t n)
{
	n = (n & 0xffffff) | (n >> 24) << 32;
	n = (n & UINT64_C(0x00000fff00000fff)) |
	    (n & UINT64_C(0x00fff00000fff000)) << 4;
	n = (n & UINT64_C(0x003f003f003f003f)) |
	    (n & UINT64_C(0x0fc00fc00fc00fc0)) << 2;
	return n + DIGITS_ZERO;
}

static bool
from_digits(uint64_t digits, uint64_t *n_out)
{
	uint64_t n = digits - DIGITS_ZERO;

	if ((n & ~DIGIT_BITS) != 0)
		return false;
	n = (n & UINT64_C(0x003f003f003f003f)) |
	    (n & UINT64_C(0x3f003f003f003f00)) >> 2;
	n = (n & UINT64_C(0x00000fff00000fff)) |
	    (n & UINT64_C(0x0fff00000fff0000)) >> 4;
	*n_out = (n & 0xffffff) | (n >> 32) << 24;
	return true;
}

static char
hash(uint64_t who, uint64_t when)
{
	uint64_t h = who * UINT64_C(0x9e3779b97f4a7c15) ^
		     (when + 1) * UINT64_C(0xc2b2ae3d27d4eb4f);

	return (char)('0' + (h >> 58));
}

static uint64_t
load(const char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof word);
	return le64toh(word);
}

static void
store(char *bytes, uint64_t word)
{
	word = htole64(word);
	memcpy(bytes, &word, sizeof word);
}

void
bench_text_write(char *out, size_t size, const struct bench_text *text)
{
	uint64_t who =
	    to_digits((uint64_t)text->number << SENDER_BITS | text->sender);
	uint64_t when = to_digits(text->ns);

	out[0] = BENCH_MARK;
	store(out + 1, who);
	store(out + 9, when);
	out[17] = hash(who, when);
	memcpy(out + BENCH_HEAD_BYTES, filler(text), size - BENCH_HEAD_BYTES);
}

bool
bench_text_read(const char *bytes, size_t size, struct bench_text *text_out)
{
	uint64_t who_digits = load(bytes + 1);
	uint64_t when_digits = load(bytes + 9);
	uint64_t who, when;

	if (bytes[0] != BENCH_MARK ||
	    bytes[17] != hash(who_digits, when_digits) ||
	    !from_digits(who_digits, &who) || !from_digits(when_digits, &when))
		return false;
	text_out->sender = who & (BENCH_SENDERS_MAX - 1);
	text_out->number = (uint32_t)(who >> SENDER_BITS);
	text_out->ns = when;
	return memcmp(bytes + BENCH_HEAD_BYTES, filler(text_out),
		   size - BENCH_HEAD_BYTES) == 0;
}
