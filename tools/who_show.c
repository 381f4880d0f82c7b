/* who_show.c - what a look has found, in the form that was asked for. */
#include "tools/who_show.h"

#include "tools/who_json.h"
#include "tools/who_metrics.h"
#include "tools/who_process.h"
#include "tools/who_report.h"

#include <stdio.h>

/* JSON ------------------------------------------------------------------- */

/* Write and release `json`.  While watching, a look is one line. */
static bool
put_json(const struct who_look *look, json_t *json)
{
	size_t flags = look->options.watch ? JSON_COMPACT : JSON_INDENT(2);
	int result = json_dumpf(json, look->out, flags);

	json_decref(json);
	(void)fputc('\n', look->out);
	return result == 0;
}

/* One server ------------------------------------------------------------- */

static bool
show_counters(struct who_look *look, const struct who_view *view)
{
	if (look->options.json)
		return put_json(look, who_json_counters(view));
	if (look->keys.is_help_shown)
		return true;
	look->rows = (struct who_rows){ WHO_REPORT_N_COUNTER_ROWS, "lines" };
	return who_report_counters(view, look->size.columns, look->out) == 0;
}

/* How many rows there may be down to the edge of the screen. */
static size_t
rows_to_edge(const struct who_look *look)
{
	size_t first = look->keys.scroll.first;
	size_t n_lines = look->size.lines;

	return n_lines < SIZE_MAX - first ? first + n_lines : SIZE_MAX;
}

/* Ask the kernel about those whose state is shown or decides: rows below the
 * edge of the screen are not worth a look. */
static void
judge_states(const struct who_look *look, struct who_view *view)
{
	const struct who_select *select = &look->select;
	bool are_all_shown = look->options.json || select->is_sorted ||
			     who_select_is_filter(select);

	if (!look->options.quiet || who_select_needs_states(select))
		who_process_judge(
		    view, are_all_shown ? SIZE_MAX : rows_to_edge(look));
}

static int
put_users(struct who_look *look, const struct who_view *view)
{
	const struct who_options *options = &look->options;

	if (!options->watch)
		return who_report_users(
		    view, &options->columns, look->size.columns, look->out);
	who_report_header(view, &look->select, look->out);
	if (look->keys.is_help_shown)
		return 0;
	look->rows = (struct who_rows){ view->n_rows, "users" };
	return who_users_print(
	    view, &options->columns, look->size.columns, look->out);
}

static void
put_names(struct who_look *look, const struct who_view *view)
{
	if (look->keys.is_help_shown)
		return;
	look->rows = (struct who_rows){ view->n_rows, "users" };
	who_report_names(view, look->out);
}

static enum who_outcome
show_users(struct who_look *look, struct who_view *view)
{
	bool is_shown = true;

	look->keys.are_users_shown = true;
	if (look->options.watch)
		who_rates_apply(&look->rates, view);
	judge_states(look, view);
	who_select_apply(&look->select, view);
	if (look->options.quiet)
		put_names(look, view);
	else if (look->options.json)
		is_shown = put_json(look, who_json_server(view));
	else
		is_shown = put_users(look, view) == 0;
	return is_shown ? WHO_LIVE : WHO_BROKEN;
}

static enum who_outcome
show_live(struct who_look *look, struct who_view *view)
{
	if (look->options.stats)
		return show_counters(look, view) ? WHO_LIVE : WHO_BROKEN;
	if (look->options.metrics) {
		who_metrics_print(view, 1, look->out);
		return WHO_LIVE;
	}
	return show_users(look, view);
}

static enum who_outcome
show_stale(struct who_look *look, const struct who_view *view)
{
	bool is_shown = true;

	who_report_stale(view, look->why);
	if (look->options.metrics)
		who_metrics_print(view, 1, look->out);
	if (look->options.json)
		is_shown = look->options.stats
			       ? show_counters(look, view)
			       : put_json(look, who_json_server(view));
	if (!is_shown)
		return WHO_BROKEN;
	return WHO_NOT_LIVE;
}

enum who_outcome
who_show_server(struct who_look *look, struct who_view *view)
{
	return view->is_live ? show_live(look, view) : show_stale(look, view);
}

/* Several, or none ------------------------------------------------------- */

static bool
put_json_list(const struct who_look *look, const struct who_servers *servers)
{
	return put_json(look,
	    who_json_servers(servers->views, servers->n, look->options.stats));
}

enum who_outcome
who_show_none(const struct who_look *look, const struct who_place *place,
    const struct who_servers *servers)
{
	(void)fprintf(look->why, "chat-who: no server runs in %s\n",
	    place->exists ? place->run_dir.path : place->path);
	for (size_t i = 0; i < servers->n; i++)
		who_report_stale(&servers->views[i], look->why);
	if (look->options.metrics)
		who_metrics_print(servers->views, servers->n, look->out);
	if (look->options.json && !put_json_list(look, servers))
		return WHO_BROKEN;
	return WHO_NOT_LIVE;
}

/* Whether what is asked for cannot be had of several servers. */
static bool
is_for_one(const struct who_options *options)
{
	return options->quiet || (options->stats && !options->json) ||
	       options->columns.are_chosen || options->is_selective;
}

static bool
put_servers(struct who_look *look, const struct who_servers *servers)
{
	if (look->keys.is_help_shown)
		return true;
	look->rows = (struct who_rows){ servers->n_live, "servers" };
	return who_report_servers(servers->views, servers->n,
		   look->size.columns, look->out) == 0;
}

enum who_outcome
who_show_several(struct who_look *look, const struct who_servers *servers)
{
	bool is_shown = true;

	if (is_for_one(&look->options)) {
		(void)fprintf(look->why,
		    "chat-who: %zu servers run: name one of the instances that "
		    "chat-who shows\n",
		    servers->n_live);
		return WHO_MISUSED;
	}
	if (look->options.metrics)
		who_metrics_print(servers->views, servers->n, look->out);
	else if (look->options.json)
		is_shown = put_json_list(look, servers);
	else
		is_shown = put_servers(look, servers);
	return is_shown ? WHO_LIVE : WHO_BROKEN;
}
