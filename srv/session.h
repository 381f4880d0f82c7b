/* session.h - what a client's line asks for.
 *
 * Pure: a line in, a request out; who carries it out is dialogue.c.  The first
 * line is a name; after that a line is said to everyone, "@name text" to one,
 * "/verb" is a command (command.c), "exit" leaves. */
#ifndef SRV_SESSION_H
#define SRV_SESSION_H

#include "ipc/counters.h"
#include "ipc/limits.h"
#include "srv/event.h"

#include <stdbool.h>

enum request_kind {
	/* an empty line */
	REQUEST_NOTHING,
	/* take `name`, the first one or another */
	REQUEST_NAME,
	REQUEST_SAY,
	REQUEST_ACT,
	/* say `text` to `name` */
	REQUEST_WHISPER,
	REQUEST_WHO,
	/* how long `name` has been here, and the like */
	REQUEST_WHOIS,
	/* hear nothing of `name` any more; tell whom, if it is empty */
	REQUEST_IGNORE,
	REQUEST_UNIGNORE,
	/* be away, for the reason `text`, of at most AWAY_MAX_BYTES, or none */
	REQUEST_AWAY,
	REQUEST_BACK,
	REQUEST_HELP,
	REQUEST_LEAVE,
	/* tell the client `text`: why its line was refused */
	REQUEST_REFUSE,
};

struct request {
	/* first: what is always used is then next to what comes behind it */
	char shown[LINE_MAX_BYTES + 1];
	enum request_kind kind;
	/* Both point into the line or into `shown`. */
	struct span name;
	struct span text;
	/* where a REQUEST_REFUSE is counted */
	enum dir_counter counter;
};

/* Take the line apart.  is_named: the client has its name already. */
void session_read(bool is_named, struct span line, struct request *out);

/* Make *out a refusal with this reason, formatted and made printable, that is
 * counted there. */
__attribute__((format(printf, 3, 4))) void session_refuse(
    struct request *out, enum dir_counter counter, const char *format, ...);

#endif
