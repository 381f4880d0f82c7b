/* own_command.h - the commands that chat itself carries out; any other that
 * begins with '/' is the server's. */
#ifndef CLI_OWN_COMMAND_H
#define CLI_OWN_COMMAND_H

#include "cli/message.h"

#include <stddef.h>

/* verb, what follows it, what it does */
#define OWN_COMMANDS(X)                                                        \
	X(ANSWER, "/r", " TEXT", "answers who last whispered to you")          \
	X(QUIET, "/quiet", "",                                                 \
	    "hides joins, leaves and renames, or shows them again")            \
	X(CLEAR, "/clear", "", "clears the screen")

enum own_command {
	OWN_NONE,
	/* /help, to which the server has its own to say */
	OWN_HELP,
#define X(id, verb, form, text) OWN_##id,
	OWN_COMMANDS(X)
#undef X
};

/* The command that a line is, its verb in any case; *rest_out is what follows
 * behind blanks. */
enum own_command own_command_find(struct slice line, struct slice *rest_out);

/* Line i of the help, and the verb it is about; NULL behind the last. */
const char *own_command_help(size_t i);
const char *own_command_verb(size_t i);

#endif
