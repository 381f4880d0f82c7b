/* modes.h - the modes of the terminal: taken from the shell, and given back on
 * every way out, a signal that ends chat included. */
#ifndef CLI_MODES_H
#define CLI_MODES_H

#include <stdbool.h>

/* Have readline take and give by the functions below, and have signals that end
 * this process give first; once, after readline's initialization. */
void modes_init(void);

/* Take the terminal; in the background that stops this process, as it does any
 * program that wants the terminal, until the shell hands it over.  The argument
 * is readline's. */
void modes_take(int meta_flag);

/* Give it back as it was taken; nothing when it was not. */
void modes_give(void);

/* Have ^C and ^Z throw away nothing that was written and not been taken by the
 * terminal; or let them, as they do at first. */
void modes_keep_output(bool is_kept);

/* Stop until the shell puts this process into the foreground, if it is not
 * there. */
void modes_await_foreground(void);

#endif
