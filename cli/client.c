/* client.c - the loop of chat: server, input, output and signals.
 *
 * Two shapes: at a terminal (both standard input and output are one) a person
 * edits an input line below what is said; otherwise lines go in and out as they
 * are, for scripts and pipes.  Nothing here waits but poll(2), and what one
 * side does not take is held back on the other, so memory is bounded both ways.
 */
#include "cli/client.h"

#include "cli/buffer.h"
#include "cli/complain.h"
#include "cli/connect.h"
#include "cli/connection.h"
#include "cli/conversation.h"
#include "cli/lines.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/render.h"
#include "cli/signals.h"
#include "cli/term.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Input is not read while the server has this much of it yet to take ... */
#define TO_SERVER_PAUSE_BYTES (256 * 1024)
/* ... nor the server while the output has. */
#define TO_OUTPUT_PAUSE_BYTES (256 * 1024)

enum { FD_SIGNAL, FD_INPUT, FD_OUTPUT, FD_SERVER, N_FDS };

struct client {
	const struct chat_options *options;
	struct conversation talk;
	struct connection server;
	struct look look;
	struct buffer to_output;
	bool is_at_terminal;
	/* the output is a screen, and has times and perhaps colours */
	bool is_on_screen;
	/* -1 in a pipe, where signals do what they do to any program */
	int signal_fd;
	/* in a pipe: what is to be said, and how many lines it has been */
	struct lines input;
	unsigned long n_input_lines;
	/* the prompt that is shown; "" when there is no input line */
	char prompt[NAME_MAX_BYTES + 8];
	/* How it ends, as a rule: input has ended, the server has been told so,
	 * it has ended too, and all it said has been shown.  Or else: */
	bool input_ended;
	bool output_failed;
	int signal_number;
	/* not let in, in a pipe, where nobody can be asked again */
	bool is_turned_away;
};

/* A sentence of chat's own: on its screen a line among lines, else on standard
 * error. */
__attribute__((format(printf, 2, 3))) static void
tell(struct client *c, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (!c->is_at_terminal) {
		complain_args(format, args);
	} else if (vasprintf(&text, format, args) != -1) {
		render_own(&c->to_output, &c->look, text);
		free(text);
	}
	va_end(args);
}

/* Saying ----------------------------------------------------------------- */

/* Whether the text was taken; if not, the person sees why. */
static bool
say(struct client *c, const char *text, size_t len)
{
	switch (conversation_say(&c->talk, text, len, &c->server.out)) {
	case SAY_QUEUED:
	case SAY_EMPTY:
		return true;
	case SAY_NOT_YET:
		return false;
	case SAY_TOO_LONG:
		tell(c, "a line has at most %d bytes; nothing was sent",
		    LINE_MAX_BYTES);
		return false;
	case SAY_UNSENDABLE:
		tell(c, "a name is UTF-8 text without control characters");
		return false;
	}
	return false;
}

static void
offer_first_name(struct client *c)
{
	const char *name = c->options->name;

	if (name[0] == '\0')
		tell(c, "%s",
		    c->is_at_terminal ? "by what name shall others know you?"
				      : "there is no name; give one with -n");
	else
		(void)say(c, name, strlen(name));
	if (c->talk.state == CONVERSATION_NAMELESS && !c->is_at_terminal)
		c->is_turned_away = true;
}

static void
say_input_line(struct client *c, const struct line *line)
{
	if (line->is_start)
		c->n_input_lines++;
	if (line->is_start && line->is_end)
		(void)say(c, line->text, line->len);
	else if (line->is_start)
		complain("line %lu of the input has more than %d bytes and "
			 "was not sent",
		    c->n_input_lines, LINE_MAX_BYTES);
}

static void
read_pipe(struct client *c)
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
		say_input_line(c, &line);
	if (n > 0)
		return;
	if (n == -1)
		complain("standard input: %s", strerror(errno));
	if (lines_last(&c->input, &line))
		say_input_line(c, &line);
	c->input_ended = true;
}

static bool
on_enter(void *arg, const char *text)
{
	return say(arg, text, strlen(text));
}

static bool
on_tab(void *arg)
{
	struct client *c = arg;

	return c->talk.state == CONVERSATION_IN &&
	       conversation_knows_everyone(&c->talk, &c->server.out);
}

static void
on_candidates(void *arg, const char *sentence)
{
	tell(arg, "%s", sentence);
}

