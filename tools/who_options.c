/* who_options.c - what the command line of chat-who asks for.
 *
 * Its texts are the short form of chat-who(1). */
#include "tools/who_options.h"

#include "ipc/instance.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char who_options_help[] =
    "usage: chat-who [-jqsw] [-o COLUMNS] [--sort KEY] [--name PATTERN]\n"
    "                [--state STATE] [--run-dir DIR] [INSTANCE]\n"
    "       chat-who --metrics | --dump [--run-dir DIR] [INSTANCE]\n"
    "\n"
    "Show who is in the room of a running chatd, without disturbing it.\n"
    "\n"
    "  -j, --json             one JSON object instead of a table\n"
    "  -q, --quiet            only the names, one a line\n"
    "  -s, --stats            what the server has counted since its start\n"
    "  -w, --watch            show it again every second; q quits, h helps\n"
    "  -o, --columns COLUMNS  these columns, with commas between them:\n"
    "                         name pid slot from joined idle said rate queued\n"
    "                         state\n"
    "      --sort KEY         sort by a column; -KEY turns the order round\n"
    "      --name PATTERN     only who is called so; * ? [] as in the shell\n"
    "      --state STATE      only who is here, stopped, dead or unreadable\n"
    "      --metrics          all servers, in the text format of Prometheus\n"
    "      --dump             all that is in the directory, also a dead one's\n"
    "      --run-dir DIR      look at the servers of this run directory\n"
    "  -h, --help             this text\n"
    "  -V, --version          the version\n"
    "\n"
    "INSTANCE may be left out where only one server runs.  The exit status\n"
    "is 0 with a living server, 1 with none, 64 for a wrong command line.\n";

__attribute__((format(printf, 1, 2))) static enum who_request
refuse(const char *format, ...)
{
	va_list args;

	(void)fputs("chat-who: ", stderr);
	va_start(args, format);
	(void)vfprintf(stderr, format, args);
	va_end(args);
	(void)fputs("; see chat-who --help\n", stderr);
	return WHO_USAGE;
}

/* Arguments of options ---------------------------------------------------- */

static enum who_request
refuse_column(const char *name, size_t len)
{
	return refuse("there is no column \"%.*s\"; there are:%s", (int)len,
	    name, who_user_column_names);
}

static bool
has_column(const struct who_user_columns *columns, enum who_user_column column)
{
	for (size_t i = 0; i < columns->n; i++)
		if (columns->list[i] == column)
			return true;
	return false;
}

/* Behind those of an earlier -o, as ps(1) has it. */
static enum who_request
add_columns(struct who_user_columns *columns, const char *list)
{
	columns->are_chosen = true;
	for (const char *name = list;; name++) {
		size_t len = strcspn(name, ",");
		enum who_user_column column;

		if (!who_user_column_find(name, len, &column))
			return refuse_column(name, len);
		if (has_column(columns, column))
			return refuse("column %s is named twice",
			    who_user_column_name(column));
		columns->list[columns->n++] = column;
		name += len;
		if (*name == '\0')
			return WHO_LOOK;
	}
}

static enum who_request
set_sort(struct who_select *select, const char *key)
{
	const char *name = key + (key[0] == '-');

	return who_select_sort(select, key) ? WHO_LOOK
					    : refuse_column(name, strlen(name));
}

static enum who_request
set_name(struct who_select *select, const char *pattern)
{
	return who_select_name(select, pattern)
		   ? WHO_LOOK
		   : refuse("the pattern of --name is not UTF-8");
}

static enum who_request
set_state(struct who_select *select, const char *state)
{
	return who_select_state(select, state)
		   ? WHO_LOOK
		   : refuse("there is no state \"%s\"; there are:%s", state,
			 who_state_texts);
}

/* The whole --------------------------------------------------------------- */

static bool
wants_rates(const struct who_options *o)
{
	return has_column(&o->columns, WHO_USER_rate) ||
	       (o->select.is_sorted && o->select.key == WHO_USER_rate);
}

