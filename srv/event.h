/* event.h - what can happen in the room, as one user sees it.
 *
 * The core deals in events; how one looks on the wire is the business of a
 * client protocol's own file (line_protocol.c). */
#ifndef SRV_EVENT_H
#define SRV_EVENT_H

#include <stddef.h>

enum event_kind {
	/* author said text to everyone */
	EVENT_SAID,
	/* author describes himself: /me */
	EVENT_ACTED,
	/* author said text to recipient alone */
	EVENT_WHISPERED,
	EVENT_JOINED,
	/* text is the reason, empty when it was his own choice */
	EVENT_LEFT,
	/* author's name is text from here on */
	EVENT_RENAMED,
	/* the server tells this user something */
	EVENT_NOTICE,
	/* the user's last line was refused; text says why */
	EVENT_REFUSED,
};

/* Bytes that are somebody else's, safe to show (ipc/text.h). */
struct span {
	const char *bytes;
	size_t len;
};

struct event {
	enum event_kind kind;
	struct span author;
	struct span recipient;
	struct span text;
};

#endif
