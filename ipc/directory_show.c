/* directory_show.c - what is shown of a user besides his entry: that he is
 * behind, floods, is away or stopped.
 *
 * No lock: no search and no decision about a slot goes by it, and each is one
 * atomic word, or hangs on one. */
#include "ipc/directory.h"

#include "ipc/log.h"

#include <string.h>

void
directory_show(struct directory *dir, uint64_t flag, bool is_so)
{
	dir_presence *presence = &dir->presence[dir->own_slot];

	if (is_so && dir_presence_state(*presence) == DIR_JOINED)
		atomic_fetch_or(presence, flag);
	else
		atomic_fetch_and(presence, ~flag);
}

/* Another even value than any before: he is not away. */
static uint32_t
next_back(const struct dir_slot *slot)
{
	return (atomic_load(&slot->is_away) | 1) + 1;
}

void
directory_show_away(struct directory *dir, const char *text, size_t len)
{
	struct dir_slot *slot = directory_own(dir);
	uint32_t back = next_back(slot);

	if (len > AWAY_MAX_BYTES)
		bug("a text of %zu bytes for being away", len);
	/* Not while the text is written. */
	(void)atomic_exchange(&slot->is_away, back);
	atomic_thread_fence(memory_order_seq_cst);
	memset(slot->away, 0, sizeof slot->away);
	if (len > 0)
		memcpy(slot->away, text, len);
	atomic_store(&slot->is_away, back + 1);
}

void
directory_show_back(struct directory *dir)
{
	struct dir_slot *slot = directory_own(dir);

	atomic_store(&slot->is_away, next_back(slot));
}

void
directory_show_stopped(struct directory *dir, struct user_ref who, bool is_so)
{
	dir_presence *presence = &dir->presence[who.slot];

	if (is_so)
		atomic_fetch_or(presence, DIR_PRESENCE_STOPPED);
	else
		atomic_fetch_and(presence, ~DIR_PRESENCE_STOPPED);
}
