/* test_admission.c - how often one more client without a name is turned away.
 */
#include "srv/admission.h"

#include "tests/harness.h"

#include <criterion/criterion.h>

TestSuite(admission, .timeout = SUITE_TIMEOUT);

/* Of 100 throws of the dice, how many turn it away. */
static unsigned
chance(struct nameless_limit limit, unsigned n)
{
	unsigned dropped = 0;

	for (unsigned dice = 0; dice < 100; dice++)
		dropped += admission_drops_early(&limit, n, dice);
	return dropped;
}

Test(admission, drops_nobody_before_the_limit_begins)
{
	struct nameless_limit limit = { 10, 30, 100 };

	cr_expect_eq(chance(limit, 0), 0);
	cr_expect_eq(chance(limit, 9), 0);
}

Test(admission, drops_more_and_more_often)
{
	struct nameless_limit limit = { 10, 30, 100 };

	cr_expect_eq(chance(limit, 10), 30);
	cr_expect_eq(chance(limit, 55), 65);
	cr_expect_geq(chance(limit, 99), 99);
	for (unsigned n = 10; n < 120; n++)
		cr_expect_geq(chance(limit, n + 1), chance(limit, n));
}

Test(admission, drops_everybody_at_the_full_limit)
{
	cr_expect_eq(chance((struct nameless_limit){ 10, 30, 100 }, 100), 100);
	cr_expect_eq(chance((struct nameless_limit){ 10, 30, 100 }, 5000), 100);
	cr_expect_eq(chance((struct nameless_limit){ 7, 100, 7 }, 6), 0);
	cr_expect_eq(chance((struct nameless_limit){ 7, 100, 7 }, 7), 100);
}
