/* whisperer.h - who has last whispered to the person, by the name he has now.
 *
 * Once he has left the name may be anybody's, so it is not answered to. */
#ifndef CLI_WHISPERER_H
#define CLI_WHISPERER_H

#include "cli/message.h"
#include "ipc/name.h"

#include <stdbool.h>

/* All zero: nobody has. */
struct whisperer {
	/* empty: nobody has */
	struct name name;
	bool has_left;
};

/* Learn from a message; the person's name is `me`. */
void whisperer_learn(
    struct whisperer *w, const struct message *m, const char *me);

#endif
