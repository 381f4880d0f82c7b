/* test_directory_races.c - many processes in the directory at once. */
#include "ipc/clock.h"
#include "ipc/directory.h"
#include "tests/harness_directory.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

TestSuite(directory_races, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

#define N_CLAIMANTS 16
#define N_ROUNDS 1000
/* How long readers look on. */
#define LOOK_ON_MS 500

struct shared {
	pthread_barrier_t barrier;
	_Atomic unsigned n_winners[N_ROUNDS];
	_Atomic unsigned n_changes;
	/* the slot that is being written */
	_Atomic uint32_t at;
};

static struct shared *shared;

static void *
share(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	cr_assert_neq(memory, MAP_FAILED);
	return memory;
}

struct claimant {
	struct directory *dir;
	struct user_ref ref;
	const char *name;
};

/* One name, sixteen processes ---------------------------------------------- */

static enum dir_result
join_patiently(struct directory *dir, const struct name *name)
{
	enum dir_result result;

	do {
		result = directory_join(dir, name);
	} while (result == DIR_BUSY);
	return result;
}

static int
claim_again_and_again(void *arg)
{
	struct claimant *c = arg;
	struct name name;

	directory_become(c->dir, c->ref);
	if (name_parse(c->name, strlen(c->name), &name) != NAME_OK)
		return 1;
	for (int round = 0; round < N_ROUNDS; round++) {
		bool won;

		(void)pthread_barrier_wait(&shared->barrier);
		won = join_patiently(c->dir, &name) == DIR_OK;
		if (won)
			atomic_fetch_add(&shared->n_winners[round], 1);
		(void)pthread_barrier_wait(&shared->barrier);
		while (won && directory_leave(c->dir, "") == DIR_BUSY)
			;
	}
	return 0;
}

Test(directory_races, one_of_sixteen_gets_a_name_each_time)
{
	static const char *const spellings[] = { "bob", "Bob", "BOB", "boB" };
	struct directory *dir = test_directory(N_CLAIMANTS);
	struct claimant claimants[N_CLAIMANTS];
	pid_t pids[N_CLAIMANTS];
	pthread_barrierattr_t attr;

	shared = share(sizeof *shared);
	cr_assert_eq(pthread_barrierattr_init(&attr), 0);
	cr_assert_eq(
	    pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED), 0);
	cr_assert_eq(
	    pthread_barrier_init(&shared->barrier, &attr, N_CLAIMANTS), 0);
	for (int i = 0; i < N_CLAIMANTS; i++) {
		claimants[i] =
		    (struct claimant){ dir, test_claim(dir), spellings[i % 4] };
		pids[i] = spawn(claim_again_and_again, &claimants[i]);
	}
	for (int i = 0; i < N_CLAIMANTS; i++)
		cr_assert_eq(await(pids[i]), 0);
	for (int round = 0; round < N_ROUNDS; round++)
		cr_assert_eq(shared->n_winners[round], 1, "round %d has %u",
		    round, shared->n_winners[round]);
	test_directory_is_sound(dir);
	cr_expect_eq(directory_n_joined(dir), 0);
}

/* Readers -------------------------------------------------------------------
 */

/* Users come, rename and go in every slot, each with a `from` that tells which
 * names he may have, and say when he is away: "n7" goes with n7a, n7b.  Master
 * and users in one process, since only the memory matters here. */
static int
come_and_go(void *arg)
{
	struct directory *dir = arg;

	/* As who is master here; the test only reads. */
	for (unsigned n = 0;; n++) {
		char from[32], text[40];
		struct name first, second;
		struct directory view;
		struct dir_row row;
		struct user_ref ref;
		int len;

		snprintf(from, sizeof from, "n%u", n);
		len = snprintf(text, sizeof text, "N%ua", n);
		(void)name_parse(text, (size_t)len, &first);
		/* longer, so that a mixture is seen */
		len = snprintf(text, sizeof text, "N%ubbbbbbbbbbbbbbbbb", n);
		(void)name_parse(text, (size_t)len, &second);

		/* Slots are given out in turn, so the reader can be there. */
		atomic_store(&shared->at, n % dir->header->n_slots);
		if (!directory_claim(dir, from, &ref))
			return 1;
		view = *dir;
		view.fd = -1;
		directory_become(&view, ref);
		if (directory_join(&view, &first) != DIR_OK)
			return 2;
		for (int i = 0; i < 4; i++) {
			const struct name *next = i % 2 == 0 ? &second : &first;

			if (directory_rename(&view, next) != DIR_OK)
				return 3;
			/* for a while, with the next name's text */
			if (i % 3 == 2)
				directory_show_back(&view);
			else
				directory_show_away(
				    &view, next->text, next->len);
		}
		if (n % 2 == 0 && directory_leave(&view, "") != DIR_OK)
			return 4;
		if (directory_sweep(dir, ref, "crashed", &row) != DIR_OK)
			return 5;
		atomic_fetch_add(&shared->n_changes, 1);
	}
}

