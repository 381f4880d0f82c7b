/* conversation.c - where the talk with the server stands.
 *
 * The middle of chat: client.c brings lines from both sides here and does what
 * it is told.  Pure; what the server's lines mean is message.c's to say. */
#include "cli/conversation.h"

#include "cli/attention.h"
#include "ipc/text.h"

#include <string.h>

void
conversation_free(struct conversation *c)
{
	people_free(&c->people);
	unconfirmed_free(&c->sent);
}

/* What has not been read yet stays so; who whispered may be somebody else by
 * now. */
void
conversation_restart(struct conversation *c)
{
	struct conversation fresh = {
		.n_unread = c->n_unread,
		.keeps_sent = c->keeps_sent,
	};

	conversation_free(c);
	*c = fresh;
}

bool
conversation_is_welcome(const struct conversation *c)
{
	return c->name[0] != '\0';
}

/* What is said, line by line. */
static bool
next_line(struct slice *rest, struct slice *line_out)
{
	const char *lf;

	if (rest->len == 0)
		return false;
	lf = memchr(rest->s, '\n', rest->len);
	line_out->s = rest->s;
	line_out->len = lf != NULL ? (size_t)(lf - rest->s) : rest->len;
	rest->s += line_out->len + (lf != NULL);
	rest->len -= line_out->len + (lf != NULL);
	return true;
}

static enum say_result
offer_name(struct conversation *c, struct slice name, struct buffer *to_server)
{
	if (name.len == 0)
		return SAY_EMPTY;
	if (name.len > LINE_MAX_BYTES)
		return SAY_TOO_LONG;
	/* Which names there can be is for the server to judge; but what would
	 * read as two lines, or could not be shown, never goes out. */
	if (!text_is_safe(name.s, name.len))
		return SAY_UNSENDABLE;
	buffer_append(to_server, name.s, name.len);
	buffer_append_string(to_server, "\n");
	c->state = CONVERSATION_NAME_OFFERED;
	return SAY_QUEUED;
}

enum say_result
conversation_say(struct conversation *c, const char *text, size_t len,
    struct buffer *to_server)
{
	enum say_result result = SAY_EMPTY;
	struct slice rest = { text, len };
	struct slice line;

	if (c->state == CONVERSATION_NAMELESS)
		return offer_name(c, rest, to_server);
	if (c->state == CONVERSATION_NAME_OFFERED)
		return SAY_NOT_YET;
	while (next_line(&rest, &line))
		if (line.len > LINE_MAX_BYTES)
			return SAY_TOO_LONG;
	rest = (struct slice){ text, len };
	while (next_line(&rest, &line)) {
		if (line.len == 0)
			continue;
		/* The next answer is the person's. */
		if (c->who == WHO_DOUBTED && slice_has_verb(line, "/who"))
			c->who = WHO_NOT_ASKED;
		buffer_append(to_server, line.s, line.len);
		buffer_append_string(to_server, "\n");
		result = SAY_QUEUED;
		c->n_unread = 0;
		if (c->keeps_sent)
			unconfirmed_add(&c->sent, line);
	}
	return result;
}

static void
take_name(struct conversation *c, struct slice name)
{
	(void)text_printable(c->name, sizeof c->name, name.s, name.len);
}

bool
conversation_is_own_name(const struct conversation *c, struct slice name)
{
	return slice_is(name, c->name);
}

/* Whether `m` belongs to the answer to our own /who.  Answers are lines in a
 * row, and it does not matter whose answer is taken for ours when the person
 * has asked too: one is shown and the other is not. */
static bool
answers_our_who(struct conversation *c, const struct message *m)
{
	bool answers = false;

	switch (c->who) {
	case WHO_NOT_ASKED:
		return false;
	case WHO_ASKED:
	case WHO_DOUBTED:
		answers = m->kind == MESSAGE_PRESENT;
		if (m->kind == MESSAGE_REFUSED)
			c->who = WHO_DOUBTED;
		else if (answers)
			c->who = WHO_LISTING;
		break;
	case WHO_LISTING:
		answers = m->kind == MESSAGE_ALSO_PRESENT;
		if (!answers)
			c->who = WHO_NOT_ASKED;
		break;
	}
	if (answers && c->people.n_unknown == 0)
		c->who = WHO_NOT_ASKED;
	return answers;
}

static bool
hear_before_welcome(struct conversation *c, const struct message *m)
{
	switch (m->kind) {
	case MESSAGE_WELCOME:
		c->state = CONVERSATION_IN;
		c->was_refused = false;
		take_name(c, m->author);
		return true;
	case MESSAGE_REFUSED:
		c->state = CONVERSATION_NAMELESS;
		c->was_refused = true;
		return true;
	case MESSAGE_GOODBYE:
		c->state = CONVERSATION_OVER;
		return true;
	case MESSAGE_UNKNOWN:
		/* No chat server, perhaps; it may say what it is. */
		return true;
	case MESSAGE_SAID:
	case MESSAGE_PRIVATE:
	case MESSAGE_PRESENT:
	case MESSAGE_ALSO_PRESENT:
	case MESSAGE_JOINED:
	case MESSAGE_LEFT:
	case MESSAGE_RENAMED:
	case MESSAGE_CROWD_JOINED:
	case MESSAGE_CROWD_LEFT:
	case MESSAGE_NOTICE:
		break;
	}
	/* Above all the notice that asks for a name: it has been sent. */
	return false;
}

/* "so many came and went that you were not told of all; ..." */
static bool
tells_of_a_gap(const struct message *m)
{
	return m->kind == MESSAGE_NOTICE &&
	       slice_begins(m->text, "so many came and went ");
}

bool
conversation_hear(struct conversation *c, const struct message *m)
{
	if (!conversation_is_welcome(c))
		return hear_before_welcome(c, m);
	people_learn(&c->people, m);
	c->has_lost_count |= tells_of_a_gap(m);
	unconfirmed_hear(
	    &c->sent, m, (struct slice){ c->name, strlen(c->name) });
	whisperer_learn(&c->whisperer, m, c->name);
	if (m->kind == MESSAGE_PRIVATE &&
	    attention_of(m, c->name) == ATTENTION_PRIVATE)
		c->n_unread++;
	if (m->kind == MESSAGE_GOODBYE)
		c->state = CONVERSATION_OVER;
	if (m->kind == MESSAGE_RENAMED &&
	    conversation_is_own_name(c, m->author))
		take_name(c, m->recipient);
	return !answers_our_who(c, m);
}

static void
ask_who(struct conversation *c, struct buffer *to_server)
{
	if (c->who != WHO_NOT_ASKED && c->who != WHO_DOUBTED)
		return;
	buffer_append_string(to_server, "/who\n");
	c->who = WHO_ASKED;
}

bool
conversation_knows_everyone(struct conversation *c, struct buffer *to_server)
{
	if (c->people.n_unknown == 0)
		return true;
	ask_who(c, to_server);
	return false;
}

void
conversation_recount(struct conversation *c, struct buffer *to_server)
{
	/* An answer that is under way may be from before. */
	if (!c->has_lost_count || c->state != CONVERSATION_IN ||
	    c->who == WHO_ASKED || c->who == WHO_LISTING)
		return;
	c->has_lost_count = false;
	ask_who(c, to_server);
}
