/* test_who_report.c - what a person is told of a view. */
#include "tools/who_report.h"

#include "tests/harness.h"
#include "tools/who_table.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* 2031-12-24 14:05:00 UTC */
#define NOW_S INT64_C(1955887500)
/* What the other clock says then. */
#define NOW_MS INT64_C(900000000)

static void
be_in_greenwich(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
}

TestSuite(who_report, .timeout = SUITE_TIMEOUT, .init = be_in_greenwich);

static struct who_view
quiet_server(void)
{
	return (struct who_view){
		.is_live = true,
		.master_pid = 42,
		.max_users = 1024,
		.taken_at = NOW_MS,
		.taken_realtime = NOW_S * 1000,
		.started_at = NOW_MS - 3900 * 1000,
		.started_realtime_s = NOW_S - 3900,
		.instance = "5310",
		.listeners = { "127.0.0.1:5310" },
		.n_listeners = 1,
	};
}

/* What is printed of the counters; the caller frees. */
static char *
counters_text(const struct who_view *view, size_t width)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	cr_assert_eq(who_report_counters(view, width, out), 0);
	(void)fclose(out);
	return text;
}

static void
reports(const struct who_view *view, size_t width, const char *expected)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	cr_assert_eq(
	    who_report_users(view, &who_user_columns_usual, width, out), 0);
	(void)fclose(out);
	cr_assert_str_eq(text, expected);
	free(text);
}

#define TITLE                                                                  \
	"chatd instance 5310 (pid 42): 0 of 1024 users, up 1h 5m, listening "  \
	"on 127.0.0.1:5310\n"

Test(who_report, an_empty_room_is_a_title)
{
	struct who_view view = quiet_server();

	reports(&view, WHO_ANY_WIDTH, TITLE);
}

Test(who_report, all_listeners_are_named)
{
	struct who_view view = quiet_server();

	view.n_listeners = 2;
	strcpy(view.listeners[1], "[::1]:5310");
	reports(&view, WHO_ANY_WIDTH,
	    "chatd instance 5310 (pid 42): 0 of 1024 users, up 1h 5m, "
	    "listening on 127.0.0.1:5310, [::1]:5310\n");
}

Test(who_report, a_server_that_stops_is_shown_to)
{
	struct who_view view = quiet_server();

	view.phase = DIR_DRAINING;
	view.n_listeners = 0;
	reports(&view, WHO_ANY_WIDTH,
	    "chatd instance 5310 (pid 42): 0 of 1024 users, up 1h 5m, "
	    "shutting down\n");
}

Test(who_report, clients_without_a_name_are_counted)
{
	struct who_view view = quiet_server();

	view.n_connecting = 1;
	reports(
	    &view, WHO_ANY_WIDTH, TITLE "1 client has not given a name yet.\n");
	view.n_connecting = 2;
	reports(&view, WHO_ANY_WIDTH,
	    TITLE "2 clients have not given a name yet.\n");
}

Test(who_report, the_holder_of_the_lock_is_named)
{
	struct who_view view = quiet_server();

	view.holder =
	    (struct who_holder){ .is_held = true, .pid = 77, .name = "alice" };
	reports(&view, WHO_ANY_WIDTH, TITLE "lock held by alice (pid 77)\n");
	view.holder.name[0] = '\0';
	reports(&view, WHO_ANY_WIDTH,
	    TITLE "lock held by a client without a name (pid 77)\n");
	view.holder.pid = 0;
	reports(
	    &view, WHO_ANY_WIDTH, TITLE "lock held by somebody who has left\n");
	view.holder = (struct who_holder){
		.is_held = true, .is_master = true, .pid = 42
	};
	reports(
	    &view, WHO_ANY_WIDTH, TITLE "lock held by the server (pid 42)\n");
}

static struct who_row some_rows[] = {
	{ .pid = 51,
	    .joined_at = NOW_MS - 26 * 3600 * 1000,
	    .active_at = NOW_MS - 25 * 3600 * 1000,
	    .n_said = 12,
	    .queued_bytes = 3482,
	    .name = "alice",
	    .from = "127.0.0.1:40000" },
	{ .pid = 9000,
	    .state = WHO_STOPPED,
	    .joined_at = NOW_MS - 600 * 1000,
	    .active_at = NOW_MS - 5 * 1000,
	    .name = "\u5f20\u4f1f",
	    .from = "[2001:db8::1]:7" },
	{ .pid = 61, .state = WHO_UNREADABLE },
};

