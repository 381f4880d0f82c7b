/* whisperer.c - who has last whispered to the person.  Pure. */
#include "cli/whisperer.h"

#include "cli/attention.h"

static bool
is_him(const struct whisperer *w, struct slice s)
{
	struct name name;

	return w->name.len > 0 && !w->has_left &&
	       name_parse(s.s, s.len, &name) == NAME_OK &&
	       name_same(&name, &w->name);
}

/* Those who are not named may be him: the server then says that there is nobody
 * of that name. */
static bool
is_in_crowd(const struct whisperer *w, struct slice list)
{
	struct slice name;

	while (message_next_name(&list, &name))
		if (is_him(w, name))
			return true;
	return false;
}

static bool
leaves(const struct whisperer *w, const struct message *m)
{
	return (m->kind == MESSAGE_LEFT && is_him(w, m->author)) ||
	       (m->kind == MESSAGE_CROWD_LEFT && is_in_crowd(w, m->text));
}

void
whisperer_learn(struct whisperer *w, const struct message *m, const char *me)
{
	struct name name;

	if (m->kind == MESSAGE_PRIVATE) {
		if (attention_of(m, me) == ATTENTION_PRIVATE &&
		    name_parse(m->author.s, m->author.len, &name) == NAME_OK)
			*w = (struct whisperer){ .name = name };
	} else if (m->kind == MESSAGE_RENAMED && is_him(w, m->author)) {
		(void)name_parse(m->recipient.s, m->recipient.len, &w->name);
	} else if (leaves(w, m)) {
		w->has_left = true;
	}
}
