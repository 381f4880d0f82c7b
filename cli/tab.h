/* tab.h - the key Tab: names and commands completed, by readline's completion.
 *
 * For term.c, whose keys it gets and whose user it asks. */
#ifndef CLI_TAB_H
#define CLI_TAB_H

#include "cli/term.h"

/* Have Tab complete, after the person's inputrc; `user` stays the caller's. */
void tab_init(const struct term_user *user);

/* The names that were wanting are known: complete what Tab was pressed on,
 * unless more has been typed since. */
void tab_complete(void);

#endif
