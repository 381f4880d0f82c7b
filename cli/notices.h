/* notices.h - the server's notices and refusals in the person's language.
 *
 * The wire is English and stays so.  What a server sends has fixed forms, which
 * stand here once more; a line that fits one is shown in the words that the
 * language has for it, any other as it came.  Pure, but for gettext(3). */
#ifndef CLI_NOTICES_H
#define CLI_NOTICES_H

#include "cli/buffer.h"
#include "cli/message.h"

#include <stdbool.h>

/* The forms, each with its holes; NULL behind the last. */
const char *notices_form(size_t i);

/* Whether the text, without its "* " or "! ", has one of the forms. */
bool notices_know(struct slice text);

/* Append the text, made printable, in the person's language. */
void notices_append(struct buffer *out, struct slice text);

#endif
