/* test_suspects.c - children that do not run are found out, and killed.
 *
 * The children are real processes with slots in a real directory; the time is
 * passed in, so that nobody waits for it. */
#include "srv/suspects.h"

#include "ipc/clock.h"
#include "ipc/limits.h"
#include "tests/harness_directory.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

#define N_SLOTS 8
/* Any time will do. */
#define NOW 100000

static struct directory *dir;
static struct children children;

static void
set_up(void)
{
	int null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	sigset_t pings;

	/* the log */
	cr_assert_neq(null_fd, -1);
	cr_assert_eq(dup2(null_fd, STDERR_FILENO), STDERR_FILENO);
	close(null_fd);
	/* Children inherit it: no ping comes too early. */
	sigemptyset(&pings);
	sigaddset(&pings, SIGUSR1);
	cr_assert_eq(sigprocmask(SIG_BLOCK, &pings, NULL), 0);
	dir = test_directory(N_SLOTS);
	cr_assert_eq(children_init(&children, dir->header->n_slots), 0);
}

static void
tear_down(void)
{
	struct child_entry *entry = NULL;

	while ((entry = children_next(&children, entry)) != NULL)
		(void)kill(entry->pid, SIGKILL);
	children_free(&children);
	harness_clean();
}

TestSuite(
    suspects, .init = set_up, .fini = tear_down, .timeout = SUITE_TIMEOUT);

/* A child whose loop turns at every ping. */
static int
answer(void *slot)
{
	sigset_t pings;
	int number;

	sigemptyset(&pings);
	sigaddset(&pings, SIGUSR1);
	while (sigwait(&pings, &number) == 0)
		atomic_fetch_add(&dir->slots[*(uint32_t *)slot].n_turns, 1);
	return 0;
}

static int
sleep_for_ever(void *slot)
{
	(void)slot;
	for (;;)
		(void)pause();
	return 0;
}

static int
spin_for_ever(void *slot)
{
	(void)slot;
	for (;;)
		;
	return 0;
}

static struct child_entry *
start(int (*body)(void *))
{
	struct user_ref ref = test_claim(dir);

	return children_add(&children, ref, spawn(body, &ref.slot));
}

static bool
has_answered(void *entry)
{
	const struct child_entry *e = entry;

	return atomic_load(&dir->slots[e->ref.slot].n_turns) !=
	       e->turns_when_pinged;
}

static bool
is_asleep(void *entry)
{
	return process_state(((struct child_entry *)entry)->pid) == 'S';
}

static bool
is_stopped(void *entry)
{
	return process_state(((struct child_entry *)entry)->pid) == 'T';
}

/* A child that sleeps, and is known to. */
static struct child_entry *
start_sleeper(void)
{
	struct child_entry *entry = start(sleep_for_ever);

	cr_assert(wait_until(is_asleep, entry, PATIENCE_MS));
	return entry;
}

static void
is_killed_for(struct child_entry *entry, enum kill_reason reason)
{
	cr_assert_eq(entry->killed, reason, "%d", (int)entry->killed);
	cr_expect_eq(await(entry->pid), 128 + SIGKILL);
	children_remove(&children, entry);
}

static void
is_left_alone(struct child_entry *entry)
{
	cr_assert_eq(entry->killed, KILL_NONE);
	cr_assert_not(process_is_gone(entry->pid));
}

Test(suspects, are_none_at_first)
{
	(void)start(answer);
	cr_expect_eq(suspects_next_at(&children), CLOCK_NEVER);
	suspects_check(&children, dir, NOW);
	cr_expect_eq(children.n_watched, 0);
}

Test(suspects, that_answer_a_ping_live)
{
	struct child_entry *entry = start(answer);

	suspects_ping(&children, dir, entry->ref, NOW);
	cr_expect_eq(suspects_next_at(&children), NOW + PING_ANSWER_MS);
	cr_assert(wait_until(has_answered, entry, PATIENCE_MS));
	suspects_check(&children, dir, NOW + PING_ANSWER_MS);
	is_left_alone(entry);
	cr_expect_eq(children.n_watched, 0);
	cr_expect_eq(suspects_next_at(&children), CLOCK_NEVER);
	suspects_check(&children, dir, NOW + 10 * PING_ANSWER_MS);
	is_left_alone(entry);
}

