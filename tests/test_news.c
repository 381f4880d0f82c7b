/* test_news.c - the ring of who came, went and was renamed. */
#include "ipc/news.h"

#include "tests/harness_directory.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(news, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* So many renames of somebody who is here. */
static void
rename_often(struct directory *view, unsigned n)
{
	char text[32];
	struct name name;

	for (unsigned i = 0; i < n; i++) {
		snprintf(text, sizeof text, "bob%u", i);
		name = test_parse(text);
		cr_assert_eq(directory_rename(view, &name), DIR_OK);
	}
}

Test(news, has_what_happened_in_its_order)
{
	struct directory *dir = test_directory(8);
	struct user_ref alice = test_join(dir, "alice");
	struct user_ref bob = test_join(dir, "bob");
	struct directory view = user_view(dir, bob);
	struct name rob = test_parse("rob");

	cr_assert_eq(directory_rename(&view, &rob), DIR_OK);
	cr_assert_eq(directory_leave(&view, "too slow"), DIR_OK);
	(void)test_sweep(dir, alice);
	cr_expect_str_eq(test_news(dir, 0), "alice joined\n"
					    "bob joined\n"
					    "bob is now rob\n"
					    "rob left (too slow)\n"
					    "alice left (crashed)\n");
}

Test(news, has_nothing_of_what_was_refused)
{
	struct directory *dir = test_directory(8);
	struct directory view;
	struct name alice = test_parse("Alice");

	(void)test_join(dir, "alice");
	view = user_view(dir, test_join(dir, "bob"));
	cr_assert_eq(directory_rename(&view, &alice), DIR_NAME_TAKEN);
	cr_expect_str_eq(test_news(dir, 0), "alice joined\nbob joined\n");
}

Test(news, has_nothing_of_who_leaves_with_all)
{
	struct directory *dir = test_directory(8);
	struct directory view = user_view(dir, test_join(dir, "bob"));

	cr_assert_eq(directory_leave(&view, NULL), DIR_OK);
	cr_expect_str_eq(test_news(dir, 0), "bob joined\n");
}

Test(news, tells_its_author_where_his_own_entry_ends)
{
	struct directory *dir = test_directory(8);
	struct directory view = user_view(dir, test_claim(dir));
	struct name bob = test_parse("bob");

	(void)test_join(dir, "alice");
	cr_assert_eq(directory_join(&view, &bob), DIR_OK);
	cr_expect_eq(view.own_news, 2);
	(void)test_join(dir, "carol");
	cr_expect_eq(view.own_news, 2);
	cr_assert_eq(directory_leave(&view, ""), DIR_OK);
	cr_expect_eq(view.own_news, 4);
}

Test(news, that_was_overwritten_is_missed_and_the_rest_is_not)
{
	struct directory *dir = test_directory(8);
	struct directory view = user_view(dir, test_join(dir, "bob"));
	const unsigned n = dir->n_news + 10;
	uint64_t oldest;
	struct news news;

	rename_often(&view, n);
	oldest = news_oldest(dir);
	cr_expect_eq(news_head(dir), n + 1);
	cr_expect_eq(oldest, n + 2 - dir->n_news);
	cr_expect_eq(news_read(dir, 0, &news), NEWS_MISSED);
	/* The oldest may be overwritten at any moment, and has not been. */
	cr_expect_eq(news_read(dir, oldest - 2, &news), NEWS_MISSED);
	for (uint64_t i = oldest; i < news_head(dir); i++)
		cr_assert_eq(news_read(dir, i, &news), NEWS_READ);
	cr_expect_eq(news_read(dir, news_head(dir), &news), NEWS_MISSED);
}

Test(news, that_is_being_written_is_not_read)
{
	struct directory *dir = test_directory(8);
	struct news news;

	(void)test_join(dir, "bob");
	cr_assert_eq(news_read(dir, 0, &news), NEWS_READ);
	atomic_store(&dir->news[0].mark, 0);
	cr_expect_eq(news_read(dir, 0, &news), NEWS_MISSED);
}

/* A child that was taken over can write here what it likes. */
Test(news, that_is_not_fit_to_be_shown_is_bad)
{
	struct directory *dir = test_directory(8);
	struct dir_news *entry = &dir->news[0];
	struct news news;

	(void)test_join(dir, "bob");
	strcpy(entry->name, "\033[2J");
	cr_expect_eq(news_read(dir, 0, &news), NEWS_BAD);
	strcpy(entry->name, "bob");
	strcpy(entry->other, "a\nb");
	cr_expect_eq(news_read(dir, 0, &news), NEWS_BAD);
	entry->other[0] = '\0';
	entry->name[0] = '\0';
	cr_expect_eq(news_read(dir, 0, &news), NEWS_BAD);
	strcpy(entry->name, "bob");
	entry->kind = DIR_N_NEWS_KINDS;
	cr_expect_eq(news_read(dir, 0, &news), NEWS_BAD);
	entry->kind = DIR_NEWS_RENAMED;
	cr_expect_eq(news_read(dir, 0, &news), NEWS_BAD);
	entry->kind = DIR_NEWS_LEFT;
	memset(entry->name, 'x', sizeof entry->name);
	memset(entry->other, 'y', sizeof entry->other);
	cr_expect_eq(news_read(dir, 0, &news), NEWS_READ);
	cr_expect_eq(news.name_len, NAME_MAX_BYTES);
	cr_expect_eq(strlen(news.name), NAME_MAX_BYTES);
	cr_expect_eq(strlen(news.other), NAME_MAX_BYTES);
}

Test(news, glanced_at_says_of_whom_it_is_and_not_what_he_is_called)
{
	struct directory *dir = test_directory(8);
	struct user_ref bob = test_join(dir, "bob");
	struct news whole, news;

	memset(&news, 'x', sizeof news);
	cr_assert_eq(news_read(dir, 0, &whole), NEWS_READ);
	cr_assert_eq(news_glance(dir, 0, &news), NEWS_READ);
	cr_expect_eq(news.kind, DIR_NEWS_JOINED);
	cr_expect(user_ref_equal(news.who, bob));
	cr_expect_eq(news.name_hash, whole.name_hash);
	cr_expect_eq(news.name_len + news.other_len, 0);
	cr_expect_str_eq(news.name, "");
	cr_expect_str_eq(news.other, "");
	cr_expect_eq(news_glance(dir, 1, &news), NEWS_MISSED);
	dir->news[0].kind = DIR_N_NEWS_KINDS;
	cr_expect_eq(news_glance(dir, 0, &news), NEWS_BAD);
	atomic_store(&dir->news[0].mark, 0);
	cr_expect_eq(news_glance(dir, 0, &news), NEWS_MISSED);
}
