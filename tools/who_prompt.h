/* who_prompt.h - the question for a pattern of names, and its answer as it is
 * typed.
 *
 * Pure.  A few keys for a few letters: what chat's line is edited by would be a
 * library more, and the screen its own. */
#ifndef TOOLS_WHO_PROMPT_H
#define TOOLS_WHO_PROMPT_H

#include "ipc/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Room for a pattern that spells out a name letter by letter. */
#define WHO_PROMPT_BYTES (2 * NAME_MAX_BYTES)

struct who_prompt {
	bool is_open;
	/* the answer was entered, and is not UTF-8 */
	bool is_refused;
	/* the answer so far; untrusted, and NUL behind it */
	char text[WHO_PROMPT_BYTES + 1];
	size_t len;
};

/* Ask, with an empty answer. */
void who_prompt_open(struct who_prompt *prompt);

/* A key of who_input.h while it is open; one that means nothing does nothing.
 * Returns whether it is Enter, which leaves it open; what gives up closes it.
 */
bool who_prompt_press(struct who_prompt *prompt, int key);

/* Print question and answer in `width` columns, a free one for the cursor among
 * them: of a long answer the end.  Nothing when it is not open. */
void who_prompt_print(const struct who_prompt *prompt, size_t width, FILE *out);

#endif
