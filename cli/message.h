/* message.h - what a line of the server means.
 *
 * The first character tells the kind; notices are told apart by their wording,
 * which the server lets nobody imitate.  A line that fits no form is a message
 * all the same, so everything the server sends can be shown.  Nobody joins,
 * leaves or is renamed whose name could be none (ipc/name.h). */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include "cli/slice.h"

#include <stdbool.h>
#include <stddef.h>

enum message_kind {
	MESSAGE_SAID,         /* author: text */
	MESSAGE_PRIVATE,      /* [author -> recipient] text */
	MESSAGE_REFUSED,      /* ! text */
	MESSAGE_WELCOME,      /* * Welcome, author! ... */
	MESSAGE_GOODBYE,      /* * Goodbye, author!, * Goodbye! */
	MESSAGE_PRESENT,      /* * n_people people are here: text */
	MESSAGE_ALSO_PRESENT, /* * also here: text */
	MESSAGE_JOINED,       /* * author joined */
	MESSAGE_LEFT,         /* * author left, * author left (text) */
	MESSAGE_RENAMED,      /* * author is now recipient */
	MESSAGE_CROWD_JOINED, /* * n_people people joined: text */
	MESSAGE_CROWD_LEFT,   /* * n_people people left: text */
	MESSAGE_NOTICE,       /* * text: any other notice, what /me does too */
	MESSAGE_UNKNOWN,      /* text */
};

struct message {
	enum message_kind kind;
	/* The whole line; what follows lies within it, and is empty where the
	 * kind has no such part. */
	struct slice line;
	struct slice author;
	struct slice recipient;
	struct slice text;
	unsigned n_people;
};

/* Parse a line without its line end.  The message points into it. */
void message_parse(const char *line, size_t len, struct message *out);

/* A line, or a piece of one, that is not to be understood, only shown. */
void message_unknown(const char *line, size_t len, struct message *out);

/* Take the next name off the list that MESSAGE_PRESENT, its continuation and
 * the crowds have as text; `rest` begins as that text.  False at the end.  What
 * a long list ends with, "and 194 more", is no name; what could be nobody's is
 * passed over, and so is the mark of who is away, "bob (away)". */
bool message_next_name(struct slice *rest, struct slice *name_out);

#endif
