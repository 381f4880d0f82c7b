/* who_options.c - what the command line of chat-who asks for.
 *
 * Its texts are the short form of chat-who(1). */
#include "tools/who_options.h"

#include "ipc/instance.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

const char who_options_help[] =
    "usage: chat-who [-jqsw] [--run-dir DIR] [INSTANCE]\n"
    "       chat-who --metrics [--run-dir DIR] [INSTANCE]\n"
    "\n"
    "Show who is in the room of a running chatd, without disturbing it.\n"
    "\n"
    "  -j, --json         one JSON object instead of a table\n"
    "  -q, --quiet        only the names, one a line\n"
    "  -s, --stats        what the server has counted since its start\n"
    "  -w, --watch        show it again every second until interrupted\n"
    "      --metrics      all servers, in the text format of Prometheus\n"
    "      --run-dir DIR  look at the servers of this run directory\n"
    "  -h, --help         this text\n"
    "  -V, --version      the version\n"
    "\n"
    "INSTANCE may be left out where only one server runs.  The exit status\n"
    "is 0 with a living server, 1 with none, 64 for a wrong command line.\n";

static enum who_request
refuse(const char *reason)
{
	(void)fprintf(stderr, "chat-who: %s; see chat-who --help\n", reason);
	return WHO_USAGE;
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
	};

	for (size_t i = 0; i < sizeof conflicts / sizeof conflicts[0]; i++)
		if (conflicts[i].is_there)
			return conflicts[i].reason;
	return NULL;
}

static enum who_request
check(const struct who_options *options, int n_arguments)
{
	const char *conflict = find_conflict(options);

	if (n_arguments > 1)
		return refuse("one instance at a time");
	if (conflict != NULL)
		return refuse(conflict);
	if (options->run_dir != NULL && options->run_dir[0] == '\0')
		return refuse("--run-dir names no directory");
	if (options->instance != NULL &&
	    !instance_name_is_valid(options->instance))
		return refuse("that cannot be the name of an instance: it has "
			      "1 to 64 of A-Z a-z 0-9 . _ - and begins "
			      "with no dot");
	return WHO_LOOK;
}

enum who_request
who_options_parse(int argc, char **argv, struct who_options *out)
{
	enum { RUN_DIR = 256, METRICS };
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "stats", no_argument, NULL, 's' },
		{ "watch", no_argument, NULL, 'w' },
		{ "metrics", no_argument, NULL, METRICS },
		{ "run-dir", required_argument, NULL, RUN_DIR },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	int option;

	memset(out, 0, sizeof *out);
	while (
	    (option = getopt_long(argc, argv, "jqswhV", longs, NULL)) != -1) {
		switch (option) {
		case 'j':
			out->json = true;
			break;
		case 'q':
			out->quiet = true;
			break;
		case 's':
			out->stats = true;
			break;
		case 'w':
			out->watch = true;
			break;
		case METRICS:
			out->metrics = true;
			break;
		case RUN_DIR:
			out->run_dir = optarg;
			break;
		case 'h':
			return WHO_HELP;
		case 'V':
			return WHO_VERSION;
		default:
			/* getopt_long has said what is wrong with it */
			return WHO_USAGE;
		}
	}
	out->instance = argv[optind];
	return check(out, argc - optind);
}
