/* departures.h - who has said himself that he leaves, so that it is told once.
 *
 * A child that is killed while it tells the others of its leaving has told some
 * of them; the master, who cannot know which, then tells all.  So each child
 * remembers whom it has heard it from, until the leaver's slot shows that he
 * got to the end.  Takes no memory while nobody leaves.  Runs in a child. */
#ifndef SRV_DEPARTURES_H
#define SRV_DEPARTURES_H

#include "ipc/directory.h"

#include <stdbool.h>
#include <stdint.h>

/* All zero is an empty list. */
struct departures {
	struct user_ref *refs;
	uint32_t n, capacity;
};

void departures_free(struct departures *d);

/* `who` says that he leaves.  Without memory for it he is not remembered, and
 * may be told of twice. */
void departures_add(
    struct departures *d, const struct directory *dir, struct user_ref who);

/* The master says that `who` has left: whether that is news. */
bool departures_take(struct departures *d, struct user_ref who);

#endif
