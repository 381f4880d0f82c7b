/* test_who_users.c - the columns of the table of users. */
#include "tools/who_users.h"

#include "tests/harness.h"
#include "tests/harness_manual.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define NOW_MS INT64_C(900000000)

TestSuite(who_users, .timeout = SUITE_TIMEOUT);

static struct who_row rows[] = {
	{ .ref = { 3, 17 },
	    .pid = 51,
	    .active_at = NOW_MS - 5000,
	    .n_said = 12,
	    .queued_bytes = 2048,
	    .said_rate = { true, 2.5 },
	    .name = "alice",
	    .from = "127.0.0.1:40000" },
	{ .ref = { 4, 1 },
	    .pid = 52,
	    .active_at = NOW_MS,
	    .name = "bob",
	    .from = "127.0.0.1:40001" },
	{ .ref = { 5, 4000000000 }, .pid = 61, .state = WHO_UNREADABLE },
};

static void
prints(
    const struct who_user_columns *columns, size_t width, const char *expected)
{
	struct who_view view = {
		.taken_at = NOW_MS,
		.taken_realtime = 1955887500000,
		.rows = rows,
		.n_rows = 3,
	};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	cr_assert_eq(who_users_print(&view, columns, width, out), 0);
	(void)fclose(out);
	cr_assert_str_eq(text, expected);
	free(text);
}

Test(who_users, columns_stand_in_the_order_asked_for)
{
	static const struct who_user_columns columns = {
		.list = { WHO_USER_state, WHO_USER_slot, WHO_USER_rate,
		    WHO_USER_queued, WHO_USER_name, WHO_USER_pid },
		.n = 6,
		.are_chosen = true,
	};

	prints(&columns, WHO_ANY_WIDTH,
	    "STATE               SLOT  RATE  QUEUED  NAME   PID\n"
	    "here                3.17   2.5    2.0K  alice   51\n"
	    "here                 4.1     -       0  bob     52\n"
	    "unreadable  5.4000000000     -       -  ?       61\n");
}

Test(who_users, columns_that_were_chosen_are_not_left_out)
{
	struct who_user_columns columns = {
		.list = { WHO_USER_name, WHO_USER_said, WHO_USER_idle },
		.n = 3,
	};

	prints(&columns, 11,
	    "NAME   IDLE\nalice    5s\nbob      0s\n?         -\n");
	columns.are_chosen = true;
	prints(&columns, 11,
	    "NAME   SAID  IDLE\n"
	    "alice    12    5s\n"
	    "bob       0    0s\n"
	    "?         -     -\n");
}

Test(who_users, a_column_is_found_whatever_its_case_and_not_by_half_a_name)
{
	enum who_user_column column;

	cr_assert(who_user_column_find("queued,", 6, &column));
	cr_assert_eq(column, WHO_USER_queued);
	cr_assert(who_user_column_find("STATE", 5, &column));
	cr_assert_eq(column, WHO_USER_state);
	cr_assert_not(who_user_column_find("stat", 4, &column));
	cr_assert_not(who_user_column_find("", 0, &column));
}

/* Each column in the manual under its title, which is its name in capitals. */
Test(who_users, columns_stand_in_the_manual)
{
	char *section = manual_section("tools/chat-who.1", "The table");
	char *at = section, head[128], text[256];

	for (int i = 0; i < WHO_N_USER_COLUMNS; i++) {
		const char *name =
		    who_user_column_name((enum who_user_column)i);

		cr_assert(
		    manual_next_item(&at, head, sizeof head, text, sizeof text),
		    "%s is missing", name);
		cr_assert_eq(
		    strcasecmp(head, name), 0, "%s is not %s", head, name);
	}
	free(section);
}
