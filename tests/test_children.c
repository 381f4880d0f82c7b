/* test_children.c - the master's table, against a naive one. */
#include "srv/children.h"

#include "ipc/clock.h"
#include "tests/harness.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define N_SLOTS 37

static struct children children;

static void
set_up(void)
{
	cr_assert_eq(children_init(&children, N_SLOTS), 0);
}

static void
tear_down(void)
{
	children_free(&children);
}

TestSuite(
    children, .init = set_up, .fini = tear_down, .timeout = SUITE_TIMEOUT);

Test(children, of_nobody_are_none)
{
	cr_expect_eq(children.n, 0);
	cr_expect_eq(children.n_watched, 0);
	cr_expect_null(children_next(&children, NULL));
	cr_expect_null(children_find(&children, 1));
	cr_expect_null(children_at(&children, (struct user_ref){ 0, 0 }));
}

Test(children, are_found_by_pid_and_by_reference)
{
	struct user_ref ref = { 5, 2 };
	struct child_entry *entry = children_add(&children, ref, 1234);

	cr_expect_eq(entry->pid, 1234);
	cr_expect(user_ref_equal(entry->ref, ref));
	cr_expect_eq(entry->killed, KILL_NONE);
	cr_expect_eq(entry->stopped_at, CLOCK_NEVER);
	cr_expect_eq(entry->answer_until, CLOCK_NEVER);
	cr_expect_eq(children.n, 1);
	cr_expect_eq(children_find(&children, 1234), entry);
	cr_expect_eq(children_at(&children, ref), entry);
	cr_expect_null(children_find(&children, 1234 + N_SLOTS));
}

Test(children, of_another_generation_or_beyond_the_table_are_not_found)
{
	children_add(&children, (struct user_ref){ 5, 2 }, 1234);
	cr_expect_null(children_at(&children, (struct user_ref){ 5, 1 }));
	cr_expect_null(children_at(&children, (struct user_ref){ 5, 3 }));
	cr_expect_null(children_at(&children, (struct user_ref){ 6, 2 }));
	cr_expect_null(children_at(&children, (struct user_ref){ N_SLOTS, 2 }));
	cr_expect_null(children_at(&children, USER_MASTER));
}

Test(children, that_share_a_bucket_are_told_apart)
{
	struct child_entry *entries[4];

	for (uint32_t i = 0; i < 4; i++)
		entries[i] = children_add(&children, (struct user_ref){ i, 0 },
		    (pid_t)(7 + i * N_SLOTS));
	children_remove(&children, entries[2]);
	children_remove(&children, entries[0]);
	cr_expect_eq(children_find(&children, 7 + N_SLOTS), entries[1]);
	cr_expect_eq(children_find(&children, 7 + 3 * N_SLOTS), entries[3]);
	cr_expect_null(children_find(&children, 7));
	cr_expect_null(children_find(&children, 7 + 2 * N_SLOTS));
	cr_expect_eq(children.n, 2);
}

Test(children, may_be_removed_while_walking)
{
	struct child_entry *entry = NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; i < N_SLOTS; i += 3)
		children_add(
		    &children, (struct user_ref){ i, 0 }, (pid_t)(100 + i));
	while ((entry = children_next(&children, entry)) != NULL) {
		n++;
		children_remove(&children, entry);
	}
	cr_expect_eq(n, (N_SLOTS + 2) / 3);
	cr_expect_eq(children.n, 0);
}

Test(children, watched_in_two_ways_count_once)
{
	struct child_entry *entry =
	    children_add(&children, (struct user_ref){ 1, 0 }, 100);

	children_watch_stopped(&children, entry, 10);
	children_watch_answer(&children, entry, 20);
	children_watch_answer(&children, entry, 30);
	cr_expect_eq(children.n_watched, 1);
	children_watch_stopped(&children, entry, CLOCK_NEVER);
	cr_expect_eq(children.n_watched, 1);
	children_watch_answer(&children, entry, CLOCK_NEVER);
	cr_expect_eq(children.n_watched, 0);
	children_watch_answer(&children, entry, CLOCK_NEVER);
	cr_expect_eq(children.n_watched, 0);
}

Test(children, removed_are_not_watched_any_more)
{
	struct child_entry *entry =
	    children_add(&children, (struct user_ref){ 1, 0 }, 100);

	children_watch_stopped(&children, entry, 10);
	children_remove(&children, entry);
	cr_expect_eq(children.n_watched, 0);
	entry = children_add(&children, (struct user_ref){ 1, 1 }, 101);
	cr_expect_eq(entry->stopped_at, CLOCK_NEVER);
	cr_expect_eq(children.n_watched, 0);
}

static int
add_twice(void *arg)
{
	(void)arg;
	close(STDERR_FILENO);
	/* The other is not there after a fork. */
	if (children_init(&children, 2) == -1)
		return 1;
	children_add(&children, (struct user_ref){ 1, 0 }, 100);
	children_add(&children, (struct user_ref){ 1, 1 }, 101);
	return 0;
}

Test(children, two_in_one_slot_are_a_bug)
{
	cr_expect_eq(await(spawn(add_twice, NULL)), 128 + SIGABRT);
}

Test(children, freed_twice_do_no_harm)
{
	children_free(&children);
	children_free(&children);
	cr_expect_eq(children.n_slots, 0);
}

/* Against a naive table --------------------------------------------------- */

