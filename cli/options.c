/* options.c - what the command line and the environment ask of chat.
 *
 * Run once, at the start.  Prints nothing and ends nothing: main.c does. */
#include "cli/options.h"

#include <ctype.h>
#include <getopt.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
is_port(const char *s)
{
	size_t len = strlen(s);

	if (len == 0 || len > 5)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isdigit((unsigned char)s[i]))
			return false;
	return atoi(s) >= 1 && atoi(s) <= 65535;
}

/* HOST, HOST:PORT, :PORT, [ADDRESS], [ADDRESS]:PORT; a second colon outside of
 * brackets can only be an IPv6 address without a port.  Returns what is wrong
 * or NULL. */
static const char *
parse_address(const char *s, struct chat_options *out)
{
	const char *colon = strchr(s, ':');
	const char *host = s, *port = NULL;
	size_t host_len = strlen(s);

	if (s[0] == '[') {
		const char *bracket = strchr(s, ']');

		if (bracket == NULL ||
		    (bracket[1] != '\0' && bracket[1] != ':'))
			return "an address in brackets is written "
			       "[ADDRESS]:PORT";
		host = s + 1;
		host_len = (size_t)(bracket - host);
		if (host_len == 0)
			return "there is no address in the brackets";
		if (bracket[1] == ':')
			port = bracket + 2;
	} else if (colon != NULL && strchr(colon + 1, ':') == NULL) {
		host_len = (size_t)(colon - s);
		port = colon + 1;
	}
	if (port != NULL && !is_port(port))
		return "a port is a number from 1 to 65535";
	if (host_len >= sizeof out->host)
		return "the host name is too long";
	if (host_len > 0)
		(void)snprintf(
		    out->host, sizeof out->host, "%.*s", (int)host_len, host);
	if (port != NULL)
		(void)snprintf(out->port, sizeof out->port, "%s", port);
	return NULL;
}

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
bad(const char **error_out, const char *error)
{
	*error_out = error;
	return CHAT_OPTIONS_BAD;
}

enum chat_options_result
chat_options_parse(
    int argc, char *argv[], struct chat_options *out, const char **error_out)
{
	static const struct option long_options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "name", required_argument, NULL, 'n' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	*out = (struct chat_options){
		.host = CHAT_HOST_DEFAULT,
		.port = CHAT_PORT_DEFAULT,
	};
	/* 0 begins anew, also in the midst of an argument. */
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(
		    argc, argv, ":n:hV", long_options, NULL)) != -1) {
		switch (option) {
		case 'n':
			out->name = optarg;
			break;
		case 'h':
			return CHAT_OPTIONS_HELP;
		case 'V':
			return CHAT_OPTIONS_VERSION;
		case ':':
			return bad(error_out, "option -n needs a name");
		default:
			return bad(error_out, "there is no such option");
		}
	}
	if (argc - optind > 1)
		return bad(error_out, "one server at a time");
	if (optind < argc) {
		const char *error = parse_address(argv[optind], out);

		if (error != NULL)
			return bad(error_out, error);
	}
	if (out->name == NULL)
		out->name = login_name();
	return CHAT_OPTIONS_RUN;
}
