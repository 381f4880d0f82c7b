/* output.h - standard output, written without ever waiting for its reader. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "cli/buffer.h"

#include <stdbool.h>

/* It is a terminal: where that may be opened once more, a terminal that takes a
 * byte and no more is not waited for either. */
void output_open_terminal(void);

/* Whether a little can be written without waiting.  A screen held with ^S and a
 * pipe that nobody empties cannot. */
bool output_is_ready(void);

/* Write what standard output takes now.  -1 and errno if it takes no more. */
int output_write(struct buffer *b);

#endif
