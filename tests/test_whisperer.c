/* test_whisperer.c - who has last whispered to the person. */
#include "cli/whisperer.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <string.h>

static struct whisperer whisperer;

TestSuite(whisperer, .timeout = SUITE_TIMEOUT);

static void
learn(const char *line)
{
	struct message m;

	message_parse(line, strlen(line), &m);
	whisperer_learn(&whisperer, &m, "alice");
}

static void
is(const char *name)
{
	cr_assert_str_eq(whisperer.name.text, name);
	cr_assert_not(whisperer.has_left);
}

Test(whisperer, is_nobody_at_first)
{
	learn("bob: hello alice");
	learn("* bob joined");
	is("");
	learn("* bob is now rob");
	learn("* rob left");
	is("");
}

Test(whisperer, is_the_last_who_whispered_to_the_person)
{
	learn("[bob -> alice] one");
	is("bob");
	learn("[carol -> alice] two");
	is("carol");
	learn("[alice -> dave] three");
	learn("[alice -> alice] four");
	learn("erin: five");
	is("carol");
}

Test(whisperer, is_followed_through_renames)
{
	learn("[bob -> alice] one");
	learn("* carol is now dave");
	is("bob");
	learn("* bob is now Bob");
	is("Bob");
	learn("* BOB is now rob");
	is("rob");
}

Test(whisperer, is_not_taken_for_who_comes_after_him)
{
	learn("[bob -> alice] one");
	learn("* bob left");
	cr_assert(whisperer.has_left);
	learn("* bob joined");
	learn("* bob is now rob");
	cr_assert(whisperer.has_left);
	cr_assert_str_eq(whisperer.name.text, "bob");
	learn("[rob -> alice] two");
	is("rob");
}

Test(whisperer, may_leave_in_a_crowd)
{
	learn("[bob -> alice] one");
	learn("* 30 people left: ann, carol and 28 more");
	is("bob");
	learn("* 30 people left: ann, bob and 28 more");
	cr_assert(whisperer.has_left);
}
