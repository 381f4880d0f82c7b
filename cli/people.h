/* people.h - who is here, as far as the lines of the server have told.
 *
 * Feeds the completion of names, and the prompt with their number.  The list is
 * whole after a greeting that named everyone; a greeting that ended with "and
 * 194 more" leaves people unknown, until they are seen speaking or /who is
 * asked.  Names compare as the server compares them (ipc/name.h). */
#ifndef CLI_PEOPLE_H
#define CLI_PEOPLE_H

#include "cli/message.h"

#include <stdbool.h>
#include <stddef.h>

struct person;

/* All zero is an empty list. */
struct people {
	/* sorted by folded name */
	struct person **persons;
	size_t n;
	size_t size;
	/* here, but the server has not told their names */
	size_t n_unknown;
	/* of all these, gone with a crowd that did not name them */
	size_t n_gone;
};

void people_free(struct people *p);

/* Learn what a message tells about who is here.  Without memory for one more
 * name the list stays as it was: completion then knows one name less. */
void people_learn(struct people *p, const struct message *m);

/* How many are here; 0 before the server has told. */
size_t people_count(const struct people *p);

/* The next person whose name begins with `prefix`, without regard to case;
 * every name begins with the empty prefix.  *cursor is 0 for the first, and
 * then as the last call left it; NULL when there are no more.  The name is
 * valid until the next message is learnt. */
const char *people_next(const struct people *p, const char *prefix,
    size_t prefix_len, size_t *cursor);

#endif
