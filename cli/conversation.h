/* conversation.h - where the talk with the server stands, and what follows from
 * what either side says.  Knows neither sockets nor terminals. */
#ifndef CLI_CONVERSATION_H
#define CLI_CONVERSATION_H

#include "cli/buffer.h"
#include "cli/message.h"
#include "cli/people.h"
#include "cli/unconfirmed.h"
#include "cli/whisperer.h"
#include "ipc/limits.h"

#include <stdbool.h>
#include <stddef.h>

enum conversation_state {
	CONVERSATION_NAMELESS,     /* the server waits for a name from us */
	CONVERSATION_NAME_OFFERED, /* we wait for what it says to one */
	CONVERSATION_IN,           /* it has bidden us welcome */
	CONVERSATION_OVER,         /* it has bidden us goodbye */
};

/* A /who of our own, sent to complete a name, whose answer is not shown. */
enum conversation_who {
	WHO_NOT_ASKED,
	WHO_ASKED,
	/* some line was refused since, perhaps this one */
	WHO_DOUBTED,
	/* the answer has begun */
	WHO_LISTING,
};

struct conversation {
	enum conversation_state state;
	/* a name was refused, or we were altogether */
	bool was_refused;
	enum conversation_who who;
	/* the server has not told of everyone who came and went */
	bool has_lost_count;
	/* the name that the server gave us; "" before the welcome */
	char name[NAME_MAX_BYTES + 1];
	struct people people;
	struct whisperer whisperer;
	/* private messages since something was last said */
	unsigned n_unread;
	/* what was said and has not come back; noted if somebody wants to know
	 */
	struct unconfirmed sent;
	bool keeps_sent;
};

/* All zero is the beginning. */
void conversation_free(struct conversation *c);

/* Begin anew with a server that knows nothing of us. */
void conversation_restart(struct conversation *c);

/* Whether the server has let us in; also after the goodbye. */
bool conversation_is_welcome(const struct conversation *c);

/* Whether these are the bytes of the name that the server gave us. */
bool conversation_is_own_name(const struct conversation *c, struct slice name);

enum say_result {
	SAY_QUEUED,
	/* nothing to say: an empty line, or several */
	SAY_EMPTY,
	/* a name is being judged: what comes after it would be taken for
	 * another one if it were refused */
	SAY_NOT_YET,
	/* a line is longer than LINE_MAX_BYTES */
	SAY_TOO_LONG,
	/* a name with control characters, or not UTF-8 */
	SAY_UNSENDABLE,
};

/* Append the line or lines of `text` to what goes to the server; all of them
 * or, unless the result is SAY_QUEUED, none.  While nameless, `text` is a name.
 */
enum say_result conversation_say(struct conversation *c, const char *text,
    size_t len, struct buffer *to_server);

/* Take in what the server said.  Returns whether it is to be shown. */
bool conversation_hear(struct conversation *c, const struct message *m);

/* Whether the names of all who are here are known; if not, they are asked
 * for, and can be looked for again when conversation_hear has been called. */
bool conversation_knows_everyone(
    struct conversation *c, struct buffer *to_server);

/* If the server has said that it has not told of everyone who came and went,
 * ask it who is here; the answer is not shown. */
void conversation_recount(struct conversation *c, struct buffer *to_server);

#endif
