/* reconnect.c - coming back by itself after the connection was lost.
 *
 * At a terminal only, after a first welcome, and neither when the person has
 * left nor when the operator has sent him away.  What was said and did not come
 * back is never sent again: it is shown and put onto the input line, since only
 * the person can judge whether it was heard. */
#include "cli/client.h"

#include "cli/backoff.h"
#include "cli/language.h"
#include "cli/term.h"
#include "ipc/clock.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The pauses before so many tries together are longer than a server keeps a
 * name for somebody who has vanished (TCP_GONE_MS). */
#define NAME_REFUSALS 8

bool
reconnect_is_offline(const struct client *c)
{
	return c->reconnect.state == RECONNECT_WAITING ||
	       c->reconnect.state == RECONNECT_DIALING;
}

int64_t
reconnect_deadline(const struct client *c)
{
	return c->reconnect.state == RECONNECT_WAITING ||
		       c->reconnect.state == RECONNECT_RETURNING
		   ? c->reconnect.at
		   : CLOCK_NEVER;
}

int
reconnect_fd(const struct client *c)
{
	return c->reconnect.state == RECONNECT_DIALING ? c->reconnect.dialer.fd
						       : -1;
}

/* Waiting ---------------------------------------------------------------- */

/* Pause before the next try, and tell why. */
__attribute__((format(printf, 2, 3))) static void
wait_because(struct client *c, const char *format, ...)
{
	struct reconnect *r = &c->reconnect;
	int64_t pause = backoff_ms(r->n_failures, arc4random());
	char why[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(why, sizeof why, _(format), args);
	va_end(args);
	client_tell(c, "%s; trying again in %d s (/quit ends it)", why,
	    (int)((pause + 999) / 1000));
	connection_close(&c->server);
	c->server.has_ended = true;
	c->talk.was_refused = false;
	r->n_failures++;
	r->state = RECONNECT_WAITING;
	r->at = clock_ms() + pause;
}

/* Show what may not have been heard, and have it at hand. */
static void
give_back_unconfirmed(struct client *c)
{
	struct buffer lines = { 0 };
	char *text, *line, *rest;

	unconfirmed_list(&c->talk.sent, &lines);
	unconfirmed_free(&c->talk.sent);
	buffer_append(&lines, "", 1);
	text = lines.failed ? NULL : strdup(buffer_data(&lines));
	buffer_free(&lines);
	if (text == NULL || text[0] == '\0') {
		free(text);
		return;
	}
	/* without the last line feed */
	text[strlen(text) - 1] = '\0';
	term_put_back(text);
	for (line = strtok_r(text, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest))
		client_tell(c, "not confirmed: %s", line);
	free(text);
}

static bool
may_return(const struct client *c)
{
	return c->config->reconnect && c->is_at_terminal && !c->input_ended &&
	       c->reconnect.name[0] != '\0' && !c->reconnect.is_barred &&
	       c->talk.state != CONVERSATION_OVER &&
	       !unconfirmed_has_leaving(&c->talk.sent);
}

static void
lose(struct client *c)
{
	const struct address *server = &c->config->server;
	int error = c->server.error;

	if (error != 0)
		wait_because(c, "lost the connection to %s port %s: %s",
		    server->host, server->port, strerror(error));
	else
		wait_because(c, "%s port %s closed the connection",
		    server->host, server->port);
	give_back_unconfirmed(c);
}

/* Trying ----------------------------------------------------------------- */

static void
dial(struct client *c)
{
	struct reconnect *r = &c->reconnect;

	if (dialer_start(&r->dialer, &c->config->server))
		r->state = RECONNECT_DIALING;
	else
		wait_because(c, "cannot connect: %s", strerror(errno));
}

void
reconnect_on_dialer(struct client *c)
{
	struct reconnect *r = &c->reconnect;
	struct buffer why = { 0 };
	int fd = dialer_finish(&r->dialer, &why);

	if (fd == -1) {
		wait_because(c, "cannot connect to %s port %s: %.*s",
		    c->config->server.host, c->config->server.port,
		    (int)buffer_len(&why), buffer_data(&why));
	} else {
		connection_init(&c->server, fd);
		conversation_restart(&c->talk);
		r->state = RECONNECT_RETURNING;
		r->at = clock_ms() + WELCOME_WAIT_MS;
		(void)client_say(c, r->name, strlen(r->name));
	}
	buffer_free(&why);
}

/* As a rule it is the lost connection that has the name still. */
static void
on_refusal(struct client *c)
{
	struct reconnect *r = &c->reconnect;

	r->n_refusals++;
	if (r->n_refusals < NAME_REFUSALS) {
		wait_because(c, "that may be your lost connection");
		return;
	}
	r->state = RECONNECT_IDLE;
	client_tell(c, "by what name shall others know you?");
}

static void
await_welcome(struct client *c)
{
	const struct address *server = &c->config->server;

	if (c->talk.state == CONVERSATION_IN)
		c->reconnect.state = RECONNECT_IDLE;
	else if (c->talk.state == CONVERSATION_NAMELESS)
		on_refusal(c);
	else if (c->server.has_ended)
		wait_because(c,
		    "%s port %s closed the connection without a welcome",
		    server->host, server->port);
	else if (clock_ms() >= c->reconnect.at)
		wait_because(c, "%s port %s does not answer", server->host,
		    server->port);
}

/* Where it stands -------------------------------------------------------- */

static void
note_welcome(struct client *c)
{
	struct reconnect *r = &c->reconnect;

	if (c->talk.state != CONVERSATION_IN)
		return;
	memcpy(r->name, c->talk.name, sizeof r->name);
	r->n_failures = r->n_refusals = 0;
}

void
reconnect_turn(struct client *c)
{
	switch (c->reconnect.state) {
	case RECONNECT_IDLE:
		if (!c->server.has_ended)
			note_welcome(c);
		else if (may_return(c))
			lose(c);
		break;
	case RECONNECT_WAITING:
		if (clock_ms() >= c->reconnect.at)
			dial(c);
		break;
	case RECONNECT_DIALING:
		break;
	case RECONNECT_RETURNING:
		await_welcome(c);
		break;
	}
}

void
reconnect_hear(struct client *c, const struct message *m)
{
	if (m->kind == MESSAGE_REFUSED &&
	    slice_is(m->text, "the operator has disconnected you"))
		c->reconnect.is_barred = true;
}

void
reconnect_end(struct client *c)
{
	if (c->reconnect.state == RECONNECT_DIALING)
		dialer_stop(&c->reconnect.dialer);
	c->reconnect.state = RECONNECT_IDLE;
}
