/* bench_text.h - the text of a line that chat-bench says, and how it is known
 * again.
 *
 *	| SSS NNNNN TTTTTTTT H filler
 *
 * without the blanks: a mark that occurs nowhere else in a text, the sender,
 *the number of the line among the sender's, a time in nanoseconds, and a hash
 *of these, all in digits of six bits, the least significant first, each digit
 * '0' + value.  The filler is a function of sender and number.  So a text tells
 * by itself whether it has come through unharmed, at the price of two loads,
 *two multiplications and one memcmp. */
#ifndef TOOLS_BENCH_TEXT_H
#define TOOLS_BENCH_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BENCH_MARK '|'
#define BENCH_HEAD_BYTES 18
#define BENCH_TEXT_MIN 20
#define BENCH_TEXT_MAX 4096
/* One more than the largest. */
#define BENCH_SENDERS_MAX (1U << 18)
#define BENCH_NUMBERS_MAX (1U << 30)

struct bench_text {
	uint32_t sender;
	uint32_t number;
	/* below 2^48: three days */
	uint64_t ns;
};

/* Write a text of `size` bytes, BENCH_TEXT_MIN to BENCH_TEXT_MAX. */
void bench_text_write(char *out, size_t size, const struct bench_text *text);

/* What the `size` bytes at the mark say; false when they are not as they were
 * written. */
bool bench_text_read(
    const char *bytes, size_t size, struct bench_text *text_out);

#endif
