/* e2e_scheduling.c - how the children take their turns on a processor. */
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/ptrace.h>

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

/* The area that the kernel writes to when `pid` is switched to; 0: none. */
static uint64_t
rseq_area(pid_t pid)
{
	struct __ptrace_rseq_configuration found = { 0 };
	long n;

	process_hold(pid);
	n = ptrace(PTRACE_GET_RSEQ_CONFIGURATION, pid, sizeof found, &found);
	if (n == -1 && (errno == EIO || errno == EINVAL))
		cr_skip_test("the kernel does not tell");
	cr_assert_eq(n, (long)sizeof found, "%s", strerror(errno));
	cr_assert_eq(ptrace(PTRACE_DETACH, pid, NULL, NULL), 0);
	return found.rseq_abi_pointer;
}

Test(scheduling, nobody_has_the_kernel_write_where_he_runs)
{
	struct server *s = server_start(NULL);

	(void)guest_join(s, "alice");
	cr_expect_eq(rseq_area(server_child_pid(s, "alice")), 0);
	cr_expect_eq(rseq_area(s->pid), 0);
}
