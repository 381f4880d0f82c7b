/* options.c - what the command line and the environment ask of chat.
 *
 * Run once, at the start.  Prints nothing and ends nothing: main.c does.  Each
 * key of config.h is an option too; what is given here goes above the file. */
#include "cli/options.h"

#include "cli/config_file.h"
#include "cli/language.h"

#include <getopt.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_KEYS 32

/* Long options that are no keys and have no letter; keys follow them. */
enum { OPTION_CONFIG = 256, OPTION_DUMP, OPTION_KEYS };

/* What the command line asks for, before the file has been read. */
struct wishes {
	const char *config_path;
	const char *values[MAX_KEYS];
	bool dumps;
};

/* The name that the system knows the person by; "" if there is none. */
static const char *
login_name(void)
{
	const char *name = getenv("USER");
	const struct passwd *pw;

	if (name != NULL && name[0] != '\0')
		return name;
	name = getlogin();
	if (name != NULL && name[0] != '\0')
		return name;
	pw = getpwuid(getuid());
	return pw != NULL ? pw->pw_name : "";
}

static enum chat_options_result
bad(struct buffer *error, const char *why)
{
	buffer_append_string(error, why);
	return CHAT_OPTIONS_BAD;
}

static size_t
key_number(const char *name)
{
	size_t i = 0;

	while (strcmp(config_key(i), name) != 0)
		i++;
	return i;
}

/* The keys behind the options that are none. */
static void
list_options(struct option *options)
{
	static const struct option others[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ "config", required_argument, NULL, OPTION_CONFIG },
		{ "dump-config", no_argument, NULL, OPTION_DUMP },
	};
	size_t n = sizeof others / sizeof *others;

	memcpy(options, others, sizeof others);
	for (size_t i = 0; config_key(i) != NULL && i < MAX_KEYS; i++)
		options[n++] = (struct option){ config_key(i),
			config_is_switch(i) ? optional_argument
					    : required_argument,
			NULL, OPTION_KEYS + (int)i };
	options[n] = (struct option){ 0 };
}

static enum chat_options_result
read_command_line(
    int argc, char *argv[], struct wishes *wishes, struct buffer *error)
{
	struct option options[MAX_KEYS + 8];
	int option;

	list_options(options);
	/* 0 begins anew, also in the midst of an argument. */
	optind = 0;
	opterr = 0;
	while (
	    (option = getopt_long(argc, argv, ":n:hV", options, NULL)) != -1) {
		switch (option) {
		case 'n':
			wishes->values[key_number("name")] = optarg;
			break;
		case 'h':
			return CHAT_OPTIONS_HELP;
		case 'V':
			return CHAT_OPTIONS_VERSION;
		case OPTION_CONFIG:
			wishes->config_path = optarg;
			break;
		case OPTION_DUMP:
			wishes->dumps = true;
			break;
		case ':':
			buffer_append_format(
			    error, _("%s needs a value"), argv[optind - 1]);
			return CHAT_OPTIONS_BAD;
		case '?':
			return bad(error, _("there is no such option"));
		default:
			wishes->values[option - OPTION_KEYS] =
			    optarg != NULL ? optarg : "yes";
			break;
		}
	}
	if (argc - optind > 1)
		return bad(error, _("one server at a time"));
	if (optind < argc)
		wishes->values[key_number("server")] = argv[optind];
	return CHAT_OPTIONS_RUN;
}

enum chat_options_result
chat_options_parse(
    int argc, char *argv[], struct config *out, struct buffer *error)
{
	struct wishes wishes = { 0 };
	struct buffer unused = { 0 };
	enum chat_options_result result;

	config_init(out);
	/* One that is too long is no name: the person is asked. */
	(void)config_set(out, key_number("name"), login_name(), &unused);
	buffer_free(&unused);
	result = read_command_line(argc, argv, &wishes, error);
	if (result != CHAT_OPTIONS_RUN)
		return result;
	if (!config_file_load(out, wishes.config_path, error))
		return CHAT_OPTIONS_BAD_FILE;
	for (size_t i = 0; config_key(i) != NULL && i < MAX_KEYS; i++)
		if (wishes.values[i] != NULL &&
		    !config_set(out, i, wishes.values[i], error))
			return CHAT_OPTIONS_BAD;
	return wishes.dumps ? CHAT_OPTIONS_DUMP : CHAT_OPTIONS_RUN;
}
