/* bench_report.h - what a run has found, for a person or for a program. */
#ifndef TOOLS_BENCH_REPORT_H
#define TOOLS_BENCH_REPORT_H

#include "tools/bench_check.h"
#include "tools/bench_options.h"

#include <stdbool.h>
#include <stdio.h>

#define BENCH_FIGURES_MAX 24

struct bench_figure {
	/* the name in JSON, and its words for a person */
	const char *key, *words;
	double value;
	/* digits behind the point in the table */
	int digits;
};

struct bench_report {
	struct bench_figure figures[BENCH_FIGURES_MAX];
	size_t n_figures;
	/* chat-bench had no time left: the server may be faster than this */
	bool was_limit;
	/* Lines were lost, or the like; what has gone wrong is a sentence,
	 * else empty. */
	bool is_violated;
	struct bench_faults faults;
	char wrong[320];
};

void bench_report_add(struct bench_report *report, const char *key,
    const char *words, double value, int digits);

/* -1 when it cannot be written. */
int bench_report_print(const struct bench_report *report,
    const struct bench_options *options, FILE *out);

#endif
