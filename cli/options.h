/* options.h - what the command line and the environment ask of chat. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#define CHAT_PORT_DEFAULT "5310"
#define CHAT_HOST_DEFAULT "localhost"

struct chat_options {
	/* "" when neither the command line nor the system knows one; not
	 * checked in any way */
	const char *name;
	char host[256];
	char port[8];
};

enum chat_options_result {
	CHAT_OPTIONS_RUN,
	CHAT_OPTIONS_HELP,
	CHAT_OPTIONS_VERSION,
	CHAT_OPTIONS_BAD,
};

/* Read the command line.  For CHAT_OPTIONS_BAD *error_out says what is wrong,
 * in static storage.  The name points into argv or the environment. */
enum chat_options_result chat_options_parse(
    int argc, char *argv[], struct chat_options *out, const char **error_out);

#endif
