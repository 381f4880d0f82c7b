/* complete.h - what Tab may put in place of the word being typed.
 *
 * A word that begins the line with '/' is a command; any other word is the
 * beginning of somebody's name, which '@' may precede.  Without that, at the
 * beginning of the line, it says whom the line is meant for: "alice: ". */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include "cli/buffer.h"
#include "cli/people.h"

#include <stdbool.h>
#include <stddef.h>

struct completion {
	/* NULL: a command is completed */
	const struct people *people;
	bool has_at;
	bool is_address;
	const char *word;
	size_t word_len;
	size_t cursor;
};

/* Complete line[start..end).  The line and the people are used until the last
 * call of completion_next. */
void completion_begin(struct completion *c, const struct people *people,
    const char *line, size_t start, size_t end);

/* The next candidate for the whole word, for the caller to free; NULL when
 * there are no more. */
char *completion_next(struct completion *c);

/* Append a sentence that lists `n` candidates, a screenful at most. */
void completion_list(struct buffer *out, char *const *candidates, size_t n);

#endif
