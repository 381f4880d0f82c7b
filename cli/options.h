/* options.h - what the command line, the file of settings and the environment
 * ask of chat. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli/buffer.h"
#include "cli/config.h"

enum chat_options_result {
	CHAT_OPTIONS_RUN,
	CHAT_OPTIONS_HELP,
	CHAT_OPTIONS_VERSION,
	/* print the settings as a file */
	CHAT_OPTIONS_DUMP,
	CHAT_OPTIONS_BAD,
	/* it is the file that is wrong, not the command line */
	CHAT_OPTIONS_BAD_FILE,
};

/* Read the command line and what lies below it.  Where something is wrong
 * `error` says what. */
enum chat_options_result chat_options_parse(
    int argc, char *argv[], struct config *out, struct buffer *error);

#endif
