/* test_who_metrics.c - the text that Prometheus reads, to the letter. */
#include "tools/who_metrics.h"

#include "tests/harness.h"
#include "tests/harness_manual.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NOW_MS INT64_C(900000000)

TestSuite(who_metrics, .timeout = SUITE_TIMEOUT);

static struct who_row rows[] = {
	{ .name = "alice", .queued_bytes = 3000 },
	{ .name = "bob", .queued_bytes = 5000000000 },
	{ .state = WHO_UNREADABLE },
};

static struct who_view
server_named(const char *instance)
{
	struct who_view view = {
		.is_live = true,
		.max_users = 1024,
		.taken_at = NOW_MS,
		.started_at = NOW_MS - 3900999,
		.started_realtime_s = 1955883600,
		.n_connecting = 4,
	};

	(void)snprintf(view.instance, sizeof view.instance, "%s", instance);
	return view;
}

/* What is printed; the caller frees. */
static char *
metrics_of(const struct who_view *views, size_t n)
{
	static char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	who_metrics_print(views, n, out);
	(void)fclose(out);
	return text;
}

static void
has(const char *text, const char *part)
{
	cr_expect_not_null(strstr(text, part), "no %s in %s", part, text);
}

/* Whose text begins so. */
#define GAUGES_OF_TWO                                                          \
	"# HELP chatd_up whether the server lives\n"                           \
	"# TYPE chatd_up gauge\n"                                              \
	"chatd_up{server=\"5310\"} 1\n"                                        \
	"chatd_up{server=\"work\"} 0\n"                                        \
	"# HELP chatd_users users in the room\n"                               \
	"# TYPE chatd_users gauge\n"                                           \
	"chatd_users{server=\"5310\"} 3\n"                                     \
	"# HELP chatd_max_users how many there may be\n"                       \
	"# TYPE chatd_max_users gauge\n"                                       \
	"chatd_max_users{server=\"5310\"} 1024\n"                              \
	"# HELP chatd_connecting clients that have not given a name\n"         \
	"# TYPE chatd_connecting gauge\n"                                      \
	"chatd_connecting{server=\"5310\"} 4\n"                                \
	"# HELP chatd_start_time_seconds when the server was started\n"        \
	"# TYPE chatd_start_time_seconds gauge\n"                              \
	"chatd_start_time_seconds{server=\"5310\"} 1955883600\n"               \
	"# HELP chatd_uptime_seconds for how long it has been up\n"            \
	"# TYPE chatd_uptime_seconds gauge\n"                                  \
	"chatd_uptime_seconds{server=\"5310\"} 3900\n"                         \
	"# HELP chatd_lock_held whether somebody held the lock\n"              \
	"# TYPE chatd_lock_held gauge\n"                                       \
	"chatd_lock_held{server=\"5310\"} 1\n"                                 \
	"# HELP chatd_queued_bytes bytes that wait for clients to read them\n" \
	"# TYPE chatd_queued_bytes gauge\n"                                    \
	"chatd_queued_bytes{server=\"5310\"} 5000003000\n"                     \
	"# HELP chatd_queued_bytes_max the most that wait for one client\n"    \
	"# TYPE chatd_queued_bytes_max gauge\n"                                \
	"chatd_queued_bytes_max{server=\"5310\"} 5000000000\n"                 \
	"# HELP chatd_accepted_total clients that got a process\n"             \
	"# TYPE chatd_accepted_total counter\n"                                \
	"chatd_accepted_total{server=\"5310\"} 9\n"

Test(who_metrics, a_stale_server_is_known_not_to_be_up)
{
	struct who_view views[] = { server_named("5310"),
		server_named("work") };
	char *text;

	views[0].rows = rows;
	views[0].n_rows = 3;
	views[0].holder.is_held = true;
	views[0].counters[DIR_COUNT_accepted] = 9;
	views[1].is_live = false;
	text = metrics_of(views, 2);
	cr_assert_eq(
	    strncmp(text, GAUGES_OF_TWO, strlen(GAUGES_OF_TWO)), 0, "%s", text);
	free(text);
}

