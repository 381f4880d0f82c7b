/* command.h - the /verbs and their help, from one list. */
#ifndef SRV_COMMAND_H
#define SRV_COMMAND_H

#include "srv/event.h"

/* verb, how it is written, what it does */
#define COMMANDS(X)                                                            \
	X(HELP, "/help", "/help", "this list")                                 \
	X(WHO, "/who", "/who", "who is here")                                  \
	X(WHOIS, "/whois", "/whois NAME",                                      \
	    "tells how long NAME has been here, and quiet")                    \
	X(ME, "/me", "/me TEXT", "says \"* you TEXT\" to everyone")            \
	X(NICK, "/nick", "/nick NAME", "takes another name")                   \
	X(MSG, "/msg", "/msg NAME TEXT", "says TEXT to NAME alone, as @NAME")  \
	X(IGNORE, "/ignore", "/ignore [NAME]",                                 \
	    "no longer hears NAME; alone: tells whom you ignore")              \
	X(UNIGNORE, "/unignore", "/unignore NAME", "hears NAME again")         \
	X(AWAY, "/away", "/away [TEXT]",                                       \
	    "shows others that you are away, and why")                         \
	X(BACK, "/back", "/back", "shows that you are back")                   \
	X(QUIT, "/quit", "/quit", "leaves, as exit does")

enum command {
	COMMAND_NONE,
#define X(id, verb, form, text) COMMAND_##id,
	COMMANDS(X)
#undef X
};

/* The command that this word, slash and all, names in any case. */
enum command command_find(struct span word);

/* Line i of the help, NULL behind the last. */
const char *command_help(unsigned i);

#endif
