/* test_who_select.c - who is shown, and in which order. */
#include "tools/who_select.h"

#include "ipc/name.h"
#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <string.h>

TestSuite(who_select, .timeout = SUITE_TIMEOUT);

#define MAX_ROWS 8

/* A view of users with these names, in the order in which they joined; "?" is
 * one whose entry cannot be read. */
struct room {
	struct who_view view;
	struct who_row rows[MAX_ROWS];
};

static void
room_fill(struct room *room, const char *const *names)
{
	memset(room, 0, sizeof *room);
	room->view.rows = room->rows;
	for (size_t n = 0; names[n] != NULL; n++) {
		struct who_row *row = &room->rows[n];
		struct name name;

		row->ref.slot = (uint32_t)(MAX_ROWS - n);
		row->joined_at = (int64_t)n;
		room->view.n_rows++;
		if (strcmp(names[n], "?") == 0) {
			row->state = WHO_UNREADABLE;
			continue;
		}
		cr_assert_eq(
		    name_parse(names[n], strlen(names[n]), &name), NAME_OK);
		memcpy(row->name, name.text, sizeof row->name);
		memcpy(row->key, name.key, sizeof row->key);
	}
}

/* The names that are shown, with blanks between them. */
static const char *
shown(const struct room *room)
{
	static char text[512];
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < room->view.n_rows; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s%s",
		    i == 0 ? "" : " ",
		    room->rows[i].state == WHO_UNREADABLE ? "?"
							  : room->rows[i].name);
	return text;
}

/* Names ------------------------------------------------------------------- */

struct match {
	char pattern[32];
	char name[32];
	bool is_match;
};

ParameterizedTestParameters(who_select, a_pattern_is_compared_as_names_are)
{
	static struct match matches[] = {
		{ "alice", "alice", true },
		{ "ALICE", "alice", true },
		{ "alice", "Alice", true },
		{ "al", "alice", false },
		{ "AL*", "alice", true },
		{ "*C?", "alice", true },
		{ "[a-c]*", "Bob", true },
		{ "[!A-C]*", "Bob", false },
		/* a character is more than one byte, also in brackets */
		{ "?", "\u5f20", true },
		{ "??", "\u5f20", false },
		{ "[\u5f20\u4f1f]", "\u4f1f", true },
		/* what folding makes the same */
		{ "STRA\u00dfE", "strasse", true },
		{ "\u00c4*", "a\u0308rger", true },
		{ "\uff21*", "abc", true },
		{ "\u01c5*", "\u01c6a", true },
		{ "", "alice", false },
	};

	return cr_make_param_array(
	    struct match, matches, sizeof matches / sizeof matches[0]);
}

ParameterizedTest(
    struct match *match, who_select, a_pattern_is_compared_as_names_are)
{
	struct who_select select = { 0 };
	struct room room;

	cr_assert(who_select_name(&select, match->pattern));
	room_fill(&room, (const char *const[]){ match->name, NULL });
	who_select_apply(&select, &room.view);
	cr_expect_eq(room.view.n_rows, match->is_match, "%s %s", match->pattern,
	    match->name);
	cr_expect_eq(room.view.n_hidden, !match->is_match);
	who_select_free(&select);
}

Test(who_select, what_is_not_utf8_is_no_pattern)
{
	struct who_select select = { 0 };

	cr_assert(who_select_name(&select, "a*"));
	cr_assert_not(who_select_name(&select, "a\xff*"));
	who_select_free(&select);
}

/* A damaged table may hold any key. */
Test(who_select, a_key_that_is_not_utf8_does_no_harm)
{
	struct who_select select = { 0 };
	struct room room;

	cr_assert(who_select_name(&select, "[a-z]*x?"));
	room_fill(&room, (const char *const[]){ "alice", NULL });
	memset(room.rows[0].key, 0xff, sizeof room.rows[0].key - 1);
	who_select_apply(&select, &room.view);
	cr_assert_eq(room.view.n_rows, 0);
	who_select_free(&select);
}

