/* whois.c - what one user is told of another: /whois.
 *
 * Runs in the user's child only.  It tells when somebody came, and when and how
 * often he has spoken, whispers included; not to whom, what, or where from he
 * is connected, which is for the operator (chat-who).  The rest of what a user
 * does is user.c. */
#include "srv/user.h"

#include "ipc/clock.h"
#include "srv/duration.h"

#include <inttypes.h>
#include <stdio.h>

/* A damaged table may have any time. */
static int64_t
since(int64_t now, int64_t at)
{
	uint64_t ms = (uint64_t)now - (uint64_t)at;

	return at < now && ms <= INT64_MAX ? (int64_t)ms : 0;
}

enum user_result
user_whois(struct user *user, struct span wanted)
{
	char here[DURATION_BYTES], quiet[DURATION_BYTES];
	char notice[NAME_MAX_BYTES + 2 * DURATION_BYTES + 96];
	int64_t now = clock_ms();
	struct dir_row row;
	struct name name;

	if (name_parse(wanted.bytes, wanted.len, &name) != NAME_OK ||
	    directory_find(user->dir, &name, &row) != DIR_OK)
		return user_decline_unknown(user, wanted);
	snprintf(notice, sizeof notice,
	    "%s has been here for %s, has been quiet for %s, and has said "
	    "%" PRIu64 " line%s",
	    row.name.text, duration_text(since(now, row.joined_at), here),
	    duration_text(since(now, row.active_at), quiet), row.n_said,
	    row.n_said == 1 ? "" : "s");
	user_notice(user, notice);
	user_tell_away(user, &row);
	return USER_OK;
}
