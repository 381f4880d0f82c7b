/* lock.pml - the lock of ipc/lock.c, with the semaphore that it sleeps on.
 *
 * Children take the lock, change something and give it back; the master sweeps
 * children that died.  Any process may be killed between any two steps, and
 * be stopped for as long as it likes: a stopped process is one that the others
 * overtake.  What is modelled, what is not and how to read a counterexample:
 * README.md.
 *
 * One statement is one atomic step of the C code; atomic { } joins a step with
 * decisions on variables of the process's own, which nobody else can see. */

/* The bounds, and what can happen; run gives them. */
#ifndef CHILDREN
#define CHILDREN 2
#endif
/* how often each child takes the lock */
#ifndef ROUNDS
#define ROUNDS 1
#endif
/* how many processes are killed: anywhere, or only in the critical section */
#ifndef DEATHS
#define DEATHS 0
#endif
#ifndef HOLDER_DEATHS
#define HOLDER_DEATHS 0
#endif
#ifndef MASTER_DIES
#define MASTER_DIES 0
#endif
/* LOCK_SLICE_MS goes by, LOCK_WAIT_MS / LOCK_SLICE_MS times in a wait; 0: a
 * sleeper sleeps until he is woken */
#ifndef SLICES
#define SLICES 0
#endif
#ifdef LOCK_NO_SLICE
#undef SLICES
#define SLICES 0
#endif

#define MASTER CHILDREN
#define PROCESSES (CHILDREN + 1)

/* The lock word: DIR_MASTER_IDENTITY, or slot and generation. */
#define LOCK_FREE 0
#define MASTER_IDENTITY 255
#define IDENTITY(p) (((p) + 1) * 16 + generation[p])

/* struct lock */
byte holder = LOCK_FREE;
byte n_waiters;
/* sem_t: glibc holds the value and the number of those who wait in one word */
byte sem_value, sem_n_waiting;
/* in the kernel's queue of the semaphore's futex */
bool asleep[PROCESSES];

/* What the kernel knows of processes. */
bool killed[PROCESSES];
bool zombie[PROCESSES];
bool finished[PROCESSES];
byte generation[PROCESSES];

/* For the properties alone. */
bool busy[PROCESSES];	/* in lock_take, lock_give or lock_seize */
bool inside[PROCESSES];	/* has the lock */
bool torn;		/* what the lock guards is half changed */

#if CHILDREN == 2
#define ANY(array) (array[0] || array[1] || array[2])
#define ALL_CHILDREN(array) (array[0] && array[1])
#else
#define ANY(array) (array[0] || array[1] || array[2] || array[3])
#define ALL_CHILDREN(array) (array[0] && array[1] && array[2])
#endif
#define IS_AWAKE(p) (busy[p] && !asleep[p])
#if CHILDREN == 2
#define ANY_AWAKE (IS_AWAKE(0) || IS_AWAKE(1) || IS_AWAKE(2))
#else
#define ANY_AWAKE (IS_AWAKE(0) || IS_AWAKE(1) || IS_AWAKE(2) || IS_AWAKE(3))
#endif

/* The lock is free, somebody sleeps, and nobody who is awake will look at the
 * word or wake him. */
#define IS_LOST (holder == LOCK_FREE && ANY(asleep) && !ANY_AWAKE)

/* A child is through, or dead with nobody to sweep it. */
#define IS_THROUGH(p) (finished[p] || (zombie[p] && zombie[MASTER]))

#if CHILDREN == 2
#define ALL_THROUGH (IS_THROUGH(0) && IS_THROUGH(1))
#else
#define ALL_THROUGH (IS_THROUGH(0) && IS_THROUGH(1) && IS_THROUGH(2))
#endif

#ifdef CHECK_WAKE_UPS
ltl no_wake_up_is_lost { [] !IS_LOST }
#endif
#ifdef CHECK_TERMINATION
ltl everybody_gets_through { <> (ALL_THROUGH && (finished[MASTER] ||
    zombie[MASTER])) }
#endif

/* try_take: one compare-and-swap. */
inline try_take()
{
#ifdef LOCK_WORD_IN_TWO_STEPS
	if
	:: holder == LOCK_FREE ->
		atomic { holder = self; ok = true }
	:: else -> ok = false
	fi
#else
	atomic {
		if
		:: holder == LOCK_FREE -> holder = self; ok = true
		:: else -> ok = false
		fi
	}
#endif
}

/* sem_post's second half: FUTEX_WAKE takes one sleeper off the queue, if there
 * is any.  Which one is the kernel's business. */
