/* test_lock.c - the lock, taken by many processes and given up by the dead.
 *
 * The lock lies in anonymous shared memory; processes are numbered from 1,
 * which is also who they are to the lock. */
#include "ipc/lock.h"

#include "ipc/clock.h"
#include "ipc/limits.h"
#include "tests/harness.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define N_PROCESSES 8
#define N_ROUNDS 5000
/* A machine that runs other tests beside this one may keep us waiting. */
#define SLACK_MS (500 * TEST_SLOWNESS)

struct shared {
	struct lock lock;
	/* not atomic: the lock is all that guards it */
	unsigned long counter;
	_Atomic uint32_t n_inside, n_ready, go;
	_Atomic int64_t took_ms;
};

static struct shared *shared;

static void
set_up(void)
{
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cr_assert_neq(shared, MAP_FAILED);
	cr_assert_eq(lock_init(&shared->lock), 0);
}

TestSuite(
    lock, .init = set_up, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static uint64_t
self_of(void *arg)
{
	return (uint64_t)(uintptr_t)arg;
}

static bool
all_ready(void *n)
{
	return atomic_load(&shared->n_ready) == *(uint32_t *)n;
}

static void
await_ready(uint32_t n)
{
	cr_assert(wait_until(all_ready, &n, PATIENCE_MS), "%u are ready",
	    atomic_load(&shared->n_ready));
}

static bool
is_waited_for(void *n)
{
	return atomic_load(&shared->lock.n_waiters) >= *(uint32_t *)n;
}

Test(lock, is_taken_and_given_back)
{
	cr_expect_eq(lock_holder(&shared->lock), LOCK_FREE);
	cr_expect(lock_take(&shared->lock, 7, 0));
	cr_expect_eq(lock_holder(&shared->lock), 7);
	lock_give(&shared->lock, 7);
	cr_expect_eq(lock_holder(&shared->lock), LOCK_FREE);
	cr_expect(lock_take(&shared->lock, 8, 0));
}

static int
count_up(void *arg)
{
	for (int i = 0; i < N_ROUNDS; i++) {
		if (!lock_take(&shared->lock, self_of(arg), PATIENCE_MS))
			return 1;
		if (atomic_fetch_add(&shared->n_inside, 1) != 0)
			return 2;
		shared->counter++;
		atomic_fetch_sub(&shared->n_inside, 1);
		lock_give(&shared->lock, self_of(arg));
	}
	return 0;
}

Test(lock, has_one_holder_at_a_time)
{
	pid_t pids[N_PROCESSES];

	for (uintptr_t i = 0; i < N_PROCESSES; i++)
		pids[i] = spawn(count_up, (void *)(i + 1));
	for (int i = 0; i < N_PROCESSES; i++)
		cr_expect_eq(await(pids[i]), 0);
	cr_expect_eq(shared->counter, (unsigned long)N_PROCESSES * N_ROUNDS);
	cr_expect_eq(atomic_load(&shared->lock.n_waiters), 0);
}

Test(lock, that_does_not_come_is_given_up_at_the_deadline)
{
	const int waits[] = { 0, 1, 5, 20, 100 };

	cr_assert(lock_take(&shared->lock, 1, 0));
	for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
		int64_t began = clock_ms(), took;

		cr_expect_not(lock_take(&shared->lock, 2, waits[i]));
		took = clock_ms() - began;
		cr_expect_geq(took, waits[i] - 1);
		cr_expect_leq(took, waits[i] + SLACK_MS, "%d took %jd ms",
		    waits[i], (intmax_t)took);
	}
	cr_expect_eq(lock_holder(&shared->lock), 1);
	cr_expect_eq(atomic_load(&shared->lock.n_waiters), 0);
}

static int
take_and_measure(void *arg)
{
	int64_t began;

	atomic_fetch_add(&shared->n_ready, 1);
	began = clock_ms();
	if (!lock_take(&shared->lock, self_of(arg), PATIENCE_MS))
		return 1;
	atomic_store(&shared->took_ms, clock_ms() - began);
	lock_give(&shared->lock, self_of(arg));
	return 0;
}

