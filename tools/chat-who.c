/* chat-who.c - who is in the room of a running server.
 *
 * An inspector: it maps a server's directory read-only, never takes its lock
 * and runs as well against a server that hangs.  What to look at, in which
 * form, and the exit status are decided here. */
#include "ipc/version.h"
#include "tools/who_dump.h"
#include "tools/who_find.h"
#include "tools/who_json.h"
#include "tools/who_keys.h"
#include "tools/who_metrics.h"
#include "tools/who_options.h"
#include "tools/who_process.h"
#include "tools/who_rates.h"
#include "tools/who_report.h"
#include "tools/who_table.h"
#include "tools/who_view.h"
#include "tools/who_watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* Also the exit status. */
enum outcome {
	LIVE = 0,
	/* no living server, or none to be shown */
	NOT_LIVE = 1,
	/* the command line is wrong, or does not say which server */
	MISUSED = EX_USAGE,
	/* no memory, or nowhere to write to */
	BROKEN = EX_OSERR,
};

struct look {
	struct who_options options;
	struct who_size size;
	FILE *out, *why;
	/* what earlier looks saw, while watching */
	struct who_rates rates;
	struct who_keys keys;
	/* the only one there was, to be kept to while watching */
	char instance[INSTANCE_MAX_BYTES + 1];
};

/* Output ----------------------------------------------------------------- */

/* Write and release `json`.  While watching, a look is one line. */
static bool
put_json(const struct look *look, json_t *json)
{
	size_t flags = look->options.watch ? JSON_COMPACT : JSON_INDENT(2);
	int result = json_dumpf(json, look->out, flags);

	json_decref(json);
	(void)fputc('\n', look->out);
	return result == 0;
}

static bool
show_counters(const struct look *look, const struct who_view *view)
{
	if (look->options.json)
		return put_json(look, who_json_counters(view));
	if (look->keys.is_help_shown) {
		who_keys_help(false, look->out);
		return true;
	}
	return who_report_counters(view, look->size.columns, look->out) == 0;
}

/* Ask the kernel about those whose state is shown or decides: rows below the
 * edge of the screen are not worth a look. */
static void
judge_states(const struct look *look, struct who_view *view)
{
	const struct who_select *select = &look->options.select;
	bool are_all_shown = look->options.json || select->is_sorted ||
			     who_select_is_filter(select);

	if (!look->options.quiet || who_select_needs_states(select))
		who_process_judge(
		    view, are_all_shown ? SIZE_MAX : look->size.lines);
}

static int
put_users(const struct look *look, const struct who_view *view)
{
	const struct who_options *options = &look->options;

	if (!options->watch)
		return who_report_users(
		    view, &options->columns, look->size.columns, look->out);
	who_report_header(view, &options->select, look->out);
	if (!look->keys.is_help_shown)
		return who_users_print(
		    view, &options->columns, look->size.columns, look->out);
	who_keys_help(true, look->out);
	return 0;
}

static enum outcome
show_users(struct look *look, struct who_view *view)
{
	bool is_shown = true;

	if (look->options.watch)
		who_rates_apply(&look->rates, view);
	judge_states(look, view);
	who_select_apply(&look->options.select, view);
	if (look->options.quiet)
		who_report_names(view, look->out);
	else if (look->options.json)
		is_shown = put_json(look, who_json_server(view));
	else
		is_shown = put_users(look, view) == 0;
	return is_shown ? LIVE : BROKEN;
}

static enum outcome
show_live(struct look *look, struct who_view *view)
{
	if (look->options.stats)
		return show_counters(look, view) ? LIVE : BROKEN;
	if (look->options.metrics) {
		who_metrics_print(view, 1, look->out);
		return LIVE;
	}
	return show_users(look, view);
}

static enum outcome
show_stale(const struct look *look, const struct who_view *view)
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
		return BROKEN;
	return NOT_LIVE;
}

static enum outcome
show_server(struct look *look, struct who_view *view)
{
	return view->is_live ? show_live(look, view) : show_stale(look, view);
}

/* What to look at -------------------------------------------------------- */

static enum outcome
look_at_named(
    struct look *look, const struct who_place *place, const char *instance)
{
	struct who_view view;
	enum outcome outcome;

	if (!who_find_server(place, instance, &view, look->why))
		return NOT_LIVE;
	outcome = show_server(look, &view);
	who_view_free(&view);
	return outcome;
}

static bool
put_json_list(const struct look *look, const struct who_servers *servers)
{
	return put_json(look,
	    who_json_servers(servers->views, servers->n, look->options.stats));
}

static enum outcome
show_none(const struct look *look, const struct who_place *place,
    const struct who_servers *servers)
{
	(void)fprintf(look->why, "chat-who: no server runs in %s\n",
	    place->exists ? place->run_dir.path : place->path);
	for (size_t i = 0; i < servers->n; i++)
		who_report_stale(&servers->views[i], look->why);
	if (look->options.metrics)
		who_metrics_print(servers->views, servers->n, look->out);
	if (look->options.json && !put_json_list(look, servers))
		return BROKEN;
	return NOT_LIVE;
}

static enum outcome
show_metrics(const struct look *look, const struct who_servers *servers)
{
	who_metrics_print(servers->views, servers->n, look->out);
	return LIVE;
}

static enum outcome
show_only(struct look *look, const struct who_servers *servers)
{
	struct who_view *view = servers->views;

	while (!view->is_live)
		view++;
	memcpy(look->instance, view->instance, sizeof look->instance);
	return show_live(look, view);
}

