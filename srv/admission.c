/* admission.c - the limits at the door.
 *
 * A client that says nothing costs a process until its time for a name is over.
 * So that many of those cannot keep everybody else out clients are turned away
 * at random, more and more often as those grow in number, before the room is
 * full: somebody who does have a name gets in after a few tries.  A crowd that
 * comes at once and says who it is is let in at any speed. */
#include "srv/admission.h"

#include "ipc/clock.h"
#include "ipc/limits.h"

#include <stdlib.h>

/* The one guest of a one-to-one chat is here, or he leaves: nobody takes his
 * place. */
static bool
has_had_guest(const struct directory *dir, struct children *children)
{
	struct child_entry *entry = NULL;
	struct dir_row row;

	while ((entry = children_next(children, entry)) != NULL)
		if (!entry->is_console &&
		    directory_read(dir, entry->ref.slot, &row) == DIR_OK &&
		    row.joined_at != 0)
			return true;
	return false;
}

/* The limit is on users; who has left but still reads its last lines does not
 * count, and is only counted when it could matter. */
static bool
is_full(const struct options *options, const struct directory *dir,
    struct children *children)
{
	uint32_t max = dir->max_users;

	if (children->n < max)
		return false;
	return directory_count_users(dir) >= max ||
	       (options->one_to_one && has_had_guest(dir, children));
}

bool
admission_drops_early(
    const struct nameless_limit *limit, unsigned n, unsigned dice)
{
	unsigned percent;

	if (n < limit->begin)
		return false;
	if (n >= limit->full)
		return true;
	percent = limit->percent + (100 - limit->percent) * (n - limit->begin) /
				       (limit->full - limit->begin);
	return dice < percent;
}

static bool
is_crowded(const struct options *options, const struct directory *dir,
    const struct children *children)
{
	const struct nameless_limit *limit = &options->nameless;
	uint32_t n;

	/* Only counted when it could matter: who has joined has a name. */
	if (children->n < (uint64_t)limit->begin + directory_n_joined(dir))
		return false;
	n = directory_count_nameless(dir, INT64_MAX);
	if (n < limit->begin || n >= limit->full)
		return n >= limit->full;
	return admission_drops_early(limit,
	    directory_count_nameless(dir, clock_ms() - NAMELESS_MS),
	    arc4random_uniform(100));
}

const char *
admission_refuse(const struct options *options, struct directory *dir,
    struct children *children, const struct arrival *arrival)
{
	if (is_full(options, dir, children)) {
		directory_count(dir, DIR_COUNT_refused_full, 1);
		return options->one_to_one
			   ? "this is a one-to-one chat, and somebody is here"
			   : "the server is full; try again later";
	}
	if (is_crowded(options, dir, children)) {
		directory_count(dir, DIR_COUNT_refused_nameless, 1);
		return "too many are connecting just now; try again";
	}
	if (children_count_from(children, arrival->address_key) >=
	    options->max_per_address) {
		directory_count(dir, DIR_COUNT_refused_address, 1);
		return "too many are here from your address; try again later";
	}
	return NULL;
}
