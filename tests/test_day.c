/* test_day.c - another day has begun. */
#include "cli/day.h"

#include "tests/harness.h"

#include <criterion/criterion.h>

TestSuite(day, .timeout = SUITE_TIMEOUT);

static bool
comes(struct day *day, const char *date)
{
	struct tm tm = { 0 };

	cr_assert_not_null(strptime(date, "%F %R", &tm));
	return day_is_another(day, &tm);
}

Test(day, is_another_after_midnight)
{
	struct day day = { 0 };

	cr_assert_not(comes(&day, "2026-11-26 23:58"));
	cr_assert_not(comes(&day, "2026-11-26 23:59"));
	cr_assert(comes(&day, "2026-11-27 00:00"));
	cr_assert_not(comes(&day, "2026-11-27 00:00"));
}

Test(day, is_another_after_a_year)
{
	struct day day = { 0 };

	cr_assert_not(comes(&day, "2026-12-31 23:59"));
	cr_assert(comes(&day, "2027-12-31 23:59"));
}

Test(day, may_be_an_earlier_one)
{
	struct day day = { 0 };

	cr_assert_not(comes(&day, "2026-11-26 12:00"));
	cr_assert(comes(&day, "2026-11-25 12:00"));
}
