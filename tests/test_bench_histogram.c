/* test_bench_histogram.c - durations and their percentiles. */
#include "tools/bench_histogram.h"

#include "tests/harness.h"

#include <criterion/criterion.h>

TestSuite(bench_histogram, .timeout = SUITE_TIMEOUT);

Test(bench_histogram, of_nothing_is_nothing)
{
	static struct bench_histogram h;

	cr_assert_eq(bench_histogram_percentile(&h, 50), 0);
	cr_assert_eq(bench_histogram_percentile(&h, 100), 0);
}

Test(bench_histogram, small_durations_are_exact)
{
	static struct bench_histogram h;

	for (uint64_t ns = 1; ns <= 100; ns++)
		bench_histogram_add(&h, ns);
	cr_assert_eq(bench_histogram_percentile(&h, 50), 50);
	cr_assert_eq(bench_histogram_percentile(&h, 99), 99);
	cr_assert_eq(bench_histogram_percentile(&h, 100), 100);
	cr_assert_eq(bench_histogram_percentile(&h, 0), 1);
}

Test(bench_histogram, one_is_every_percentile)
{
	static struct bench_histogram h;

	bench_histogram_add(&h, 123456789);
	cr_assert_eq(bench_histogram_percentile(&h, 1), 123456789);
	cr_assert_eq(bench_histogram_percentile(&h, 99), 123456789);
}

/* Every size of duration, each in a histogram of its own. */
Test(bench_histogram, large_durations_are_off_by_less_than_two_percent)
{
	for (uint64_t ns = 1; ns < UINT64_C(1) << 50; ns += ns / 7 + 1) {
		struct bench_histogram h = { 0 };
		uint64_t p50;

		bench_histogram_add(&h, ns);
		bench_histogram_add(&h, UINT64_C(1) << 52);
		p50 = bench_histogram_percentile(&h, 50);
		cr_assert(p50 >= ns, "%lu is told as %lu", ns, p50);
		cr_assert(p50 <= ns + ns / 50, "%lu is told as %lu", ns, p50);
	}
}

Test(bench_histogram, what_is_beyond_all_buckets_is_the_largest)
{
	static struct bench_histogram h;

	bench_histogram_add(&h, 5);
	bench_histogram_add(&h, UINT64_MAX);
	cr_assert_eq(h.max, UINT64_MAX);
	cr_assert_eq(bench_histogram_percentile(&h, 50), 5);
}
