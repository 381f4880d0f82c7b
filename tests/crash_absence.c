/* crash_absence.c - killed at any instruction of saying why one is away.
 *
 * No lock is held meanwhile, so nobody repairs anything; what can be read of
 * the dead, then and when his entry has been mended, is one text or the other
 * as a whole, or that he is not away. */
#include "ipc/directory.h"
#include "tests/harness_directory.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(crash_absence, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

#define OLD_TEXT "gone to lunch with the others, back at two or so"
#define NEW_TEXT "asleep"
/* At most so many deaths, evenly along the way. */
#define POINTS 400
/* A way that is longer than this has not been walked, but lost. */
#define MAX_STEPS 100000

struct victim {
	struct directory *dir;
	struct user_ref ref;
	struct name name;
};

/* What is between the two stops is stepped through. */
static int
live(void *arg)
{
	struct victim *v = arg;

	directory_become(v->dir, v->ref);
	if (directory_join(v->dir, &v->name) != DIR_OK)
		return 1;
	directory_show_away(v->dir, OLD_TEXT, strlen(OLD_TEXT));
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1)
		return 2;
	(void)raise(SIGSTOP);
	directory_show_away(v->dir, NEW_TEXT, strlen(NEW_TEXT));
	(void)raise(SIGSTOP);
	return 0;
}

/* The signal that it stopped for. */
static int
wait_for_stop(pid_t pid)
{
	int status;

	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFSTOPPED(status), "status %#x", (unsigned)status);
	return WSTOPSIG(status);
}

/* Kill it after so many steps, or at the end of the way if that comes first.
 * Returns the steps it took. */
static unsigned
walk(pid_t pid, unsigned kill_after)
{
	unsigned n = 0;

	cr_assert_eq(wait_for_stop(pid), SIGSTOP);
	for (; n < kill_after; n++) {
		cr_assert_lt(n, MAX_STEPS);
		cr_assert_eq(ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL), 0);
		if (wait_for_stop(pid) == SIGSTOP)
			break;
	}
	cr_assert_eq(kill(pid, SIGKILL), 0);
	cr_assert(wait_until(is_gone, &pid, PATIENCE_MS));
	return n;
}

/* What has been seen of those who died. */
struct seen {
	unsigned n_old, n_none, n_new, n_unreadable;
};

static void
look(const struct dir_row *row, struct seen *seen)
{
	if (!row->is_away) {
		cr_assert_str_eq(row->away, "");
		seen->n_none++;
	} else if (strcmp(row->away, OLD_TEXT) == 0) {
		seen->n_old++;
	} else {
		cr_assert_str_eq(row->away, NEW_TEXT);
		seen->n_new++;
	}
}

static unsigned
die(struct directory *dir, unsigned kill_after, struct seen *seen)
{
	struct victim v = { dir, test_claim(dir), test_parse("bob") };
	pid_t pid = spawn(live, &v);
	unsigned n_steps = walk(pid, kill_after);
	struct dir_row row;

	if (directory_read(dir, v.ref.slot, &row) == DIR_OK)
		look(&row, seen);
	else
		seen->n_unreadable += !row.is_away;
	row = test_sweep(dir, v.ref);
	cr_assert_str_eq(row.name.text, "bob");
	look(&row, seen);
	kill_and_await(pid);
	return n_steps;
}

Test(crash_absence, leaves_no_half_of_a_text)
{
	struct directory *dir = test_directory(4);
	struct seen seen = { 0 };
	unsigned n_steps = die(dir, MAX_STEPS, &seen);
	unsigned n = n_steps < POINTS ? n_steps : POINTS;

	cr_assert_eq(seen.n_new, 2);
	for (unsigned i = 0; i < n; i++)
		(void)die(dir, (unsigned)((uint64_t)i * n_steps / n), &seen);
	/* It has been there, too. */
	cr_expect_gt(seen.n_old, 2);
	cr_expect_gt(seen.n_none, 0);
	cr_expect_gt(seen.n_new, 2);
	cr_expect_eq(seen.n_unreadable, 0);
	test_directory_is_sound(dir);
}
