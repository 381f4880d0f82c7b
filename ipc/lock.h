/* lock.h - one lock in shared memory that survives its holder's death.
 *
 * The lock word is the holder's identity, taken by compare-and-swap, so taking
 * the lock and naming the holder are one step; the semaphore is only where
 * waiters sleep.  (The shape is nginx's ngx_shmtx; there the word is a pid,
 * here it is slot and generation, which are never handed out twice.)  A dead
 * holder is found in the word, and the master seizes the lock from it.
 *
 * Rules for holders: ipc/README.md.  Any process that maps the memory writable.
 */
#ifndef IPC_LOCK_H
#define IPC_LOCK_H

#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Nobody holds the lock. */
#define LOCK_FREE UINT64_C(0)

struct lock {
	/* LOCK_FREE or the identity of the holder */
	_Atomic uint64_t holder;
	/* How many may be asleep.  A hint: one that is killed while waiting
	 * leaves it too high, which costs one needless post. */
	_Atomic uint32_t n_waiters;
	sem_t wakeups;
};

/* Call once, by whoever creates the memory.  -1 with errno on failure. */
int lock_init(struct lock *lock);

/* Take the lock for `self`, waiting at most wait_ms.  Returns false when it did
 * not come; then nothing has changed. */
bool lock_take(struct lock *lock, uint64_t self, int wait_ms);

/* Give it back and wake one waiter.  The caller holds it. */
void lock_give(struct lock *lock, uint64_t self);

/* Take the lock over from `dead`, a holder that cannot run any more.  Returns
 * false when `dead` does not hold it.  Master only. */
bool lock_seize(struct lock *lock, uint64_t dead, uint64_t self);

/* Who holds it at this moment. */
uint64_t lock_holder(const struct lock *lock);

#endif
