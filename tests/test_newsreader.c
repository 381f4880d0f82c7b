/* test_newsreader.c - how the news is told: line by line, and in a crowd
 * together. */
#include "srv/newsreader.h"

#include "ipc/limits.h"
#include "ipc/news.h"
#include "tests/harness_directory.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define MAX_USERS 2000

static struct directory *dir;
static struct user_ref self;
static struct outbuf out;
static struct newsreader reader;
static struct ignoring ignoring;
static struct ignored ignored;

static void
set_up(void)
{
	dir = test_directory(MAX_USERS);
	self = test_join(dir, "self");
	/* Nothing is ever written: what is put is looked at. */
	outbuf_init(&out, -1);
	ignoring_init(&ignoring, &ignored);
	newsreader_init(&reader, dir, self, &out, &ignoring, news_head(dir));
}

static void
tear_down(void)
{
	outbuf_free(&out);
	harness_clean();
}

TestSuite(
    newsreader, .init = set_up, .fini = tear_down, .timeout = SUITE_TIMEOUT);

/* What has been put since the last time. */
static const char *
told(void)
{
	static char text[65536];
	size_t len = outbuf_waiting(&out);

	cr_assert_lt(len, sizeof text);
	if (len > 0)
		memcpy(text, out.bytes + out.start, len);
	text[len] = '\0';
	out.start = out.end;
	return text;
}

static const char *
tells(void)
{
	newsreader_tell(&reader, news_head(dir));
	return told();
}

static struct user_ref
joins(unsigned i)
{
	char name[32];

	snprintf(name, sizeof name, "u%u", i);
	return test_join(dir, name);
}

static void
leaves(struct user_ref ref, const char *reason)
{
	struct directory view = user_view(dir, ref);

	cr_assert_eq(directory_leave(&view, reason), DIR_OK);
}

static void
renames(struct user_ref ref, const char *text)
{
	struct directory view = user_view(dir, ref);
	struct name name = test_parse(text);

	cr_assert_eq(directory_rename(&view, &name), DIR_OK);
}

Test(newsreader, tells_nothing_where_nothing_happened)
{
	cr_expect_str_eq(tells(), "");
}

Test(newsreader, tells_little_line_by_line_and_once)
{
	struct user_ref a = joins(1), b = joins(2);

	cr_expect_str_eq(tells(), "* u1 joined\n* u2 joined\n");
	cr_expect_str_eq(tells(), "");
	leaves(a, "");
	renames(b, "rob");
	cr_expect_str_eq(tells(), "* u1 left\n* u2 is now rob\n");
	leaves(b, "too slow");
	cr_expect_str_eq(tells(), "* rob left (too slow)\n");
}

Test(newsreader, tells_nothing_of_the_user_himself)
{
	renames(self, "myself");
	(void)joins(1);
	leaves(self, "");
	cr_expect_str_eq(tells(), "* u1 joined\n");
}

Test(newsreader, tells_as_far_as_it_is_asked_to)
{
	(void)joins(1);
	(void)joins(2);
	newsreader_tell(&reader, reader.next + 1);
	cr_expect_str_eq(told(), "* u1 joined\n");
	/* An author may claim what he likes. */
	newsreader_tell(&reader, UINT64_MAX);
	cr_expect_str_eq(told(), "* u2 joined\n");
}

Test(newsreader, tells_a_crowd_in_one_line)
{
	struct user_ref refs[15];

	for (unsigned i = 0; i < 15; i++)
		refs[i] = joins(i);
	cr_expect_str_eq(tells(),
	    "* 15 people joined: u0, u1, u2, u3, u4, u5, u6, u7, u8, u9 and 5 "
	    "more\n");
	for (unsigned i = 0; i < 4; i++)
		leaves(refs[i], "");
	cr_expect_str_eq(tells(), "* 4 people left: u0, u1, u2, u3\n");
}

Test(newsreader, tells_who_joined_and_who_left_apart)
{
	struct user_ref old[5];

	for (unsigned i = 0; i < 5; i++)
		old[i] = joins(i);
	(void)tells();
	for (unsigned i = 0; i < 5; i++) {
		leaves(old[i], "");
		(void)joins(10 + i);
	}
	cr_expect_str_eq(tells(), "* 5 people joined: u10, u11, u12, u13, u14\n"
				  "* 5 people left: u0, u1, u2, u3, u4\n");
}

Test(newsreader, in_a_crowd_passes_over_who_came_and_went)
{
	struct user_ref refs[12];

	for (unsigned i = 0; i < 12; i++)
		refs[i] = joins(i);
	leaves(refs[1], "");
	leaves(refs[11], "");
	cr_expect_str_eq(tells(),
	    "* 10 people joined: u0, u2, u3, u4, u5, u6, u7, u8, u9 and 1 "
	    "more\n");
}

Test(newsreader, alone_tells_of_who_came_and_went_too)
{
	leaves(joins(1), "");
	leaves(joins(1), "");
	cr_expect_str_eq(
	    tells(), "* u1 joined\n* u1 left\n* u1 joined\n* u1 left\n");
}

