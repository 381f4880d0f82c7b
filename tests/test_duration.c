/* test_duration.c - how long something lasts, for people. */
#include "srv/duration.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

TestSuite(duration, .timeout = SUITE_TIMEOUT);

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

struct duration_case {
	int64_t ms;
	char text[DURATION_BYTES];
};

ParameterizedTestParameters(duration, is_told_in_one_unit_or_two)
{
	static struct duration_case cases[] = {
		{ 0, "0 s" },
		{ 999, "0 s" },
		{ SECOND, "1 s" },
		{ 40 * SECOND, "40 s" },
		{ MINUTE - 1, "59 s" },
		{ MINUTE, "1 min" },
		{ 13 * MINUTE - 1, "12 min" },
		{ HOUR - 1, "59 min" },
		{ HOUR, "1 h" },
		{ HOUR + MINUTE - 1, "1 h" },
		{ 3 * HOUR + 5 * MINUTE, "3 h 5 min" },
		{ DAY - 1, "23 h 59 min" },
		{ DAY, "1 d" },
		{ DAY + HOUR - 1, "1 d" },
		{ 2 * DAY + 4 * HOUR + 59 * MINUTE, "2 d 4 h" },
		{ 1000 * DAY - 1, "999 d 23 h" },
		{ 1000 * DAY, "1000 d" },
		{ INT64_MAX, "106751991167 d 7 h" },
		/* of a clock that a damaged table is ahead of */
		{ -1, "0 s" },
		{ INT64_MIN, "0 s" },
	};

	return cr_make_param_array(
	    struct duration_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct duration_case *t, duration, is_told_in_one_unit_or_two)
{
	char text[DURATION_BYTES];

	cr_expect_str_eq(duration_text(t->ms, text), t->text);
}
