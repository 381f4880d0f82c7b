/* screen.c - chat's near side where a person sits at a terminal.
 *
 * What is said scrolls by above an input line whose prompt tells how things
 * stand.  How lines are edited and the terminal's modes are term.c's. */
#include "cli/client.h"

#include "cli/language.h"
#include "cli/signals.h"
#include "cli/term.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Typing ----------------------------------------------------------------- */

static bool
wants_keys(void *arg)
{
	return client_wants_input(arg);
}

static bool
on_enter(void *arg, const char *text)
{
	return typed_enter(arg, text);
}

static bool
takes_lines(void *arg)
{
	const struct client *c = arg;

	return c->talk.state == CONVERSATION_IN || reconnect_is_offline(c);
}

static bool
on_tab(void *arg)
{
	struct client *c = arg;

	/* Those who were known will do. */
	if (reconnect_is_offline(c))
		return true;
	return c->talk.state == CONVERSATION_IN &&
	       conversation_knows_everyone(&c->talk, &c->server.out);
}

static void
on_candidates(void *arg, const char *sentence)
{
	client_tell_sentence(arg, sentence);
}

bool
screen_has_keys(const struct client *c)
{
	return c->is_at_terminal && term_has_keys();
}

void
screen_read(struct client *c)
{
	term_read();
	if (term_has_ended())
		c->input_ended = true;
}

void
screen_complete(void)
{
	term_complete();
}

/* Showing ---------------------------------------------------------------- */

static void
compose_status(const struct client *c, char *prompt, size_t size)
{
	const struct prompt p = {
		.name = c->reconnect.name,
		.server = &c->config->server,
		.n_here = people_count(&c->talk.people),
		.n_private = c->talk.n_unread,
		.is_offline = reconnect_is_offline(c),
		.is_bare = !c->config->status,
	};

	prompt_compose(&p, term_columns(), prompt, size);
}

static void
choose_prompt(const struct client *c, char *prompt, size_t size)
{
	bool is_offline = reconnect_is_offline(c);

	if (c->input_ended || (c->server.has_ended && !is_offline))
		prompt[0] = '\0';
	else if (is_offline || c->talk.state == CONVERSATION_IN)
		compose_status(c, prompt, size);
	else if (c->talk.state == CONVERSATION_NAMELESS)
		(void)snprintf(prompt, size, "%s", _("your name: "));
	else
		(void)snprintf(prompt, size, "%s", c->prompt);
}

/* Whether there is something to show that has not been drawn. */
static bool
has_news(const struct client *c)
{
	char prompt[sizeof c->prompt];

	if (buffer_len(&c->to_output) > 0)
		return true;
	choose_prompt(c, prompt, sizeof prompt);
	return strcmp(prompt, c->prompt) != 0;
}

bool
screen_has_output(const struct client *c)
{
	return term_is_behind() || has_news(c);
}

/* A key changes the input line, so what comes above that is drawn first; but a
 * terminal that takes nothing now is not waited for, once there is a line.
 * While a name is being judged nothing is read: what is typed meanwhile is for
 * the room, or it is another name. */
bool
screen_wants_keys(const struct client *c)
{
	return (term_is_behind() ? term_has_line() : !has_news(c)) &&
	       (reconnect_is_offline(c) || c->talk.state == CONVERSATION_IN ||
		   c->talk.state == CONVERSATION_NAMELESS);
}

static void
draw(struct client *c)
{
	term_hide();
	term_print(&c->to_output);
	choose_prompt(c, c->prompt, sizeof c->prompt);
	term_show(c->prompt);
}

/* All that one wake-up brought is shown with one redraw of the input line and
 * one write; and all that comes while the terminal takes nothing. */
void
screen_write(struct client *c)
{
	if (term_is_behind())
		c->output_failed |= !term_write();
	if (has_news(c) && !term_is_behind())
		draw(c);
	c->output_failed |= !term_write();
}

void
screen_clear(struct client *c)
{
	if (term_can_clear())
		buffer_append_string(&c->to_output, "\033[H\033[2J");
	else
		client_tell(c, "this terminal cannot be cleared");
}

/* Signals ---------------------------------------------------------------- */

/* Who has asked to leave, and sees that it takes long, wants no advice. */
static void
on_interrupt(struct client *c)
{
	paste_forget(&c->paste);
	if (c->input_ended || unconfirmed_has_leaving(&c->talk.sent) ||
	    (c->talk.state != CONVERSATION_IN && !reconnect_is_offline(c)))
		c->is_interrupted = true;
	else if (reconnect_is_offline(c))
		c->is_interrupted = !term_clear_line();
	else if (!term_clear_line())
		client_tell(c, "Ctrl-D or exit leaves");
}

void
screen_on_signal(struct client *c)
{
	switch (signals_next(c->signal_fd)) {
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
		break;
	}
}

/* Beginning and end ------------------------------------------------------ */

void
screen_open(struct client *c)
{
	struct term_user user = {
		.arg = c,
		.wants_keys = wants_keys,
		.enter = on_enter,
		.takes_lines = takes_lines,
		.may_complete = on_tab,
		.candidates = on_candidates,
		.people = &c->talk.people,
	};
	bool is_fallback;

	c->signal_fd = signals_open();
	if (!term_init(&user, &is_fallback))
		client_tell(c, "there is no UTF-8 locale on this system; only "
			       "ASCII can be typed");
	else if (is_fallback)
		client_tell(c, "your locale is not UTF-8; using C.UTF-8 here");
}

void
screen_close(struct client *c)
{
	term_close();
	if (c->signal_fd != -1)
		(void)close(c->signal_fd);
	c->signal_fd = -1;
}