Test(who_select, who_cannot_be_read_matches_no_pattern)
{
	struct who_select select = { 0 };
	struct room room;

	cr_assert(who_select_name(&select, "*"));
	room_fill(&room, (const char *const[]){ "alice", "?", "bob", NULL });
	who_select_apply(&select, &room.view);
	cr_assert_str_eq(shown(&room), "alice bob");
	cr_assert_eq(who_view_n_users(&room.view), 3);
	who_select_free(&select);
}

/* States ------------------------------------------------------------------ */

Test(who_select, users_in_one_state_are_shown)
{
	struct who_select select = { 0 };
	struct room room;

	cr_assert(who_select_state(&select, "Stopped"));
	room_fill(&room, (const char *const[]){ "a", "b", "?", "c", NULL });
	room.rows[1].state = WHO_STOPPED;
	who_select_apply(&select, &room.view);
	cr_assert_str_eq(shown(&room), "b");
	cr_assert(who_select_state(&select, "unreadable"));
	room_fill(&room, (const char *const[]){ "a", "?", NULL });
	who_select_apply(&select, &room.view);
	cr_assert_str_eq(shown(&room), "?");
	cr_assert_not(who_select_state(&select, "asleep"));
	who_select_free(&select);
}

/* Order ------------------------------------------------------------------- */

static const char *
sorted(struct room *room, const char *key)
{
	struct who_select select = { 0 };

	cr_assert(who_select_sort(&select, key));
	who_select_apply(&select, &room->view);
	return shown(room);
}

static void
fill_four(struct room *room)
{
	room_fill(
	    room, (const char *const[]){ "Dora", "?", "alice", "Bob", NULL });
}

Test(who_select, names_are_sorted_without_regard_to_case)
{
	struct room room;

	fill_four(&room);
	cr_expect_str_eq(sorted(&room, "name"), "alice Bob Dora ?");
	cr_expect_str_eq(sorted(&room, "-NAME"), "Dora Bob alice ?");
}

Test(who_select, each_column_is_a_key)
{
	struct room room;

	fill_four(&room);
	cr_expect_str_eq(sorted(&room, "joined"), "Dora alice Bob ?");
	cr_expect_str_eq(sorted(&room, "slot"), "Bob alice Dora ?");
	room.rows[0].pid = 9;
	cr_expect_str_eq(sorted(&room, "pid"), "Dora alice Bob ?");
	room.rows[0].active_at = 5;
	cr_expect_str_eq(sorted(&room, "-idle"), "alice Bob Dora ?");
	room.rows[0].n_said = 3;
	cr_expect_str_eq(sorted(&room, "-said"), "alice Dora Bob ?");
	room.rows[2].queued_bytes = 3;
	cr_expect_str_eq(sorted(&room, "-queued"), "Bob Dora alice ?");
	room.rows[1].state = WHO_STOPPED;
	cr_expect_str_eq(sorted(&room, "-state"), "Dora alice Bob ?");
	strcpy(room.rows[2].from, "192.0.2.1:1");
	cr_expect_str_eq(sorted(&room, "-from"), "Bob Dora alice ?");
}

Test(who_select, a_rate_that_is_not_known_is_below_all_others)
{
	struct room room;

	fill_four(&room);
	room.rows[2].said_rate = (struct who_rate){ true, 0 };
	room.rows[3].said_rate = (struct who_rate){ true, 4 };
	cr_expect_str_eq(sorted(&room, "-rate"), "Bob alice Dora ?");
	cr_expect_str_eq(sorted(&room, "rate"), "Dora alice Bob ?");
}

Test(who_select, equals_stand_as_they_joined_in_either_order)
{
	struct room room;

	fill_four(&room);
	cr_expect_str_eq(sorted(&room, "said"), "Dora alice Bob ?");
	cr_expect_str_eq(sorted(&room, "-said"), "Dora alice Bob ?");
}

Test(who_select, nobody_is_left_out_and_nothing_moved_unless_asked)
{
	static const struct who_select select;
	struct room room;

	fill_four(&room);
	who_select_apply(&select, &room.view);
	cr_assert_str_eq(shown(&room), "Dora ? alice Bob");
	cr_assert_eq(room.view.n_hidden, 0);
}
