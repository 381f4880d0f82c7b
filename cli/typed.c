/* typed.c - what the person has entered: said, or done by chat itself.
 *
 * Only at a terminal; in a pipe every line is the server's.  Either all of what
 * was entered is taken or nothing. */
#include "cli/client.h"

#include "cli/language.h"
#include "cli/own_command.h"

#include <stdio.h>
#include <string.h>

/* A screen of them: who looks for more has a log. */
#define LAST_LINES 20

/* What one Enter comes to. */
struct entry {
	/* what goes to the server */
	struct buffer said;
	unsigned n_quiet, n_clear, n_help;
	/* what is looked for, by the last that asks for that; or NULL */
	struct slice last;
};

/* "/r text" is "@name text".  False: why not has been told. */
static bool
answer(struct client *c, struct slice text, struct buffer *said)
{
	const struct whisperer *w = &c->talk.whisperer;

	if (w->name.len == 0) {
		client_tell(c, "nobody has whispered to you since you came; "
			       "nothing was sent");
		return false;
	}
	if (w->has_left) {
		client_tell(c,
		    "%s, who whispered to you last, has left; nothing was "
		    "sent",
		    w->name.text);
		return false;
	}
	if (text.len == 0) {
		client_tell(
		    c, "/r TEXT answers %s; there is no text", w->name.text);
		return false;
	}
	buffer_append_string(said, "@");
	buffer_append_string(said, w->name.text);
	buffer_append_string(said, " ");
	buffer_append(said, text.s, text.len);
	return true;
}

static bool
take_line(struct client *c, struct slice line, struct entry *entry)
{
	struct slice rest;
	bool is_taken = true;

	switch (own_command_find(line, &rest)) {
	case OWN_NONE:
		buffer_append(&entry->said, line.s, line.len);
		break;
	case OWN_HELP:
		entry->n_help++;
		buffer_append(&entry->said, line.s, line.len);
		break;
	case OWN_ANSWER:
		is_taken = answer(c, rest, &entry->said);
		break;
	case OWN_QUIET:
		entry->n_quiet++;
		break;
	case OWN_CLEAR:
		entry->n_clear++;
		break;
	case OWN_LAST:
		entry->last = slice_trim(rest);
		break;
	}
	buffer_append_string(&entry->said, "\n");
	return is_taken;
}

static bool
take_lines(struct client *c, const char *text, struct entry *entry)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		if (!take_line(c, (struct slice){ text, len }, entry))
			return false;
		text += len + (text[len] == '\n');
	}
	return true;
}

static void
toggle_quiet(struct client *c)
{
	c->is_quiet = !c->is_quiet;
	client_tell_sentence(c,
	    c->is_quiet
		? _("joins, leaves and renames are hidden; /quiet shows them")
		: _("joins, leaves and renames are shown"));
}

static void
help(struct client *c)
{
	for (size_t i = 0; own_command_help(i) != NULL; i++)
		client_tell_sentence(c, _(own_command_help(i)));
}

/* As they were, but for the colours: what is new has those. */
static void
show_last(struct client *c, struct slice text)
{
	struct buffer found = { 0 };
	size_t n = past_find(&c->past, text, LAST_LINES, &found);

	if (text.len == 0)
		client_tell(c, "the last lines:");
	else if (n > 0)
		client_tell(c,
		    "the last lines with \"%.*s\" in them:", (int)text.len,
		    text.s);
	else
		client_tell(
		    c, "no line has \"%.*s\" in it", (int)text.len, text.s);
	buffer_append(&c->to_output, buffer_data(&found), buffer_len(&found));
	buffer_free(&found);
}

/* What chat itself does, once the rest has been taken. */
static void
carry_out(struct client *c, const struct entry *entry)
{
	if (entry->n_clear > 0)
		screen_clear(c);
	if (entry->n_quiet % 2 == 1)
		toggle_quiet(c);
	if (entry->n_help > 0)
		help(c);
	if (entry->last.s != NULL)
		show_last(c, entry->last);
}

/* Whether it has to be asked for once more. */
static bool
asks(struct client *c, const char *text)
{
	size_t n = paste_ask(&c->paste, text);

	if (n > 0)
		client_tell(
		    c, "%zu lines; Enter again sends them, Ctrl-C does not", n);
	return n > 0;
}

/* Without a connection nothing is lost: what would be sent stays where it is.
 */
static bool
enter_offline(struct client *c, const char *text)
{
	struct slice line = { text, strlen(text) }, rest;
	struct entry entry = { 0 };

	if (unconfirmed_kind(line) == SENT_LEAVING) {
		c->input_ended = true;
		return true;
	}
	switch (own_command_find(line, &rest)) {
	case OWN_HELP:
		entry.n_help = 1;
		break;
	case OWN_QUIET:
		entry.n_quiet = 1;
		break;
	case OWN_CLEAR:
		entry.n_clear = 1;
		break;
	case OWN_LAST:
		entry.last = slice_trim(rest);
		break;
	case OWN_ANSWER:
	case OWN_NONE:
		client_tell(c, "not connected; the line stays here until "
			       "there is a connection");
		return false;
	}
	carry_out(c, &entry);
	return true;
}

bool
typed_enter(struct client *c, const char *text)
{
	struct entry entry = { 0 };
	bool is_taken;

	if (reconnect_is_offline(c))
		return enter_offline(c, text);
	/* A name may begin with anything. */
	if (c->talk.state != CONVERSATION_IN)
		return client_say(c, text, strlen(text));
	if (asks(c, text))
		return false;
	is_taken =
	    take_lines(c, text, &entry) && !entry.said.failed &&
	    client_say(c, buffer_data(&entry.said), buffer_len(&entry.said));
	if (is_taken)
		carry_out(c, &entry);
	buffer_free(&entry.said);
	return is_taken;
}
