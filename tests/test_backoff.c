/* test_backoff.c - how long to wait before the next try. */
#include "cli/backoff.h"

#include "ipc/limits.h"
#include "tests/harness.h"

#include <criterion/criterion.h>

TestSuite(backoff, .timeout = SUITE_TIMEOUT);

Test(backoff, grows_from_a_second_to_a_minute)
{
	cr_assert_eq(backoff_ms(0, 0), 1000);
	cr_assert_eq(backoff_ms(1, 0), 2000);
	cr_assert_eq(backoff_ms(5, 0), 32000);
	cr_assert_eq(backoff_ms(6, 0), 60000);
	cr_assert_eq(backoff_ms(7, 0), 60000);
	cr_assert_eq(backoff_ms(UINT32_MAX, 0), 60000);
}

Test(backoff, is_shorter_by_a_quarter_at_most)
{
	for (unsigned n = 0; n < 10; n++) {
		int64_t most = backoff_ms(n, 0);

		for (uint32_t dice = 0; dice < 3000000000u; dice += 7654321) {
			int64_t ms = backoff_ms(n, dice);

			cr_assert_leq(ms, most);
			cr_assert_gt(ms * 4, most * 3);
		}
		cr_assert_neq(backoff_ms(n, 1), most);
	}
}

/* See NAME_REFUSALS. */
Test(backoff, of_seven_failures_outlasts_the_name_of_who_has_vanished)
{
	int64_t least = 0;

	for (unsigned n = 0; n < 7; n++)
		least += backoff_ms(n, 0) * 3 / 4;
	cr_assert_gt(least, TCP_GONE_MS);
}
