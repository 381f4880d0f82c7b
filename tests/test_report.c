/* test_report.c - the pipe from the children to the master. */
#include "srv/report.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <unistd.h>

static int fds[2];

static void
set_up(void)
{
	cr_assert_eq(report_pipe(fds), 0);
}

static void
tear_down(void)
{
	close(fds[0]);
	if (fds[1] != -1)
		close(fds[1]);
}

TestSuite(report, .init = set_up, .fini = tear_down, .timeout = SUITE_TIMEOUT);

static void
send_about(uint32_t slot)
{
	struct report report = { REPORT_STUCK_MAILBOX, { slot, 1 } };

	report_send(fds[1], &report);
}

Test(report, is_not_waited_for)
{
	struct report report;

	cr_expect_eq(report_receive(fds[0], &report, 1), 0);
}

Test(report, arrives_as_it_was_sent)
{
	struct report sent = { REPORT_STUCK_LOCK, { 7, 9 } }, report = { 0 };

	report_send(fds[1], &sent);
	cr_assert_eq(report_receive(fds[0], &report, 1), 1);
	cr_expect_eq(report.kind, REPORT_STUCK_LOCK);
	cr_expect(user_ref_equal(report.who, sent.who));
	cr_expect_eq(report_receive(fds[0], &report, 1), 0);
}

Test(report, comes_in_order_and_no_more_at_once_than_asked_for)
{
	struct report reports[4];

	for (uint32_t i = 0; i < 6; i++)
		send_about(i);
	cr_assert_eq(report_receive(fds[0], reports, 4), 4);
	for (uint32_t i = 0; i < 4; i++)
		cr_expect_eq(reports[i].who.slot, i);
	cr_assert_eq(report_receive(fds[0], reports, 4), 2);
	cr_expect_eq(reports[0].who.slot, 4);
	cr_expect_eq(reports[1].who.slot, 5);
}

Test(report, is_dropped_whole_when_the_pipe_is_full)
{
	struct report report;
	uint32_t n = 0;

	/* 4096 is the least that a pipe holds. */
	cr_assert_neq(fcntl(fds[1], F_SETPIPE_SZ, 4096), -1);
	for (uint32_t i = 0; i < 100000; i++)
		send_about(i);
	while (report_receive(fds[0], &report, 1) == 1)
		cr_assert_eq(report.who.slot, n++);
	cr_expect_gt(n, 100);
	cr_expect_lt(n, 100000);
	send_about(1);
	cr_assert_eq(report_receive(fds[0], &report, 1), 1);
	cr_expect_eq(report.who.slot, 1);
}

Test(report, of_nobody_who_could_write_is_none)
{
	struct report report;

	close(fds[1]);
	fds[1] = -1;
	cr_expect_eq(report_receive(fds[0], &report, 1), 0);
}

static int
send_many(void *first)
{
	uint32_t slot = *(uint32_t *)first;

	/* as many as surely fit the pipe with those of the others */
	for (uint32_t i = 0; i < 300; i++)
		send_about(slot + i);
	return 0;
}

Test(report, of_many_children_is_never_torn)
{
	uint32_t n = 0, next[4] = { 0, 1000, 2000, 3000 };
	struct report reports[7];
	size_t got;
	pid_t pids[4];

	for (int i = 0; i < 4; i++)
		pids[i] = spawn(send_many, &next[i]);
	for (int i = 0; i < 4; i++)
		cr_assert_eq(await(pids[i]), 0);
	while ((got = report_receive(fds[0], reports, 7)) > 0)
		for (size_t i = 0; i < got; i++, n++) {
			uint32_t slot = reports[i].who.slot;

			cr_assert_lt(slot, 4000);
			cr_assert_eq(slot, next[slot / 1000]++);
			cr_assert_eq(reports[i].who.generation, 1);
		}
	cr_expect_eq(n, 1200);
}
