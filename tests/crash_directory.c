/* crash_directory.c - users who die at a bad moment, and the table afterwards.
 *
 * A user is a process that gets as far as a test wants, tells so, and waits to
 * be killed; then the test, as the master, sweeps and looks: the name is free,
 * everybody else is found, the lock is free. */
#include "ipc/clock.h"
#include "ipc/directory.h"
#include "ipc/news.h"
#include "tests/harness_directory.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(crash_directory, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

struct victim {
	struct directory *dir;
	struct user_ref ref;
	struct name name;
	/* how far to get */
	void (*body)(struct directory *dir, const struct name *name);
	_Atomic bool *is_there;
};

static int
live(void *arg)
{
	struct victim *v = arg;

	directory_become(v->dir, v->ref);
	v->body(v->dir, &v->name);
	atomic_store(v->is_there, true);
	for (;;)
		(void)pause();
	return 0;
}

static bool
is_true(void *flag)
{
	return atomic_load((_Atomic bool *)flag);
}

static _Atomic bool *
shared_flag(void)
{
	void *flag = mmap(NULL, sizeof(_Atomic bool), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	cr_assert_neq(flag, MAP_FAILED);
	return flag;
}

/* Run a user up to the end of `body`, kill him there, and leave him unreaped,
 * as the master sweeps. */
static struct user_ref
die_after(struct directory *dir, const char *name,
    void (*body)(struct directory *, const struct name *))
{
	struct victim v = { dir, test_claim(dir), test_parse(name), body,
		shared_flag() };
	pid_t pid = spawn(live, &v);

	cr_assert(wait_until(is_true, v.is_there, PATIENCE_MS));
	cr_assert_eq(kill(pid, SIGKILL), 0);
	cr_assert(wait_until(is_gone, &pid, PATIENCE_MS));
	return v.ref;
}

static void
join(struct directory *dir, const struct name *name)
{
	if (directory_join(dir, name) != DIR_OK)
		_exit(1);
}

static void
lock(struct directory *dir)
{
	if (!lock_take(&dir->header->lock, dir->self, PATIENCE_MS))
		_exit(1);
}

/* As the directory does it when it changes the roster. */
static void
lock_and_mark(struct directory *dir)
{
	lock(dir);
	atomic_fetch_add(&dir->header->roster, 1);
}

/* The bad moments --------------------------------------------------------- */

static void
nowhere_yet(struct directory *dir, const struct name *name)
{
	(void)dir;
	(void)name;
}

static void
with_the_lock_just_taken(struct directory *dir, const struct name *name)
{
	(void)name;
	lock(dir);
}

static void
in_the_room(struct directory *dir, const struct name *name)
{
	join(dir, name);
}

static void
in_the_room_with_the_lock(struct directory *dir, const struct name *name)
{
	join(dir, name);
	lock(dir);
}

static void
in_the_room_with_the_roster_marked(
    struct directory *dir, const struct name *name)
{
	join(dir, name);
	lock_and_mark(dir);
}

/* The first half of write_name. */
static void
write_half_a_name(struct directory *dir, const struct name *name)
{
	struct dir_slot *slot = directory_own(dir);

	atomic_fetch_add(&slot->changes, 1);
	memcpy(&slot->names[!slot->which_name], name, sizeof *name / 2);
}

static void
writing_its_first_name(struct directory *dir, const struct name *name)
{
	lock_and_mark(dir);
	write_half_a_name(dir, name);
}

static void
writing_another_name(struct directory *dir, const struct name *name)
{
	struct name other = *name;

	join(dir, name);
	lock_and_mark(dir);
	memset(other.text, 'Z', sizeof other.text);
	memset(other.key, 'z', sizeof other.key);
	write_half_a_name(dir, &other);
}

/* The first half of directory_show_away, which takes no lock. */
static void
writing_why_it_is_away(struct directory *dir, const struct name *name)
{
	struct dir_slot *slot = directory_own(dir);

	join(dir, name);
	directory_show_away(dir, "at lunch", 8);
	atomic_fetch_add(&slot->is_away, 1);
	memcpy(slot->away, "dinn", 4);
}

/* Everything of a join but the state; in the news it is written, and not
 * published. */
static void
joining_but_for_the_state(struct directory *dir, const struct name *name)
{
	join(dir, name);
	lock_and_mark(dir);
	atomic_fetch_sub(&dir->header->n_joined, 1);
	atomic_fetch_sub(&dir->header->news_head, 1);
	atomic_store(&dir->presence[dir->own_slot],
	    dir_presence_make(
		dir_presence_generation(dir->presence[dir->own_slot]),
		DIR_CLAIMED));
}

static void
joined_but_not_counted(struct directory *dir, const struct name *name)
{
	join(dir, name);
	lock_and_mark(dir);
	atomic_fetch_sub(&dir->header->n_joined, 1);
}

static void
joined_but_not_in_the_news(struct directory *dir, const struct name *name)
{
	join(dir, name);
	lock_and_mark(dir);
	atomic_fetch_sub(&dir->header->news_head, 1);
}

static void
renamed_but_not_in_the_news(struct directory *dir, const struct name *name)
{
	struct name other = test_parse("rob");

	join(dir, name);
	if (directory_rename(dir, &other) != DIR_OK)
		_exit(1);
	lock_and_mark(dir);
	atomic_fetch_sub(&dir->header->news_head, 1);
}

/* It has the lock and has written what it would do. */
static void
about_to_be_renamed(struct directory *dir, const struct name *name)
{
	struct user_ref self = dir_identity_ref(dir->self);

	join(dir, name);
	lock_and_mark(dir);
	news_write_locked(dir, DIR_NEWS_RENAMED, self, name, "rob");
}

static void
about_to_leave(struct directory *dir, const struct name *name)
{
	struct user_ref self = dir_identity_ref(dir->self);

	join(dir, name);
	lock_and_mark(dir);
	news_write_locked(dir, DIR_NEWS_LEFT, self, name, "");
}

static void
leaving_but_not_in_the_news(struct directory *dir, const struct name *name)
{
	about_to_leave(dir, name);
	atomic_store(&dir->presence[dir->own_slot],
	    dir_presence_make(
		dir_presence_generation(dir->presence[dir->own_slot]),
		DIR_LEAVING));
}

static void
leaving_but_still_in_the_index(struct directory *dir, const struct name *name)
{
	about_to_leave(dir, name);
	news_publish_locked(dir);
	atomic_store(&dir->presence[dir->own_slot],
	    dir_presence_make(
		dir_presence_generation(dir->presence[dir->own_slot]),
		DIR_LEAVING));
}

/* Everybody's chains are gone, or lead in a circle. */
static void
relinking_with_the_chains_lost(struct directory *dir, const struct name *name)
{
	join(dir, name);
	lock_and_mark(dir);
	for (uint32_t i = 0; i < dir->header->n_buckets; i++)
		atomic_store(&dir->buckets[i], DIR_NO_SLOT);
}

static void
relinking_in_a_circle(struct directory *dir, const struct name *name)
{
	join(dir, name);
	lock_and_mark(dir);
	for (uint32_t i = 0; i < dir->header->n_buckets; i++)
		atomic_store(&dir->buckets[i], dir->own_slot);
	atomic_store(&directory_own(dir)->next, dir->own_slot);
	atomic_fetch_add(&dir->header->n_joined, 1);
}

static void
with_the_roster_given_back_and_the_lock_not(
    struct directory *dir, const struct name *name)
{
	join(dir, name);
	lock_and_mark(dir);
	atomic_fetch_add(&dir->header->roster, 1);
}

static void
leaving(struct directory *dir, const struct name *name)
{
	join(dir, name);
	if (directory_leave(dir, "") != DIR_OK)
		_exit(1);
}

static void
gone(struct directory *dir, const struct name *name)
{
	leaving(dir, name);
	directory_gone(dir);
}

static void
becoming(struct directory *dir, const struct name *name)
{
	(void)name;
	/* a second time, and not to the end */
	atomic_fetch_add(&directory_own(dir)->changes, 1);
}

struct moment {
	void (*body)(struct directory *, const struct name *);
	/* what the sweep says of the dead, and whether it had to repair */
	enum dir_state state;
	bool repairs;
	/* what the news has of him afterwards */
	const char *news;
	const char *what;
};

static const struct moment moments[] = {
#define NOTHING ""
#define CRASHED "bob joined\nbob left (crashed)\n"
#define LEFT "bob joined\nbob left\n"
#define RENAMED "bob joined\nbob is now rob\nrob left (crashed)\n"
#define MOMENT(body, state, repairs, news)                                     \
	{                                                                      \
		body, state, repairs, news, #body                              \
	}
	MOMENT(nowhere_yet, DIR_CLAIMED, false, NOTHING),
	MOMENT(becoming, DIR_CLAIMED, false, NOTHING),
	MOMENT(with_the_lock_just_taken, DIR_CLAIMED, true, NOTHING),
	MOMENT(in_the_room, DIR_JOINED, false, CRASHED),
	MOMENT(in_the_room_with_the_lock, DIR_JOINED, true, CRASHED),
	MOMENT(in_the_room_with_the_roster_marked, DIR_JOINED, true, CRASHED),
	MOMENT(writing_its_first_name, DIR_CLAIMED, true, NOTHING),
	MOMENT(writing_another_name, DIR_JOINED, true, CRASHED),
	MOMENT(writing_why_it_is_away, DIR_JOINED, false, CRASHED),
	MOMENT(joining_but_for_the_state, DIR_CLAIMED, true, NOTHING),
	MOMENT(joined_but_not_in_the_news, DIR_JOINED, true, CRASHED),
	MOMENT(joined_but_not_counted, DIR_JOINED, true, CRASHED),
	MOMENT(about_to_be_renamed, DIR_JOINED, true, CRASHED),
	MOMENT(renamed_but_not_in_the_news, DIR_JOINED, true, RENAMED),
	MOMENT(about_to_leave, DIR_JOINED, true, CRASHED),
	MOMENT(leaving_but_not_in_the_news, DIR_LEAVING, true, LEFT),
	MOMENT(leaving_but_still_in_the_index, DIR_LEAVING, true, LEFT),
	MOMENT(relinking_with_the_chains_lost, DIR_JOINED, true, CRASHED),
	MOMENT(relinking_in_a_circle, DIR_JOINED, true, CRASHED),
	MOMENT(with_the_roster_given_back_and_the_lock_not, DIR_JOINED, true,
	    CRASHED),
	MOMENT(leaving, DIR_LEAVING, false, LEFT),
	MOMENT(gone, DIR_FREE, false, LEFT),
#undef MOMENT
};

/* The parameter is a number: Criterion's workers are programs of their own, in
 * which functions lie elsewhere. */
ParameterizedTestParameters(crash_directory, a_user_dies)
{
	static size_t numbers[sizeof moments / sizeof *moments];

	for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
		numbers[i] = i;
	return cr_make_param_array(
	    size_t, numbers, sizeof numbers / sizeof *numbers);
}

ParameterizedTest(size_t *number, crash_directory, a_user_dies)
{
	const struct moment *t = &moments[*number];
	struct directory *dir = test_directory(16);
	struct user_ref alice = test_join(dir, "alice");
	uint64_t news_before = news_head(dir);
	struct user_ref dead = die_after(dir, "bob", t->body), carol;
	uint64_t roster = directory_roster(dir);
	struct dir_row row;

	/* Even before anybody has cleaned up, the others are found. */
	cr_expect_eq(test_find(dir, "alice"), alice.slot, "%s", t->what);

	row = test_sweep(dir, dead);
	cr_expect_eq(row.state, t->state, "%s", t->what);
	cr_expect(user_ref_equal(row.ref, dead), "%s", t->what);
	/* Half of a text is none. */
	cr_expect(!row.is_away && row.away[0] == '\0', "%s", t->what);
	if ((t->state == DIR_JOINED || t->state == DIR_LEAVING) &&
	    strcmp(t->news, RENAMED) != 0)
		cr_expect_str_eq(row.name.text, "bob", "%s", t->what);
	if (t->state == DIR_JOINED)
		cr_expect_gt(directory_roster(dir), roster, "%s", t->what);
	cr_expect_eq(dir->header->counters[DIR_COUNT_lock_repairs],
	    (uint64_t)t->repairs, "%s", t->what);

	cr_expect_str_eq(test_news(dir, news_before), t->news, "%s", t->what);
	test_directory_is_sound(dir);
	cr_expect_eq(test_find(dir, "bob"), DIR_NO_SLOT, "%s", t->what);
	cr_expect_eq(test_find(dir, "alice"), alice.slot, "%s", t->what);
	cr_expect_eq(directory_n_joined(dir), 1, "%s", t->what);
	cr_expect_eq(directory_count_users(dir), 1, "%s", t->what);
	carol = test_join(dir, "Bob");
	cr_expect_eq(test_find(dir, "bob"), carol.slot, "%s", t->what);
	test_directory_is_sound(dir);
}

/* The dead held the lock while the others waited for it: they get it as soon as
 * the master has swept. */
static int
join_patiently(void *arg)
{
	struct victim *v = arg;
	int64_t deadline = clock_ms() + PATIENCE_MS;

	directory_become(v->dir, v->ref);
	for (;;) {
		enum dir_result result = directory_join(v->dir, &v->name);

		if (result != DIR_BUSY)
			return result == DIR_OK ? 0 : 1;
		atomic_store(v->is_there, true);
		if (clock_ms() > deadline)
			return 2;
	}
}

Test(crash_directory, lets_those_in_who_waited_for_the_dead)
{
	struct directory *dir = test_directory(16);
	struct user_ref dead = die_after(dir, "bob", in_the_room_with_the_lock);
	struct victim v = { dir, test_claim(dir), test_parse("carol"), NULL,
		shared_flag() };
	pid_t pid = spawn(join_patiently, &v);

	cr_assert(wait_until(is_true, v.is_there, PATIENCE_MS));
	test_sweep(dir, dead);
	cr_expect_eq(await(pid), 0);
	cr_expect_eq(test_find(dir, "carol"), v.ref.slot);
}

/* Two die; the one that is swept first does not hold the lock, and has to wait
 * for the other's sweep. */
Test(crash_directory, sweeps_two_of_which_one_holds_the_lock)
{
	struct directory *dir = test_directory(16);
	struct user_ref bob = die_after(dir, "bob", in_the_room);
	struct user_ref carol =
	    die_after(dir, "carol", relinking_with_the_chains_lost);
	struct dir_row row;

	cr_expect_eq(directory_sweep(dir, bob, "crashed", &row), DIR_BUSY);
	cr_expect_eq(directory_count_users(dir), 2, "nothing has changed");
	cr_expect_eq(directory_sweep(dir, carol, "crashed", &row), DIR_OK);
	cr_expect_eq(directory_sweep(dir, bob, "crashed", &row), DIR_OK);
	cr_expect_str_eq(row.name.text, "bob");
	cr_expect_eq(directory_count_users(dir), 0);
	test_directory_is_sound(dir);
}

/* Users come, rename, go and are killed at random moments, some hundred times;
 * somebody who is there all the time is always found. */
#define N_VICTIMS 6
#define N_KILLS 300

static int
churn(void *arg)
{
	struct victim *v = arg;
	unsigned n = 0;

	directory_become(v->dir, v->ref);
	atomic_store(v->is_there, true);
	for (;;) {
		char text[32];
		struct name name;
		int len = snprintf(text, sizeof text, "u%u-%u-%u", v->ref.slot,
		    v->ref.generation, n++);

		if (name_parse(text, (size_t)len, &name) != NAME_OK)
			return 1;
		while (directory_join(v->dir, &name) == DIR_BUSY)
			;
		for (int i = 0; i < 3; i++) {
			text[0] = (char)('a' + i);
			(void)name_parse(text, (size_t)len, &name);
			while (directory_rename(v->dir, &name) == DIR_BUSY)
				;
		}
		while (directory_leave(v->dir, "") == DIR_BUSY)
			;
	}
}

static pid_t
start_churning(struct victim *v, struct directory *dir)
{
	v->dir = dir;
	v->ref = test_claim(dir);
	atomic_store(v->is_there, false);
	return spawn(churn, v);
}

Test(crash_directory, stays_sound_when_many_are_killed_at_random)
{
	struct directory *dir = test_directory(16);
	struct user_ref steady = test_join(dir, "steady");
	struct victim victims[N_VICTIMS];
	pid_t pids[N_VICTIMS];

	for (int i = 0; i < N_VICTIMS; i++) {
		victims[i].is_there = shared_flag();
		pids[i] = start_churning(&victims[i], dir);
	}
	for (int round = 0; round < N_KILLS; round++) {
		int i = round % N_VICTIMS;

		cr_assert(
		    wait_until(is_true, victims[i].is_there, PATIENCE_MS));
		cr_assert_eq(kill(pids[i], SIGKILL), 0);
		cr_assert(wait_until(is_gone, &pids[i], PATIENCE_MS));
		test_sweep(dir, victims[i].ref);
		cr_assert_eq(await(pids[i]), 128 + SIGKILL);
		cr_assert_eq(
		    test_find(dir, "steady"), steady.slot, "round %d", round);
		pids[i] = start_churning(&victims[i], dir);
	}
	for (int i = 0; i < N_VICTIMS; i++)
		cr_assert_eq(kill(pids[i], SIGKILL), 0);
	for (int i = 0; i < N_VICTIMS; i++)
		cr_assert(wait_until(is_gone, &pids[i], PATIENCE_MS));
	/* One of them may hold the lock, and any may come first. */
	for (int swept = 0; swept != (1 << N_VICTIMS) - 1;)
		for (int i = 0; i < N_VICTIMS; i++) {
			struct dir_row row;

			if ((swept & 1 << i) == 0 &&
			    directory_sweep(
				dir, victims[i].ref, "crashed", &row) == DIR_OK)
				swept |= 1 << i;
		}
	test_directory_is_sound(dir);
	cr_expect_eq(directory_n_joined(dir), 1);
	cr_expect_eq(directory_count_users(dir), 1);
	cr_log_info("%ju locks were seized",
	    (uintmax_t)dir->header->counters[DIR_COUNT_lock_repairs]);
}