Test(who_report, users_stand_in_a_table)
{
	struct who_view view = quiet_server();

	view.rows = some_rows;
	view.n_rows = 3;
	reports(&view, WHO_ANY_WIDTH,
	    "chatd instance 5310 (pid 42): 3 of 1024 users, up 1h 5m, "
	    "listening on 127.0.0.1:5310\n"
	    "NAME    PID  FROM             JOINED      IDLE  SAID  QUEUED  "
	    "STATE\n"
	    "alice    51  127.0.0.1:40000  2031-12-23    1d    12    3.4K  "
	    "here\n"
	    "\u5f20\u4f1f   9000  [2001:db8::1]:7  13:55         5s     0"
	    "       0  stopped\n"
	    "?        61  -                -              -     -       -  "
	    "unreadable\n");
}

Test(who_report, a_narrow_table_keeps_name_and_state)
{
	struct who_view view = quiet_server();

	view.rows = some_rows;
	view.n_rows = 1;
	reports(&view, 20,
	    "chatd instance 5310 (pid 42): 1 of 1024 users, up 1h 5m, "
	    "listening on 127.0.0.1:5310\n"
	    "NAME   PID  STATE\n"
	    "alice   51  here\n");
}

Test(who_report, users_who_are_left_out_are_counted_all_the_same)
{
	struct who_view view = quiet_server();

	view.n_hidden = 2;
	reports(&view, WHO_ANY_WIDTH,
	    "chatd instance 5310 (pid 42): 2 of 1024 users, up 1h 5m, "
	    "listening on 127.0.0.1:5310\n"
	    "0 users are shown.\n");
}

Test(who_report, names_alone_are_one_a_line)
{
	struct who_view view = quiet_server();
	char text[64] = "";
	FILE *out = fmemopen(text, sizeof text, "w");

	view.rows = some_rows;
	view.n_rows = 3;
	who_report_names(&view, out);
	(void)fclose(out);
	cr_assert_str_eq(text, "alice\n\u5f20\u4f1f\n?\n");
}

struct figure {
	int64_t input;
	char expected[12];
};

/* What stands under `title` in the one row of the table. */
static void
cell_is(const struct who_row *row, const char *title, const char *expected)
{
	struct who_view view = quiet_server();
	char *text = NULL, *titles, *cells, *end;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	view.rows = (struct who_row[]){ *row };
	view.n_rows = 1;
	cr_assert_eq(who_report_users(
			 &view, &who_user_columns_usual, WHO_ANY_WIDTH, out),
	    0);
	(void)fclose(out);
	titles = strchr(text, '\n') + 1;
	cells = strchr(titles, '\n') + 1;
	/* All columns asked for are aligned to the right. */
	end = cells + (strstr(titles, title) - titles) + strlen(title);
	*end = '\0';
	cr_assert_str_eq(strrchr(cells, ' ') + 1, expected);
	free(text);
}

ParameterizedTestParameters(who_report, idle_has_one_unit)
{
	static struct figure figures[] = {
		{ -5, "0s" },
		{ 0, "0s" },
		{ 5, "5s" },
		{ 59, "59s" },
		{ 60, "1m" },
		{ 3599, "59m" },
		{ 3600, "1h" },
		{ 86399, "23h" },
		{ 86400, "1d" },
		{ 400 * 86400, "400d" },
	};

	return cr_make_param_array(
	    struct figure, figures, sizeof figures / sizeof figures[0]);
}

ParameterizedTest(struct figure *figure, who_report, idle_has_one_unit)
{
	struct who_row row = { .name = "a",
		.from = "b",
		.active_at = NOW_MS - figure->input * 1000 };

	cell_is(&row, "IDLE", figure->expected);
}

