/* lock.c - the lock word and the semaphore that its waiters sleep on.
 *
 * Runs in the master and in every child.  It waits on nothing but the semaphore
 * and never without a deadline. */
#include "ipc/lock.h"

#include "ipc/clock.h"
#include "ipc/limits.h"
#include "ipc/log.h"

#include <errno.h>
#include <time.h>

int
lock_init(struct lock *lock)
{
	atomic_init(&lock->holder, LOCK_FREE);
	atomic_init(&lock->n_waiters, 0);
	return sem_init(&lock->wakeups, 1, 0);
}

/* Modelled in tests/model/lock.pml. */
static bool
try_take(struct lock *lock, uint64_t self)
{
	uint64_t expected = LOCK_FREE;

	return atomic_compare_exchange_strong(&lock->holder, &expected, self);
}

/* Sleep for one wake-up, LOCK_SLICE_MS or until `deadline`, whichever is first.
 * The slice is for the releaser that is killed between freeing the word and
 * posting: its wake-up never comes.  Modelled in tests/model/lock.pml. */
static void
sleep_a_slice(struct lock *lock, int64_t deadline)
{
	int64_t until = clock_ms() + LOCK_SLICE_MS;
	struct timespec ts;

	if (until > deadline)
		until = deadline;
	ts = clock_timespec(until);
	(void)sem_clockwait(&lock->wakeups, CLOCK_MONOTONIC, &ts);
}

/* Modelled in tests/model/lock.pml. */
bool
lock_take(struct lock *lock, uint64_t self, int wait_ms)
{
	int64_t deadline;

	if (try_take(lock, self))
		return true;
	deadline = clock_ms() + wait_ms;
	do {
		/* Counted first, tried second: whoever gives the lock back
		 * after our try sees the count and posts. */
		atomic_fetch_add(&lock->n_waiters, 1);
		if (try_take(lock, self)) {
			atomic_fetch_sub(&lock->n_waiters, 1);
			return true;
		}
		sleep_a_slice(lock, deadline);
		atomic_fetch_sub(&lock->n_waiters, 1);
		if (try_take(lock, self))
			return true;
	} while (clock_ms() < deadline);
	return false;
}

/* One wake-up at a time: while one is there, somebody is on his way.  One that
 * nobody waits for any more, since its waiter gave up or was killed, ends the
 * next waiter's slice early, no more: he looks at the word and waits again.
 * Modelled in tests/model/lock.pml. */
static void
wake_one(struct lock *lock)
{
	int n_wakeups;

	if (atomic_load(&lock->n_waiters) > 0 &&
	    sem_getvalue(&lock->wakeups, &n_wakeups) == 0 && n_wakeups == 0)
		(void)sem_post(&lock->wakeups);
}

/* Modelled in tests/model/lock.pml. */
void
lock_give(struct lock *lock, uint64_t self)
{
	uint64_t expected = self;

	if (!atomic_compare_exchange_strong(
		&lock->holder, &expected, LOCK_FREE))
		bug("lock given back by %#jx, held by %#jx", (uintmax_t)self,
		    (uintmax_t)expected);
	wake_one(lock);
}

/* Modelled in tests/model/lock.pml. */
bool
lock_seize(struct lock *lock, uint64_t dead, uint64_t self)
{
	uint64_t expected = dead;

	return atomic_compare_exchange_strong(&lock->holder, &expected, self);
}

uint64_t
lock_holder(const struct lock *lock)
{
	return atomic_load(&lock->holder);
}
