/* hear.c - what the server says, on its way to the screen or the pipe; and what
 * chat itself has to say, which goes the same way.
 *
 * What follows from a line is conversation.c's to know, and how it looks is
 * render.c's. */
#include "cli/client.h"

#include "cli/attention.h"
#include "cli/complain.h"
#include "cli/language.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void
client_tell_sentence(struct client *c, const char *sentence)
{
	if (!c->is_at_terminal) {
		complain_sentence(sentence);
		return;
	}
	render_own(&c->to_output, &c->look, sentence);
	transcript_own(&c->transcript, sentence);
}

void
client_tell(struct client *c, const char *format, ...)
{
	va_list args;
	char *sentence;

	va_start(args, format);
	if (vasprintf(&sentence, _(format), args) != -1) {
		client_tell_sentence(c, sentence);
		free(sentence);
	}
	va_end(args);
}

static bool
is_movement(const struct message *m)
{
	switch (m->kind) {
	case MESSAGE_JOINED:
	case MESSAGE_LEFT:
	case MESSAGE_RENAMED:
	case MESSAGE_CROWD_JOINED:
	case MESSAGE_CROWD_LEFT:
		return true;
	case MESSAGE_SAID:
	case MESSAGE_PRIVATE:
	case MESSAGE_REFUSED:
	case MESSAGE_WELCOME:
	case MESSAGE_GOODBYE:
	case MESSAGE_PRESENT:
	case MESSAGE_ALSO_PRESENT:
	case MESSAGE_NOTICE:
	case MESSAGE_UNKNOWN:
		break;
	}
	return false;
}

/* The person's own new name is what he has asked for. */
static bool
is_hushed(const struct client *c, const struct message *m)
{
	return c->is_quiet && is_movement(m) &&
	       !(m->kind == MESSAGE_RENAMED &&
		   conversation_is_own_name(&c->talk, m->recipient));
}

/* A time needs no day until that is another one. */
static void
show_day(struct client *c)
{
	time_t now = time(NULL);
	struct tm tm;
	char date[64];

	if (c->look.stamp[0] != '\0' && localtime_r(&now, &tm) != NULL &&
	    day_is_another(&c->day, &tm) &&
	    strftime(date, sizeof date, "%A, %F", &tm) > 0)
		client_tell(c, "it is %s", date);
}

/* Marks and the bell are for a person, and so is the day. */
static void
show(struct client *c, const struct message *m)
{
	enum attention attention = ATTENTION_NONE;

	if (c->is_at_terminal) {
		show_day(c);
		attention = attention_of(m, c->talk.name);
		c->rings |= attention_rings(
		    c->config->bell, attention, m, c->talk.name);
		past_message(&c->past, &c->look, m);
	}
	render_message(&c->to_output, &c->look, m, attention);
	transcript_message(&c->transcript, m);
}

static void
hear(struct client *c, const struct line *line)
{
	struct message m;
	bool is_shown;

	/* A piece of a line could read as anything. */
	if (line->is_start && line->is_end)
		message_parse(line->text, line->len, &m);
	else
		message_unknown(line->text, line->len, &m);
	reconnect_hear(c, &m);
	is_shown = conversation_hear(&c->talk, &m);
	if (!c->is_at_terminal && !pipe_hear(c, &m))
		is_shown = false;
	if (is_shown && !is_hushed(c, &m))
		show(c, &m);
}

void
hear_server(struct client *c)
{
	enum conversation_who who = c->talk.who;
	struct line line;

	c->rings = false;
	connection_read(&c->server);
	while (lines_next(&c->server.in, &line))
		hear(c, &line);
	if (c->server.has_ended && lines_last(&c->server.in, &line))
		hear(c, &line);
	if (c->is_at_terminal)
		conversation_recount(&c->talk, &c->server.out);
	/* However many lines have come, once. */
	if (c->rings)
		buffer_append_string(&c->to_output, "\a");
	if (who != WHO_NOT_ASKED && c->talk.who == WHO_NOT_ASKED)
		screen_complete();
}
