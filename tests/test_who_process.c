/* test_who_process.c - what the kernel says of the users' processes. */
#include "tools/who_process.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

TestSuite(who_process, .timeout = SUITE_TIMEOUT, .fini = harness_clean);

static int
sleep_for_ever(void *arg)
{
	(void)arg;
	while (pause() == -1)
		;
	return 0;
}

static int
sleep_under_an_odd_name(void *arg)
{
	(void)prctl(PR_SET_NAME, ") T (odd) T");
	return sleep_for_ever(arg);
}

static int
end_at_once(void *arg)
{
	(void)arg;
	return 0;
}

struct expected {
	pid_t pid;
	enum who_state state;
};

static bool
is_as_expected(void *arg)
{
	struct expected *expected = arg;

	return who_process_state(expected->pid) == expected->state;
}

static void
comes_to_be(pid_t pid, enum who_state state)
{
	struct expected expected = { pid, state };

	cr_assert(wait_until(is_as_expected, &expected, PATIENCE_MS));
}

Test(who_process, one_that_runs_or_sleeps_is_here)
{
	pid_t pid = spawn(sleep_for_ever, NULL);

	cr_assert_eq(who_process_state(getpid()), WHO_HERE);
	cr_assert_eq(who_process_state(pid), WHO_HERE);
	kill_and_await(pid);
}

Test(who_process, one_that_is_stopped_is_told_so_until_it_goes_on)
{
	pid_t pid = spawn(sleep_for_ever, NULL);

	kill(pid, SIGSTOP);
	comes_to_be(pid, WHO_STOPPED);
	kill(pid, SIGCONT);
	comes_to_be(pid, WHO_HERE);
	kill_and_await(pid);
}

Test(who_process, its_name_is_not_taken_for_its_state)
{
	pid_t pid = spawn(sleep_under_an_odd_name, NULL);

	comes_to_be(pid, WHO_HERE);
	kill(pid, SIGSTOP);
	comes_to_be(pid, WHO_STOPPED);
	kill(pid, SIGCONT);
	comes_to_be(pid, WHO_HERE);
	kill_and_await(pid);
}

Test(who_process, a_zombie_and_a_reaped_one_are_dead)
{
	pid_t pid = spawn(end_at_once, NULL);

	comes_to_be(pid, WHO_DEAD);
	cr_assert_eq(await(pid), 0);
	cr_assert_eq(who_process_state(pid), WHO_DEAD);
}

Test(who_process, no_pid_is_dead)
{
	cr_assert_eq(who_process_state(0), WHO_DEAD);
	cr_assert_eq(who_process_state(-1), WHO_DEAD);
}

/* A master that is stopped cannot see to its children. */
static pid_t
spawn_stopped(void)
{
	pid_t pid = spawn(sleep_for_ever, NULL);

	kill(pid, SIGSTOP);
	comes_to_be(pid, WHO_STOPPED);
	return pid;
}

Test(who_process, only_the_first_readable_rows_are_looked_at)
{
	struct who_row rows[] = { { .pid = -1 },
		{ .pid = -1, .state = WHO_UNREADABLE }, { .pid = getpid() },
		{ .pid = -1 } };
	struct who_view view = { .is_live = true,
		.master_pid = spawn_stopped(),
		.rows = rows,
		.n_rows = 4 };

	who_process_judge(&view, 3);
	cr_assert_eq(rows[0].state, WHO_DEAD);
	cr_assert_eq(rows[1].state, WHO_UNREADABLE);
	cr_assert_eq(rows[2].state, WHO_HERE);
	cr_assert_eq(rows[3].state, WHO_HERE);
	who_process_judge(&view, SIZE_MAX);
	cr_assert_eq(rows[3].state, WHO_DEAD);
	kill_and_await(view.master_pid);
}

Test(who_process, a_server_that_is_well_is_believed)
{
	struct who_row rows[] = { { .pid = -1 },
		{ .pid = getpid(), .state = WHO_STOPPED } };
	struct who_view view = { .is_live = true,
		.master_pid = getpid(),
		.rows = rows,
		.n_rows = 2 };

	who_process_judge(&view, SIZE_MAX);
	cr_assert_eq(rows[0].state, WHO_HERE);
	cr_assert_eq(rows[1].state, WHO_STOPPED);
	/* Perhaps by one who has died, and the table cannot be put in order. */
	view.holder.is_held = true;
	who_process_judge(&view, SIZE_MAX);
	cr_assert_eq(rows[0].state, WHO_DEAD);
	cr_assert_eq(rows[1].state, WHO_HERE);
}

Test(who_process, pids_of_another_namespace_are_not_judged)
{
	struct who_row rows[] = { { .pid = -1 } };
	pid_t pid = spawn(end_at_once, NULL);
	/* A server that lives, and yet there is no process of its pid. */
	struct who_view view = {
		.is_live = true, .master_pid = pid, .rows = rows, .n_rows = 1
	};

	cr_assert_eq(await(pid), 0);
	who_process_judge(&view, SIZE_MAX);
	cr_assert_eq(rows[0].state, WHO_HERE);
}
