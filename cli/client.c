/* client.c - the loop of chat: server, input, output and signals.
 *
 * What input and output are is screen.c's or pipe.c's to know, what is heard is
 * hear.c's.  Nothing here
 * waits but poll(2), and what one side does not take is held back on the other,
 * so memory is bounded both ways. */
#include "cli/client.h"

#include "cli/complain.h"
#include "cli/connect.h"
#include "cli/language.h"
#include "ipc/clock.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Input is not read while the server has this much of it yet to take ... */
#define TO_SERVER_PAUSE_BYTES (256 * 1024)
/* ... nor the server while the output has. */
#define TO_OUTPUT_PAUSE_BYTES (256 * 1024)

enum { FD_SIGNAL, FD_INPUT, FD_OUTPUT, FD_SERVER, FD_DIALER, N_FDS };

/* Saying ----------------------------------------------------------------- */

bool
client_say(struct client *c, const char *text, size_t len)
{
	switch (conversation_say(&c->talk, text, len, &c->server.out)) {
	case SAY_QUEUED:
	case SAY_EMPTY:
		return true;
	case SAY_NOT_YET:
		return false;
	case SAY_TOO_LONG:
		client_tell(c, "a line has at most %d bytes; nothing was sent",
		    LINE_MAX_BYTES);
		return false;
	case SAY_UNSENDABLE:
		client_tell(
		    c, "a name is UTF-8 text without control characters");
		return false;
	}
	return false;
}

static void
offer_first_name(struct client *c)
{
	const char *name = c->config->name;
	const char *why = c->is_at_terminal
			      ? _("by what name shall others know you?")
			      : _("there is no name; give one with -n");

	if (name[0] == '\0')
		client_tell_sentence(c, why);
	else
		(void)client_say(c, name, strlen(name));
	if (c->talk.state == CONVERSATION_NAMELESS && !c->is_at_terminal)
		c->is_turned_away = true;
}

/* Whether there is no server, nor will be. */
static bool
has_lost_server(const struct client *c)
{
	return c->server.has_ended && !reconnect_is_offline(c);
}

bool
client_wants_input(const struct client *c)
{
	if (c->input_ended || has_lost_server(c) ||
	    buffer_len(&c->server.out) >= TO_SERVER_PAUSE_BYTES)
		return false;
	return c->is_at_terminal ? screen_wants_keys(c) : pipe_wants_lines(c);
}

static void
on_input(struct client *c)
{
	if (c->is_at_terminal)
		screen_read(c);
	else
		pipe_read(c);
}

/* Showing ---------------------------------------------------------------- */

/* What happens in one turn of the loop happens at one time. */
static void
set_stamp(struct client *c)
{
	time_t now = time(NULL);
	struct tm tm;

	transcript_set_time(&c->transcript, now);
	if (!c->is_on_screen || !c->config->timestamps ||
	    localtime_r(&now, &tm) == NULL ||
	    strftime(c->look.stamp, sizeof c->look.stamp, "%H:%M", &tm) == 0)
		c->look.stamp[0] = '\0';
}

static bool
has_output(const struct client *c)
{
	return c->is_at_terminal ? screen_has_output(c)
				 : buffer_len(&c->to_output) > 0;
}

static void
write_output(struct client *c)
{
	if (c->is_at_terminal)
		screen_write(c);
	else
		pipe_write(c);
}

/* Told once, since it is closed then. */
static void
write_transcript(struct client *c)
{
	if (transcript_write(&c->transcript) == -1)
		client_tell(c, "cannot write the log %s any more: %s",
		    c->config->log, strerror(errno));
}

/* The loop --------------------------------------------------------------- */

static bool
is_out_of_memory(const struct client *c)
{
	return c->to_output.failed || c->server.out.failed;
}

static bool
is_over(const struct client *c)
{
	return c->is_interrupted || c->output_failed || c->is_turned_away ||
	       c->is_unanswered || is_out_of_memory(c) ||
	       ((has_lost_server(c) ||
		    (reconnect_is_offline(c) && c->input_ended)) &&
		   !has_output(c));
}

/* A descriptor of which nothing is wanted is left out altogether: poll reports
 * a hang-up also to those who do not ask, over and over. */
static struct pollfd
watch(int fd, short events)
{
	return (struct pollfd){ events != 0 ? fd : -1, events, 0 };
}

static int64_t
deadline(const struct client *c)
{
	return c->is_at_terminal ? reconnect_deadline(c) : pipe_deadline(c);
}

