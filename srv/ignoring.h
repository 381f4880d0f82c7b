/* ignoring.h - whom one user does not want to hear.
 *
 * He says names and means people.  Whoever has one of the names, or takes it,
 * is ignored for as long as he is here, whatever he calls himself meanwhile;
 * when he has left and comes back under the name he is ignored again.  So names
 * are looked at when somebody comes or takes one, as the news tells, and what
 * is said is judged by its author's slot and generation alone. Pure; in a
 * child. */
#ifndef SRV_IGNORING_H
#define SRV_IGNORING_H

#include "ipc/directory.h"
#include "ipc/limits.h"
#include "ipc/name.h"

#include <stdbool.h>
#include <stdint.h>

/* Somebody who has had a name that is ignored. */
struct ignored_person {
	struct user_ref who;
	/* which of the names */
	uint32_t name;
};

/* Large, and not touched before somebody is ignored. */
struct ignored {
	struct ignored_person people[IGNORED_PEOPLE];
	struct name names[IGNORED_NAMES];
};

struct ignoring {
	unsigned n_names, n_people;
	struct ignored *list;
};

/* Nobody is ignored; `list` stays the caller's and may be anything. */
void ignoring_init(struct ignoring *ignoring, struct ignored *list);

/* Ignore `name`, which `who` has; NULL: nobody who is here.  To do so twice is
 * fine.  Returns false, and changes nothing, when there is no room. */
bool ignoring_add(struct ignoring *ignoring, const struct name *name,
    const struct user_ref *who);

/* Ignore neither `name` any more nor `who`, who has it.  Returns false when
 * neither was ignored. */
bool ignoring_remove(struct ignoring *ignoring, const struct name *name,
    const struct user_ref *who);

/* `who` has this name: he came under it, or has taken it. */
void ignoring_meet(
    struct ignoring *ignoring, struct user_ref who, const struct name *name);

/* `who` has left, and will not speak again. */
void ignoring_part(struct ignoring *ignoring, struct user_ref who);

bool ignoring_has(const struct ignoring *ignoring, struct user_ref who);

/* Whether what `who` says is not to be heard. */
static inline bool
ignoring_drops(const struct ignoring *ignoring, struct user_ref who)
{
	return ignoring->n_people > 0 && ignoring_has(ignoring, who);
}

#endif
