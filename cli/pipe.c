/* pipe.c - chat's near side where no person sits at a terminal.
 *
 * Lines come from standard input and go to standard output as they are, for
 * scripts and pipes; what chat itself has to say goes to standard error.  There
 * is nobody to be asked anything, so what a person would answer ends it. */
#include "cli/client.h"

#include "cli/complain.h"
#include "cli/output.h"
#include "ipc/clock.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

static_assert(WELCOME_WAIT_MS > LOCK_GIVE_UP_MS,
    "a server whose directory is busy gets to say so");

void
pipe_open(struct client *c)
{
	lines_init(&c->input, LINE_MAX_BYTES);
	c->welcome_until = clock_ms() + WELCOME_WAIT_MS;
}

int64_t
pipe_deadline(const struct client *c)
{
	return conversation_is_welcome(&c->talk) ? CLOCK_NEVER
						 : c->welcome_until;
}

/* While a name is being judged nothing is read: what comes after it would be
 * taken for another one. */
bool
pipe_wants_lines(const struct client *c)
{
	return c->talk.state == CONVERSATION_IN;
}

static void
say_line(struct client *c, const struct line *line)
{
	if (line->is_start)
		c->n_input_lines++;
	if (line->is_start && line->is_end)
		(void)client_say(c, line->text, line->len);
	else if (line->is_start)
		complain("line %lu of the input has more than %d bytes and "
			 "was not sent",
		    c->n_input_lines, LINE_MAX_BYTES);
}

void
pipe_read(struct client *c)
{
	size_t room;
	char *space = lines_space(&c->input, &room);
	ssize_t n = read(STDIN_FILENO, space, room);
	struct line line;

	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0)
		lines_added(&c->input, (size_t)n);
	while (lines_next(&c->input, &line))
		say_line(c, &line);
	if (n > 0)
		return;
	if (n == -1) {
		complain("standard input: %s", strerror(errno));
		c->input_failed = true;
	}
	if (lines_last(&c->input, &line))
		say_line(c, &line);
	c->input_ended = true;
}

/* A pipe begins with the welcome, or ends with the reason why there is none: a
 * refusal, or the goodbye to a name that means leaving. */
bool
pipe_hear(struct client *c, const struct message *m)
{
	if (conversation_is_welcome(&c->talk))
		return true;
	if (c->is_turned_away)
		return false;
	if (m->kind == MESSAGE_REFUSED)
		complain("refused: %.*s", (int)m->text.len, m->text.s);
	else if (m->kind == MESSAGE_GOODBYE)
		complain("\"%s\" means leaving and cannot be a name",
		    c->config->name);
	else
		return false;
	c->is_turned_away = true;
	return false;
}

void
pipe_write(struct client *c)
{
	if (output_write(&c->to_output) == 0)
		return;
	/* Whoever closed a pipe knows that they did. */
	if (errno != EPIPE)
		complain("standard output: %s", strerror(errno));
	c->output_failed = true;
}
