/* test_departures.c - who has said that he leaves is told of once. */
#include "srv/departures.h"

#include "tests/harness_directory.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct directory *dir;
static struct departures d;

static void
set_up(void)
{
	dir = test_directory(20000);
}

static void
tear_down(void)
{
	departures_free(&d);
	harness_clean();
}

TestSuite(
    departures, .init = set_up, .fini = tear_down, .timeout = SUITE_TIMEOUT);

/* Somebody who has left the room and still tells the others. */
static struct user_ref
leaver(void)
{
	static unsigned n;
	char name[32];
	struct user_ref ref;
	struct directory view;

	snprintf(name, sizeof name, "u%u", n++);
	ref = test_join(dir, name);
	view = user_view(dir, ref);
	cr_assert_eq(directory_leave(&view), DIR_OK);
	return ref;
}

static void
gets_to_the_end(struct user_ref ref)
{
	struct directory view = user_view(dir, ref);

	directory_gone(&view);
}

Test(departures, of_somebody_who_said_nothing_is_news)
{
	cr_expect(departures_take(&d, leaver()));
	cr_expect_eq(d.capacity, 0);
}

Test(departures, of_somebody_who_said_so_is_no_news_once)
{
	struct user_ref bob = leaver(), carol = leaver();

	departures_add(&d, dir, bob);
	departures_add(&d, dir, carol);
	cr_expect_not(departures_take(&d, bob));
	cr_expect(departures_take(&d, bob));
	cr_expect_not(departures_take(&d, carol));
}

Test(departures, of_the_next_in_a_slot_is_another)
{
	struct user_ref bob = leaver();
	struct user_ref next = { bob.slot, bob.generation + 1 };

	departures_add(&d, dir, bob);
	cr_expect(departures_take(&d, next));
	cr_expect_not(departures_take(&d, bob));
}

Test(departures, take_no_memory_for_those_who_get_to_the_end)
{
	for (int i = 0; i < 10000; i++) {
		struct user_ref ref = leaver();

		departures_add(&d, dir, ref);
		gets_to_the_end(ref);
	}
	cr_expect_leq(d.capacity, 32);
}

Test(departures, of_whom_the_master_frees_the_slot_are_kept)
{
	struct user_ref dead = leaver();

	departures_add(&d, dir, dead);
	(void)test_sweep(dir, dead);
	for (int i = 0; i < 1000; i++) {
		struct user_ref ref = leaver();

		departures_add(&d, dir, ref);
		gets_to_the_end(ref);
	}
	cr_expect_not(departures_take(&d, dead));
}

Test(departures, of_thousands_at_once_are_each_remembered)
{
	enum { N = 3000 };
	static struct user_ref leavers[N];

	for (int i = 0; i < N; i++) {
		leavers[i] = leaver();
		departures_add(&d, dir, leavers[i]);
	}
	for (int i = 0; i < N; i++)
		cr_assert_not(departures_take(&d, leavers[i]), "%d", i);
	cr_expect_eq(d.n, 0);
}

Test(departures, are_bounded_whatever_happens)
{
	struct user_ref last = { 0 };

	for (uint32_t i = 0; i < 100000; i++) {
		last = (struct user_ref){ i % 20000, 7 + i / 20000 };
		departures_add(&d, dir, last);
	}
	cr_expect_leq(d.capacity, 4096);
	cr_expect_not(departures_take(&d, last));
	departures_add(&d, dir, USER_MASTER);
	cr_expect(departures_take(&d, USER_MASTER), "no slot at all");
}