static void
on_input(struct client *c)
{
	if (!c->is_at_terminal) {
		read_pipe(c);
		return;
	}
	term_read();
	if (term_has_ended())
		c->input_ended = true;
}

/* While a name is being judged nothing is read: what is typed meanwhile is for
 * the room, or it is another name. */
static bool
wants_input(const struct client *c)
{
	if (c->input_ended || c->server.has_ended ||
	    buffer_len(&c->server.out) >= TO_SERVER_PAUSE_BYTES)
		return false;
	return c->talk.state == CONVERSATION_IN ||
	       (c->is_at_terminal && c->talk.state == CONVERSATION_NAMELESS);
}

/* Hearing ---------------------------------------------------------------- */

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
	is_shown = conversation_hear(&c->talk, &m);
	if (!c->is_at_terminal && !conversation_is_welcome(&c->talk)) {
		/* A pipe begins with the welcome, or ends with the reason why
		 * there is none. */
		is_shown = false;
		if (m.kind == MESSAGE_REFUSED && !c->is_turned_away) {
			c->is_turned_away = true;
			complain("refused: %.*s", (int)m.text.len, m.text.s);
		}
	}
	if (is_shown)
		render_message(&c->to_output, &c->look, &m);
}

static void
on_server(struct client *c)
{
	enum conversation_who who = c->talk.who;
	struct line line;

	connection_read(&c->server);
	while (lines_next(&c->server.in, &line))
		hear(c, &line);
	if (c->server.has_ended && lines_last(&c->server.in, &line))
		hear(c, &line);
	if (who != WHO_NOT_ASKED && c->talk.who == WHO_NOT_ASKED)
		term_complete();
}

/* Showing ---------------------------------------------------------------- */

static void
set_stamp(struct client *c)
{
	time_t now = time(NULL);
	struct tm tm;

	if (localtime_r(&now, &tm) == NULL ||
	    strftime(c->look.stamp, sizeof c->look.stamp, "%H:%M", &tm) == 0)
		c->look.stamp[0] = '\0';
}

static void
choose_prompt(const struct client *c, char *prompt, size_t size)
{
	if (c->input_ended || c->server.has_ended)
		prompt[0] = '\0';
	else if (c->talk.state == CONVERSATION_NAMELESS)
		(void)snprintf(prompt, size, "your name: ");
	else if (c->talk.state == CONVERSATION_IN)
		(void)snprintf(prompt, size, "%s> ", c->talk.name);
	else
		(void)snprintf(prompt, size, "%s", c->prompt);
}

static bool
has_output(const struct client *c)
{
	char prompt[sizeof c->prompt];

	if (buffer_len(&c->to_output) > 0)
		return true;
	if (!c->is_at_terminal)
		return false;
	choose_prompt(c, prompt, sizeof prompt);
	return strcmp(prompt, c->prompt) != 0;
}

/* All that one wake-up brought is shown with one redraw of the input line. */
static void
write_terminal(struct client *c)
{
	size_t len = buffer_len(&c->to_output);

	if (!has_output(c) || !output_is_ready())
		return;
	choose_prompt(c, c->prompt, sizeof c->prompt);
	term_show(buffer_data(&c->to_output), len, c->prompt);
	buffer_drop(&c->to_output, len);
}

static void
write_output(struct client *c)
{
	if (c->is_at_terminal) {
		write_terminal(c);
	} else if (output_write(&c->to_output) == -1) {
		/* Whoever closed a pipe knows that they did. */
		if (errno != EPIPE)
			complain("standard output: %s", strerror(errno));
		c->output_failed = true;
	}
}

/* Signals ---------------------------------------------------------------- */

static void
on_interrupt(struct client *c)
{
	if (c->talk.state != CONVERSATION_IN || c->input_ended)
		c->signal_number = SIGINT;
	else if (!term_clear_line())
		tell(c, "Ctrl-D or exit leaves");
}

static void
on_signal(struct client *c)
{
	int number = signals_next(c->signal_fd);

	switch (number) {
	case 0:
		break;
	case SIGINT:
		on_interrupt(c);
		break;
	case SIGWINCH:
		term_resize();
		break;
	case SIGTSTP:
		term_suspend();
		break;
	case SIGCONT:
		term_resume();
		break;
	default:
		c->signal_number = number;
	}
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
	return c->signal_number != 0 || c->output_failed || c->is_turned_away ||
	       is_out_of_memory(c) || (c->server.has_ended && !has_output(c));
}

