/* who_options.h - what the command line of chat-who asks for. */
#ifndef TOOLS_WHO_OPTIONS_H
#define TOOLS_WHO_OPTIONS_H

#include "tools/who_select.h"
#include "tools/who_users.h"

#include <stdbool.h>

struct who_options {
	bool json, quiet, stats, watch, metrics, dump;
	struct who_user_columns columns;
	struct who_select select;
	/* the command line chooses some users, or an order of them */
	bool is_selective;
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

/* The caller frees with who_options_free, whatever it returns. */
enum who_request who_options_parse(
    int argc, char **argv, struct who_options *out);
void who_options_free(struct who_options *options);

/* The text of --help. */
extern const char who_options_help[];

#endif