static void
converse(struct client *c)
{
	while (!is_over(c)) {
		bool wants_input = client_wants_input(c);
		bool has_keys = wants_input && screen_has_keys(c);
		bool wants_lines =
		    buffer_len(&c->to_output) < TO_OUTPUT_PAUSE_BYTES;
		int timeout =
		    has_keys ? 0 : clock_poll_timeout(deadline(c), clock_ms());
		struct pollfd fds[N_FDS] = {
			[FD_SIGNAL] = watch(c->signal_fd, POLLIN),
			[FD_INPUT] =
			    watch(STDIN_FILENO, wants_input ? POLLIN : 0),
			/* always, to learn that nobody reads it any more */
			[FD_OUTPUT] = { STDOUT_FILENO,
			    has_output(c) ? POLLOUT : 0, 0 },
			[FD_SERVER] = watch(c->server.fd,
			    connection_events(&c->server, wants_lines)),
			[FD_DIALER] = { reconnect_fd(c), POLLIN, 0 },
		};

		if (poll(fds, N_FDS, timeout) == -1)
			continue;
		set_stamp(c);
		if (fds[FD_SIGNAL].revents)
			screen_on_signal(c);
		if (fds[FD_OUTPUT].revents & (POLLERR | POLLHUP | POLLNVAL))
			c->output_failed = true;
		if (fds[FD_SERVER].revents & ~POLLOUT)
			hear_server(c);
		if (fds[FD_DIALER].revents)
			reconnect_on_dialer(c);
		reconnect_turn(c);
		if (fds[FD_INPUT].revents || has_keys)
			on_input(c);
		connection_write(&c->server, c->input_ended);
		write_transcript(c);
		write_output(c);
		c->is_unanswered =
		    !c->is_at_terminal && clock_ms() >= deadline(c);
	}
}

/* Beginning and end ------------------------------------------------------ */

static bool
wants_colours(void)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *type = getenv("TERM");

	return (no_colour == NULL || no_colour[0] == '\0') && type != NULL &&
	       type[0] != '\0' && strcmp(type, "dumb") != 0;
}

/* Say why it ended where that is not on the screen, and sum it up. */
static enum chat_status
outcome(const struct client *c)
{
	const struct address *server = &c->config->server;

	if (c->is_interrupted)
		return CHAT_INTERRUPTED;
	if (c->output_failed)
		return CHAT_LOST;
	if (is_out_of_memory(c)) {
		complain("out of memory");
		return CHAT_LOST;
	}
	if (c->is_turned_away)
		return CHAT_REFUSED;
	if (c->talk.state == CONVERSATION_OVER)
		return c->input_failed ? CHAT_LOST : CHAT_LEFT;
	if (c->talk.was_refused)
		return CHAT_REFUSED;
	if (c->is_unanswered)
		complain("%s port %s does not answer; is it a chat server?",
		    server->host, server->port);
	else if (c->server.error != 0)
		complain("lost the connection to %s port %s: %s", server->host,
		    server->port, strerror(c->server.error));
	else if (!conversation_is_welcome(&c->talk))
		complain("%s port %s closed the connection without a welcome; "
			 "is it a chat server?",
		    server->host, server->port);
	else
		complain("%s port %s closed the connection", server->host,
		    server->port);
	return CHAT_LOST;
}

static enum chat_status
run(struct client *c)
{
	if (transcript_open(
		&c->transcript, c->config->log, c->look.is_translated) == -1) {
		complain("cannot write the log %s: %s", c->config->log,
		    strerror(errno));
		return CHAT_LOST;
	}
	set_stamp(c);
	if (c->is_at_terminal)
		screen_open(c);
	else
		pipe_open(c);
	offer_first_name(c);
	converse(c);
	if (c->is_at_terminal)
		screen_close(c);
	return outcome(c);
}

/* A descriptor, or -1 when the person has been told why there is none. */
static int
connect_to_server(const struct address *server)
{
	struct buffer why = { 0 };
	const char *advice;
	int fd = connect_open(server->host, server->port, &why, &advice);

	if (fd == -1)
		complain("cannot connect to %s port %s: %.*s%s", server->host,
		    server->port, (int)buffer_len(&why), buffer_data(&why),
		    advice);
	buffer_free(&why);
	return fd;
}

enum chat_status
client_run(const struct config *config)
{
	struct client *c;
	int fd = connect_to_server(&config->server);
	enum chat_status status;

	if (fd == -1)
		return CHAT_LOST;
	c = calloc(1, sizeof *c);
	if (c == NULL) {
		complain("out of memory");
		(void)close(fd);
		return CHAT_LOST;
	}
	c->config = config;
	c->signal_fd = -1;
	c->is_on_screen = isatty(STDOUT_FILENO);
	c->is_at_terminal = c->is_on_screen && isatty(STDIN_FILENO);
	c->look.has_colours = c->is_on_screen && wants_colours();
	c->talk.keeps_sent = c->is_at_terminal;
	c->look.is_translated = c->is_on_screen;
	c->is_quiet = c->is_at_terminal && config->quiet;
	connection_init(&c->server, fd);

	status = run(c);

	reconnect_end(c);
	transcript_close(&c->transcript);
	connection_close(&c->server);
	conversation_free(&c->talk);
	paste_forget(&c->paste);
	past_free(&c->past);
	buffer_free(&c->to_output);
	free(c);
	return status;
}
