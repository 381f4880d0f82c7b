/* keyboard.h - the bytes that standard input brings when it is a terminal.
 *
 * Between the kernel and readline, which asks for one byte at a time and would
 * wait for it.  One keyboard in a process. */
#ifndef CLI_KEYBOARD_H
#define CLI_KEYBOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Take in what has come, unless something that came before has not been taken.
 * Does not wait.  False: it has ended, the terminal is gone. */
bool keyboard_fill(void);

/* Whether something that has come has not been taken. */
bool keyboard_has_keys(void);
bool keyboard_has_ended(void);

/* Whether a ^C or ^Z waits to be dealt with, which come as signals by a
 * descriptor: what has come may have been typed behind it. */
bool keyboard_is_interrupted(void);

/* How many Enters are among those. */
size_t keyboard_n_enters(void);

/* Whether another key has come, or comes so soon that nobody has typed it. */
bool keyboard_is_followed(void);

/* How many keys have been taken since the beginning: the same number means that
 * nothing was typed in between. */
unsigned long keyboard_n_taken(void);

/* rl_getc_function: the next byte.  Waits only in the midst of a paste, and
 * then no longer than until a ^C or ^Z. */
int keyboard_take(FILE *stream);

/* rl_input_available_hook. */
int keyboard_is_available(void);

#endif
