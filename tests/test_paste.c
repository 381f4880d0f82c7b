/* test_paste.c - many lines at once are sent only when asked for twice. */
#include "cli/paste.h"

#include "tests/harness.h"

#include <criterion/criterion.h>

static struct paste paste;

static void
finish(void)
{
	paste_forget(&paste);
}

TestSuite(paste, .fini = finish, .timeout = SUITE_TIMEOUT);

Test(paste, of_few_lines_goes_at_once)
{
	cr_assert_eq(paste_ask(&paste, "one"), 0);
	cr_assert_eq(paste_ask(&paste, ""), 0);
	cr_assert_eq(paste_ask(&paste, "one\ntwo\nthree"), 0);
	cr_assert_eq(paste_ask(&paste, "one\n\n\ntwo\n\nthree\n\n"), 0);
}

Test(paste, of_many_lines_goes_when_asked_for_twice)
{
	cr_assert_eq(paste_ask(&paste, "1\n2\n\n3\n4\n"), 4);
	cr_assert_eq(paste_ask(&paste, "1\n2\n\n3\n4\n"), 0);
	/* The next one is another. */
	cr_assert_eq(paste_ask(&paste, "1\n2\n\n3\n4\n"), 4);
}

Test(paste, that_has_been_changed_is_asked_about_again)
{
	cr_assert_eq(paste_ask(&paste, "1\n2\n3\n4"), 4);
	cr_assert_eq(paste_ask(&paste, "1\n2\n3\n4\n5"), 5);
	cr_assert_eq(paste_ask(&paste, "1\n2\n3\n4"), 4);
}

Test(paste, is_asked_about_again_after_something_else)
{
	cr_assert_eq(paste_ask(&paste, "1\n2\n3\n4"), 4);
	cr_assert_eq(paste_ask(&paste, "hello"), 0);
	cr_assert_eq(paste_ask(&paste, "1\n2\n3\n4"), 4);
	paste_forget(&paste);
	cr_assert_eq(paste_ask(&paste, "1\n2\n3\n4"), 4);
}
