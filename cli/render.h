/* render.h - a message as a screen or a pipe is shown it.
 *
 * A pipe is given the server's lines, which programs parse; a screen adds the
 * time, colours and marks, and has notices in the person's language. Every byte
 * that is not this module's own passes text_printable. */
#ifndef CLI_RENDER_H
#define CLI_RENDER_H

#include "cli/attention.h"
#include "cli/buffer.h"
#include "cli/message.h"

#include <stdbool.h>

struct look {
	bool has_colours;
	/* notices are in the person's language */
	bool is_translated;
	/* "12:01", or in whatever form, or "" to show no time */
	char stamp[40];
};

/* Append the line for `m`, ended by LF.  One that is for the person is marked,
 * by colours where there are some. */
void render_message(struct buffer *out, const struct look *look,
    const struct message *m, enum attention attention);

/* Append a sentence of chat itself, set apart from all that a server sends. */
void render_own(struct buffer *out, const struct look *look, const char *text);

#endif
