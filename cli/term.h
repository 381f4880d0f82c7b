/* term.h - the terminal: one input line at the bottom, what is shown above it.
 *
 * Line editing, history and keys are readline's, in its callback form.  There
 * is one terminal and one readline in a process, so there is no handle.  The
 * terminal is ours from term_show with a prompt until one without, or
 * term_stop, or exit(3), or a signal that ends chat (modes.h). */
#ifndef CLI_TERM_H
#define CLI_TERM_H

#include "cli/buffer.h"
#include "cli/people.h"

#include <stdbool.h>

/* What the terminal calls; always from within term_read or term_complete. */
struct term_user {
	void *arg;
	/* Whether one more key has a use now.  If not, it and those behind it
	 * wait for the next term_read. */
	bool (*wants_keys)(void *arg);
	/* Enter was pressed.  True takes the text, which may have several lines
	 * when it was pasted, off the input line; false leaves it there. */
	bool (*enter)(void *arg, const char *text);
	/* Whether a text of several lines has a use now. */
	bool (*takes_lines)(void *arg);
	/* Tab was pressed.  False: names are not known yet; call term_complete
	 * when they are. */
	bool (*may_complete)(void *arg);
	/* Tab found several words; a sentence to show above the input line. */
	void (*candidates)(void *arg, const char *sentence);
	/* whose names Tab completes */
	const struct people *people;
};

/* Before anything else.  Returns false when there is no UTF-8 locale, not even
 * after trying C.UTF-8; *is_fallback_out says whether it was that one. */
bool term_init(const struct term_user *user, bool *is_fallback_out);

/* Take the input line off the screen, so that something can be printed above
 * it, and keep it off. */
void term_hide(void);

/* Print lines while it is off; the buffer is emptied. */
void term_print(struct buffer *lines);

/* Show the input line with this prompt, what was being typed unharmed.  Takes
 * the terminal if need be.  An empty prompt: there is to be no input line. */
void term_show(const char *prompt);

/* Write what the above and the keys have drawn, as far as the terminal takes it
 * now.  False: it takes nothing any more. */
bool term_write(void);

/* Whether the terminal has yet to take something.  Keys are taken all the same,
 * and the input line is drawn when it has. */
bool term_is_behind(void);

/* Whether there is an input line; without, no keys are taken. */
bool term_has_line(void);

/* Take the input line away and give the terminal back.  May be called at any
 * time, also twice; so may term_close, which sees to it that the terminal has
 * taken everything, unless that takes too long. */
void term_stop(void);
void term_close(void);

/* Take in what has been typed and not been taken yet, a few kilobytes at most.
 * Not while the input line is hidden. */
void term_read(void);

/* Whether keys wait here, of which standard input no longer tells. */
bool term_has_keys(void);

/* Whether the person has left, by ^D or by hanging up: nothing more will be
 * read. */
bool term_has_ended(void);

/* Complete what Tab was pressed on, unless more has been typed since. */
void term_complete(void);

/* Have a text at hand that was sent in vain: on the input line if nothing is
 * being typed, else among the lines that can be called back.  It is drawn with
 * the next term_show. */
void term_put_back(const char *text);

/* ^C: empty the input line.  False if it was empty. */
bool term_clear_line(void);

/* How wide the window is. */
int term_columns(void);

/* Whether the screen can be cleared by an escape sequence. */
bool term_can_clear(void);

/* The window has another size. */
void term_resize(void);

/* ^Z: give the terminal back, if it is ours, and stop this process as SIGTSTP
 * does.  Returns once it goes on, the terminal taken again. */
void term_suspend(void);

/* Take the terminal again after somebody else had it: on SIGCONT. */
void term_resume(void);

#endif
