/* bench_scan.h - finds the texts in what a server sends.  No system calls, no
 * allocation. */
#ifndef TOOLS_BENCH_SCAN_H
#define TOOLS_BENCH_SCAN_H

#include "tools/bench_protocol.h"
#include "tools/bench_text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What comes before the texts of one sender. */
struct bench_before {
	size_t len;
	char bytes[BENCH_WORDS_BYTES];
};

struct bench_scan {
	/* by sender */
	const struct bench_before *before;
	uint32_t n_senders;
	/* a recipient hears only the other of its pair */
	bool in_pairs;
	size_t text_len;
	/* behind a text */
	const char *end;
	size_t end_len;
	/* A text that is as it was written, behind what belongs before it. */
	void (*on_text)(
	    void *arg, uint32_t recipient, const struct bench_text *text);
	/* Any other line, with its line feed. */
	void (*on_line)(
	    void *arg, uint32_t recipient, const char *line, size_t len);
	void *arg;
};

/* What a recipient has got since that which was taken before.  Returns how much
 * of it is taken: not the beginning of a line, nor of lines that belong before
 * a text.  Texts and lines are told of in their order. */
size_t bench_scan_bytes(const struct bench_scan *scan, uint32_t recipient,
    const char *bytes, size_t len);

#endif
