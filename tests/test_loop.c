/* test_loop.c - waiting for rows, kept by the kernel or not. */
#include "ipc/clock.h"
#include "srv/loop.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

#define LONG_MS 60000

TestSuite(loop, .timeout = 10);

enum { QUIET, BUSY, WATCHED, NONE, N };

/* Three pipes: of the third the writer is watched only for breaking. */
struct fixture {
	int quiet[2], busy[2], watched[2];
	struct pollfd rows[N];
	struct loop_kept kept;
};

static void
fill(struct fixture *f)
{
	f->rows[QUIET] = (struct pollfd){ f->quiet[0], POLLIN, 0 };
	f->rows[BUSY] = (struct pollfd){ f->busy[0], POLLIN, 0 };
	f->rows[WATCHED] = (struct pollfd){ f->watched[1], 0, 0 };
	f->rows[NONE] = (struct pollfd){ -1, POLLOUT, 0 };
}

static struct fixture
set_up(void)
{
	struct fixture f;

	cr_assert_eq(pipe(f.quiet), 0);
	cr_assert_eq(pipe(f.busy), 0);
	cr_assert_eq(pipe(f.watched), 0);
	fill(&f);
	loop_keep(&f.kept, f.rows, N);
	cr_assert_neq(f.kept.epoll_fd, -1);
	return f;
}

/* For as long as it takes: something is ready. */
static void
wait_for(struct fixture *f)
{
	cr_assert(
	    loop_wait(&f->kept, f->rows, N, clock_ms() + LONG_MS), "no wait");
}

Test(loop, kept_rows_tell_what_is_ready_as_often_as_they_are_asked)
{
	struct fixture f = set_up();
	char byte;

	cr_assert_eq(write(f.busy[1], "x", 1), 1);
	for (int i = 0; i < 3; i++) {
		fill(&f);
		wait_for(&f);
		cr_expect_eq(f.rows[QUIET].revents, 0);
		cr_expect_eq(f.rows[BUSY].revents, POLLIN);
		cr_expect_eq(f.rows[WATCHED].revents, 0);
		cr_expect_eq(f.rows[NONE].revents, 0);
	}
	cr_assert_eq(read(f.busy[0], &byte, 1), 1);
	cr_assert_eq(write(f.quiet[1], "y", 1), 1);
	fill(&f);
	wait_for(&f);
	cr_expect_eq(f.rows[QUIET].revents, POLLIN);
	cr_expect_eq(f.rows[BUSY].revents, 0);
}

Test(loop, kept_rows_tell_of_an_end_that_nobody_asked_for)
{
	struct fixture f = set_up();

	close(f.watched[0]);
	wait_for(&f);
	cr_expect_eq(f.rows[WATCHED].revents, POLLERR);
}

Test(loop, kept_rows_are_waited_for_no_longer_than_was_said)
{
	struct fixture f = set_up();
	int64_t until = clock_ms() + 20;

	cr_assert(loop_wait(&f.kept, f.rows, N, until));
	cr_expect_geq(clock_ms(), until);
	for (int i = 0; i < N; i++)
		cr_expect_eq(f.rows[i].revents, 0);
}

Test(loop, other_rows_than_the_kept_are_waited_for_as_they_are)
{
	struct fixture f = set_up();

	cr_assert_eq(write(f.busy[1], "x", 1), 1);
	/* this one is not to be told of any more, and a fifth is */
	f.rows[BUSY].fd = -1;
	f.rows[NONE] = (struct pollfd){ f.quiet[1], POLLOUT, 0 };
	wait_for(&f);
	cr_expect_eq(f.rows[BUSY].revents, 0);
	cr_expect_eq(f.rows[NONE].revents, POLLOUT);
	fill(&f);
	cr_assert(loop_wait(&f.kept, f.rows, BUSY + 1, clock_ms() + LONG_MS));
	cr_expect_eq(f.rows[BUSY].revents, POLLIN, "fewer rows");
}

Test(loop, a_file_cannot_be_kept_and_is_waited_for_all_the_same)
{
	FILE *file = tmpfile();
	struct pollfd row = { fileno(file), POLLIN, 0 };
	struct loop_kept kept;

	loop_keep(&kept, &row, 1);
	cr_expect_eq(kept.epoll_fd, -1);
	cr_assert(loop_wait(&kept, &row, 1, clock_ms() + LONG_MS));
	cr_expect_eq(row.revents, POLLIN);
	fclose(file);
}

Test(loop, nothing_need_be_kept)
{
	struct fixture f = set_up();

	cr_assert_eq(write(f.busy[1], "x", 1), 1);
	cr_assert(loop_wait(NULL, f.rows, N, clock_ms() + LONG_MS));
	cr_expect_eq(f.rows[BUSY].revents, POLLIN);
}
