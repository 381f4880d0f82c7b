/* who_metrics.c - what a monitor reads: servers as Prometheus metrics.
 *
 * All samples of a metric must stand together below its head, so it is each
 * metric that goes over all servers, and not the other way round.  Heads are
 * our own words and hold nothing that has to be escaped; label values may. */
#include "tools/who_metrics.h"

#include <inttypes.h>
#include <string.h>

#define PREFIX "chatd_"
#define SECOND_MS 1000

/* Metrics of some servers, on their way out. */
struct metrics {
	const struct who_view *views;
	size_t n;
	FILE *out;
};

/* Lines ------------------------------------------------------------------- */

static void
put_head(const struct metrics *m, const char *name, const char *type,
    const char *help)
{
	(void)fprintf(m->out, "# HELP " PREFIX "%s %s\n", name, help);
	(void)fprintf(m->out, "# TYPE " PREFIX "%s %s\n", name, type);
}

static void
put_label(const char *key, const char *value, FILE *out)
{
	(void)fprintf(out, "%s=\"", key);
	for (; *value != '\0'; value++) {
		if (*value == '\\' || *value == '"')
			(void)fputc('\\', out);
		if (*value == '\n')
			(void)fputs("\\n", out);
		else
			(void)fputc(*value, out);
	}
	(void)fputc('"', out);
}

/* `reason` NULL: without that label.  The other one is not called "instance":
 * that is what Prometheus calls whom it asked. */
static void
put_sample(const struct metrics *m, const char *name,
    const struct who_view *view, const char *reason, uint64_t value)
{
	(void)fprintf(m->out, PREFIX "%s{", name);
	put_label("server", view->instance, m->out);
	if (reason != NULL) {
		(void)fputc(',', m->out);
		put_label("reason", reason, m->out);
	}
	(void)fprintf(m->out, "} %" PRIu64 "\n", value);
}

/* Gauges ------------------------------------------------------------------ */

static uint64_t
users(const struct who_view *view)
{
	return who_view_n_users(view);
}

static uint64_t
max_users(const struct who_view *view)
{
	return view->max_users;
}

static uint64_t
connecting(const struct who_view *view)
{
	return view->n_connecting;
}

static uint64_t
start_time(const struct who_view *view)
{
	return (uint64_t)view->started_realtime_s;
}

static uint64_t
uptime(const struct who_view *view)
{
	return (uint64_t)(view->taken_at - view->started_at) / SECOND_MS;
}

static uint64_t
lock_held(const struct who_view *view)
{
	return view->holder.is_held;
}

static uint64_t
queued_bytes_max(const struct who_view *view)
{
	uint64_t most = 0;

	for (size_t i = 0; i < view->n_rows; i++)
		if (view->rows[i].queued_bytes > most)
			most = view->rows[i].queued_bytes;
	return most;
}

static const struct gauge {
	const char *name;
	const char *help;
	uint64_t (*value)(const struct who_view *view);
} gauges[] = {
	{ "users", "users in the room", users },
	{ "max_users", "how many there may be", max_users },
	{ "connecting", "clients that have not given a name", connecting },
	{ "start_time_seconds", "when the server was started", start_time },
	{ "uptime_seconds", "for how long it has been up", uptime },
	{ "lock_held", "whether somebody held the lock", lock_held },
	{ "queued_bytes", "bytes that wait for clients to read them",
	    who_view_queued_bytes },
	{ "queued_bytes_max", "the most that wait for one client",
	    queued_bytes_max },
};

static void
put_gauge(const struct metrics *m, const struct gauge *gauge)
{
	put_head(m, gauge->name, "gauge", gauge->help);
	for (size_t i = 0; i < m->n; i++)
		if (m->views[i].is_live)
			put_sample(m, gauge->name, &m->views[i], NULL,
			    gauge->value(&m->views[i]));
}

static void
put_up(const struct metrics *m)
{
	put_head(m, "up", "gauge", "whether the server lives");
	for (size_t i = 0; i < m->n; i++)
		put_sample(m, "up", &m->views[i], NULL, m->views[i].is_live);
}

/* Counters ---------------------------------------------------------------- */

/* "full" of "refused_full", which is in the group "refused"; NULL for a counter
 * that is not named after its group. */
static const char *
reason_of(enum dir_counter counter)
{
	const char *name = counter_name(counter);
	const char *group = counter_group_name(counter_group(counter));
	size_t len = strlen(group);

	return strncmp(name, group, len) == 0 && name[len] == '_'
		   ? name + len + 1
		   : NULL;
}

static void
put_counter(const struct metrics *m, const char *name, enum dir_counter counter)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->views[i].is_live)
			put_sample(m, name, &m->views[i], reason_of(counter),
			    m->views[i].counters[counter]);
}

static void
put_counters_of_their_own(const struct metrics *m, enum dir_counter_group group)
{
	char name[64];

	for (int i = 0; i < DIR_N_COUNTERS; i++) {
		enum dir_counter counter = (enum dir_counter)i;

		if (counter_group(counter) != group ||
		    reason_of(counter) != NULL)
			continue;
		(void)snprintf(
		    name, sizeof name, "%s_total", counter_name(counter));
		put_head(m, name, "counter", counter_meaning(counter));
		put_counter(m, name, counter);
	}
}

/* Counters named after their group are one metric, so that all of it can be
 * summed up, whatever reasons may be added. */
static void
put_reasons(const struct metrics *m, enum dir_counter_group group)
{
	char name[64];
	bool has_head = false;

	(void)snprintf(
	    name, sizeof name, "%s_total", counter_group_name(group));
	for (int i = 0; i < DIR_N_COUNTERS; i++) {
		enum dir_counter counter = (enum dir_counter)i;

		if (counter_group(counter) != group ||
		    reason_of(counter) == NULL)
			continue;
		if (!has_head)
			put_head(
			    m, name, "counter", counter_group_meaning(group));
		has_head = true;
		put_counter(m, name, counter);
	}
}

void
who_metrics_print(const struct who_view *views, size_t n, FILE *out)
{
	struct metrics m = { views, n, out };

	put_up(&m);
	for (size_t i = 0; i < sizeof gauges / sizeof gauges[0]; i++)
		put_gauge(&m, &gauges[i]);
	for (int i = 0; i < DIR_N_GROUPS; i++) {
		put_counters_of_their_own(&m, (enum dir_counter_group)i);
		put_reasons(&m, (enum dir_counter_group)i);
	}
}