ParameterizedTestParameters(who_report, bytes_have_a_unit)
{
	static struct figure figures[] = {
		{ 0, "0" },
		{ 512, "512" },
		{ 1023, "1023" },
		{ 1024, "1.0K" },
		{ 3482, "3.4K" },
		{ 1048524, "1023.9K" },
		{ 1048575, "1.0M" },
		{ 2202010, "2.1M" },
		{ INT64_MAX, "8.0E" },
	};

	return cr_make_param_array(
	    struct figure, figures, sizeof figures / sizeof figures[0]);
}

ParameterizedTest(struct figure *figure, who_report, bytes_have_a_unit)
{
	struct who_row row = { .name = "a",
		.from = "b",
		.queued_bytes = (uint64_t)figure->input };

	cell_is(&row, "QUEUED", figure->expected);
}

ParameterizedTestParameters(who_report, uptime_has_two_units)
{
	static struct figure figures[] = {
		{ 0, "0s" },
		{ 59, "59s" },
		{ 60, "1m 0s" },
		{ 312, "5m 12s" },
		{ 3600, "1h 0m" },
		{ 86400 + 3 * 3600, "1d 3h" },
	};

	return cr_make_param_array(
	    struct figure, figures, sizeof figures / sizeof figures[0]);
}

ParameterizedTest(struct figure *figure, who_report, uptime_has_two_units)
{
	struct who_view view = quiet_server();
	char expected[128];

	view.started_at = NOW_MS - figure->input * 1000;
	snprintf(expected, sizeof expected,
	    "chatd instance 5310 (pid 42): 0 of 1024 users, up %s, listening "
	    "on 127.0.0.1:5310\n",
	    figure->expected);
	reports(&view, WHO_ANY_WIDTH, expected);
}

Test(who_report, living_servers_stand_in_a_table)
{
	struct who_view views[] = { quiet_server(), quiet_server(),
		quiet_server() };
	char text[512] = "";
	FILE *out = fmemopen(text, sizeof text, "w");

	views[0].rows = some_rows;
	views[0].n_rows = 3;
	views[1].is_live = false;
	strcpy(views[2].instance, "work");
	views[2].n_listeners = 0;
	views[2].started_realtime_s = NOW_S - 10 * 86400;
	cr_assert_eq(who_report_servers(views, 3, WHO_ANY_WIDTH, out), 0);
	(void)fclose(out);
	cr_assert_str_eq(text,
	    "INSTANCE  PID   USERS  LISTENING       STARTED\n"
	    "5310       42  3/1024  127.0.0.1:5310  13:00\n"
	    "work       42  0/1024  -               2031-12-14\n");
}

Test(who_report, a_stale_one_is_a_sentence)
{
	struct who_view view = quiet_server();
	char text[256] = "";
	FILE *out = fmemopen(text, sizeof text, "w");

	who_report_stale(&view, out);
	(void)fclose(out);
	cr_assert_str_eq(text,
	    "chat-who: instance 5310 is stale: its server (pid 42) is gone; "
	    "the next start of it cleans up\n");
}

/* The header of a watch --------------------------------------------------- */

static void
header_ends(const struct who_view *view, const char *sort, const char *expected)
{
	struct who_select select = { 0 };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (sort != NULL)
		cr_assert(who_select_sort(&select, sort));
	who_report_header(view, &select, out);
	(void)fclose(out);
	cr_assert_str_eq(strchr(text, '\n') + 1, expected);
	free(text);
}

Test(who_report, the_header_of_a_watch_has_the_same_lines_however_quiet_it_is)
{
	struct who_view view = quiet_server();

	header_ends(&view, NULL,
	    "connecting 0, queued 0, lock free\n"
	    "lines 0 (-/s), refused 0 (-/s), evicted 0 (-/s), crashed 0 "
	    "(-/s)\n");
}

