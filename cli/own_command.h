/* own_command.h - the commands that chat itself carries out; any other that
 * begins with '/' is the server's. */
#ifndef CLI_OWN_COMMAND_H
#define CLI_OWN_COMMAND_H

#include "cli/language.h"
#include "cli/message.h"

#include <stddef.h>

/* verb, its line of the help */
#define OWN_COMMANDS(X)                                                        \
	X(ANSWER, "/r", N_("/r TEXT - answers who last whispered to you"))     \
	X(QUIET, "/quiet",                                                     \
	    N_("/quiet - hides joins, leaves and renames, or shows them "      \
	       "again"))                                                       \
	X(CLEAR, "/clear", N_("/clear - clears the screen"))                   \
	X(LAST, "/last",                                                       \
	    N_("/last TEXT - shows again the last lines with TEXT in them"))

enum own_command {
	OWN_NONE,
	/* /help, to which the server has its own to say */
	OWN_HELP,
#define X(id, verb, help) OWN_##id,
	OWN_COMMANDS(X)
#undef X
};

/* The command that a line is, its verb in any case; *rest_out is what follows
 * behind blanks. */
enum own_command own_command_find(struct slice line, struct slice *rest_out);

/* Line i of the help, to be translated, and the verb it is about; NULL behind
 * the last. */
const char *own_command_help(size_t i);
const char *own_command_verb(size_t i);

#endif
