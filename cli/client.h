/* client.h - chat from the first connection to the last line.
 *
 * In six files: client.c runs the loop and talks to the server, hear.c takes in
 * what that says, reconnect.c sees to it that there is one; the near side has
 * two shapes, screen.c where a person sits at a terminal, with typed.c for what
 * that person enters, pipe.c where lines go in and out as they are. */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include "cli/buffer.h"
#include "cli/config.h"
#include "cli/connection.h"
#include "cli/conversation.h"
#include "cli/day.h"
#include "cli/lines.h"
#include "cli/past.h"
#include "cli/paste.h"
#include "cli/prompt.h"
#include "cli/reconnect.h"
#include "cli/render.h"
#include "cli/transcript.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Patience with a server that has taken the connection and the name. */
#define WELCOME_WAIT_MS 30000

/* The exit status of chat, documented in chat.1. */
enum chat_status {
	/* goodbye was said */
	CHAT_LEFT = 0,
	/* the server did not let us in, and has said why */
	CHAT_REFUSED = 1,
	/* there was no server, or it has gone; or input or output has failed */
	CHAT_LOST = 2,
	CHAT_USAGE = 64,
	/* by ^C; the caller lets the signal have its way */
	CHAT_INTERRUPTED = 128 + SIGINT,
};

struct client {
	const struct config *config;
	struct conversation talk;
	struct connection server;
	struct look look;
	struct transcript transcript;
	/* at a terminal: what was shown lately */
	struct past past;
	/* what the output has yet to take */
	struct buffer to_output;
	/* standard input and standard output both are one: screen.c */
	bool is_at_terminal;
	/* the output is a screen, and has times and perhaps colours */
	bool is_on_screen;

	/* How it ends, as a rule: input has ended, the server has been told so,
	 * it has ended too, and all it said has been shown.  Or else: */
	bool input_ended;
	/* it has ended with an error, and there may have been more to say */
	bool input_failed;
	bool output_failed;
	bool is_interrupted;
	/* in a pipe, where nobody can be asked again or runs out of patience:
	 * not let in; left without an answer to the name */
	bool is_turned_away;
	bool is_unanswered;

	/* hear.c: something that has just come rings the bell; the day of what
	 * was shown last, if times are shown; joins, leaves and renames are not
	 * shown */
	bool rings;
	struct day day;
	bool is_quiet;

	struct reconnect reconnect;

	/* typed.c: of how many lines at once it has asked */
	struct paste paste;

	/* screen.c: -1 in a pipe, where signals do what they do to any program;
	 * the prompt that is shown, "" when there is no input line */
	int signal_fd;
	char prompt[PROMPT_BYTES];

	/* pipe.c: what is to be said, and how many lines it has been; when
	 * waiting for the welcome has no more use */
	struct lines input;
	unsigned long n_input_lines;
	int64_t welcome_until;
};

/* Connect and talk until one side ends it.  Uses standard input and output, and
 * standard error for what chat itself has to say where that is not the screen.
 */
enum chat_status client_run(const struct config *config);

/* client.c: say it, line by line.  False if it was not taken; if it never can
 * be, why has been told. */
bool client_say(struct client *c, const char *text, size_t len);

/* client.c: whether a line from the near side has a use now. */
bool client_wants_input(const struct client *c);

/* reconnect.c: see to the connection being there; in each turn of the loop,
 * when what the server said has been heard. */
void reconnect_turn(struct client *c);

/* reconnect.c: whether there is none, but may be again; when to look again; the
 * descriptor to look at (or -1), and what to do when it is readable. */
bool reconnect_is_offline(const struct client *c);
int64_t reconnect_deadline(const struct client *c);
int reconnect_fd(const struct client *c);
void reconnect_on_dialer(struct client *c);

/* reconnect.c: note what was heard. */
void reconnect_hear(struct client *c, const struct message *m);

/* reconnect.c: it is all over. */
void reconnect_end(struct client *c);

/* hear.c: the server's connection is readable. */
void hear_server(struct client *c);

/* hear.c: tell a sentence of chat's own, on its screen a line among lines, else
 * on standard error.  The format is translated; the other one is in the
 * person's language already. */
__attribute__((format(printf, 2, 3))) void client_tell(
    struct client *c, const char *format, ...);
void client_tell_sentence(struct client *c, const char *sentence);

/* screen.c: before all else at a terminal. */
void screen_open(struct client *c);
void screen_close(struct client *c);

/* screen.c: whether what is typed has a use at this point of the talk; whether
 * some of it waits, of which standard input no longer tells. */
bool screen_wants_keys(const struct client *c);
bool screen_has_keys(const struct client *c);
void screen_read(struct client *c);

/* typed.c: Enter was pressed.  False leaves the text on the input line. */
bool typed_enter(struct client *c, const char *text);

/* screen.c: clear it, when all that comes before has been shown. */
void screen_clear(struct client *c);

/* screen.c: names have come that Tab was waiting for. */
void screen_complete(void);

bool screen_has_output(const struct client *c);
void screen_write(struct client *c);

void screen_on_signal(struct client *c);

/* pipe.c: before all else in a pipe. */
void pipe_open(struct client *c);

/* pipe.c: when the server will have failed to answer; CLOCK_NEVER once it has.
 */
int64_t pipe_deadline(const struct client *c);

/* pipe.c: whether what stands in the input can be said at this point. */
bool pipe_wants_lines(const struct client *c);
void pipe_read(struct client *c);

/* pipe.c: note what was heard.  Returns whether it is shown. */
bool pipe_hear(struct client *c, const struct message *m);

void pipe_write(struct client *c);

#endif
