/* people.c - who is here, as far as the lines of the server have told.
 *
 * A sorted array, since a prefix is then one search and one run.  Pure.  The
 * client believes the server no further than its memory: names that are none
 * are passed over, and past MAX_USERS_LIMIT nobody is added. */
#include "cli/people.h"

#include "ipc/limits.h"
#include "ipc/name.h"

#include <stdlib.h>
#include <string.h>

/* A name takes a handful of bytes and struct name 258, so only what is needed
 * is kept: the key and the text, each with a NUL, in `bytes`. */
struct person {
	size_t key_len;
	const char *text;
	char bytes[];
};

static void
forget_everyone(struct people *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->persons[i]);
	p->n = 0;
	p->n_unknown = p->n_gone = 0;
}

void
people_free(struct people *p)
{
	forget_everyone(p);
	free(p->persons);
	*p = (struct people){ 0 };
}

static struct person *
person_new(const struct name *name)
{
	struct person *who =
	    malloc(sizeof *who + (size_t)name->key_len + name->len + 2u);

	if (who == NULL)
		return NULL;
	who->key_len = name->key_len;
	memcpy(who->bytes, name->key, name->key_len + 1u);
	memcpy(who->bytes + name->key_len + 1, name->text, name->len + 1u);
	who->text = who->bytes + name->key_len + 1;
	return who;
}

static int
compare(const struct person *who, const struct name *name)
{
	size_t shorter =
	    who->key_len < name->key_len ? who->key_len : name->key_len;
	int order = memcmp(who->bytes, name->key, shorter);

	if (order != 0)
		return order;
	return who->key_len < name->key_len ? -1 : who->key_len > name->key_len;
}

/* The place of the first person not before `name`. */
static size_t
lower_bound(const struct people *p, const struct name *name)
{
	size_t low = 0, high = p->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(p->persons[middle], name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_at(const struct people *p, size_t at, const struct name *name)
{
	return at < p->n && compare(p->persons[at], name) == 0;
}

static bool
has_room(struct people *p)
{
	size_t size = p->size > 0 ? p->size * 2 : 64;
	struct person **persons;

	if (p->n == MAX_USERS_LIMIT)
		return false;
	if (p->n < p->size)
		return true;
	persons = realloc(p->persons, size * sizeof *persons);
	if (persons == NULL)
		return false;
	p->persons = persons;
	p->size = size;
	return true;
}

/* Whether somebody was added who was not in the list. */
static bool
add(struct people *p, struct slice s)
{
	struct name name;
	struct person *who;
	size_t at;

	if (name_parse(s.s, s.len, &name) != NAME_OK)
		return false;
	at = lower_bound(p, &name);
	if (is_at(p, at, &name) || !has_room(p))
		return false;
	who = person_new(&name);
	if (who == NULL)
		return false;
	memmove(p->persons + at + 1, p->persons + at,
	    (p->n - at) * sizeof(struct person *));
	p->persons[at] = who;
	p->n++;
	return true;
}

/* Whether somebody was removed. */
static bool
drop(struct people *p, struct slice s)
{
	struct name name;
	size_t at;

	if (name_parse(s.s, s.len, &name) != NAME_OK)
		return false;
	at = lower_bound(p, &name);
	if (!is_at(p, at, &name))
		return false;
	free(p->persons[at]);
	p->n--;
	memmove(p->persons + at, p->persons + at + 1,
	    (p->n - at) * sizeof(struct person *));
	return true;
}

static void
one_less_unknown(struct people *p)
{
	if (p->n_unknown > 0)
		p->n_unknown--;
}

static void
learn_list(struct people *p, struct slice list)
{
	struct slice name;

	while (message_next_name(&list, &name))
		if (add(p, name))
			one_less_unknown(p);
}

/* Somebody has come.  If he is in the list he is one of those who had gone
 * unnamed; if there is no memory for his name he is here all the same. */
static void
learn_arrival(struct people *p, struct slice s)
{
	struct name name;

	if (add(p, s))
		return;
	(void)name_parse(s.s, s.len, &name);
	if (!is_at(p, lower_bound(p, &name), &name))
		p->n_unknown++;
	else if (p->n_gone > 0)
		p->n_gone--;
}

/* Those whose names are not told are here as well. */
static void
learn_crowd_joined(struct people *p, const struct message *m)
{
	struct slice list = m->text, name;

	p->n_unknown += m->n_people;
	while (message_next_name(&list, &name)) {
		one_less_unknown(p);
		learn_arrival(p, name);
	}
}

/* Of those whose names are not told it is not known who they are: they stay in
 * the list until they are asked for. */
static void
learn_crowd_left(struct people *p, const struct message *m)
{
	struct slice list = m->text, name;
	size_t n_named = 0;

	for (; message_next_name(&list, &name); n_named++)
		if (!drop(p, name))
			one_less_unknown(p);
	if (m->n_people > n_named)
		p->n_gone += m->n_people - n_named;
}

void
people_learn(struct people *p, const struct message *m)
{
	switch (m->kind) {
	case MESSAGE_PRESENT:
		forget_everyone(p);
		p->n_unknown = m->n_people;
		learn_list(p, m->text);
		break;
	case MESSAGE_ALSO_PRESENT:
		learn_list(p, m->text);
		break;
	case MESSAGE_JOINED:
		learn_arrival(p, m->author);
		break;
	case MESSAGE_LEFT:
		if (!drop(p, m->author))
			one_less_unknown(p);
		break;
	case MESSAGE_RENAMED:
		if (!drop(p, m->author))
			one_less_unknown(p);
		learn_arrival(p, m->recipient);
		break;
	case MESSAGE_CROWD_JOINED:
		learn_crowd_joined(p, m);
		break;
	case MESSAGE_CROWD_LEFT:
		learn_crowd_left(p, m);
		break;
	case MESSAGE_SAID:
	case MESSAGE_PRIVATE:
		if (add(p, m->author))
			one_less_unknown(p);
		break;
	case MESSAGE_WELCOME:
	case MESSAGE_GOODBYE:
	case MESSAGE_REFUSED:
	case MESSAGE_NOTICE:
	case MESSAGE_UNKNOWN:
		break;
	}
}

size_t
people_count(const struct people *p)
{
	size_t n = p->n + p->n_unknown;

	return n > p->n_gone ? n - p->n_gone : 0;
}

const char *
people_next(const struct people *p, const char *prefix, size_t prefix_len,
    size_t *cursor)
{
	struct name name = { 0 };
	const struct person *who;

	if (prefix_len > 0 && name_parse(prefix, prefix_len, &name) != NAME_OK)
		return NULL;
	if (*cursor == 0)
		*cursor = lower_bound(p, &name);
	if (*cursor >= p->n)
		return NULL;
	who = p->persons[*cursor];
	if (who->key_len < name.key_len ||
	    memcmp(who->bytes, name.key, name.key_len) != 0)
		return NULL;
	++*cursor;
	return who->text;
}
