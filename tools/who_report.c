/* who_report.c - what a person reads: a view or a list of servers as text.
 *
 * Words and units are chosen here; how columns are laid out is who_table.c, the
 * same facts for programs are who_json.c. */
#include "tools/who_report.h"

#include "tools/who_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define SECOND_MS 1000
#define DAY_S 86400

/* A figure of an entry that could not be read. */
#define UNKNOWN "-"

/* Room for any figure with its unit. */
#define FIGURE_BYTES 32

/* Figures ---------------------------------------------------------------- */

static const struct unit {
	int64_t s;
	char letter;
} units[] = { { DAY_S, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };

#define N_UNITS (sizeof units / sizeof units[0])

/* The largest unit that there is a whole one of. */
static size_t
unit_for(int64_t s)
{
	size_t i = 0;

	while (i < N_UNITS - 1 && s < units[i].s)
		i++;
	return i;
}

static int64_t
seconds_since(int64_t at, int64_t now)
{
	return now > at ? (now - at) / SECOND_MS : 0;
}

/* "5s", "3m", "2h", "1d" */
static void
format_idle(char text[FIGURE_BYTES], int64_t s)
{
	const struct unit *unit = &units[unit_for(s)];

	snprintf(
	    text, FIGURE_BYTES, "%" PRId64 "%c", s / unit->s, unit->letter);
}

/* "12s", "5m 12s", "1h 5m", "3d 4h" */
static void
format_uptime(char text[FIGURE_BYTES], int64_t s)
{
	size_t i = unit_for(s);
	int len = snprintf(text, FIGURE_BYTES, "%" PRId64 "%c", s / units[i].s,
	    units[i].letter);

	if (i + 1 < N_UNITS)
		snprintf(text + len, FIGURE_BYTES - (size_t)len,
		    " %" PRId64 "%c", s % units[i].s / units[i + 1].s,
		    units[i + 1].letter);
}

/* "0", "512", "3.4K", "2.1M" */
static void
format_bytes(char text[FIGURE_BYTES], uint64_t n)
{
	static const char letters[] = "KMGTPE";
	double scaled = (double)n / 1024;
	size_t i = 0;

	if (n < 1024) {
		snprintf(text, FIGURE_BYTES, "%" PRIu64, n);
		return;
	}
	/* What would be rounded to 1024.0 belongs to the next unit. */
	for (; scaled >= 1023.95; i++)
		scaled /= 1024;
	snprintf(text, FIGURE_BYTES, "%.1f%c", scaled, letters[i]);
}

/* "14:05" by the local clock; older than a day, "2031-12-24". */
static void
format_clock(char text[FIGURE_BYTES], int64_t at_s, int64_t now_s)
{
	time_t at = (time_t)at_s;
	struct tm tm;

	if (localtime_r(&at, &tm) == NULL ||
	    strftime(text, FIGURE_BYTES,
		now_s - at_s < DAY_S ? "%H:%M" : "%Y-%m-%d", &tm) == 0)
		snprintf(text, FIGURE_BYTES, UNKNOWN);
}

/* Users ------------------------------------------------------------------ */

static const struct who_column user_columns[] = {
	{ .title = "NAME", .min_width = 8 },
	{ .title = "PID", .is_right_aligned = true, .expendable = 1 },
	{ .title = "FROM", .min_width = 9, .expendable = 6 },
	{ .title = "JOINED", .expendable = 4 },
	{ .title = "IDLE", .is_right_aligned = true, .expendable = 2 },
	{ .title = "SAID", .is_right_aligned = true, .expendable = 5 },
	{ .title = "QUEUED", .is_right_aligned = true, .expendable = 3 },
	{ .title = "STATE" },
};

#define N_USER_COLUMNS (sizeof user_columns / sizeof user_columns[0])

static void
add_unreadable(struct who_table *table, const struct who_row *row)
{
	char pid[FIGURE_BYTES];

	snprintf(pid, sizeof pid, "%d", (int)row->pid);
	who_table_add(table,
	    (const char *const[N_USER_COLUMNS]){ "?", pid, UNKNOWN, UNKNOWN,
		UNKNOWN, UNKNOWN, UNKNOWN, who_state_text(row->state) });
}

static void
add_user(struct who_table *table, const struct who_view *view,
    const struct who_row *row)
{
	int64_t now_s = view->taken_realtime / SECOND_MS;
	char pid[FIGURE_BYTES], joined[FIGURE_BYTES], idle[FIGURE_BYTES];
	char said[FIGURE_BYTES], queued[FIGURE_BYTES];

	if (row->state == WHO_UNREADABLE) {
		add_unreadable(table, row);
		return;
	}
	snprintf(pid, sizeof pid, "%d", (int)row->pid);
	format_clock(joined,
	    now_s - seconds_since(row->joined_at, view->taken_at), now_s);
	format_idle(idle, seconds_since(row->active_at, view->taken_at));
	snprintf(said, sizeof said, "%" PRIu64, row->n_said);
	format_bytes(queued, row->queued_bytes);
	who_table_add(table,
	    (const char *const[N_USER_COLUMNS]){ row->name, pid, row->from,
		joined, idle, said, queued, who_state_text(row->state) });
}

static int
print_user_table(const struct who_view *view, size_t width, FILE *out)
{
	struct who_table *table;
	int result;

	if (view->n_rows == 0)
		return 0;
	table = who_table_new(user_columns, N_USER_COLUMNS);
	for (size_t i = 0; i < view->n_rows; i++)
		add_user(table, view, &view->rows[i]);
	result = who_table_print(table, width, out);
	who_table_free(table);
	return result;
}

static void
put_title(const struct who_view *view, FILE *out)
{
	char uptime[FIGURE_BYTES];

	format_uptime(uptime, seconds_since(view->started_at, view->taken_at));
	(void)fprintf(out, "chatd instance %s (pid %d): %zu of %u users, up %s",
	    view->instance, (int)view->master_pid, view->n_rows,
	    view->max_users, uptime);
	for (uint32_t i = 0; i < view->n_listeners; i++)
		(void)fprintf(out, "%s%s", i == 0 ? ", listening on " : ", ",
		    view->listeners[i]);
	(void)fputs(
	    view->phase == DIR_RUNNING ? "\n" : ", shutting down\n", out);
}

static void
put_naming(const struct who_view *view, FILE *out)
{
	if (view->n_connecting == 1)
		(void)fputs("1 client has not given a name yet.\n", out);
	else if (view->n_connecting > 1)
		(void)fprintf(out, "%u clients have not given a name yet.\n",
		    view->n_connecting);
}

static void
put_holder(const struct who_holder *holder, FILE *out)
{
	const char *who = holder->is_master         ? "the server"
			  : holder->name[0] != '\0' ? holder->name
						    : "a client without a name";

	if (!holder->is_held)
		return;
	if (holder->pid == 0)
		(void)fputs("lock held by somebody who has left\n", out);
	else
		(void)fprintf(
		    out, "lock held by %s (pid %d)\n", who, (int)holder->pid);
}

int
who_report_users(const struct who_view *view, size_t width, FILE *out)
{
	put_title(view, out);
	put_naming(view, out);
	put_holder(&view->holder, out);
	return print_user_table(view, width, out);
}

void
who_report_names(const struct who_view *view, FILE *out)
{
	for (size_t i = 0; i < view->n_rows; i++)
		(void)fprintf(out, "%s\n",
		    view->rows[i].state == WHO_UNREADABLE ? "?"
							  : view->rows[i].name);
}

/* Counters --------------------------------------------------------------- */

static const struct who_column counter_columns[] = {
	{ .title = "COUNTER" },
	{ .title = "COUNT", .is_right_aligned = true },
	{ .title = "MEANING", .min_width = 8, .expendable = 1 },
};

#define N_COUNTER_COLUMNS (sizeof counter_columns / sizeof counter_columns[0])

/* The heading of a group, then what belongs to it, indented. */
static void
add_group(struct who_table *table, const struct who_view *view,
    enum dir_counter_group group)
{
	char name[64], count[FIGURE_BYTES];

	who_table_add(table,
	    (const char *const[N_COUNTER_COLUMNS]){
		counter_group_name(group), "", counter_group_meaning(group) });
	for (int i = 0; i < DIR_N_COUNTERS; i++) {
		enum dir_counter counter = (enum dir_counter)i;

		if (counter_group(counter) != group)
			continue;
		snprintf(name, sizeof name, "  %s", counter_name(counter));
		snprintf(count, sizeof count, "%" PRIu64, view->counters[i]);
		who_table_add(
		    table, (const char *const[N_COUNTER_COLUMNS]){
			       name, count, counter_meaning(counter) });
	}
}

int
who_report_counters(const struct who_view *view, size_t width, FILE *out)
{
	struct who_table *table =
	    who_table_new(counter_columns, N_COUNTER_COLUMNS);
	int result;

	for (int i = 0; i < DIR_N_GROUPS; i++)
		add_group(table, view, (enum dir_counter_group)i);
	put_title(view, out);
	result = who_table_print(table, width, out);
	who_table_free(table);
	return result;
}

/* Servers ---------------------------------------------------------------- */

static const struct who_column server_columns[] = {
	{ .title = "INSTANCE", .min_width = 8 },
	{ .title = "PID", .is_right_aligned = true },
	{ .title = "USERS", .is_right_aligned = true },
	{ .title = "LISTENING", .min_width = 9, .expendable = 2 },
	{ .title = "STARTED", .expendable = 1 },
};

#define N_SERVER_COLUMNS (sizeof server_columns / sizeof server_columns[0])

static void
join_listeners(char *text, size_t size, const struct who_view *view)
{
	size_t len = 0;

	snprintf(text, size, UNKNOWN);
	for (uint32_t i = 0; i < view->n_listeners && len < size; i++)
		len += (size_t)snprintf(text + len, size - len, "%s%s",
		    i == 0 ? "" : ", ", view->listeners[i]);
}

static void
add_server(struct who_table *table, const struct who_view *view)
{
	char pid[FIGURE_BYTES], users[FIGURE_BYTES], started[FIGURE_BYTES];
	char listeners[MAX_LISTENERS * (DIR_ADDRESS_BYTES + 2)];

	snprintf(pid, sizeof pid, "%d", (int)view->master_pid);
	snprintf(users, sizeof users, "%zu/%u", view->n_rows, view->max_users);
	join_listeners(listeners, sizeof listeners, view);
	format_clock(started, view->started_realtime_s,
	    view->taken_realtime / SECOND_MS);
	who_table_add(
	    table, (const char *const[N_SERVER_COLUMNS]){
		       view->instance, pid, users, listeners, started });
}

int
who_report_servers(
    const struct who_view *views, size_t n, size_t width, FILE *out)
{
	struct who_table *table =
	    who_table_new(server_columns, N_SERVER_COLUMNS);
	int result;

	for (size_t i = 0; i < n; i++)
		if (views[i].is_live)
			add_server(table, &views[i]);
	result = who_table_print(table, width, out);
	who_table_free(table);
	return result;
}

void
who_report_stale(const struct who_view *view, FILE *out)
{
	(void)fprintf(out,
	    "chat-who: instance %s is stale: its server (pid %d) is gone; the "
	    "next start of it cleans up\n",
	    view->instance, (int)view->master_pid);
}
