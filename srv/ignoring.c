/* ignoring.c - two lists: the names, and the people who have had one of them;
 * see the header. */
#include "srv/ignoring.h"

#include "ipc/memory.h"

#include <string.h>

/* No name of the list. */
#define NO_NAME UINT32_MAX

void
ignoring_init(struct ignoring *ignoring, struct ignored *list)
{
	*ignoring = (struct ignoring){ .list = list };
}

static uint32_t
find_name(const struct ignoring *ignoring, const struct name *name)
{
	for (uint32_t i = 0; i < ignoring->n_names; i++)
		if (name_same(&ignoring->list->names[i], name))
			return i;
	return NO_NAME;
}

static void
remove_person(struct ignoring *ignoring, unsigned i)
{
	struct ignored_person *at = &ignoring->list->people[i];

	ignoring->n_people--;
	memmove(at, at + 1, (ignoring->n_people - i) * sizeof *at);
}

/* Of more people than there is room for, the first are heard again. */
static void
add_person(struct ignoring *ignoring, struct user_ref who, uint32_t name)
{
	struct ignored_person *people = ignoring->list->people;

	for (unsigned i = 0; i < ignoring->n_people; i++)
		if (people[i].name == name &&
		    user_ref_equal(people[i].who, who))
			return;
	if (ignoring->n_people == IGNORED_PEOPLE)
		remove_person(ignoring, 0);
	people[ignoring->n_people++] = (struct ignored_person){ who, name };
}

bool
ignoring_add(struct ignoring *ignoring, const struct name *name,
    const struct user_ref *who)
{
	uint32_t i = find_name(ignoring, name);

	if (i == NO_NAME) {
		if (ignoring->n_names == IGNORED_NAMES)
			return false;
		i = ignoring->n_names++;
		ignoring->list->names[i] = *name;
	}
	if (who != NULL)
		add_person(ignoring, *who, i);
	return true;
}

/* With everybody who is ignored for it. */
static void
remove_name(struct ignoring *ignoring, uint32_t name)
{
	struct name *at = &ignoring->list->names[name];
	struct ignored_person *people = ignoring->list->people;

	ignoring->n_names--;
	memmove(at, at + 1, (ignoring->n_names - name) * sizeof *at);
	for (unsigned i = ignoring->n_people; i-- > 0;) {
		if (people[i].name == name)
			remove_person(ignoring, i);
		else if (people[i].name > name)
			people[i].name--;
	}
}

/* The name that `who` is ignored for. */
static uint32_t
find_person(const struct ignoring *ignoring, struct user_ref who)
{
	for (unsigned i = 0; i < ignoring->n_people; i++)
		if (user_ref_equal(ignoring->list->people[i].who, who))
			return ignoring->list->people[i].name;
	return NO_NAME;
}

bool
ignoring_remove(struct ignoring *ignoring, const struct name *name,
    const struct user_ref *who)
{
	unsigned n_before = ignoring->n_names;
	uint32_t i = find_name(ignoring, name);

	if (i != NO_NAME)
		remove_name(ignoring, i);
	while (who != NULL && (i = find_person(ignoring, *who)) != NO_NAME)
		remove_name(ignoring, i);
	if (ignoring->n_names == 0 && n_before > 0)
		memory_give_back(ignoring->list, sizeof *ignoring->list);
	return ignoring->n_names < n_before;
}

void
ignoring_meet(
    struct ignoring *ignoring, struct user_ref who, const struct name *name)
{
	uint32_t i = find_name(ignoring, name);

	if (i != NO_NAME)
		add_person(ignoring, who, i);
}

void
ignoring_part(struct ignoring *ignoring, struct user_ref who)
{
	for (unsigned i = ignoring->n_people; i-- > 0;)
		if (user_ref_equal(ignoring->list->people[i].who, who))
			remove_person(ignoring, i);
}

bool
ignoring_has(const struct ignoring *ignoring, struct user_ref who)
{
	return find_person(ignoring, who) != NO_NAME;
}
