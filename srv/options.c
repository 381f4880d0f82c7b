/* options.c - chatd's command line; chatd.8 describes it. */
#include "srv/options.h"

#include "ipc/instance.h"
#include "ipc/name.h"
#include "ipc/version.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage_text[] =
    "usage: chatd [-qv] [--check] [-i NAME] [-l ADDR[:PORT]] [-m N] "
    "[--max-per-address "
    "N]\n"
    "             [--exempt ADDR[/BITS]] [--max-nameless "
    "BEGIN[:PERCENT:FULL]]\n"
    "             [--run-dir DIR] [--console[=NAME] | --one-to-one[=NAME]]\n";

static const char help_text[] =
    "Serve a chat room; every user is a process.\n"
    "\n"
    "  -l, --listen ADDR[:PORT]  listen there; again for more addresses\n"
    "                            (default: 127.0.0.1 and [::1], "
    "port " CHATD_PORT ")\n"
    "  -i, --instance NAME       tell this server from others (default: port)\n"
    "  -m, --max-users N         users at once (default 1024)\n"
    "      --max-per-address N   of these from one address (default: a "
    "quarter,\n"
    "                            16 at least; this machine is not counted)\n"
    "      --exempt ADDR[/BITS]  not counted there; again for more networks\n"
    "      --max-nameless BEGIN[:PERCENT:FULL]\n"
    "                            clients without a name before some of those\n"
    "                            who come are turned away, and all (default:\n"
    "                            an eighth of the users, 90 percent, all)\n"
    "      --check               say whether the server could start, and "
    "exit\n"
    "      --run-dir DIR         where the sockets are kept\n"
    "      --console[=NAME]      the operator chats from this terminal\n"
    "      --one-to-one[=NAME]   the same, with one guest, until either "
    "leaves\n"
    "  -q, --quiet               log only what is wrong\n"
    "  -v, --verbose             log more\n"
    "  -V, --version             print the version\n"
    "  -h, --help                print this\n";

enum {
	OPTION_RUN_DIR = 256,
	OPTION_CHECK,
	OPTION_MAX_PER_ADDRESS,
	OPTION_MAX_NAMELESS,
	OPTION_EXEMPT,
	OPTION_CONSOLE,
	OPTION_ONE_TO_ONE,
};

static const struct option long_options[] = {
	{ "listen", required_argument, NULL, 'l' },
	{ "instance", required_argument, NULL, 'i' },
	{ "max-users", required_argument, NULL, 'm' },
	{ "max-per-address", required_argument, NULL, OPTION_MAX_PER_ADDRESS },
	{ "max-nameless", required_argument, NULL, OPTION_MAX_NAMELESS },
	{ "exempt", required_argument, NULL, OPTION_EXEMPT },
	{ "check", no_argument, NULL, OPTION_CHECK },
	{ "run-dir", required_argument, NULL, OPTION_RUN_DIR },
	{ "console", optional_argument, NULL, OPTION_CONSOLE },
	{ "one-to-one", optional_argument, NULL, OPTION_ONE_TO_ONE },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

__attribute__((format(printf, 1, 2))) static bool
complain(const char *format, ...)
{
	va_list ap;

	fputs("chatd: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputs("\n", stderr);
	return false;
}

static bool
add_listen(struct options *o, const char *text)
{
	const char *why;

	if (o->n_listen == MAX_LISTENERS)
		return complain(
		    "more than %d addresses to listen on", MAX_LISTENERS);
	if (!listen_spec_parse(text, &o->listen[o->n_listen], &why))
		return complain("cannot listen on '%s': %s", text, why);
	o->n_listen++;
	return true;
}

static bool
set_instance(struct options *o, const char *text)
{
	if (!instance_name_is_valid(text))
		return complain("'%s' cannot be an instance: use 1 to %d "
				"letters, digits and . _ -",
		    text, INSTANCE_MAX_BYTES);
	o->instance = text;
	return true;
}

static bool
set_number(unsigned *out, const char *text)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || n < 1 ||
	    n > MAX_USERS_LIMIT)
		return complain("'%s' cannot be a number of users: it is from "
				"1 to %d",
		    text, MAX_USERS_LIMIT);
	*out = (unsigned)n;
	return true;
}