static bool
away_belongs_to(const struct dir_row *row)
{
	size_t stem = strlen(row->from), len = strlen(row->away);

	if (!row->is_away)
		return len == 0;
	return row->name.len > 0 && len > stem &&
	       strncasecmp(row->away, row->from, stem) == 0 &&
	       ((row->away[stem] == 'a' && len == stem + 1) ||
		   (row->away[stem] == 'b' && len == stem + 17));
}

static bool
row_belongs_together(const struct dir_row *row)
{
	struct name again;
	size_t stem = strlen(row->from);

	if (!away_belongs_to(row))
		return false;
	if (row->name.len == 0)
		return row->state != DIR_JOINED && row->name.key_len == 0;
	return name_parse(row->name.text, row->name.len, &again) == NAME_OK &&
	       memcmp(&again, &row->name, sizeof again) == 0 &&
	       strncmp(row->name.key, row->from, stem) == 0 &&
	       (row->name.key[stem] == 'a' || row->name.key[stem] == 'b');
}

/* More readers than processors, so that some are interrupted while they copy.
 */
#define N_READERS 4

static int
read_all_the_time(void *arg)
{
	const struct directory *dir = arg;
	int64_t until = clock_ms() + LOOK_ON_MS;
	unsigned n_read = 0;

	while (clock_ms() < until)
		for (int i = 0; i < 100; i++) {
			struct dir_row row;

			if (directory_read(
				dir, atomic_load(&shared->at), &row) != DIR_OK)
				continue;
			n_read++;
			if (row.name.len == 0 && row.from[0] == '\0'
				? row.state == DIR_FREE
				: row_belongs_together(&row))
				continue;
			fprintf(stderr,
			    "state %d from %s name %s key %s away %s\n",
			    (int)row.state, row.from, row.name.text,
			    row.name.key, row.away);
			return 1;
		}
	return n_read > 0 ? 0 : 2;
}

Test(directory_races, readers_never_see_a_mixed_entry)
{
	char shm_name[TEST_NAME_BYTES];
	struct directory *dir = test_directory_named(2, shm_name), *reader;
	pid_t writer, readers[N_READERS];

	shared = share(sizeof *shared);
	cr_assert_eq(directory_open(shm_name, geteuid(), &reader), DIR_OPENED);
	writer = spawn(come_and_go, dir);
	for (int i = 0; i < N_READERS; i++)
		readers[i] = spawn(read_all_the_time, reader);
	for (int i = 0; i < N_READERS; i++)
		cr_expect_eq(await(readers[i]), 0);
	cr_expect_not(process_is_gone(writer));
	kill_and_await(writer);
	directory_close(reader);
	cr_expect_gt(shared->n_changes, 0);
}

/* The same with the figures of the directory as a whole: a list that was made
 * while the roster stood still is right. */
static int
rename_all_the_time(void *arg)
{
	struct claimant *c = arg;
	struct name a, b;
	char text[40];
	int len;

	len = snprintf(text, sizeof text, "%sa", c->name);
	(void)name_parse(text, (size_t)len, &a);
	len = snprintf(text, sizeof text, "%sb", c->name);
	(void)name_parse(text, (size_t)len, &b);
	directory_become(c->dir, c->ref);
	for (;;) {
		while (directory_join(c->dir, &a) == DIR_BUSY)
			;
		while (directory_rename(c->dir, &b) == DIR_BUSY)
			;
		while (directory_leave(c->dir, "") == DIR_BUSY)
			;
		atomic_fetch_add(&shared->n_changes, 1);
	}
	return 0;
}

