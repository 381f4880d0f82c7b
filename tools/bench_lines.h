/* bench_lines.h - what the clients of a run say, all of which is checked. */
#ifndef TOOLS_BENCH_LINES_H
#define TOOLS_BENCH_LINES_H

#include "tools/bench_load.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lines are checked from here on.  Those of a sender go to everybody, or with
 * `in_pairs` to the partner of an even or odd number. */
bool bench_listen(struct bench *b, bool in_pairs);

/* How many hear a line that is said to the room. */
uint32_t bench_n_hearers(const struct bench *b);

/* A line to be sent, but for its text. */
struct bench_line {
	char before[BENCH_WORDS_BYTES];
	size_t before_len, text_len, end_len;
	const char *end;
};

/* To the room, or to `to` alone unless NULL. */
struct bench_line bench_line_to(
    const struct bench *b, const struct bench_guest *to);
size_t bench_line_len(const struct bench_line *line);

/* Writes a line to `out` and returns its end. */
char *bench_line_write(
    const struct bench_line *line, char *out, const struct bench_text *text);

/* The next of this sender's lines is said. */
void bench_say(struct bench *b, const struct bench_line *line, uint32_t sender,
    uint64_t ns);

/* Until n texts have come in all; the run fails when they do not. */
void bench_drain(struct bench *b, uint64_t n);

/* Nothing more will come: report what was wrong. */
void bench_judge(struct bench *b);

#endif