static int
take_and_stay(void *arg)
{
	if (!lock_take(&shared->lock, self_of(arg), PATIENCE_MS))
		return 1;
	atomic_fetch_add(&shared->n_ready, 1);
	for (;;)
		(void)pause();
	return 0;
}

Test(lock, is_seized_from_a_dead_holder)
{
	pid_t holder = spawn(take_and_stay, (void *)3);

	await_ready(1);
	kill_and_await(holder);
	cr_expect_not(lock_take(&shared->lock, 1, 20), "nobody gave it back");
	cr_expect_not(lock_seize(&shared->lock, 2, 1), "2 does not hold it");
	cr_expect_eq(lock_holder(&shared->lock), 3);
	cr_expect(lock_seize(&shared->lock, 3, 1));
	cr_expect_eq(lock_holder(&shared->lock), 1);
	cr_expect_not(lock_seize(&shared->lock, 3, 1));
	lock_give(&shared->lock, 1);
	cr_expect(lock_take(&shared->lock, 2, 0));
}

Test(lock, is_not_seized_when_it_is_free)
{
	cr_expect_not(lock_seize(&shared->lock, 3, 1));
	cr_expect_eq(lock_holder(&shared->lock), LOCK_FREE);
}

Test(lock, seized_and_given_back_wakes_a_waiter)
{
	pid_t holder = spawn(take_and_stay, (void *)3), waiter;
	uint32_t one = 1;

	await_ready(1);
	waiter = spawn(take_and_measure, (void *)4);
	cr_assert(wait_until(is_waited_for, &one, PATIENCE_MS));
	kill_and_await(holder);
	cr_assert(lock_seize(&shared->lock, 3, 1));
	lock_give(&shared->lock, 1);
	cr_expect_eq(await(waiter), 0);
}

static int
wait_for_ever(void *arg)
{
	return lock_take(&shared->lock, self_of(arg), 1000000) ? 0 : 1;
}

/* The dead stay counted as waiters, which costs a needless post and no more;
 * no wake-up of a living waiter goes to them for good. */
Test(lock, waiters_that_are_killed_hold_nobody_up)
{
	pid_t dead[4], living[4];
	uint32_t four = 4;

	cr_assert(lock_take(&shared->lock, 100, 0));
	for (uintptr_t i = 0; i < 4; i++)
		dead[i] = spawn(wait_for_ever, (void *)(i + 1));
	cr_assert(wait_until(is_waited_for, &four, PATIENCE_MS));
	for (uintptr_t i = 0; i < 4; i++)
		living[i] = spawn(count_up, (void *)(i + 11));
	for (int i = 0; i < 4; i++)
		kill_and_await(dead[i]);
	lock_give(&shared->lock, 100);
	for (int i = 0; i < 4; i++)
		cr_expect_eq(await(living[i]), 0);
	cr_expect_eq(shared->counter, 4ul * N_ROUNDS);
	cr_expect_leq(atomic_load(&shared->lock.n_waiters), 4);
}

/* Many needless posts are left over from waiters that were killed: a later wait
 * still lasts until its deadline, and does not spin without end. */
Test(lock, stale_wake_ups_do_not_end_a_wait_early)
{
	int64_t began;

	for (int i = 0; i < 1000; i++)
		cr_assert_eq(sem_post(&shared->lock.wakeups), 0);
	cr_assert(lock_take(&shared->lock, 1, 0));
	began = clock_ms();
	cr_expect_not(lock_take(&shared->lock, 2, 50));
	cr_expect_geq(clock_ms() - began, 49);
}