Test(who_report, the_header_of_a_watch_sums_up_what_belongs_together)
{
	struct who_view view = quiet_server();

	for (int i = 0; i < DIR_N_COUNTERS; i++)
		view.counter_rates[i].is_known = true;
	view.counters[DIR_COUNT_lines] = 1234;
	view.counter_rates[DIR_COUNT_lines].per_s = 12.5;
	view.counters[DIR_COUNT_refused_full] = 3;
	view.counters[DIR_COUNT_refused_address] = 4;
	view.counter_rates[DIR_COUNT_refused_full].per_s = 1;
	view.counter_rates[DIR_COUNT_refused_address].per_s = 0.5;
	view.counters[DIR_COUNT_evicted_slow] = 5;
	view.counters[DIR_COUNT_crashed_fault] = 6;
	view.n_connecting = 2;
	view.rows = some_rows;
	view.n_rows = 1;
	view.n_hidden = 1;
	view.hidden_queued_bytes = 1;
	view.holder =
	    (struct who_holder){ .is_held = true, .pid = 77, .name = "alice" };
	header_ends(&view, "-queued",
	    "connecting 2, queued 3.4K, lock held by alice (pid 77), sorted by "
	    "-queued\n"
	    "lines 1234 (12/s), refused 7 (1.5/s), evicted 5 (0/s), crashed 6 "
	    "(0/s)\n");
}

Test(who_report, the_header_of_a_watch_tells_the_filter_in_force)
{
	struct who_view view = quiet_server();
	struct who_select select = { 0 };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	view.rows = some_rows;
	view.n_rows = 1;
	cr_assert(who_select_name(&select, "Al*\033"));
	who_report_header(&view, &select, out);
	view.n_rows = 2;
	cr_assert(who_select_state(&select, "here"));
	who_report_header(&view, &select, out);
	who_select_any_name(&select);
	who_report_header(&view, &select, out);
	(void)fclose(out);
	cr_assert_not_null(strstr(text, "\n1 user is shown: name al*^[\n"));
	cr_assert_not_null(
	    strstr(text, "\n2 users are shown: name al*^[, state here\n"));
	cr_assert_not_null(strstr(text, "\n2 users are shown: state here\n"));
	who_select_free(&select);
	free(text);
}

/* Counters ---------------------------------------------------------------- */

/* The lines of `text` below the titles: each counter once, in the order of the
 * list, with its group's heading before the first of a group. */
static void
are_all_counters(char *text, const struct who_view *view)
{
	int group = -1;
	char *line = strtok(text, "\n"), expected[128];

	cr_assert_eq(strncmp(line, "chatd instance", 14), 0);
	line = strtok(NULL, "\n");
	cr_assert_eq(strncmp(line, "COUNTER ", 8), 0);
	for (int i = 0; i < DIR_N_COUNTERS; i++) {
		enum dir_counter counter = (enum dir_counter)i;
		char name[64] = "", rest[128] = "";
		unsigned long count = 0;

		if ((int)counter_group(counter) != group) {
			group = (int)counter_group(counter);
			line = strtok(NULL, "\n");
			cr_assert_not_null(line);
			cr_assert_eq(sscanf(line, "%63s %127[^\n]", name, rest),
			    2, "%s", line);
			cr_assert_str_eq(name,
			    counter_group_name((enum dir_counter_group)group));
			cr_assert_str_eq(
			    rest, counter_group_meaning(
				      (enum dir_counter_group)group));
		}
		line = strtok(NULL, "\n");
		cr_assert_not_null(line);
		cr_assert_eq(
		    sscanf(line, "%63s %lu %127[^\n]", name, &count, rest), 3,
		    "%s", line);
		snprintf(
		    expected, sizeof expected, "%s", counter_name(counter));
		cr_assert_str_eq(name, expected);
		cr_assert_eq(count, view->counters[i], "%s", line);
		cr_assert_str_eq(rest, counter_meaning(counter));
	}
	cr_assert_null(strtok(NULL, "\n"));
}

Test(who_report, every_counter_is_shown_in_its_group)
{
	struct who_view view = quiet_server();
	char *text;

	for (int i = 0; i < DIR_N_COUNTERS; i++)
		view.counters[i] = (uint64_t)i * i;
	text = counters_text(&view, WHO_ANY_WIDTH);
	are_all_counters(text, &view);
	free(text);
}

Test(who_report, counters_fit_a_narrow_terminal)
{
	struct who_view view = quiet_server();
	char *text = counters_text(&view, 50), *line = strtok(text, "\n");

	/* The title is as long as it is. */
	while ((line = strtok(NULL, "\n")) != NULL)
		cr_expect_leq(strlen(line), 50 + strlen("\u2026"), "%s", line);
	free(text);
}
