/* language.h - the language that chat speaks with the person.
 *
 * gettext's: the locale chooses, cli/po/ has the catalogues.  What goes to the
 * server, and what it says in a pipe, is never translated; nor are options,
 * keys and their values. */
#ifndef CLI_LANGUAGE_H
#define CLI_LANGUAGE_H

#include <libintl.h>

#define _(text) gettext(text)
/* A text that is translated where it is used.  The parentheses show that one in
 * pieces is not two that lack a comma. */
#define N_(text) (text)

/* Once, at the start, after setlocale(3). */
void language_init(void);

#endif