Test(directory_races, somebody_who_stays_is_always_found)
{
	static const char *const names[] = { "u1", "u2", "u3", "u4" };
	struct directory *dir = test_directory(64);
	/* Few buckets, so that everybody is in one chain with the stayers. */
	uint32_t n_buckets = dir->n_buckets;
	struct claimant claimants[4];
	struct user_ref stayers[4];
	unsigned n_found = 0;
	pid_t pids[4];
	int64_t until;

	shared = share(sizeof *shared);
	dir->n_buckets = 1;
	for (int i = 0; i < 4; i++) {
		char text[32];

		snprintf(text, sizeof text, "stays%d", i);
		stayers[i] = test_join(dir, text);
	}
	for (int i = 0; i < 4; i++) {
		claimants[i] =
		    (struct claimant){ dir, test_claim(dir), names[i] };
		pids[i] = spawn(rename_all_the_time, &claimants[i]);
	}
	for (until = clock_ms() + LOOK_ON_MS; clock_ms() < until; n_found++) {
		int i = (int)(n_found % 4);
		char text[32];

		snprintf(text, sizeof text, "STAYS%d", i);
		cr_assert_eq(test_find(dir, text), stayers[i].slot,
		    "%s was missed", text);
		cr_assert_eq(test_find(dir, "nobody"), DIR_NO_SLOT);
	}
	for (int i = 0; i < 4; i++)
		kill_and_await(pids[i]);
	dir->n_buckets = n_buckets;
	cr_expect_gt(shared->n_changes, 0);
	cr_log_info("%u found, %u changes", n_found, shared->n_changes);
}

/* Whoever makes a list while the roster is even and stays the same has exactly
 * those who were here; that is what a child's list of recipients rests on. */
Test(directory_races, a_list_of_a_still_roster_is_whole)
{
	static const char *const names[] = { "u1", "u2" };
	struct directory *dir = test_directory(64);
	struct claimant claimants[2];
	unsigned n_still = 0;
	pid_t pids[2];
	int64_t until;

	shared = share(sizeof *shared);
	for (int i = 0; i < 8; i++) {
		char text[32];

		snprintf(text, sizeof text, "stays%d", i);
		test_join(dir, text);
	}
	for (int i = 0; i < 2; i++) {
		claimants[i] =
		    (struct claimant){ dir, test_claim(dir), names[i] };
		pids[i] = spawn(rename_all_the_time, &claimants[i]);
	}
	for (until = clock_ms() + LOOK_ON_MS; clock_ms() < until;) {
		uint64_t roster = directory_roster(dir);
		struct user_ref refs[64];
		uint32_t n = test_list(dir, refs, 64);
		uint32_t n_joined = directory_n_joined(dir);

		cr_assert(n >= 8 && n <= 10, "%u are here", n);
		if (roster % 2 == 1 || directory_roster(dir) != roster)
			continue;
		n_still++;
		cr_assert_eq(n, n_joined);
	}
	for (int i = 0; i < 2; i++)
		kill_and_await(pids[i]);
	cr_expect_gt(n_still, 0);
}

/* As a child's pid in that generation. */
static pid_t
pid_in(uint32_t generation)
{
	return (pid_t)(100000 + generation % 100000);
}

static int
claim_and_sweep(void *arg)
{
	struct directory *dir = arg;

	for (;;) {
		struct user_ref ref;
		struct dir_row row;

		if (!directory_claim(dir, "here", &ref))
			return 1;
		dir_slot_set_pid(&dir->slots[ref.slot], ref.generation,
		    pid_in(ref.generation));
		if (directory_sweep(dir, ref, "crashed", &row) != DIR_OK)
			return 2;
	}
}

Test(directory_races, believes_late_words_while_slots_are_claimed_anew)
{
	struct directory *dir = test_directory(4);
	pid_t pid = spawn(claim_and_sweep, dir);
	int64_t until = clock_ms() + LOOK_ON_MS;
	unsigned n_late = 0;

	while (clock_ms() < until) {
		uint64_t before = dir_presence_load(dir, 0);
		struct user_ref ref = { 0, dir_presence_generation(before) };
		bool believed;
		uint32_t age;

		if (ref.generation == 0 ||
		    dir_presence_state(before) != DIR_FREE)
			continue;
		do {
			believed =
			    directory_vouches(dir, ref, pid_in(ref.generation));
			age =
			    dir_presence_generation(dir_presence_load(dir, 0)) -
			    ref.generation;
			/* the next claim may be overwriting the oldest */
			cr_assert(believed || age >= DIR_PIDS_KEPT - 1,
			    "a word %u generations late", age);
			n_late += age > 0;
		} while (believed);
	}
	kill_and_await(pid);
	cr_expect_gt(n_late, 0);
}
