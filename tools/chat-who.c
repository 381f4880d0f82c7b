/* chat-who.c - who is in the room of a running server.
 *
 * An inspector: it maps a server's directory read-only, never takes its lock
 * and runs as well against a server that hangs.  What to look at, and how
 * often, is decided here; in which form, in who_show.c. */
#include "ipc/version.h"
#include "tools/who_dump.h"
#include "tools/who_find.h"
#include "tools/who_options.h"
#include "tools/who_show.h"
#include "tools/who_watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What to look at -------------------------------------------------------- */

static enum who_outcome
look_at_named(
    struct who_look *look, const struct who_place *place, const char *instance)
{
	struct who_view view;
	enum who_outcome outcome;

	if (!who_find_server(place, instance, &view, look->why))
		return WHO_NOT_LIVE;
	outcome = who_show_server(look, &view);
	who_view_free(&view);
	return outcome;
}

static enum who_outcome
show_only(struct who_look *look, const struct who_servers *servers)
{
	struct who_view *view = servers->views;

	while (!view->is_live)
		view++;
	memcpy(look->instance, view->instance, sizeof look->instance);
	return who_show_server(look, view);
}

static enum who_outcome
look_at_all(struct who_look *look, const struct who_place *place)
{
	enum who_outcome outcome = WHO_NOT_LIVE;
	struct who_servers servers = { 0 };

	if (who_find_servers(place, &servers, look->why)) {
		if (servers.n_live == 0)
			outcome = who_show_none(look, place, &servers);
		else if (servers.n_live == 1 && !look->options.metrics)
			outcome = show_only(look, &servers);
		else
			outcome = who_show_several(look, &servers);
	}
	who_servers_free(&servers);
	return outcome;
}

/* Dumping ---------------------------------------------------------------- */

static enum who_outcome
dump_named(const struct who_look *look, const struct who_place *place,
    const char *instance)
{
	struct directory *dir;
	bool is_shown;

	if (!who_find_directory(place, instance, &dir, look->why))
		return WHO_NOT_LIVE;
	is_shown = who_dump_print(dir, look->out) == 0;
	directory_close(dir);
	return is_shown ? WHO_LIVE : WHO_BROKEN;
}

/* The only server that lives; where none does, the only one that is stale. */
static enum who_outcome
dump_only(const struct who_look *look, const struct who_place *place,
    const struct who_servers *servers)
{
	bool want_live = servers->n_live > 0;
	size_t n = want_live ? servers->n_live : servers->n;
	const struct who_view *view = servers->views;

	if (n == 0)
		return who_show_none(look, place, servers);
	if (n > 1) {
		(void)fprintf(look->why,
		    "chat-who: there are %zu servers: name the instance to be "
		    "dumped\n",
		    n);
		return WHO_MISUSED;
	}
	while (view->is_live != want_live)
		view++;
	return dump_named(look, place, view->instance);
}

static enum who_outcome
dump(const struct who_look *look, const struct who_place *place,
    const char *instance)
{
	enum who_outcome outcome = WHO_NOT_LIVE;
	struct who_servers servers = { 0 };

	if (instance != NULL)
		return dump_named(look, place, instance);
	if (who_find_servers(place, &servers, look->why))
		outcome = dump_only(look, place, &servers);
	who_servers_free(&servers);
	return outcome;
}

static enum who_outcome
look_once(struct who_look *look)
{
	const char *instance = look->options.instance;
	struct who_place place;

	if (instance == NULL && look->instance[0] != '\0')
		instance = look->instance;
	if (!who_find_place(look->options.run_dir, &place, look->why))
		return WHO_NOT_LIVE;
	if (look->options.dump)
		return dump(look, &place, instance);
	return instance != NULL ? look_at_named(look, &place, instance)
				: look_at_all(look, &place);
}

/* Once or again and again ------------------------------------------------ */

static bool
watch_frame(void *arg, struct who_size size, struct who_frame *frame)
{
	struct who_look *look = arg;
	enum who_outcome outcome;

	look->size = size;
	look->out = frame->out;
	look->why = frame->why;
	look->rows = (struct who_rows){ 0 };
	look->keys.are_users_shown = false;
	who_prompt_print(&look->keys.prompt, size.columns, frame->question);
	outcome = look_once(look);
	if (look->keys.is_help_shown)
		who_keys_help(look->keys.are_users_shown, frame->out);
	frame->rows = look->rows;
	return outcome != WHO_BROKEN;
}

static bool
watch_key(void *arg, int key)
{
	struct who_look *look = arg;

	return who_keys_press(&look->keys, &look->select, key);
}

static enum who_outcome
fail(const char *what)
{
	(void)fprintf(stderr, "chat-who: %s: %s\n", what, strerror(errno));
	return WHO_BROKEN;
}

/* The outcome, unless what was printed did not get anywhere. */
static enum who_outcome
finish(enum who_outcome outcome)
{
	if (outcome == WHO_BROKEN || fflush(stdout) == EOF || ferror(stdout))
		return fail("cannot show it");
	return outcome;
}

static enum who_outcome
run_watch(struct who_look *look)
{
	struct who_watch watch = {
		.frame = watch_frame,
		.key = watch_key,
		.arg = look,
		.scroll = &look->keys.scroll,
		.in_place = isatty(STDOUT_FILENO) && !look->options.json,
		.separator = look->options.json ? "" : "\n",
	};

	return who_watch_run(&watch) ? WHO_LIVE : fail("cannot go on watching");
}

static enum who_outcome
run_once(struct who_look *look)
{
	look->size = who_size_now(false);
	look->out = stdout;
	look->why = stderr;
	return finish(look_once(look));
}

static enum who_outcome
answer(struct who_look *look, enum who_request request)
{
	switch (request) {
	case WHO_HELP:
		(void)fputs(who_options_help, stdout);
		return finish(WHO_LIVE);
	case WHO_VERSION:
		(void)puts("chat-who " CHATD_VERSION);
		return finish(WHO_LIVE);
	case WHO_USAGE:
		return WHO_MISUSED;
	case WHO_LOOK:
		break;
	}
	look->select = look->options.select;
	look->options.select = (struct who_select){ 0 };
	return look->options.watch ? run_watch(look) : run_once(look);
}

int
main(int argc, char **argv)
{
	struct who_look look = { 0 };
	enum who_request request = who_options_parse(argc, argv, &look.options);
	enum who_outcome outcome = answer(&look, request);

	who_rates_free(&look.rates);
	who_select_free(&look.select);
	who_options_free(&look.options);
	return outcome;
}