Test(who_metrics, all_samples_of_a_metric_stand_below_its_head)
{
	struct who_view views[] = { server_named("5310"),
		server_named("work") };
	char *text;

	views[0].counters[DIR_COUNT_refused_full] = 7;
	views[1].counters[DIR_COUNT_refused_nameless] = UINT64_MAX;
	views[1].counters[DIR_COUNT_lock_repairs] = 2;
	text = metrics_of(views, 2);
	has(text, "# HELP chatd_refused_total clients turned away at the door\n"
		  "# TYPE chatd_refused_total counter\n"
		  "chatd_refused_total{server=\"5310\",reason=\"full\"} 7\n"
		  "chatd_refused_total{server=\"work\",reason=\"full\"} 0\n"
		  "chatd_refused_total{server=\"5310\",reason=\"nameless\"} 0\n"
		  "chatd_refused_total{server=\"work\",reason=\"nameless\"} "
		  "18446744073709551615\n");
	has(text,
	    "# HELP chatd_lock_repairs_total the lock's holder died at its "
	    "work\n"
	    "# TYPE chatd_lock_repairs_total counter\n"
	    "chatd_lock_repairs_total{server=\"5310\"} 0\n"
	    "chatd_lock_repairs_total{server=\"work\"} 2\n");
	free(text);
}

/* A damaged table shows its instance in printable form, which may be this. */
Test(who_metrics, what_a_label_holds_is_escaped)
{
	struct who_view view = server_named("a\"b\\377\nc");
	char *text = metrics_of(&view, 1);

	has(text, "\nchatd_up{server=\"a\\\"b\\\\377\\nc\"} 1\n");
	free(text);
}

/* "# TYPE NAME ..." before "NAME{...} VALUE", each name once: what a parser
 * insists on. */
static void
is_exposition(char *text)
{
	char head[64] = "", seen[4096] = " ", name[68];

	for (char *at = NULL, *line = strtok_r(text, "\n", &at); line != NULL;
	     line = strtok_r(NULL, "\n", &at)) {
		size_t len = strcspn(line, "{ ");

		if (sscanf(line, "# HELP %63s", head) == 1) {
			(void)snprintf(name, sizeof name, " %s ", head);
			cr_expect_null(strstr(seen, name), "%s twice", head);
			(void)strcat(seen, name);
			cr_expect_null(strchr(line, '\\'), "%s", line);
		} else if (sscanf(line, "# TYPE %63s", name) == 1) {
			cr_expect_str_eq(name, head);
		} else {
			cr_expect_eq(strlen(head), len, "%s", line);
			cr_expect_eq(memcmp(line, head, len), 0, "%s", line);
			cr_expect_not_null(strstr(line, "\"} "), "%s", line);
		}
	}
}

Test(who_metrics, each_metric_has_one_head)
{
	struct who_view views[] = { server_named("a"), server_named("b") };
	char *text = metrics_of(views, 2);

	is_exposition(text);
	free(text);
}

Test(who_metrics, every_counter_is_there_once)
{
	struct who_view view = server_named("5310");
	char *text, part[32];

	for (int i = 0; i < DIR_N_COUNTERS; i++)
		view.counters[i] = 100000 + (uint64_t)i;
	text = metrics_of(&view, 1);
	for (int i = 0; i < DIR_N_COUNTERS; i++) {
		char *at;

		(void)snprintf(part, sizeof part, "} %d\n", 100000 + i);
		at = strstr(text, part);
		cr_assert_not_null(
		    at, "no %s", counter_name((enum dir_counter)i));
		cr_expect_null(strstr(at + 1, part));
	}
	free(text);
}

Test(who_metrics, without_servers_are_heads)
{
	char *text = metrics_of(NULL, 0);

	has(text, "# TYPE chatd_users gauge\n");
	cr_expect_null(strchr(text, '{'), "%s", text);
	free(text);
}

/* Every gauge of the manual, and no other. */
Test(who_metrics, stand_in_the_manual)
{
	char *section = manual_section("tools/chat-who.1", "Metrics");
	char *at = section, head[128], help[256], line[256];
	struct who_view view = server_named("5310");
	char *text = metrics_of(&view, 1);
	size_t n = 0, n_gauges = 0;

	while (manual_next_item(&at, head, sizeof head, help, sizeof help)) {
		(void)snprintf(
		    line, sizeof line, "# TYPE %s gauge\n", head + 3);
		has(text, line);
		n++;
	}
	for (char *g = text; (g = strstr(g, " gauge\n")) != NULL; g++)
		n_gauges++;
	cr_expect_eq(n, n_gauges);
	free(text);
	free(section);
}
