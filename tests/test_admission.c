/* test_admission.c - who is turned away, and how often of those without a name;
 * and that it is counted by its reason. */
#include "srv/admission.h"

#include "ipc/clock.h"
#include "ipc/limits.h"
#include "tests/harness_directory.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(admission, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* Of 100 throws of the dice, how many turn it away. */
static unsigned
chance(struct nameless_limit limit, unsigned n)
{
	unsigned dropped = 0;

	for (unsigned dice = 0; dice < 100; dice++)
		dropped += admission_drops_early(&limit, n, dice);
	return dropped;
}

Test(admission, drops_nobody_before_the_limit_begins)
{
	struct nameless_limit limit = { 10, 30, 100 };

	cr_expect_eq(chance(limit, 0), 0);
	cr_expect_eq(chance(limit, 9), 0);
}

Test(admission, drops_more_and_more_often)
{
	struct nameless_limit limit = { 10, 30, 100 };

	cr_expect_eq(chance(limit, 10), 30);
	cr_expect_eq(chance(limit, 55), 65);
	cr_expect_geq(chance(limit, 99), 99);
	for (unsigned n = 10; n < 120; n++)
		cr_expect_geq(chance(limit, n + 1), chance(limit, n));
}

Test(admission, drops_everybody_at_the_full_limit)
{
	cr_expect_eq(chance((struct nameless_limit){ 10, 30, 100 }, 100), 100);
	cr_expect_eq(chance((struct nameless_limit){ 10, 30, 100 }, 5000), 100);
	cr_expect_eq(chance((struct nameless_limit){ 7, 100, 7 }, 6), 0);
	cr_expect_eq(chance((struct nameless_limit){ 7, 100, 7 }, 7), 100);
}

/* At a door --------------------------------------------------------------- */

#define HERE UINT64_C(0xc0000201)

static struct children children;

/* A room for four, where one who has given no name is from HERE. */
static struct directory *
room_with_one(void)
{
	struct directory *dir = test_directory(4);

	cr_assert_eq(children_init(&children, dir->header->n_slots), 0);
	children_set_address(
	    &children, children_add(&children, test_claim(dir), 1000), HERE);
	return dir;
}

static const char *
comes(struct directory *dir, const struct options *options, uint64_t key)
{
	const struct arrival arrival = { .fd = -1, .address_key = key };

	return admission_refuse(options, dir, &children, &arrival);
}

/* This one alone, and once. */
static void
is_counted(const struct directory *dir, enum dir_counter counter)
{
	for (int i = 0; i < DIR_N_COUNTERS; i++)
		cr_expect_eq(dir->header->counters[i], i == (int)counter, "%s",
		    counter_name((enum dir_counter)i));
}

static const struct options generous = {
	.max_users = 4,
	.max_per_address = 4,
	.nameless = { 5, 100, 5 },
};

Test(admission, lets_in_who_is_within_the_limits)
{
	struct directory *dir = room_with_one();

	cr_assert_null(comes(dir, &generous, HERE));
	for (int i = 0; i < DIR_N_COUNTERS; i++)
		cr_expect_eq(dir->header->counters[i], 0);
}

Test(admission, refuses_one_too_many_from_an_address)
{
	struct directory *dir = room_with_one();
	struct options options = generous;

	options.max_per_address = 1;
	cr_assert_null(comes(dir, &options, HERE + 1));
	cr_assert_null(comes(dir, &options, 0));
	cr_assert_not_null(strstr(comes(dir, &options, HERE), "your address"));
	is_counted(dir, DIR_COUNT_refused_address);
}

Test(admission, refuses_one_too_many_without_a_name)
{
	struct directory *dir = room_with_one();
	struct options options = generous;

	options.nameless = (struct nameless_limit){ 1, 100, 1 };
	cr_assert_not_null(
	    strstr(comes(dir, &options, HERE + 1), "too many are connecting"));
	is_counted(dir, DIR_COUNT_refused_nameless);
}

Test(admission, drops_nobody_while_those_without_a_name_have_just_come)
{
	struct directory *dir = room_with_one();
	struct options options = generous;

	options.nameless = (struct nameless_limit){ 1, 100, 4 };
	dir->slots[0].claimed_at = clock_ms() + 60000;
	cr_assert_null(comes(dir, &options, HERE + 1));
	dir->slots[0].claimed_at = clock_ms() - NAMELESS_MS;
	cr_assert_not_null(
	    strstr(comes(dir, &options, HERE + 1), "too many are connecting"));
	is_counted(dir, DIR_COUNT_refused_nameless);
}

Test(admission, refuses_one_too_many)
{
	struct directory *dir = room_with_one();

	for (int i = 0; i < 3; i++)
		(void)children_add(&children, test_claim(dir), 2000 + i);
	cr_assert_not_null(strstr(comes(dir, &generous, HERE + 1), "is full"));
	is_counted(dir, DIR_COUNT_refused_full);
}