Test(suspects, may_be_pinged_again_after_they_have_answered)
{
	struct child_entry *entry = start(answer);

	for (int64_t now = NOW; now < NOW + 5 * PING_ANSWER_MS;
	     now += PING_ANSWER_MS) {
		suspects_ping(&children, dir, entry->ref, now);
		cr_assert(wait_until(has_answered, entry, PATIENCE_MS));
		suspects_check(&children, dir, now + PING_ANSWER_MS);
		is_left_alone(entry);
	}
}

Test(suspects, that_do_not_answer_are_killed)
{
	struct child_entry *entry = start_sleeper();

	suspects_ping(&children, dir, entry->ref, NOW);
	suspects_check(&children, dir, NOW + PING_ANSWER_MS - 1);
	is_left_alone(entry);
	suspects_check(&children, dir, NOW + PING_ANSWER_MS);
	cr_expect_eq(children.n_watched, 0);
	is_killed_for(entry, KILL_WEDGED);
}

Test(suspects, gain_no_time_by_a_second_report)
{
	struct child_entry *entry = start_sleeper();

	suspects_ping(&children, dir, entry->ref, NOW);
	suspects_ping(&children, dir, entry->ref, NOW + PING_ANSWER_MS - 1);
	cr_expect_eq(suspects_next_at(&children), NOW + PING_ANSWER_MS);
	suspects_check(&children, dir, NOW + PING_ANSWER_MS);
	is_killed_for(entry, KILL_WEDGED);
}

Test(suspects, killed_once_are_not_killed_or_pinged_again)
{
	struct child_entry *entry = start_sleeper();

	suspects_ping(&children, dir, entry->ref, NOW);
	suspects_check(&children, dir, NOW + PING_ANSWER_MS);
	suspects_ping(&children, dir, entry->ref, NOW + PING_ANSWER_MS);
	cr_expect_eq(suspects_next_at(&children), CLOCK_NEVER);
	suspects_check(&children, dir, NOW + 3 * PING_ANSWER_MS);
	is_killed_for(entry, KILL_WEDGED);
}

Test(suspects, of_whom_nobody_knows_are_ignored)
{
	struct child_entry *entry = start_sleeper();
	struct user_ref ref = entry->ref;

	ref.generation++;
	suspects_ping(&children, dir, ref, NOW);
	suspects_ping(&children, dir, USER_MASTER, NOW);
	suspects_ping(&children, dir, (struct user_ref){ N_SLOTS - 1, 0 }, NOW);
	cr_expect_eq(suspects_next_at(&children), CLOCK_NEVER);
}

Test(suspects, stopped_are_killed_after_their_time)
{
	struct child_entry *entry = start_sleeper();

	cr_assert_eq(kill(entry->pid, SIGSTOP), 0);
	cr_assert(wait_until(is_stopped, entry, PATIENCE_MS));
	children_watch_stopped(&children, entry, NOW);
	cr_expect_eq(suspects_next_at(&children), NOW + STOPPED_MS);
	suspects_check(&children, dir, NOW + STOPPED_MS - 1);
	is_left_alone(entry);
	suspects_check(&children, dir, NOW + STOPPED_MS);
	is_killed_for(entry, KILL_STOPPED);
}

Test(suspects, that_run_again_in_time_live)
{
	struct child_entry *entry = start_sleeper();

	children_watch_stopped(&children, entry, NOW);
	children_watch_stopped(&children, entry, CLOCK_NEVER);
	suspects_check(&children, dir, NOW + STOPPED_MS);
	is_left_alone(entry);
}