/* A descriptor of which nothing is wanted is left out altogether: poll reports
 * a hang-up also to those who do not ask, over and over. */
static struct pollfd
watch(int fd, short events)
{
	return (struct pollfd){ events != 0 ? fd : -1, events, 0 };
}

static void
converse(struct client *c)
{
	while (!is_over(c)) {
		bool wants_lines =
		    buffer_len(&c->to_output) < TO_OUTPUT_PAUSE_BYTES;
		struct pollfd fds[N_FDS] = {
			[FD_SIGNAL] = watch(c->signal_fd, POLLIN),
			[FD_INPUT] =
			    watch(STDIN_FILENO, wants_input(c) ? POLLIN : 0),
			/* always, to learn that nobody reads it any more */
			[FD_OUTPUT] = { STDOUT_FILENO,
			    has_output(c) ? POLLOUT : 0, 0 },
			[FD_SERVER] = watch(c->server.fd,
			    connection_events(&c->server, wants_lines)),
		};

		if (poll(fds, N_FDS, -1) == -1)
			continue;
		if (c->is_on_screen)
			set_stamp(c);
		if (fds[FD_SIGNAL].revents)
			on_signal(c);
		if (fds[FD_OUTPUT].revents & (POLLERR | POLLHUP | POLLNVAL))
			c->output_failed = true;
		if (fds[FD_SERVER].revents & ~POLLOUT)
			on_server(c);
		if (fds[FD_INPUT].revents)
			on_input(c);
		connection_write(&c->server, c->input_ended);
		write_output(c);
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

static void
open_terminal(struct client *c, const struct term_user *user)
{
	bool is_fallback;

	c->signal_fd = signals_open();
	if (!term_init(user, &is_fallback))
		tell(c, "there is no UTF-8 locale on this system; only ASCII "
			"can be typed");
	else if (is_fallback)
		tell(c, "your locale is not UTF-8; using C.UTF-8 here");
}

/* Say why it ended where that is not on the screen, and sum it up. */
static enum chat_status
outcome(const struct client *c)
{
	const struct chat_options *o = c->options;

	if (c->output_failed)
		return CHAT_LOST;
	if (is_out_of_memory(c)) {
		complain("out of memory");
		return CHAT_LOST;
	}
	if (c->talk.state == CONVERSATION_OVER)
		return CHAT_LEFT;
	if (c->is_turned_away || c->talk.was_refused)
		return CHAT_REFUSED;
	if (c->server.error != 0)
		complain("lost the connection to %s port %s: %s", o->host,
		    o->port, strerror(c->server.error));
	else if (!conversation_is_welcome(&c->talk))
		complain("%s port %s closed the connection without a welcome; "
			 "is it a chat server?",
		    o->host, o->port);
	else if (c->input_ended)
		return CHAT_LEFT;
	else
		complain("%s port %s closed the connection", o->host, o->port);
	return CHAT_LOST;
}

static int
run(struct client *c)
{
	struct term_user user = {
		.arg = c,
		.enter = on_enter,
		.may_complete = on_tab,
		.candidates = on_candidates,
		.people = &c->talk.people,
	};

	if (c->is_at_terminal)
		open_terminal(c, &user);
	offer_first_name(c);
	converse(c);
	term_stop();
	return c->signal_number != 0 ? CHAT_SIGNALLED + c->signal_number
				     : (int)outcome(c);
}

int
client_run(const struct chat_options *options)
{
	struct client *c = calloc(1, sizeof *c);
	struct buffer why = { 0 };
	int fd = connect_open(options->host, options->port, &why);
	int status;

	if (fd == -1 || c == NULL) {
		complain("cannot connect to %s port %s: %.*s", options->host,
		    options->port, (int)buffer_len(&why), buffer_data(&why));
		buffer_free(&why);
		free(c);
		return CHAT_LOST;
	}
	buffer_free(&why);
	c->options = options;
	c->signal_fd = -1;
	c->is_on_screen = isatty(STDOUT_FILENO);
	c->is_at_terminal = c->is_on_screen && isatty(STDIN_FILENO);
	c->look.has_colours = c->is_on_screen && wants_colours();
	connection_init(&c->server, fd);
	lines_init(&c->input, LINE_MAX_BYTES);

	status = run(c);

	connection_close(&c->server);
	conversation_free(&c->talk);
	buffer_free(&c->to_output);
	if (c->signal_fd != -1)
		(void)close(c->signal_fd);
	free(c);
	return status;
}