/* One post while somebody may be asleep, none otherwise. */
Test(lock, given_back_posts_only_for_waiters)
{
	int value = -1;

	cr_assert(lock_take(&shared->lock, 1, 0));
	lock_give(&shared->lock, 1);
	cr_assert_eq(sem_getvalue(&shared->lock.wakeups, &value), 0);
	cr_expect_eq(value, 0);
	/* Waiters that were killed are counted for ever; what is posted for
	 * them must not pile up. */
	atomic_store(&shared->lock.n_waiters, 2);
	for (int i = 0; i < 100; i++) {
		cr_assert(lock_take(&shared->lock, 1, 0));
		lock_give(&shared->lock, 1);
	}
	cr_assert_eq(sem_getvalue(&shared->lock.wakeups, &value), 0);
	cr_expect_eq(value, 1);
}

/* Killed between freeing the word and posting: the wake-up never comes, and the
 * waiter finds out when its slice is over. */
Test(lock, given_back_without_a_wake_up_comes_within_a_slice)
{
	uint32_t one = 1;
	pid_t waiter;

	cr_assert(lock_take(&shared->lock, 1, 0));
	waiter = spawn(take_and_measure, (void *)2);
	cr_assert(wait_until(is_waited_for, &one, PATIENCE_MS));
	atomic_store(&shared->lock.holder, LOCK_FREE);
	cr_expect_eq(await(waiter), 0);
	cr_expect_eq(lock_holder(&shared->lock), LOCK_FREE);
}

Test(lock, comes_within_a_slice_of_every_lost_wake_up)
{
	int64_t took = 0;

	for (int i = 0; i < 20; i++) {
		uint32_t one = 1;
		pid_t waiter;

		cr_assert(lock_take(&shared->lock, 1, 0));
		waiter = spawn(take_and_measure, (void *)2);
		cr_assert(wait_until(is_waited_for, &one, PATIENCE_MS));
		took -= clock_ms();
		atomic_store(&shared->lock.holder, LOCK_FREE);
		cr_assert_eq(await(waiter), 0);
		took += clock_ms();
	}
	cr_expect_leq(
	    took, 20 * LOCK_SLICE_MS + SLACK_MS, "%jd ms", (intmax_t)took);
}

/* Holders and waiters are killed all the while; whoever is left gets through,
 * since the parent seizes the lock from each of the dead. */
static int
take_and_give_for_ever(void *arg)
{
	atomic_fetch_add(&shared->n_ready, 1);
	for (;;) {
		if (lock_take(&shared->lock, self_of(arg), PATIENCE_MS)) {
			shared->counter++;
			lock_give(&shared->lock, self_of(arg));
		}
	}
	return 0;
}

Test(lock, outlives_processes_that_are_killed_at_any_moment)
{
	uintptr_t next = 1;
	unsigned n_seized = 0;
	pid_t pids[4];
	uint64_t ids[4];

	for (int i = 0; i < 4; i++) {
		ids[i] = next;
		pids[i] = spawn(take_and_give_for_ever, (void *)next++);
	}
	for (int round = 0; round < 200; round++) {
		int i = round % 4;

		await_ready((uint32_t)(round + 4));
		kill_and_await(pids[i]);
		if (lock_seize(&shared->lock, ids[i], 1000000)) {
			n_seized++;
			lock_give(&shared->lock, 1000000);
		}
		cr_assert(lock_take(&shared->lock, 1000000, PATIENCE_MS),
		    "round %d", round);
		lock_give(&shared->lock, 1000000);
		ids[i] = next;
		pids[i] = spawn(take_and_give_for_ever, (void *)next++);
	}
	for (int i = 0; i < 4; i++)
		kill_and_await(pids[i]);
	/* Not asserted, since luck decides; it is usually a good many. */
	cr_log_info("seized from %u dead holders", n_seized);
}

static int
give_what_is_not_ours(void *arg)
{
	close(STDERR_FILENO);
	lock_give(&shared->lock, self_of(arg));
	return 0;
}

Test(lock, given_back_by_another_than_the_holder_is_a_bug)
{
	cr_assert(lock_take(&shared->lock, 1, 0));
	cr_expect_eq(
	    await(spawn(give_what_is_not_ours, (void *)2)), 128 + SIGABRT);
	cr_expect_eq(lock_holder(&shared->lock), 1);
}