/* A name must not seem to have left when somebody else has it by now. */
Test(newsreader, tells_of_a_name_that_comes_back_in_order)
{
	struct user_ref refs[6];

	for (unsigned i = 0; i < 6; i++)
		refs[i] = joins(i);
	(void)tells();
	for (unsigned i = 0; i < 6; i++)
		leaves(refs[i], "");
	(void)test_join(dir, "U3");
	cr_expect_str_eq(
	    tells(), "* 6 people left: u0, u1, u2, u3, u4, u5\n* U3 joined\n");
}

Test(newsreader, tells_a_rename_after_the_arrival_and_before_what_follows)
{
	struct user_ref a;

	a = joins(1);
	renames(a, "rob");
	leaves(a, "");
	cr_expect_str_eq(tells(), "* u1 joined\n* u1 is now rob\n* rob left\n");
}

Test(newsreader, tells_a_great_crowd_in_lines_of_some_hundreds)
{
	unsigned in_all = 0;
	const char *at;
	int n;

	for (unsigned i = 0; i < 1000; i++)
		(void)joins(i);
	at = tells();
	for (; sscanf(at, "* %d people joined: ", &n) == 1;
	     at = strchr(at, '\n') + 1) {
		char first[32];

		snprintf(first, sizeof first, "joined: u%u, u%u, ", in_all,
		    in_all + 1);
		cr_expect_eq(
		    strncmp(strstr(at, "joined"), first, strlen(first)), 0,
		    "%s", at);
		in_all += (unsigned)n;
		cr_expect_lt(strcspn(at, "\n"), WIRE_LINE_MAX_BYTES);
	}
	cr_expect_eq(in_all, 1000);
	cr_expect_str_eq(at, "");
}

Test(newsreader, says_so_when_it_has_missed_something)
{
	struct user_ref bob = test_join(dir, "bob");
	char name[32];

	for (unsigned i = 0; i < dir->n_news; i++) {
		snprintf(name, sizeof name, "bob%u", i);
		renames(bob, name);
	}
	/* Far fewer renames fit this test's buffer. */
	newsreader_tell(&reader, news_oldest(dir) + 1);
	cr_expect_str_eq(told(),
	    "* so many came and went that you were not told of all; /who tells "
	    "who is here\n"
	    "* bob0 is now bob1\n");
}

Test(newsreader, passes_over_what_is_not_fit_to_be_shown)
{
	(void)joins(1);
	(void)joins(2);
	strcpy(dir->news[reader.next].name, "\033[2J");
	cr_expect_str_eq(tells(), "* u2 joined\n");
}

Test(newsreader, in_a_crowd_passes_over_what_is_not_fit_to_be_shown)
{
	for (unsigned i = 0; i < 6; i++)
		(void)joins(i);
	strcpy(dir->news[reader.next + 1].name, "\033[2J");
	dir->news[reader.next + 3].kind = DIR_N_NEWS_KINDS;
	cr_expect_str_eq(tells(), "* 4 people joined: u0, u2, u4, u5\n");
}

Test(newsreader, tells_together_what_the_bell_was_rung_for)
{
	for (unsigned i = 0; i < 4; i++) {
		(void)joins(i);
		newsreader_hear(&reader, news_head(dir));
	}
	cr_expect_str_eq(told(), "");
	(void)joins(4);
	/* Something is said by somebody who was here before. */
	newsreader_tell(&reader, 0);
	cr_expect_str_eq(told(), "* 4 people joined: u0, u1, u2, u3\n");
	cr_expect_str_eq(tells(), "* u4 joined\n");
}

/* Who is ignored ---------------------------------------------------------- */

static void
ignores(const char *text)
{
	struct name name = test_parse(text);

	cr_assert(ignoring_add(&ignoring, &name, NULL));
}

Test(newsreader, knows_the_ignored_by_the_name_they_come_under)
{
	struct user_ref bob, carol;

	ignores("bob");
	bob = test_join(dir, "BOB");
	carol = test_join(dir, "carol");
	/* It is told all the same. */
	cr_expect_str_eq(tells(), "* BOB joined\n* carol joined\n");
	cr_expect(ignoring_drops(&ignoring, bob));
	cr_expect_not(ignoring_drops(&ignoring, carol));
}

Test(newsreader, knows_the_ignored_by_a_name_that_they_take_or_give_up)
{
	struct user_ref bob, carol = test_join(dir, "carol");

	(void)tells();
	ignores("bob");
	renames(carol, "bob");
	renames(carol, "dave");
	bob = test_join(dir, "bob");
	renames(bob, "rob");
	(void)tells();
	cr_expect(ignoring_drops(&ignoring, carol));
	cr_expect(ignoring_drops(&ignoring, bob));
}

Test(newsreader, forgets_the_ignored_who_have_left)
{
	struct user_ref bob;

	ignores("bob");
	bob = test_join(dir, "bob");
	(void)tells();
	cr_assert(ignoring_drops(&ignoring, bob));
	test_sweep(dir, bob);
	cr_expect_str_eq(tells(), "* bob left (crashed)\n");
	cr_expect_eq(ignoring.n_people, 0);
	cr_expect_eq(ignoring.n_names, 1);
}

Test(newsreader, finds_the_ignored_when_it_has_missed_that_they_came)
{
	struct user_ref bob;

	ignores("bob");
	bob = test_join(dir, "bob");
	for (unsigned i = 0; i < dir->n_news; i++)
		test_sweep(dir, test_join(dir, "guest"));
	(void)tells();
	cr_expect(ignoring_drops(&ignoring, bob));
}
