/* unconfirmed.h - what has been sent to be heard by others, and has not come
 * back from the server yet.
 *
 * When the connection is lost these are the lines of which nobody knows whether
 * they were heard.  A line that comes back is found by how it ends, since the
 * server puts something before it; those sent before it have had their answers,
 * too. */
#ifndef CLI_UNCONFIRMED_H
#define CLI_UNCONFIRMED_H

#include "cli/buffer.h"
#include "cli/message.h"

#include <stdbool.h>
#include <stddef.h>

enum sent_kind {
	/* of which nothing comes back to be heard by others: /who and the like
	 */
	SENT_REQUEST,
	SENT_SAID,
	SENT_WHISPERED,
	SENT_DONE, /* by /me */
	SENT_LEAVING,
};

struct sent_line;

/* All zero is an empty list. */
struct unconfirmed {
	/* the oldest first */
	struct sent_line *first;
	struct sent_line *last;
};

void unconfirmed_free(struct unconfirmed *u);

/* What a line means to the server. */
enum sent_kind unconfirmed_kind(struct slice line);

/* It has been sent.  Without memory for it nobody will tell of it. */
void unconfirmed_add(struct unconfirmed *u, struct slice line);

/* Take in what the server says, to the person whose name is `me`. */
void unconfirmed_hear(
    struct unconfirmed *u, const struct message *m, struct slice me);

/* Whether the person has asked to leave. */
bool unconfirmed_has_leaving(const struct unconfirmed *u);

/* Append all lines but that one, each ended by LF. */
void unconfirmed_list(const struct unconfirmed *u, struct buffer *out);

#endif
