/* test_who_rates.c - one look compared with one before it. */
#include "tools/who_rates.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(who_rates, .timeout = SUITE_TIMEOUT);

/* Two users of one server, who have said so much by then. */
struct seen {
	struct who_view view;
	struct who_row rows[2];
};

static void
see(struct seen *seen, int64_t at, uint64_t alice_said, uint64_t bob_said)
{
	memset(seen, 0, sizeof *seen);
	seen->view.master_pid = 42;
	seen->view.started_at = 7;
	seen->view.taken_at = at;
	seen->view.counters[DIR_COUNT_lines] = alice_said + bob_said;
	/* by joining, not by slot */
	seen->rows[0] =
	    (struct who_row){ .ref = { 9, 1 }, .n_said = alice_said };
	seen->rows[1] = (struct who_row){ .ref = { 2, 5 }, .n_said = bob_said };
	seen->view.rows = seen->rows;
	seen->view.n_rows = 2;
}

static void
is_rate(struct who_rate rate, double per_s)
{
	cr_expect(rate.is_known);
	cr_expect_float_eq(rate.per_s, per_s, 0.001);
}

Test(who_rates, a_first_look_knows_none)
{
	struct who_rates rates = { 0 };
	struct seen seen;

	see(&seen, 100000, 10, 20);
	who_rates_apply(&rates, &seen.view);
	cr_expect_not(seen.rows[0].said_rate.is_known);
	cr_expect_not(seen.view.counter_rates[DIR_COUNT_lines].is_known);
	who_rates_free(&rates);
}

Test(who_rates, a_second_look_knows_what_was_said_in_between)
{
	struct who_rates rates = { 0 };
	struct seen seen;

	see(&seen, 100000, 10, 20);
	who_rates_apply(&rates, &seen.view);
	see(&seen, 102000, 15, 20);
	who_rates_apply(&rates, &seen.view);
	is_rate(seen.rows[0].said_rate, 2.5);
	is_rate(seen.rows[1].said_rate, 0);
	is_rate(seen.view.counter_rates[DIR_COUNT_lines], 2.5);
	is_rate(seen.view.counter_rates[DIR_COUNT_joined], 0);
	who_rates_free(&rates);
}

Test(who_rates, a_look_right_after_another_is_compared_with_an_earlier_one)
{
	struct who_rates rates = { 0 };
	struct seen seen;

	see(&seen, 100000, 0, 0);
	who_rates_apply(&rates, &seen.view);
	see(&seen, 100010, 1, 0);
	who_rates_apply(&rates, &seen.view);
	cr_expect_not(seen.rows[0].said_rate.is_known);
	see(&seen, 101000, 1, 0);
	who_rates_apply(&rates, &seen.view);
	is_rate(seen.rows[0].said_rate, 1);
	see(&seen, 101250, 5, 0);
	who_rates_apply(&rates, &seen.view);
	is_rate(seen.rows[0].said_rate, 4);
	see(&seen, 102000, 5, 0);
	who_rates_apply(&rates, &seen.view);
	is_rate(seen.rows[0].said_rate, 4);
	who_rates_free(&rates);
}

Test(who_rates, who_has_the_slot_of_another_has_not_said_his_lines)
{
	struct who_rates rates = { 0 };
	struct seen seen;

	see(&seen, 100000, 10, 20);
	who_rates_apply(&rates, &seen.view);
	see(&seen, 101000, 10, 20);
	seen.rows[0].ref.generation++;
	seen.rows[1].state = WHO_UNREADABLE;
	who_rates_apply(&rates, &seen.view);
	cr_expect_not(seen.rows[0].said_rate.is_known);
	cr_expect_not(seen.rows[1].said_rate.is_known);
	who_rates_free(&rates);
}

Test(who_rates, nothing_goes_backwards)
{
	struct who_rates rates = { 0 };
	struct seen seen;

	see(&seen, 100000, 10, 20);
	who_rates_apply(&rates, &seen.view);
	see(&seen, 101000, 0, 20);
	who_rates_apply(&rates, &seen.view);
	is_rate(seen.rows[0].said_rate, 0);
	who_rates_free(&rates);
}

Test(who_rates, a_restarted_server_begins_anew)
{
	struct who_rates rates = { 0 };
	struct seen seen;

	see(&seen, 100000, 10, 20);
	who_rates_apply(&rates, &seen.view);
	see(&seen, 101000, 90, 90);
	seen.view.started_at++;
	who_rates_apply(&rates, &seen.view);
	cr_expect_not(seen.rows[0].said_rate.is_known);
	see(&seen, 102000, 91, 90);
	seen.view.started_at++;
	who_rates_apply(&rates, &seen.view);
	is_rate(seen.rows[0].said_rate, 1);
	who_rates_free(&rates);
}