Test(suspects, are_each_due_at_their_own_time)
{
	struct child_entry *first = start_sleeper(), *second = start_sleeper(),
			   *third = start(answer);

	suspects_ping(&children, dir, first->ref, NOW);
	suspects_ping(&children, dir, second->ref, NOW + 500);
	suspects_ping(&children, dir, third->ref, NOW + 100);
	cr_assert(wait_until(has_answered, third, PATIENCE_MS));
	cr_expect_eq(suspects_next_at(&children), NOW + PING_ANSWER_MS);
	suspects_check(&children, dir, NOW + PING_ANSWER_MS + 100);
	cr_expect_eq(suspects_next_at(&children), NOW + 500 + PING_ANSWER_MS);
	is_killed_for(first, KILL_WEDGED);
	is_left_alone(second);
	is_left_alone(third);
	suspects_check(&children, dir, NOW + PING_ANSWER_MS + 500);
	is_killed_for(second, KILL_WEDGED);
	is_left_alone(third);
}

/* Runnable and not run: the machine is busy. */
Test(suspects, that_had_no_processor_time_are_given_more_of_it)
{
	struct child_entry *entry = start(spin_for_ever);

	suspects_ping(&children, dir, entry->ref, NOW);
	/* as if it had used none of what it has used by now */
	entry->cpu_ms_when_pinged += 1000000;
	suspects_check(&children, dir, NOW + PING_ANSWER_MS);
	is_left_alone(entry);
	cr_expect_eq(suspects_next_at(&children), NOW + 2 * PING_ANSWER_MS);
}

static bool
is_killed_by_checks(void *entry)
{
	static int64_t now = NOW;

	now += PING_ANSWER_MS;
	suspects_check(&children, dir, now);
	return ((struct child_entry *)entry)->killed != KILL_NONE;
}

Test(suspects, that_spin_on_a_processor_are_killed)
{
	struct child_entry *entry = start(spin_for_ever);

	suspects_ping(&children, dir, entry->ref, NOW);
	cr_assert(wait_until(is_killed_by_checks, entry, PATIENCE_MS));
	is_killed_for(entry, KILL_WEDGED);
}

/* Its zombie is the master's to reap; meanwhile it is neither pinged awake nor
 * anybody else's pid. */
Test(suspects, that_are_dead_already_do_no_harm)
{
	struct child_entry *entry = start_sleeper();

	cr_assert_eq(kill(entry->pid, SIGKILL), 0);
	cr_assert(wait_until(is_gone, &entry->pid, PATIENCE_MS));
	suspects_ping(&children, dir, entry->ref, NOW);
	suspects_check(&children, dir, NOW + PING_ANSWER_MS);
	is_killed_for(entry, KILL_WEDGED);
}

Test(suspects, are_not_made_by_a_lock_that_is_free)
{
	(void)start_sleeper();
	suspects_ping_lock_holder(&children, dir, NOW);
	cr_expect_eq(children.n_watched, 0);
}

/* The master takes the lock for a moment at a time: here its word is wrong. */
Test(suspects, are_not_made_by_a_lock_in_the_masters_name_which_is_freed)
{
	(void)start_sleeper();
	cr_assert(lock_take(&dir->header->lock, DIR_MASTER_IDENTITY, 0));
	suspects_ping_lock_holder(&children, dir, NOW);
	cr_expect_eq(children.n_watched, 0);
	test_directory_is_sound(dir);
}

Test(suspects, holding_the_lock_are_killed_and_the_lock_is_got_back)
{
	struct child_entry *other = start_sleeper(), *entry = start_sleeper();
	struct user_ref ref = entry->ref;

	cr_assert(lock_take(
	    &dir->header->lock, dir_identity(ref.slot, ref.generation), 0));
	suspects_ping_lock_holder(&children, dir, NOW);
	cr_expect_eq(children.n_watched, 1);
	cr_expect_eq(entry->answer_until, NOW + PING_ANSWER_MS);
	suspects_check(&children, dir, NOW + PING_ANSWER_MS);
	is_killed_for(entry, KILL_WEDGED);
	is_left_alone(other);
	(void)test_sweep(dir, ref);
	test_directory_is_sound(dir);
}
