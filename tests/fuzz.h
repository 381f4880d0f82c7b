/* fuzz.h - what every fuzzer needs.
 *
 * A fuzzer is a file tests/fuzz_NAME.c with one function, to which libFuzzer
 * (make fuzz) hands bytes that it makes up, and test_corpus.c (make test) those
 * of the files in tests/corpus/NAME.  A fuzzer looks for more than crashes: it
 * states what the headers promise, as FUZZ_HOLDS.  It starts afresh with each
 * input and ends with nothing left, so that an input says the same every time.
 *
 * For test_corpus all fuzzers are one program, where the Makefile gives the
 * function of each a name of its own. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise: print it and abort when it is broken. */
#define FUZZ_HOLDS(promise)                                                    \
	((promise) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #promise))

_Noreturn void fuzz_broken(const char *file, int line, const char *promise);

/* Whether [bytes, bytes + len) lies in [in, in + in_len); nothing lies
 * anywhere. */
bool fuzz_within(const char *bytes, size_t len, const char *in, size_t in_len);

/* How many lines the text has, each of them safe and ended. */
size_t fuzz_safe_lines(const char *text, size_t len);

/* An input taken apart from its front. ------------------------------------- */

struct fuzz_input {
	const uint8_t *at;
	size_t left;
};

/* 0 behind the end. */
uint8_t fuzz_byte(struct fuzz_input *in);
/* Two and four bytes, little-endian. */
uint32_t fuzz_u16(struct fuzz_input *in);
uint32_t fuzz_u32(struct fuzz_input *in);
/* At most len bytes; how many there were is in *len_out. */
const char *fuzz_bytes(struct fuzz_input *in, size_t len, size_t *len_out);

/* A stream of bytes that comes in pieces. ---------------------------------- */

/* Two bytes that are never UTF-8 are orders, so that a small input can be a
 * long stream and a text is still a text: CUT ends a piece here, REPEAT n b
 * stands for n * FUZZ_REPEAT_BYTES times b, and REPEAT 0 b for b itself.  Of
 * LF it is n times: a line each would take all the time there is. */
#define FUZZ_CUT 0xfe
#define FUZZ_REPEAT 0xff
#define FUZZ_REPEAT_BYTES 32
#define FUZZ_STREAM_BYTES (72 * 1024)
#define FUZZ_STREAM_CUTS 1024

struct fuzz_stream {
	char bytes[FUZZ_STREAM_BYTES];
	size_t len;
	/* where pieces end, in order; the last one is the end */
	size_t cuts[FUZZ_STREAM_CUTS];
	size_t n_cuts;
};

/* Make the stream of what is left of the input; what would make it longer than
 * `max`, FUZZ_STREAM_BYTES at most, is left out. */
void fuzz_stream(struct fuzz_input *in, struct fuzz_stream *out, size_t max);

/* A walk over the lines of it, as both readers of lines must find them: ended
 * by LF or CRLF, the last one perhaps by nothing.  `at` begins as 0. */
bool fuzz_stream_line(const struct fuzz_stream *stream, size_t *at,
    const char **line_out, size_t *len_out);

#endif
