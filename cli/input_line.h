/* input_line.h - the line being typed, as it stands on the screen.
 *
 * readline draws it; this module takes it away, puts it back, and keeps it from
 * harming what stands above it.  One input line in a process; the functions are
 * for a readline that has been initialized and has its prompt. */
#ifndef CLI_INPUT_LINE_H
#define CLI_INPUT_LINE_H

#include <stdbool.h>

/* Have readline draw by this module's rules; after its initialization. */
void input_line_init(void);

/* Take the line off the screen, also one that was drawn when the window had
 * another size, and keep it off.  The cursor is where a line may be printed. */
void input_line_hide(void);

/* Draw it where the cursor is, at the beginning of a row, and keep it drawn. */
void input_line_show(void);

/* Unless it is hidden: draw it anew for a window of another size. */
void input_line_resize(void);

/* The terminal is behind with what was drawn: leave out what can be drawn later
 * in one go; and, once it has caught up, do so. */
void input_line_hold(bool is_held);

/* Somebody else gets the terminal: take the line off until he is done, and then
 * draw it in the row where he has left the cursor. */
void input_line_suspend(void);
void input_line_resume(void);

/* readline has ended the line, and the cursor stands below it: take it off the
 * screen, as if Enter had been pressed. */
void input_line_withdraw(void);

/* Put a text onto it, to be drawn with the next input_line_show.  False: there
 * is something on it, or readline is in the midst of something. */
bool input_line_put_back(const char *text);

/* Empty it, and forget what a walk through history has left unfinished. */
void input_line_reset(void);

/* The same for ^C: also ends a search or a count, and draws.  False if there
 * was nothing to end or to empty. */
bool input_line_interrupt(void);

#endif
