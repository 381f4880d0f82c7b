/* test_bench_check.c - what a broken promise looks like. */
#include "tools/bench_check.h"

#include "tests/harness.h"

#include <criterion/criterion.h>

#define RECIPIENTS 3
#define SENDERS 2

static struct bench_check *check;

static void
begin(void)
{
	check = bench_check_new(RECIPIENTS, SENDERS);
}

static void
end(void)
{
	bench_check_free(check);
}

TestSuite(bench_check, .init = begin, .fini = end, .timeout = SUITE_TIMEOUT);

static void
comes(uint32_t number)
{
	bench_check_came(check, 2, 1, number);
}

/* The sender has said n lines that only recipient 2 was to get. */
static struct bench_faults
after(uint32_t n)
{
	const uint32_t n_said[SENDERS] = { 0, n };

	for (uint32_t r = 0; r < RECIPIENTS; r++)
		if (r != 2)
			bench_check_exclude(check, r, 1);
	return bench_check_finish(check, n_said);
}

static void
are(struct bench_faults faults, uint64_t lost, uint64_t doubled,
    uint64_t reordered, uint64_t damaged)
{
	cr_expect_eq(faults.lost, lost, "%lu lost", faults.lost);
	cr_expect_eq(faults.doubled, doubled, "%lu doubled", faults.doubled);
	cr_expect_eq(
	    faults.reordered, reordered, "%lu reordered", faults.reordered);
	cr_expect_eq(faults.damaged, damaged, "%lu damaged", faults.damaged);
	cr_expect_eq(bench_faults_any(&faults),
	    lost + doubled + reordered + damaged > 0);
}

Test(bench_check, all_is_well_when_each_comes_once_and_in_order)
{
	for (uint32_t i = 0; i < 100; i++)
		comes(i);
	are(after(100), 0, 0, 0, 0);
	cr_assert_eq(bench_check_count(check), 100);
	cr_assert_str_empty(bench_check_first_fault(check));
}

Test(bench_check, a_line_that_never_comes_is_lost)
{
	comes(0);
	comes(2);
	are(after(3), 1, 0, 0, 0);
	cr_assert_str_eq(bench_check_first_fault(check),
	    "client 2: line 2 of client 1 came before an earlier one");
}

Test(bench_check, lines_that_never_come_at_the_end_are_lost)
{
	comes(0);
	are(after(5), 4, 0, 0, 0);
}

Test(bench_check, a_line_that_comes_twice_is_doubled)
{
	comes(0);
	comes(1);
	comes(1);
	comes(0);
	comes(2);
	are(after(3), 0, 2, 0, 0);
	cr_assert_eq(bench_check_count(check), 3);
}

Test(bench_check, a_line_that_comes_late_is_reordered_and_not_lost)
{
	comes(0);
	comes(4);
	comes(2);
	comes(1);
	comes(3);
	comes(5);
	are(after(6), 0, 0, 3, 0);
	cr_assert_eq(bench_check_count(check), 6);
}

Test(bench_check, a_line_that_comes_late_and_twice_is_both)
{
	comes(1);
	comes(0);
	comes(0);
	are(after(2), 0, 1, 1, 0);
}

Test(bench_check, a_line_that_nobody_said_is_damaged)
{
	comes(0);
	comes(1);
	are(after(1), 0, 0, 0, 1);
}

Test(bench_check, a_line_of_somebody_who_is_no_sender_is_damaged)
{
	bench_check_came(check, 0, SENDERS, 0);
	bench_check_damaged(check, 1);
	are(after(0), 0, 0, 0, 2);
}

Test(bench_check, a_line_that_was_not_for_the_recipient_counts_as_doubled)
{
	bench_check_exclude(check, 0, 1);
	bench_check_came(check, 0, 1, 0);
	are(after(0), 0, 1, 0, 0);
}

Test(bench_check, more_gaps_than_can_be_remembered_are_lost_all_the_same)
{
	for (uint32_t i = 0; i < 200000; i++)
		comes(2 * i + 1);
	are(after(400000), 200000, 0, 0, 0);
}
