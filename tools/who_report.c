/* who_report.c - what a person reads: a view or a list of servers as text.
 *
 * Words and units are chosen here; how columns are laid out is who_table.c, the
 * same facts for programs are who_json.c. */
#include "tools/who_report.h"

#include "ipc/text.h"
#include "tools/who_figures.h"
#include "tools/who_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SECOND_MS 1000
/* As much of a pattern as is shown. */
#define FILTER_BYTES 256

/* Users ------------------------------------------------------------------ */

static void
put_title(const struct who_view *view, FILE *out)
{
	char uptime[FIGURE_BYTES];

	figure_uptime(
	    uptime, figure_seconds_since(view->started_at, view->taken_at));
	(void)fprintf(out, "chatd instance %s (pid %d): %zu of %u users, up %s",
	    view->instance, (int)view->master_pid, who_view_n_users(view),
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

	if (holder->pid == 0)
		(void)fputs("lock held by somebody who has left", out);
	else
		(void)fprintf(
		    out, "lock held by %s (pid %d)", who, (int)holder->pid);
}

static void
put_n_shown(const struct who_view *view, FILE *out)
{
	if (view->n_rows == 1)
		(void)fputs("1 user is shown", out);
	else
		(void)fprintf(out, "%zu users are shown", view->n_rows);
}

static void
put_hidden(const struct who_view *view, FILE *out)
{
	if (view->n_hidden == 0)
		return;
	put_n_shown(view, out);
	(void)fputs(".\n", out);
}

int
who_report_users(const struct who_view *view,
    const struct who_user_columns *columns, size_t width, FILE *out)
{
	put_title(view, out);
	put_hidden(view, out);
	put_naming(view, out);
	if (view->holder.is_held) {
		put_holder(&view->holder, out);
		(void)fputc('\n', out);
	}
	return who_users_print(view, columns, width, out);
}

void
who_report_names(const struct who_view *view, FILE *out)
{
	for (size_t i = 0; i < view->n_rows; i++)
		(void)fprintf(out, "%s\n",
		    view->rows[i].state == WHO_UNREADABLE ? "?"
							  : view->rows[i].name);
}

/* The header of a watch -------------------------------------------------- */

/* Always the same lines, so that the table below does not jump. */
static void
put_under_way(const struct who_view *view, FILE *out)
{
	char queued[FIGURE_BYTES];

	figure_bytes(queued, who_view_queued_bytes(view));
	(void)fprintf(
	    out, "connecting %u, queued %s, ", view->n_connecting, queued);
	if (view->holder.is_held)
		put_holder(&view->holder, out);
	else
		(void)fputs("lock free", out);
}

static void
put_rate(const char *what, uint64_t n, struct who_rate rate, FILE *out)
{
	char per_s[FIGURE_BYTES] = FIGURE_UNKNOWN;

	if (rate.is_known)
		figure_rate(per_s, rate.per_s);
	(void)fprintf(out, "%s %" PRIu64 " (%s/s)", what, n, per_s);
}

static void
put_group_rate(
    const struct who_view *view, enum dir_counter_group group, FILE *out)
{
	struct who_rate rate = { .is_known = true };
	uint64_t n = 0;

	for (int i = 0; i < DIR_N_COUNTERS; i++) {
		if (counter_group((enum dir_counter)i) != group)
			continue;
		n += view->counters[i];
		rate.is_known = view->counter_rates[i].is_known;
		rate.per_s += view->counter_rates[i].per_s;
	}
	(void)fputs(", ", out);
	put_rate(counter_group_name(group), n, rate, out);
}

/* Also when nobody is left out: somebody may come who would be. */
static void
put_filter(
    const struct who_view *view, const struct who_select *select, FILE *out)
{
	const char *separator = ": ";
	char pattern[FILTER_BYTES];

	if (!who_select_is_filter(select))
		return;
	put_n_shown(view, out);
	if (select->pattern != NULL) {
		(void)text_printable(pattern, sizeof pattern, select->pattern,
		    strlen(select->pattern));
		(void)fprintf(out, "%sname %s", separator, pattern);
		separator = ", ";
	}
	if (select->has_state)
		(void)fprintf(out, "%sstate %s", separator,
		    who_state_text(select->state));
	(void)fputc('\n', out);
}

void
who_report_header(
    const struct who_view *view, const struct who_select *select, FILE *out)
{
	put_title(view, out);
	put_under_way(view, out);
	if (select->is_sorted)
		(void)fprintf(out, ", sorted by %s%s",
		    select->is_reversed ? "-" : "",
		    who_user_column_name(select->key));
	(void)fputc('\n', out);
	put_rate("lines", view->counters[DIR_COUNT_lines],
	    view->counter_rates[DIR_COUNT_lines], out);
	put_group_rate(view, DIR_GROUP_refused, out);
	put_group_rate(view, DIR_GROUP_evicted, out);
	put_group_rate(view, DIR_GROUP_crashed, out);
	(void)fputc('\n', out);
	put_filter(view, select, out);
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

	snprintf(text, size, FIGURE_UNKNOWN);
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
	snprintf(users, sizeof users, "%zu/%u", who_view_n_users(view),
	    view->max_users);
	join_listeners(listeners, sizeof listeners, view);
	figure_clock(started, view->started_realtime_s,
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
