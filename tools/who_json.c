/* who_json.c - what a program reads: a view or a list of servers as JSON.
 *
 * jansson takes NULL for an object or a value and fails, so the code reads
 * straight down and a lack of memory shows once, in the result. */
#include "tools/who_json.h"

#include <time.h>

#define SECOND_MS 1000

/* Values ----------------------------------------------------------------- */

static json_t *
iso_time(int64_t at_s)
{
	char text[sizeof "2031-12-24T14:05:00Z" + 16];
	time_t at = (time_t)at_s;
	struct tm tm;

	if (gmtime_r(&at, &tm) == NULL ||
	    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return json_null();
	return json_string(text);
}

/* The calendar time of `at` on the clock of the view. */
static int64_t
realtime_s(const struct who_view *view, int64_t at)
{
	return (view->taken_realtime - (view->taken_at - at)) / SECOND_MS;
}

static json_int_t
seconds_since(const struct who_view *view, int64_t at)
{
	return view->taken_at > at ? (view->taken_at - at) / SECOND_MS : 0;
}

static json_t *
count(uint64_t n)
{
	return json_integer((json_int_t)n);
}

static json_t *
string_or_null(const char *s)
{
	return s[0] == '\0' ? json_null() : json_string(s);
}

/* A list that lost a member is no list: these return NULL, as they do when
 * `list` is NULL already. */
static json_t *
append(json_t *list, json_t *value)
{
	if (json_array_append_new(list, value) == 0)
		return list;
	json_decref(list);
	return NULL;
}

static json_t *
set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) == 0)
		return object;
	json_decref(object);
	return NULL;
}

/* Parts ------------------------------------------------------------------ */

static json_t *
listeners(const struct who_view *view)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < view->n_listeners; i++)
		list = append(list, json_string(view->listeners[i]));
	return list;
}

static json_t *
counters(const struct who_view *view)
{
	json_t *object = json_object();

	for (int i = 0; i < DIR_N_COUNTERS; i++)
		object = set(object, counter_name((enum dir_counter)i),
		    count(view->counters[i]));
	return object;
}

static json_t *
holder(const struct who_view *view)
{
	if (!view->holder.is_held)
		return json_null();
	return json_pack("{s:i, s:o}", "pid", (int)view->holder.pid, "name",
	    string_or_null(view->holder.name));
}

static json_t *
user(const struct who_view *view, const struct who_row *row)
{
	bool is_known = row->state != WHO_UNREADABLE;

	return json_pack(
	    "{s:o, s:i, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:s}", "name",
	    string_or_null(row->name), "pid", (int)row->pid, "slot",
	    (json_int_t)row->ref.slot, "generation",
	    (json_int_t)row->ref.generation, "from", string_or_null(row->from),
	    "joined",
	    is_known ? iso_time(realtime_s(view, row->joined_at)) : json_null(),
	    "idle_s",
	    is_known ? json_integer(seconds_since(view, row->active_at))
		     : json_null(),
	    "said", is_known ? count(row->n_said) : json_null(), "queued_bytes",
	    is_known ? count(row->queued_bytes) : json_null(), "away",
	    row->is_away ? json_string(row->away) : json_null(), "state",
	    who_state_text(row->state));
}

static json_t *
users(const struct who_view *view)
{
	json_t *list = json_array();

	for (size_t i = 0; i < view->n_rows; i++)
		list = append(list, user(view, &view->rows[i]));
	return list;
}

/* What is said of a server alone and in a list alike. */
static json_t *
summary(const struct who_view *view)
{
	return json_pack("{s:s, s:i, s:b, s:s, s:o, s:I, s:I, s:I, s:o, s:I}",
	    "instance", view->instance, "master_pid", (int)view->master_pid,
	    "live", (int)view->is_live, "run_dir", view->run_dir, "listeners",
	    listeners(view), "max_users", (json_int_t)view->max_users,
	    "n_users", (json_int_t)who_view_n_users(view), "n_connecting",
	    (json_int_t)view->n_connecting, "started",
	    iso_time(view->started_realtime_s), "uptime_s",
	    view->is_live ? seconds_since(view, view->started_at) : 0);
}

/* Whole ------------------------------------------------------------------ */

json_t *
who_json_server(const struct who_view *view)
{
	json_t *object = summary(view);

	object = set(object, "lock_holder", holder(view));
	object = set(object, "roster", count(view->roster));
	object = set(object, "counters", counters(view));
	return set(object, "users", users(view));
}

json_t *
who_json_counters(const struct who_view *view)
{
	return set(summary(view), "counters", counters(view));
}

json_t *
who_json_servers(const struct who_view *views, size_t n, bool with_counters)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		list = append(list, with_counters ? who_json_counters(&views[i])
						  : summary(&views[i]));
	return set(json_object(), "instances", list);
}
