/* drawing.h - what is drawn on the terminal, on its way there.
 *
 * readline writes to a stream and relies on all of it arriving, in order; a
 * terminal takes what it can.  What it cannot take waits here, so that nobody
 * else has to: there is one write for all that was drawn since the last one,
 * and none blocks where the terminal can be opened once more (output.c).  One
 * terminal in a process. */
#ifndef CLI_DRAWING_H
#define CLI_DRAWING_H

#include <stdbool.h>
#include <stdio.h>

/* The stream to draw on, also for readline. */
FILE *drawing_open(void);

/* Write what the terminal takes now.  -1 and errno: it takes no more at all. */
int drawing_write(void);

/* Whether something is left that it has not taken. */
bool drawing_is_waiting(void);

/* Write all of it, in a second or two; what the terminal has not taken by then
 * stays. */
void drawing_finish(void);

#endif