/* Whether what is asked for cannot be had of several servers. */
static bool
is_for_one(const struct who_options *options)
{
	return options->quiet || (options->stats && !options->json) ||
	       options->columns.are_chosen || options->select.is_sorted ||
	       who_select_is_filter(&options->select);
}

static enum outcome
show_several(const struct look *look, const struct who_servers *servers)
{
	bool is_shown;

	if (is_for_one(&look->options)) {
		(void)fprintf(look->why,
		    "chat-who: %zu servers run: name one of the instances that "
		    "chat-who shows\n",
		    servers->n_live);
		return MISUSED;
	}
	if (look->options.json)
		is_shown = put_json_list(look, servers);
	else
		is_shown = who_report_servers(servers->views, servers->n,
			       look->size.columns, look->out) == 0;
	return is_shown ? LIVE : BROKEN;
}

static enum outcome
look_at_all(struct look *look, const struct who_place *place)
{
	enum outcome outcome = NOT_LIVE;
	struct who_servers servers = { 0 };

	if (who_find_servers(place, &servers, look->why)) {
		if (servers.n_live == 0)
			outcome = show_none(look, place, &servers);
		else if (look->options.metrics)
			outcome = show_metrics(look, &servers);
		else if (servers.n_live == 1)
			outcome = show_only(look, &servers);
		else
			outcome = show_several(look, &servers);
	}
	who_servers_free(&servers);
	return outcome;
}

/* Dumping ---------------------------------------------------------------- */

static enum outcome
dump_named(const struct look *look, const struct who_place *place,
    const char *instance)
{
	struct directory *dir;
	bool is_shown;

	if (!who_find_directory(place, instance, &dir, look->why))
		return NOT_LIVE;
	is_shown = who_dump_print(dir, look->out) == 0;
	directory_close(dir);
	return is_shown ? LIVE : BROKEN;
}

/* The only server that lives; where none does, the only one that is stale. */
static enum outcome
dump_only(const struct look *look, const struct who_place *place,
    const struct who_servers *servers)
{
	bool want_live = servers->n_live > 0;
	size_t n = want_live ? servers->n_live : servers->n;
	const struct who_view *view = servers->views;

	if (n == 0)
		return show_none(look, place, servers);
	if (n > 1) {
		(void)fprintf(look->why,
		    "chat-who: there are %zu servers: name the instance to be "
		    "dumped\n",
		    n);
		return MISUSED;
	}
	while (view->is_live != want_live)
		view++;
	return dump_named(look, place, view->instance);
}

static enum outcome
dump(const struct look *look, const struct who_place *place,
    const char *instance)
{
	enum outcome outcome = NOT_LIVE;
	struct who_servers servers = { 0 };

	if (instance != NULL)
		return dump_named(look, place, instance);
	if (who_find_servers(place, &servers, look->why))
		outcome = dump_only(look, place, &servers);
	who_servers_free(&servers);
	return outcome;
}

static enum outcome
look_once(struct look *look)
{
	const char *instance = look->options.instance;
	struct who_place place;

	if (instance == NULL && look->instance[0] != '\0')
		instance = look->instance;
	if (!who_find_place(look->options.run_dir, &place, look->why))
		return NOT_LIVE;
	if (look->options.dump)
		return dump(look, &place, instance);
	return instance != NULL ? look_at_named(look, &place, instance)
				: look_at_all(look, &place);
}

/* Once or again and again ------------------------------------------------ */

static bool
watch_frame(void *arg, struct who_size size, FILE *out, FILE *why)
{
	struct look *look = arg;

	look->size = size;
	look->out = out;
	look->why = why;
	return look_once(look) != BROKEN;
}

static bool
watch_key(void *arg, char key)
{
	struct look *look = arg;

	return who_keys_press(&look->keys, &look->options.select, key);
}

static enum outcome
fail(const char *what)
{
	(void)fprintf(stderr, "chat-who: %s: %s\n", what, strerror(errno));
	return BROKEN;
}

/* The outcome, unless what was printed did not get anywhere. */
static enum outcome
finish(enum outcome outcome)
{
	if (outcome == BROKEN || fflush(stdout) == EOF || ferror(stdout))
		return fail("cannot show it");
	return outcome;
}

static enum outcome
run_watch(struct look *look)
{
	struct who_watch watch = {
		.frame = watch_frame,
		.key = watch_key,
		.arg = look,
		.in_place = isatty(STDOUT_FILENO) && !look->options.json,
		.separator = look->options.json ? "" : "\n",
	};

	return who_watch_run(&watch) ? LIVE : fail("cannot go on watching");
}

static enum outcome
run_once(struct look *look)
{
	look->size = who_size_now(false);
	look->out = stdout;
	look->why = stderr;
	return finish(look_once(look));
}

static enum outcome
answer(struct look *look, enum who_request request)
{
	switch (request) {
	case WHO_HELP:
		(void)fputs(who_options_help, stdout);
		return finish(LIVE);
	case WHO_VERSION:
		(void)puts("chat-who " CHATD_VERSION);
		return finish(LIVE);
	case WHO_USAGE:
		return MISUSED;
	case WHO_LOOK:
		break;
	}
	return look->options.watch ? run_watch(look) : run_once(look);
}

int
main(int argc, char **argv)
{
	struct look look = { 0 };
	enum who_request request = who_options_parse(argc, argv, &look.options);
	enum outcome outcome = answer(&look, request);

	who_rates_free(&look.rates);
	who_options_free(&look.options);
	return outcome;
}
