/* bench_histogram.c - durations by their six leading bits. */
#include "tools/bench_histogram.h"

#define LEADING_BITS 6
#define PER_DOUBLING (1U << LEADING_BITS)

static unsigned
bucket_of(uint64_t ns)
{
	unsigned shift, bucket;

	if (ns < PER_DOUBLING)
		return (unsigned)ns;
	shift = 63 - LEADING_BITS - (unsigned)__builtin_clzll(ns);
	bucket = shift * PER_DOUBLING + (unsigned)(ns >> shift);
	return bucket < BENCH_HISTOGRAM_BUCKETS ? bucket
						: BENCH_HISTOGRAM_BUCKETS - 1;
}

/* The largest that falls into it. */
static uint64_t
bucket_end(unsigned bucket)
{
	unsigned shift = bucket / PER_DOUBLING;

	if (shift <= 1)
		return bucket;
	shift--;
	return ((uint64_t)(bucket - shift * PER_DOUBLING + 1) << shift) - 1;
}

void
bench_histogram_add(struct bench_histogram *histogram, uint64_t ns)
{
	histogram->n++;
	if (ns > histogram->max)
		histogram->max = ns;
	histogram->buckets[bucket_of(ns)]++;
}

uint64_t
bench_histogram_percentile(
    const struct bench_histogram *histogram, double percent)
{
	double share = (double)histogram->n * percent / 100;
	uint64_t rank = (uint64_t)share;
	uint64_t n = 0, end;

	if ((double)rank < share)
		rank++;
	for (unsigned i = 0; i < BENCH_HISTOGRAM_BUCKETS; i++) {
		n += histogram->buckets[i];
		if (n == 0 || n < rank)
			continue;
		end = bucket_end(i);
		return end < histogram->max ? end : histogram->max;
	}
	return histogram->max;
}
