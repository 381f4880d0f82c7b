/* past.h - what the server has said lately, to be looked for.
 *
 * A terminal may keep no rows that have left it: the Linux console keeps none.
 * Pure. */
#ifndef CLI_PAST_H
#define CLI_PAST_H

#include "cli/buffer.h"
#include "cli/message.h"
#include "cli/render.h"
#include "cli/slice.h"

#include <stddef.h>

/* An evening of a few people, and nothing to a machine. */
#define PAST_BYTES (256 * 1024)

/* All zero is the beginning. */
struct past {
	/* as they are shown without colours, each ended by LF; the oldest are
	 * forgotten */
	struct buffer lines;
};

void past_free(struct past *p);

/* Note what is shown; colours of the look do not matter. */
void past_message(
    struct past *p, const struct look *look, const struct message *m);

/* Append the last lines, `most` of them, that have the text in them, in any
 * case; all have "".  Returns how many there are. */
size_t past_find(
    const struct past *p, struct slice text, size_t most, struct buffer *out);

#endif