inline futex_wake()
{
	atomic {
		if
		:: asleep[0] -> asleep[0] = false
		:: asleep[1] -> asleep[1] = false
		/* unreached: by a master of three that does not just seize */
		:: asleep[2] -> asleep[2] = false /* unreached: see above */
#if CHILDREN > 2
		:: asleep[3] -> asleep[3] = false /* unreached: is itself */
#endif
		:: else
		fi
	}
}

/* sleep_a_slice: sem_clockwait, as glibc has it (nptl/sem_waitcommon.c). */
inline sleep_a_slice()
{
	if
	:: atomic { sem_value > 0 -> sem_value-- }
	:: sem_n_waiting++;
		do
		:: atomic {
			sem_value > 0 -> sem_value--; sem_n_waiting--;
			break
		}
		/* FUTEX_WAIT: sleeps only if the value is still 0 */
		:: atomic { sem_value == 0 -> asleep[me] = true };
			if
			:: !asleep[me]
			/* ETIMEDOUT */
			:: atomic {
				SLICES > 0 && asleep[me] ->
				asleep[me] = false; n_slices++
			};
				sem_n_waiting--;
				break
			fi
		od
	fi
}

/* lock_take: `ok` tells whether it came. */
inline lock_take()
{
	atomic { busy[me] = true; n_slices = 0 };
	try_take();
	do
	:: atomic { ok -> break }
	/* while (clock_ms() < deadline) */
	:: atomic { !ok && SLICES > 0 && n_slices >= SLICES -> break }
	:: atomic { !ok && (SLICES == 0 || n_slices < SLICES) ->
#ifdef LOCK_SLEEP_WITHOUT_A_TRY
		n_waiters++ };
#elif defined(LOCK_TRY_BEFORE_COUNT)
		skip };
		try_take();
		if
		:: atomic { ok -> break }
		:: else
		fi;
		n_waiters++;
#else
		n_waiters++ };
		try_take();
		if
		:: atomic { ok -> n_waiters--; break }
		:: else
		fi;
#endif
		sleep_a_slice();
		n_waiters--;
		try_take()
	od;
	busy[me] = false
}

/* wake_one */
inline wake_one()
{
#ifndef LOCK_NO_WAKE
	if
	/* atomic_load */
	:: n_waiters > 0 ->
		if
		/* sem_getvalue */
#ifdef LOCK_POST_ALWAYS
		:: true ->
#else
		:: sem_value == 0 ->
#endif
			/* sem_post: one fetch-and-add, and what it saw.  What
			 * nobody waits for does not pile up: each process adds
			 * one at most to a value that was 0 when it looked. */
			atomic {
				sem_value++;
				assert(sem_value <= PROCESSES);
				must_wake = sem_n_waiting > 0
			};
			if
			:: atomic { must_wake -> must_wake = false };
				futex_wake()
			:: else
			fi
		:: else
		fi
	:: else
	fi;
#endif
	skip
}

/* lock_give: one compare-and-swap that must succeed, or bug(); then wake. */
inline lock_give()
{
	busy[me] = true;
#ifdef LOCK_WAKE_BEFORE_FREE
	wake_one();
	atomic { assert(holder == self); holder = LOCK_FREE };
#else
	atomic { assert(holder == self); holder = LOCK_FREE };
	wake_one();
#endif
	busy[me] = false
}

/* lock_seize: one compare-and-swap. */
inline lock_seize(victim_identity)
{
	atomic {
		if
		:: holder == victim_identity ->
			holder = self; ok = true
		:: else -> ok = false
		fi
	}
}

/* What is done under the lock, in two halves.  Whoever gets in by lock_take
 * finds nobody there, and nothing half done. */
inline enter()
{
	atomic {
		assert(!ANY(inside));
		assert(!torn);
		inside[me] = true;
		torn = true
	}
}

inline leave()
{
	atomic { inside[me] = false; torn = false }
}

/* A process that was killed makes no further step.  The kernel takes it off the
 * futex's queue in its own time: a wake-up may still go to it.  What it wrote
 * remains. */
inline end_dead()
{
	atomic {
		killed[me] -> asleep[me] = false;
		busy[me] = false;
		inside[me] = false;
		killed[me] = false;
		zombie[me] = true
	}
}

/* A child: directory_join, directory_rename, directory_leave, as far as they
 * are lock_take, a change and lock_give. */
