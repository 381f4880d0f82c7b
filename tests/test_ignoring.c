/* test_ignoring.c - who is ignored, and for how long. */
#include "srv/ignoring.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct ignored list;
static struct ignoring ignoring;

static const struct user_ref bob = { 3, 1 }, carol = { 4, 1 };

static void
set_up(void)
{
	/* as it is when it was in use before */
	memset(&list, 0xff, sizeof list);
	ignoring_init(&ignoring, &list);
}

TestSuite(ignoring, .init = set_up, .timeout = SUITE_TIMEOUT);

static struct name
parsed(const char *text)
{
	struct name name;

	cr_assert_eq(name_parse(text, strlen(text), &name), NAME_OK);
	return name;
}

static bool
add(const char *text, const struct user_ref *who)
{
	struct name name = parsed(text);

	return ignoring_add(&ignoring, &name, who);
}

static bool
remove_name(const char *text, const struct user_ref *who)
{
	struct name name = parsed(text);

	return ignoring_remove(&ignoring, &name, who);
}

static void
meet(struct user_ref who, const char *text)
{
	struct name name = parsed(text);

	ignoring_meet(&ignoring, who, &name);
}

Test(ignoring, is_of_nobody_at_first)
{
	cr_expect_not(ignoring_drops(&ignoring, bob));
	meet(bob, "bob");
	cr_expect_not(ignoring_drops(&ignoring, bob));
	cr_expect_eq(ignoring.n_names, 0);
	cr_expect_eq(ignoring.n_people, 0);
	/* Who ignores nobody has touched nothing. */
	for (size_t i = 0; i < sizeof list; i++)
		cr_assert_eq(((const unsigned char *)&list)[i], 0xff);
}

Test(ignoring, is_of_who_has_the_name)
{
	cr_assert(add("bob", &bob));
	cr_expect(ignoring_drops(&ignoring, bob));
	cr_expect_not(ignoring_drops(&ignoring, carol));
	/* another user of his slot */
	cr_expect_not(ignoring_drops(&ignoring, (struct user_ref){ 3, 2 }));
	cr_expect_not(ignoring_drops(&ignoring, (struct user_ref){ 2, 1 }));
}

Test(ignoring, is_of_who_comes_under_the_name_whatever_its_case)
{
	cr_assert(add("Stra\u00dfe", NULL));
	cr_expect_not(ignoring_drops(&ignoring, bob));
	meet(bob, "STRASSE");
	cr_expect(ignoring_drops(&ignoring, bob));
	meet(carol, "strass");
	cr_expect_not(ignoring_drops(&ignoring, carol));
}

Test(ignoring, lasts_while_he_is_here_and_when_he_comes_back)
{
	struct user_ref again = { 9, 7 };

	cr_assert(add("bob", &bob));
	/* He is called otherwise now, and the name is somebody else's. */
	meet(bob, "rob");
	meet(carol, "bob");
	cr_expect(ignoring_drops(&ignoring, bob));
	cr_expect(ignoring_drops(&ignoring, carol));
	ignoring_part(&ignoring, carol);
	cr_expect(ignoring_drops(&ignoring, bob));
	cr_expect_not(ignoring_drops(&ignoring, carol));
	ignoring_part(&ignoring, bob);
	cr_expect_not(ignoring_drops(&ignoring, bob));
	cr_expect_eq(ignoring.n_people, 0);
	meet(again, "Bob");
	cr_expect(ignoring_drops(&ignoring, again));
}

Test(ignoring, ends_by_name)
{
	cr_assert(add("bob", &bob));
	cr_assert(add("carol", &carol));
	cr_assert(add("dave", NULL));
	cr_expect(remove_name("BOB", NULL));
	cr_expect_not(ignoring_drops(&ignoring, bob));
	/* The others move up, each with who is ignored for it. */
	cr_expect(ignoring_drops(&ignoring, carol));
	cr_assert_eq(ignoring.n_names, 2);
	cr_expect_str_eq(list.names[0].text, "carol");
	cr_expect_str_eq(list.names[1].text, "dave");
	cr_expect(remove_name("dave", NULL));
	cr_expect(ignoring_drops(&ignoring, carol));
	cr_expect(remove_name("carol", NULL));
	cr_expect_not(ignoring_drops(&ignoring, carol));
	cr_expect_eq(ignoring.n_names, 0);
	cr_expect_not(remove_name("carol", NULL));
}

Test(ignoring, ends_by_what_he_is_called_now)
{
	cr_assert(add("bob", &bob));
	meet(bob, "rob");
	cr_expect_not(remove_name("rob", NULL));
	cr_expect(remove_name("rob", &bob));
	cr_expect_not(ignoring_drops(&ignoring, bob));
	cr_expect_eq(ignoring.n_names, 0);
}

Test(ignoring, ends_for_all_names_that_he_is_ignored_for)
{
	cr_assert(add("bob", &bob));
	cr_assert(add("rob", NULL));
	cr_assert(add("carol", &carol));
	meet(bob, "rob");
	cr_expect(remove_name("rob", &bob));
	cr_expect_not(ignoring_drops(&ignoring, bob));
	cr_expect(ignoring_drops(&ignoring, carol));
	cr_assert_eq(ignoring.n_names, 1);
	cr_expect_str_eq(list.names[0].text, "carol");
}

Test(ignoring, of_one_of_two_names_leaves_him_ignored_for_the_other)
{
	cr_assert(add("bob", &bob));
	cr_assert(add("rob", NULL));
	meet(bob, "rob");
	cr_expect(remove_name("bob", NULL));
	cr_expect(ignoring_drops(&ignoring, bob));
}

Test(ignoring, the_same_twice_is_fine)
{
	cr_assert(add("bob", NULL));
	cr_assert(add("Bob", &bob));
	cr_assert(add("bob", &bob));
	cr_expect_eq(ignoring.n_names, 1);
	cr_expect_eq(ignoring.n_people, 1);
	cr_expect(remove_name("bob", &bob));
	cr_expect_not(ignoring_drops(&ignoring, bob));
}

Test(ignoring, has_room_for_so_many_names_and_no_more)
{
	char text[16];

	for (int i = 0; i < IGNORED_NAMES; i++) {
		snprintf(text, sizeof text, "user%d", i);
		cr_assert(add(text, NULL));
	}
	cr_expect_not(add("bob", &bob));
	cr_expect_not(ignoring_drops(&ignoring, bob));
	cr_expect_eq(ignoring.n_names, IGNORED_NAMES);
	/* One who is in the list is ignored all the same. */
	cr_expect(add("user63", &bob));
	cr_expect(ignoring_drops(&ignoring, bob));
	cr_expect(remove_name("user0", NULL));
	cr_expect(add("carol", &carol));
	cr_expect(ignoring_drops(&ignoring, carol));
	cr_expect(ignoring_drops(&ignoring, bob));
}

Test(ignoring, of_more_people_than_it_knows_forgets_the_first)
{
	struct user_ref who = { 100, 1 };

	cr_assert(add("bob", &bob));
	/* All of them take the name in turn, and stay. */
	for (int i = 0; i < IGNORED_PEOPLE; i++) {
		who.slot++;
		meet(who, "bob");
	}
	cr_expect_eq(ignoring.n_people, IGNORED_PEOPLE);
	cr_expect_not(ignoring_drops(&ignoring, bob));
	cr_expect(ignoring_drops(&ignoring, who));
	cr_expect(ignoring_drops(&ignoring, (struct user_ref){ 101, 1 }));
	cr_expect(remove_name("bob", &who));
	cr_expect_eq(ignoring.n_people, 0);
}
