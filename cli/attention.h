/* attention.h - which messages are for the person at the screen, and which of
 * them are worth a bell.
 *
 * A mention is the person's own name as a word of its own, compared as the
 * server compares names (ipc/name.h).  Nobody mentions himself. */
#ifndef CLI_ATTENTION_H
#define CLI_ATTENTION_H

#include "cli/message.h"

#include <stdbool.h>

enum attention {
	ATTENTION_NONE,
	/* somebody else has the name in what he says or does */
	ATTENTION_MENTION,
	/* somebody else whispers to the person */
	ATTENTION_PRIVATE,
};

/* Each rings for what those before it do, too. */
enum attention_bell {
	BELL_NEVER,
	BELL_PRIVATE,
	BELL_MENTION,
	/* whatever somebody else says */
	BELL_ALL,
};

/* What `m` is to the person whose name is `me`.  To look for a mention the
 * whole text is folded; of other kinds the answer is cheap. */
enum attention attention_of(const struct message *m, const char *me);

bool attention_rings(enum attention_bell bell, enum attention attention,
    const struct message *m, const char *me);

#endif