static bool
add_exempt(struct options *o, const char *text)
{
	if (o->n_exempt == MAX_EXEMPT)
		return complain("more than %d exempt networks", MAX_EXEMPT);
	if (!network_parse(text, &o->exempt[o->n_exempt]))
		return complain("'%s' cannot be a network: write an address in "
				"numbers, and /BITS of it if not all",
		    text);
	o->n_exempt++;
	return true;
}

/* BEGIN alone turns away nobody before it and everybody from there on. */
static bool
set_nameless(struct options *o, const char *text)
{
	struct nameless_limit *l = &o->nameless;
	int used = 0;

	if (sscanf(text, "%5u%n", &l->begin, &used) == 1 &&
	    text[used] == '\0') {
		l->percent = 100;
		l->full = l->begin;
	} else if (sscanf(text, "%5u:%3u:%5u%n", &l->begin, &l->percent,
		       &l->full, &used) != 3 ||
		   text[used] != '\0') {
		used = -1;
	}
	if (used == -1 || l->begin < 1 || l->percent < 1 || l->percent > 100 ||
	    l->full < l->begin || l->full > MAX_USERS_LIMIT)
		return complain(
		    "'%s' cannot be a limit: write "
		    "BEGIN:PERCENT:FULL, where BEGIN is at least 1, "
		    "PERCENT 1 to 100 and FULL not less than BEGIN",
		    text);
	return true;
}

static bool
set_console(struct options *o, const char *text)
{
	enum name_result result;
	struct name name;

	o->console = text == NULL ? "server" : text;
	result = name_parse(o->console, strlen(o->console), &name);
	if (result != NAME_OK)
		return complain("'%s' cannot be a name: %s", o->console,
		    name_result_text(result));
	return true;
}

/* Returns false for a usage error. */
static bool
take_option(struct options *o, int option, const char *argument)
{
	switch (option) {
	case 'l':
		return add_listen(o, argument);
	case 'i':
		return set_instance(o, argument);
	case 'm':
		return set_number(&o->max_users, argument);
	case OPTION_MAX_PER_ADDRESS:
		return set_number(&o->max_per_address, argument);
	case OPTION_MAX_NAMELESS:
		return set_nameless(o, argument);
	case OPTION_EXEMPT:
		return add_exempt(o, argument);
	case OPTION_CHECK:
		o->check = true;
		return true;
	case OPTION_RUN_DIR:
		o->run_dir = argument;
		return true;
	case OPTION_CONSOLE:
		return set_console(o, argument);
	case OPTION_ONE_TO_ONE:
		o->one_to_one = true;
		return set_console(o, argument);
	case 'q':
		o->log_level = LOG_WARN;
		return true;
	case 'v':
		o->log_level = LOG_DEBUG;
		return true;
	default:
		return false;
	}
}

/* One address shall not fill the room, but a whole lab may be behind one. */
static unsigned
default_per_address(unsigned max_users)
{
	return max_users < 64 ? 16 : max_users / 4;
}

/* An eighth of the room may be slow to type.  When more are, nine in ten are
 * turned away: each birth is a fork that those who talk wait for. */
static struct nameless_limit
default_nameless(unsigned max_users)
{
	unsigned begin = max_users / 8 > 16 ? max_users / 8 : 16;

	return (struct nameless_limit){
		.begin = begin,
		.percent = 90,
		.full = max_users > begin ? max_users : begin,
	};
}

enum options_result
options_parse(int argc, char *const argv[], struct options *out)
{
	int option;

	*out = (struct options){
		.max_users = MAX_USERS_DEFAULT,
		.log_level = LOG_INFO,
	};
	/* 0, not 1: a parse that ended within a word is forgotten too. */
	optind = 0;
	while ((option = getopt_long(
		    argc, argv, "l:i:m:qvVh", long_options, NULL)) != -1) {
		if (option == 'V') {
			puts("chatd " CHATD_VERSION);
			return OPTIONS_DONE;
		}
		if (option == 'h') {
			fputs(usage_text, stdout);
			fputs(help_text, stdout);
			return OPTIONS_DONE;
		}
		if (!take_option(out, option, optarg))
			goto usage;
	}
	if (optind < argc) {
		complain("'%s' is not an option", argv[optind]);
		goto usage;
	}
	if (out->one_to_one)
		out->max_users = 2;
	if (out->max_per_address == 0)
		out->max_per_address = default_per_address(out->max_users);
	if (out->nameless.begin == 0)
		out->nameless = default_nameless(out->max_users);
	return OPTIONS_RUN;
usage:
	fputs(usage_text, stderr);
	return OPTIONS_USAGE;
}