/* What is wrong with options that exclude each other; NULL for nothing. */
static const char *
find_conflict(const struct who_options *o)
{
	const struct {
		bool is_there;
		const char *reason;
	} conflicts[] = {
		{ o->json && o->quiet,
		    "--json and --quiet exclude each other" },
		{ o->stats && o->quiet,
		    "--stats and --quiet exclude each other" },
		{ o->metrics && (o->json || o->quiet || o->stats || o->watch),
		    "--metrics goes with no other form of output, and is one "
		    "look" },
		{ o->dump &&
			(o->json || o->quiet || o->stats || o->watch ||
			    o->metrics || o->columns.n > 0 || o->is_selective),
		    "--dump shows all there is, and goes with no other form of "
		    "output" },
		{ o->columns.n > 0 &&
			(o->json || o->quiet || o->stats || o->metrics),
		    "-o chooses columns of the table of users, and goes with "
		    "no other form of output" },
		{ o->is_selective && (o->stats || o->metrics),
		    "--name, --state and --sort choose users, and --stats and "
		    "--metrics show none" },
		{ wants_rates(o) && !o->watch,
		    "a rate takes two looks, so it needs --watch" },
	};

	for (size_t i = 0; i < sizeof conflicts / sizeof conflicts[0]; i++)
		if (conflicts[i].is_there)
			return conflicts[i].reason;
	return NULL;
}

static enum who_request
check(struct who_options *options, int n_arguments)
{
	const char *conflict;

	options->is_selective =
	    options->select.is_sorted || who_select_is_filter(&options->select);
	conflict = find_conflict(options);
	if (n_arguments > 1)
		return refuse("one instance at a time");
	if (conflict != NULL)
		return refuse("%s", conflict);
	if (options->run_dir != NULL && options->run_dir[0] == '\0')
		return refuse("--run-dir names no directory");
	if (options->instance != NULL &&
	    !instance_name_is_valid(options->instance))
		return refuse("that cannot be the name of an instance: it has "
			      "1 to 64 of A-Z a-z 0-9 . _ - and begins "
			      "with no dot");
	if (options->columns.n == 0)
		options->columns = options->watch ? who_user_columns_watch
						  : who_user_columns_usual;
	return WHO_LOOK;
}

/* Options that have no letter. */
enum { RUN_DIR = 256, METRICS, DUMP, SORT, NAME, STATE };

/* Take one in. */
static enum who_request
take_option(struct who_options *out, int option, const char *argument)
{
	switch (option) {
	case 'j':
		out->json = true;
		return WHO_LOOK;
	case 'q':
		out->quiet = true;
		return WHO_LOOK;
	case 's':
		out->stats = true;
		return WHO_LOOK;
	case 'w':
		out->watch = true;
		return WHO_LOOK;
	case 'o':
		return add_columns(&out->columns, argument);
	case SORT:
		return set_sort(&out->select, argument);
	case NAME:
		return set_name(&out->select, argument);
	case STATE:
		return set_state(&out->select, argument);
	case METRICS:
		out->metrics = true;
		return WHO_LOOK;
	case DUMP:
		out->dump = true;
		return WHO_LOOK;
	case RUN_DIR:
		out->run_dir = argument;
		return WHO_LOOK;
	case 'h':
		return WHO_HELP;
	case 'V':
		return WHO_VERSION;
	default:
		/* getopt_long has said what is wrong with it */
		return WHO_USAGE;
	}
}

enum who_request
who_options_parse(int argc, char **argv, struct who_options *out)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "stats", no_argument, NULL, 's' },
		{ "watch", no_argument, NULL, 'w' },
		{ "columns", required_argument, NULL, 'o' },
		{ "sort", required_argument, NULL, SORT },
		{ "name", required_argument, NULL, NAME },
		{ "state", required_argument, NULL, STATE },
		{ "metrics", no_argument, NULL, METRICS },
		{ "dump", no_argument, NULL, DUMP },
		{ "run-dir", required_argument, NULL, RUN_DIR },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	enum who_request request;
	int option;

	memset(out, 0, sizeof *out);
	while (
	    (option = getopt_long(argc, argv, "jqswo:hV", longs, NULL)) != -1) {
		request = take_option(out, option, optarg);
		if (request != WHO_LOOK)
			return request;
	}
	out->instance = argv[optind];
	return check(out, argc - optind);
}

void
who_options_free(struct who_options *options)
{
	who_select_free(&options->select);
}
