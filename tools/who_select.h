/* who_select.h - which users are shown, and in which order.
 *
 * Works on a view that has been copied out; pure, but for the character set of
 * names, which the C library is told. */
#ifndef TOOLS_WHO_SELECT_H
#define TOOLS_WHO_SELECT_H

#include "tools/who_users.h"
#include "tools/who_view.h"

#include <locale.h>
#include <stdbool.h>

/* All zero: everybody, in the order in which they joined. */
struct who_select {
	/* a pattern as of fnmatch(3), folded as names are; NULL for any name */
	char *pattern;
	/* in which the pattern's ? and [] are characters, not bytes */
	locale_t utf8;
	bool has_state;
	enum who_state state;
	bool is_sorted, is_reversed;
	enum who_user_column key;
};

/* Show only whose name matches; what stood there before is forgotten.  Returns
 * false when the pattern is not UTF-8. */
bool who_select_name(struct who_select *select, const char *pattern);

/* Show users of any name again. */
void who_select_any_name(struct who_select *select);

/* Show only who is in this state, which is called so by who_state_text.
 * Returns false when there is none such. */
bool who_select_state(struct who_select *select, const char *text);

/* Sort by a column; "-" before its name turns the order round.  Returns false
 * when there is none such. */
bool who_select_sort(struct who_select *select, const char *key);

/* Whether anybody may be left out, or anybody's state or rate decides. */
bool who_select_is_filter(const struct who_select *select);
bool who_select_needs_states(const struct who_select *select);

/* Leave out who is not to be shown, and sort the others.  Whose entry cannot be
 * read matches no pattern, and stands last. */
void who_select_apply(const struct who_select *select, struct who_view *view);

void who_select_free(struct who_select *select);

#endif
