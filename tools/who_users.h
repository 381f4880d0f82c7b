/* who_users.h - the table of users: its columns, and what stands in them.
 *
 * The columns' names are a contract with scripts and stand in chat-who(1); each
 * is also a key to sort by (who_select.h). */
#ifndef TOOLS_WHO_USERS_H
#define TOOLS_WHO_USERS_H

#include "tools/who_table.h"
#include "tools/who_view.h"

#include <stdbool.h>
#include <stdio.h>

/* Name, title, and the rest of struct who_column: aligned to the right, least
 * width, and how expendable; then whether it can be told only of an entry that
 * was readable. */
#define WHO_USER_COLUMNS(X)                                                    \
	X(name, "NAME", false, 8, 0, false)                                    \
	X(pid, "PID", true, 0, 1, false)                                       \
	X(slot, "SLOT", true, 0, 8, false)                                     \
	X(from, "FROM", false, 9, 7, true)                                     \
	X(joined, "JOINED", false, 0, 4, true)                                 \
	X(idle, "IDLE", true, 0, 2, true)                                      \
	X(said, "SAID", true, 0, 6, true)                                      \
	X(rate, "RATE", true, 0, 5, true)                                      \
	X(queued, "QUEUED", true, 0, 3, true)                                  \
	X(state, "STATE", false, 0, 0, false)

enum who_user_column {
#define X(name, ...) WHO_USER_##name,
	WHO_USER_COLUMNS(X)
#undef X
	    WHO_N_USER_COLUMNS
};

/* Which of them are shown, from left to right. */
struct who_user_columns {
	enum who_user_column list[WHO_N_USER_COLUMNS];
	size_t n;
	/* by name: none of them is left out where the terminal is narrow */
	bool are_chosen;
};

/* What is shown unless asked otherwise: once, and by a watch, which knows
 * rates. */
extern const struct who_user_columns who_user_columns_usual;
extern const struct who_user_columns who_user_columns_watch;

/* The column called `name`, whatever its case. */
bool who_user_column_find(
    const char *name, size_t len, enum who_user_column *out);

const char *who_user_column_name(enum who_user_column column);

/* The names of all, with a blank before each. */
extern const char who_user_column_names[];

/* Print the table; nothing when there is no user.  -1 when memory ran out. */
int who_users_print(const struct who_view *view,
    const struct who_user_columns *columns, size_t width, FILE *out);

#endif