struct naive_child {
	bool is_there;
	pid_t pid;
	uint32_t generation;
	int64_t stopped_at, answer_until;
};

static struct naive_child naive[N_SLOTS];

/* A fixed sequence, so that a failure comes again. */
static uint32_t
random_next(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Few enough that they collide, in buckets and with pids that are gone. */
static pid_t
random_pid(uint32_t *seed)
{
	return (pid_t)(1 + random_next(seed) % (4 * N_SLOTS));
}

static struct naive_child *
naive_find(pid_t pid)
{
	for (uint32_t i = 0; i < N_SLOTS; i++)
		if (naive[i].is_there && naive[i].pid == pid)
			return &naive[i];
	return NULL;
}

static void
add_or_remove(uint32_t *seed, uint32_t slot)
{
	struct naive_child *n = &naive[slot];
	pid_t pid = random_pid(seed);

	if (n->is_there) {
		children_remove(&children, children_find(&children, n->pid));
		n->is_there = false;
	} else if (naive_find(pid) == NULL) {
		*n = (struct naive_child){ true, pid, n->generation + 1,
			CLOCK_NEVER, CLOCK_NEVER };
		children_add(
		    &children, (struct user_ref){ slot, n->generation }, pid);
	}
}

static void
watch(uint32_t *seed, uint32_t slot)
{
	struct naive_child *n = &naive[slot];
	struct user_ref ref = { slot, n->generation };
	int64_t at = random_next(seed) % 2 ? CLOCK_NEVER
					   : (int64_t)(random_next(seed) % 100);

	if (!n->is_there)
		return;
	if (random_next(seed) % 2) {
		n->stopped_at = at;
		children_watch_stopped(
		    &children, children_at(&children, ref), at);
	} else {
		n->answer_until = at;
		children_watch_answer(
		    &children, children_at(&children, ref), at);
	}
}

static void
is_like_the_naive_one(int step)
{
	struct child_entry *walk = NULL;
	uint32_t n = 0, n_watched = 0;

	for (uint32_t i = 0; i < N_SLOTS; i++) {
		struct user_ref ref = { i, naive[i].generation };
		struct child_entry *entry = children_at(&children, ref);

		if (!naive[i].is_there) {
			cr_assert_null(entry, "step %d slot %u", step, i);
			continue;
		}
		n++;
		n_watched += naive[i].stopped_at != CLOCK_NEVER ||
			     naive[i].answer_until != CLOCK_NEVER;
		walk = children_next(&children, walk);
		cr_assert_eq(walk, entry, "step %d slot %u", step, i);
		cr_assert_eq(entry->pid, naive[i].pid);
		cr_assert_eq(entry->stopped_at, naive[i].stopped_at);
		cr_assert_eq(entry->answer_until, naive[i].answer_until);
	}
	cr_assert_null(children_next(&children, walk), "step %d", step);
	cr_assert_eq(children.n, n, "step %d", step);
	cr_assert_eq(children.n_watched, n_watched, "step %d", step);
}

Test(children, behave_as_a_naive_table_does)
{
	uint32_t seed = 65537;

	for (int step = 0; step < 20000; step++) {
		uint32_t slot = random_next(&seed) % N_SLOTS;
		pid_t pid = random_pid(&seed);
		struct child_entry *found;

		if (random_next(&seed) % 2)
			add_or_remove(&seed, slot);
		else
			watch(&seed, slot);
		found = children_find(&children, pid);
		cr_assert_eq(found != NULL, naive_find(pid) != NULL,
		    "step %d pid %d", step, (int)pid);
		cr_assert(found == NULL || found->pid == pid);
		is_like_the_naive_one(step);
	}
}

static void
comes_from(uint32_t slot, uint64_t address_key)
{
	children_set_address(&children,
	    children_add(
		&children, (struct user_ref){ slot, 1 }, 100 + (pid_t)slot),
	    address_key);
}

Test(children, counts_those_from_one_address)
{
	comes_from(0, 7);
	comes_from(2, 7);
	comes_from(3, 8);
	comes_from(4, 0);
	children_add(&children, (struct user_ref){ 5, 1 }, 200);
	cr_expect_eq(children_count_from(&children, 7), 2);
	cr_expect_eq(children_count_from(&children, 9), 0);
	cr_expect_eq(children_count_from(&children, 0), 0,
	    "addresses of this machine are not counted");
	children_remove(&children, children_find(&children, 102));
	cr_expect_eq(children_count_from(&children, 7), 1);
}

/* More addresses than buckets, so that some share one. */
Test(children, counts_those_from_each_of_many_addresses)
{
	unsigned n[2 * N_SLOTS] = { 0 };
	uint64_t from[N_SLOTS] = { 0 };
	uint32_t dice = 1;

	for (int step = 0; step < 5000; step++) {
		uint32_t slot;

		dice = dice * 1664525 + 1013904223;
		slot = (dice >> 16) % N_SLOTS;
		if (from[slot] != 0) {
			children_remove(&children,
			    children_find(&children, 100 + (pid_t)slot));
			n[from[slot]]--;
			from[slot] = 0;
		} else {
			from[slot] = 1 + (dice >> 8) % (2 * N_SLOTS - 1);
			n[from[slot]]++;
			comes_from(slot, from[slot]);
		}
		for (uint64_t key = 1; key < 2 * N_SLOTS; key++)
			cr_assert_eq(children_count_from(&children, key),
			    n[key], "step %d", step);
	}
}
