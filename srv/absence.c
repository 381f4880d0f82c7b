/* absence.c - who is away: /away and /back, and how others are told.
 *
 * Runs in the user's child only.  That he is away stands in his entry of the
 * directory, where it is found by who asks for it or whispers to him; nobody is
 * woken.  What he says or does meanwhile does not end it.  The rest of what a
 * user does is user.c. */
#include "srv/user.h"

#include "ipc/text.h"

#include <stdio.h>
#include <string.h>

/* "bob is away: lunch"; words is "is away" or the like. */
static void
tell(struct user *user, const char *who, const char *words, struct span text)
{
	char line[NAME_MAX_BYTES + AWAY_MAX_BYTES + 32], shown[sizeof line];
	int len = snprintf(line, sizeof line, "%s %s%s%.*s", who, words,
	    text.len > 0 ? ": " : "", (int)text.len, text.bytes);

	/* It may have stood in shared memory. */
	text_printable(shown, sizeof shown, line, (size_t)len);
	user_notice(user, shown);
}

enum user_result
user_away(struct user *user, struct span text)
{
	directory_show_away(user->dir, text.bytes, text.len);
	tell(user, "you", "are away", text);
	return USER_OK;
}

enum user_result
user_back(struct user *user)
{
	if (!directory_own_is_away(user->dir))
		return user_decline(user, DIR_COUNT_rejected_command,
		    "you are not away; /away shows others that you are");
	directory_show_back(user->dir);
	user_notice(user, "you are back");
	return USER_OK;
}

void
user_tell_away(struct user *user, const struct dir_row *other)
{
	struct span text = { other->away, strlen(other->away) };

	if (other->is_away)
		tell(user, other->name.text, "is away", text);
}
