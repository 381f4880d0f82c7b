/* who_options.h - what the command line of chat-who asks for. */
#ifndef TOOLS_WHO_OPTIONS_H
#define TOOLS_WHO_OPTIONS_H

#include <stdbool.h>

struct who_options {
	bool json, quiet, stats, watch, metrics;
	/* NULL where none was named; they point into argv */
	const char *run_dir, *instance;
};

enum who_request {
	WHO_LOOK,
	WHO_HELP,
	WHO_VERSION,
	/* standard error has been told what is wrong */
	WHO_USAGE,
};

enum who_request who_options_parse(
    int argc, char **argv, struct who_options *out);

/* The text of --help. */
extern const char who_options_help[];

#endif
