/* help.h - what `chat --help` says. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/buffer.h"

/* Append the line that also follows an error about options. */
void help_append_usage(struct buffer *out);

/* Append it all: that line, and one for each option. */
void help_append(struct buffer *out);

#endif
