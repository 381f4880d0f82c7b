/* bench_histogram.h - how often each duration was seen.  Buckets are at most
 * one part in 64 wide, so a percentile is off by less than two percent, and the
 * smallest are exact.  No system calls, no allocation. */
#ifndef TOOLS_BENCH_HISTOGRAM_H
#define TOOLS_BENCH_HISTOGRAM_H

#include <stdint.h>

#define BENCH_HISTOGRAM_BUCKETS (64 * 48)

/* All zero is an empty one. */
struct bench_histogram {
	uint64_t n;
	uint64_t max;
	uint64_t buckets[BENCH_HISTOGRAM_BUCKETS];
};

void bench_histogram_add(struct bench_histogram *histogram, uint64_t ns);

/* What `percent` of all are at most, never more than the largest; 0 when there
 * are none. */
uint64_t bench_histogram_percentile(
    const struct bench_histogram *histogram, double percent);

#endif
