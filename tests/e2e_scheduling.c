/* e2e_scheduling.c - how the children take their turns on a processor. */
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <sched.h>

TestSuite(scheduling, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static int
child_policy(void)
{
	struct server *s = server_start(NULL);

	(void)guest_join(s, "alice");
	return sched_getscheduler(server_child_pid(s, "alice"));
}

Test(scheduling, who_is_woken_waits_until_the_speaker_has_done)
{
	/* The tests themselves may run in the background. */
	if (sched_getscheduler(0) == SCHED_OTHER)
		cr_expect_eq(child_policy(), SCHED_BATCH);
	else
		cr_skip_test("the policy is not the usual one");
}

Test(scheduling, of_the_operator_stays_as_he_has_chosen)
{
	const struct sched_param none = { 0 };

	cr_assert_eq(sched_setscheduler(0, SCHED_IDLE, &none), 0);
	cr_expect_eq(child_policy(), SCHED_IDLE);
}
