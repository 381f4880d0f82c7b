/* unconfirmed.c - what has been sent and has not come back yet.  Pure. */
#include "cli/unconfirmed.h"

#include <stdlib.h>
#include <string.h>

struct sent_line {
	struct sent_line *next;
	enum sent_kind kind;
	size_t len;
	char text[];
};

static void
drop_first(struct unconfirmed *u)
{
	struct sent_line *first = u->first;

	u->first = first->next;
	if (u->first == NULL)
		u->last = NULL;
	free(first);
}

void
unconfirmed_free(struct unconfirmed *u)
{
	while (u->first != NULL)
		drop_first(u);
}

/* Sending ---------------------------------------------------------------- */

enum sent_kind
unconfirmed_kind(struct slice line)
{
	struct slice trimmed = slice_trim(line);

	if (slice_has_verb(trimmed, "/quit") || slice_is(trimmed, "exit"))
		return SENT_LEAVING;
	if (slice_has_verb(line, "/msg"))
		return SENT_WHISPERED;
	if (slice_has_verb(line, "/me"))
		return SENT_DONE;
	if (slice_begins(line, "@") && !slice_begins(line, "@@"))
		return SENT_WHISPERED;
	if (slice_begins(line, "/") && !slice_begins(line, "//"))
		return SENT_REQUEST;
	return SENT_SAID;
}

void
unconfirmed_add(struct unconfirmed *u, struct slice line)
{
	enum sent_kind kind = unconfirmed_kind(line);
	struct sent_line *sent;

	if (kind == SENT_REQUEST)
		return;
	sent = malloc(sizeof *sent + line.len);
	if (sent == NULL)
		return;
	sent->next = NULL;
	sent->kind = kind;
	sent->len = line.len;
	memcpy(sent->text, line.s, line.len);
	if (u->last != NULL)
		u->last->next = sent;
	else
		u->first = sent;
	u->last = sent;
}

/* Hearing ---------------------------------------------------------------- */

/* Which kind of line of ours has come back; SENT_REQUEST: none. */
static enum sent_kind
kind_heard(const struct message *m, struct slice me)
{
	if (m->kind == MESSAGE_SAID && slice_equals(m->author, me))
		return SENT_SAID;
	if (m->kind == MESSAGE_PRIVATE && slice_equals(m->author, me))
		return SENT_WHISPERED;
	if (m->kind == MESSAGE_NOTICE && m->text.len > me.len &&
	    memcmp(m->text.s, me.s, me.len) == 0 && m->text.s[me.len] == ' ')
		return SENT_DONE;
	return SENT_REQUEST;
}

static bool
ends(const struct sent_line *sent, struct slice with)
{
	return sent->len >= with.len &&
	       memcmp(sent->text + sent->len - with.len, with.s, with.len) == 0;
}

/* The line that has come back: by its text or, as the server may have made some
 * of that visible, the oldest of its kind. */
static const struct sent_line *
find(const struct unconfirmed *u, enum sent_kind kind, struct slice text)
{
	const struct sent_line *oldest = NULL;

	for (const struct sent_line *s = u->first; s != NULL; s = s->next) {
		if (s->kind != kind)
			continue;
		if (ends(s, text))
			return s;
		if (oldest == NULL)
			oldest = s;
	}
	return oldest;
}

void
unconfirmed_hear(
    struct unconfirmed *u, const struct message *m, struct slice me)
{
	enum sent_kind kind = kind_heard(m, me);
	struct slice text = m->text;
	const struct sent_line *found;
	bool is_last;

	if (kind == SENT_REQUEST)
		return;
	if (kind == SENT_DONE)
		text = (struct slice){ text.s + me.len + 1,
			text.len - me.len - 1 };
	found = find(u, kind, text);
	if (found == NULL)
		return;
	do {
		is_last = u->first == found;
		drop_first(u);
	} while (!is_last);
}

bool
unconfirmed_has_leaving(const struct unconfirmed *u)
{
	for (const struct sent_line *s = u->first; s != NULL; s = s->next)
		if (s->kind == SENT_LEAVING)
			return true;
	return false;
}

void
unconfirmed_list(const struct unconfirmed *u, struct buffer *out)
{
	for (const struct sent_line *s = u->first; s != NULL; s = s->next) {
		if (s->kind == SENT_LEAVING)
			continue;
		buffer_append(out, s->text, s->len);
		buffer_append_string(out, "\n");
	}
}
