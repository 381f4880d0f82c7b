/* harness_terminal.h - a real terminal with a shell in it, driven through tmux:
 *
 *	struct terminal *t = terminal_open(80, 24);
 *
 *	terminal_types(t, "chat -n alice localhost:%u", s->port);
 *	terminal_presses(t, "Enter");
 *	terminal_shows(t, "Welcome, alice!");
 *
 * What the screen is expected to show has PATIENCE_MS to appear; if it does
 * not, the test fails at the caller's line and shows the screen.  The shell's
 * prompt is "$ ".  tmux is the test's own: it has a socket of its own, reads
 * nobody's configuration, and dies with the test at the latest. */
#ifndef TESTS_HARNESS_TERMINAL_H
#define TESTS_HARNESS_TERMINAL_H

#include "tests/harness.h"

#include <stdbool.h>
#include <sys/types.h>

struct terminal;

struct terminal *terminal_open(int columns, int rows);

/* Close the window: what runs in it is hung up. */
void terminal_close(struct terminal *t);

/* Keys -------------------------------------------------------------------- */

/* The text, a printf format, as if typed. */
__attribute__((format(printf, 2, 3))) void terminal_types(
    struct terminal *t, const char *format, ...);

/* Keys by their names in tmux: "Enter", "C-c", "BSpace". */
void terminal_presses(struct terminal *t, const char *key);

/* Text from the clipboard, as terminals hand it to programs that ask to be told
 * of pastes. */
void terminal_pastes(struct terminal *t, const char *text);

/* Bytes as they are, in one go. */
void terminal_sends(struct terminal *t, const char *bytes);

void terminal_resizes(struct terminal *t, int columns, int rows);

/* The screen -------------------------------------------------------------- */

/* Wait until some row of the screen contains the text, a printf format. */
#define terminal_shows(t, ...)                                                 \
	terminal_shows_at(__FILE__, __LINE__, t, __VA_ARGS__)

/* Wait until the last row that is not empty is this, less blanks at the end. */
#define terminal_ends_with(t, ...)                                             \
	terminal_ends_with_at(__FILE__, __LINE__, t, __VA_ARGS__)

/* The screen as it is, rows ended by LF; with its escape sequences, or without.
 * Valid until the next call with this terminal. */
const char *terminal_screen(struct terminal *t);
const char *terminal_coloured_screen(struct terminal *t);

/* How many rows of the screen as it is contain the text. */
int terminal_counts(struct terminal *t, const char *text);

/* The same with the rows that have left the screen at the top. */
int terminal_counts_ever(struct terminal *t, const char *text);

/* Wait until the cursor is in that column, counted from 0. */
#define terminal_cursor_is(t, column)                                          \
	terminal_cursor_is_at(__FILE__, __LINE__, t, column)

/* Wait until a program has the alternate screen, or until none has. */
#define terminal_is_alternate(t, is_on)                                        \
	terminal_is_alternate_at(__FILE__, __LINE__, t, is_on)

/* Whether its bell has been rung since it was opened; and wait until it has. */
bool terminal_has_rung(struct terminal *t);
void terminal_rings(struct terminal *t);

/* Programs in it ---------------------------------------------------------- */

/* The pid of the program that the shell runs; waits until there is one. */
pid_t terminal_program(struct terminal *t);

/* The path of the terminal device. */
const char *terminal_path(const struct terminal *t);

/* The modes of the terminal, as one string to compare. */
void terminal_modes(struct terminal *t, char *modes, size_t size);

/* The functions behind the macros. */
__attribute__((format(printf, 4, 5))) void terminal_shows_at(
    const char *file, int line, struct terminal *t, const char *format, ...);
__attribute__((format(printf, 4, 5))) void terminal_ends_with_at(
    const char *file, int line, struct terminal *t, const char *format, ...);
void terminal_cursor_is_at(
    const char *file, int line, struct terminal *t, int column);
void terminal_is_alternate_at(
    const char *file, int line, struct terminal *t, bool is_on);

#endif
