/* test_clock.c - deadlines as poll(2) wants them. */
#include "ipc/clock.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

TestSuite(clock, .timeout = 10);

struct timeout_case {
	int64_t at, now;
	int timeout;
};

ParameterizedTestParameters(clock, becomes_a_poll_timeout)
{
	static struct timeout_case cases[] = {
		{ CLOCK_NEVER, 0, -1 },
		{ CLOCK_NEVER, INT64_MAX - 1, -1 },
		{ 5, 5, 0 },
		{ 4, 5, 0 },
		{ -5, 5, 0 },
		{ 6, 5, 1 },
		{ 3005, 5, 3000 },
		/* far away: wake up now and then rather than overflow */
		{ INT64_MAX - 1, 0, 1000000 },
		{ (int64_t)1 << 40, 7, 1000000 },
	};

	return cr_make_param_array(
	    struct timeout_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct timeout_case *t, clock, becomes_a_poll_timeout)
{
	cr_expect_eq(clock_poll_timeout(t->at, t->now), t->timeout);
}

Test(clock, never_runs_backwards)
{
	int64_t last = clock_ms();

	for (int i = 0; i < 100000; i++) {
		int64_t now = clock_ms();

		cr_assert_geq(now, last);
		last = now;
	}
}

Test(clock, becomes_a_timespec)
{
	struct timespec ts = clock_timespec(12345);

	cr_expect_eq(ts.tv_sec, 12);
	cr_expect_eq(ts.tv_nsec, 345000000);
}

Test(clock, earlier_of_two)
{
	cr_expect_eq(clock_earlier(1, 2), 1);
	cr_expect_eq(clock_earlier(CLOCK_NEVER, 2), 2);
}
