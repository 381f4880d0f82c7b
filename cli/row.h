/* row.h - a line of which nobody knows how wide it is, drawn in one row.
 *
 * readline counts columns, and terminals disagree with it and each other about
 * emoji that are made of several characters.  When the counts differ it draws
 * over what was said.  Here nothing depends on a count: the cursor is left
 * where the terminal itself has put it, and counting too much does no harm.
 * Pure. */
#ifndef CLI_ROW_H
#define CLI_ROW_H

#include "cli/buffer.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether the text has to be drawn so; combining characters alone are a reason
 * where they may have a column of their own. */
bool row_is_needed(const char *text, size_t len, bool may_marks_be_wide);

/* Append what draws the row behind the prompt, with the cursor before the byte
 * at `point`: from anywhere in the row, over what stands in it.  What does not
 * fit is scrolled sideways. */
void row_draw(struct buffer *out, const char *prompt, const char *text,
    size_t len, size_t point, size_t columns);

#endif