proctype Child(byte me)
{
	byte self;
	byte n_rounds;
	byte n_slices;
	bool ok, must_wake;

born:
	{
		self = IDENTITY(me);
		do
		:: n_rounds == ROUNDS -> break
		:: n_rounds < ROUNDS ->
			lock_take();
			if
			:: ok ->
				enter();
				leave();
				n_rounds++;
				lock_give()
			/* DIR_BUSY: the child goes back to its loop and tries
			 * again (child_retry_soon); without a master it ends
			 * (child_on_lifeline). */
			:: !ok && !zombie[MASTER]
			:: !ok && zombie[MASTER] -> break
			fi
		od;
		finished[me] = true;
		goto end
	} unless {
		end_dead()
	};
	/* Until the master reaps it; then another child has the slot, and does
	 * what this one has not done, so that the number of rounds is bounded.
	 */
end_zombie:
	atomic { !zombie[me] -> n_slices = 0; ok = false;
		must_wake = false; goto born };
end:
	skip
}

/* directory_sweep: the child is a zombie, and remains one until it has been
 * swept.  `ok` tells whether it has. */
inline directory_sweep(child)
{
#ifdef LOCK_NO_SEIZE
	ok = false;
#else
	busy[me] = true;
	lock_seize(IDENTITY(child));
#endif
	if
	:: ok ->
		/* repair_and_give */
		atomic { assert(!ANY(inside)); inside[me] = true };
		leave();
#ifdef LOCK_SEIZE_WITHOUT_WAKE
		atomic { holder = LOCK_FREE; busy[me] = false }
#else
		lock_give()
#endif
	/* it was not in the room: its slot is freed without the lock */
	:: atomic { !ok -> busy[me] = false; ok = true }
	:: atomic { !ok -> busy[me] = false };
		lock_take();
#ifdef LOCK_BREAK_LIVE
		if
		:: !ok -> atomic {
			if
			:: holder != LOCK_FREE -> holder = self; ok = true
			:: else
			fi }
		:: else
		fi;
#endif
		if
		:: ok ->
			enter();
			leave();
			lock_give()
		/* DIR_BUSY */
		:: else
		fi
	fi
}

/* master_reap.  Which dead child comes first is not said: the one that waitid
 * finds, or by reap_lock_holder the one that has the lock. */
proctype Master()
{
	byte self = MASTER_IDENTITY;
	byte me = MASTER;
	byte child;
	byte n_slices;
	bool ok, must_wake;

	{
		do
		::
			if
			:: atomic { zombie[0] -> child = 0 }
			:: atomic { zombie[1] -> child = 1 }
#if CHILDREN > 2
			:: atomic { zombie[2] -> child = 2 }
#endif
			:: ALL_CHILDREN(finished) -> break
			fi;
			directory_sweep(child);
			if
			/* waitid without WNOWAIT; directory_claim, fork */
			:: atomic {
				ok -> generation[child]++;
				zombie[child] = false;
				child = 0; n_slices = 0; ok = false
			}
			:: atomic { !ok -> child = 0; n_slices = 0 }
			fi
		od;
		finished[me] = true;
		goto end
	} unless {
		end_dead()
	};
end:
	skip
}

/* kill -9, at any moment; also what the master does to a child that is stopped
 * for too long or does not answer (srv/suspects.c).  It may kill fewer than it
 * could, so that fairness forces no death. */
#define IS_ALIVE(p) (!killed[p] && !zombie[p] && !finished[p])

proctype Killer()
{
	byte n_deaths;

	do
	:: atomic { n_deaths < DEATHS && IS_ALIVE(0) ->
		killed[0] = true; n_deaths++ }
	:: atomic { n_deaths < DEATHS && IS_ALIVE(1) ->
		killed[1] = true; n_deaths++ }
	:: atomic { n_deaths < HOLDER_DEATHS && IS_ALIVE(0) && inside[0] ->
		killed[0] = true; n_deaths++ }
	:: atomic { n_deaths < HOLDER_DEATHS && IS_ALIVE(1) && inside[1] ->
		killed[1] = true; n_deaths++ }
#if CHILDREN > 2
	:: atomic { n_deaths < DEATHS && IS_ALIVE(2) ->
		killed[2] = true; n_deaths++ }
	:: atomic { n_deaths < HOLDER_DEATHS && IS_ALIVE(2) && inside[2] ->
		killed[2] = true; n_deaths++ }
#endif
	:: atomic { MASTER_DIES && IS_ALIVE(MASTER) ->
		killed[MASTER] = true }
	:: break
	od
}

init {
	atomic {
		run Child(0);
		run Child(1);
#if CHILDREN > 2
		run Child(2);
#endif
		run Master();
		run Killer()
	}
}
