/* hearing.c - whom a user hears: /ignore and /unignore.
 *
 * Runs in the user's child only, and concerns nobody else: the others are not
 * told, and what they say goes on to reach the child, which drops it
 * (ignoring.h).  The rest of what a user does is user.c. */
#include "srv/user.h"

#include "srv/roll.h"

#include <stdio.h>

/* Whoever has the name; else the name as it was given, and NULL. */
static const struct user_ref *
look_up(const struct user *user, struct name *name, struct dir_row *row_out)
{
	if (directory_find(user->dir, name, row_out) != DIR_OK)
		return NULL;
	/* He is called what he calls himself. */
	*name = row_out->name;
	return &row_out->ref;
}

enum user_result
user_ignore(struct user *user, struct span wanted)
{
	char quoted[USER_QUOTE_BYTES], notice[2 * NAME_MAX_BYTES + 64];
	const struct user_ref *who;
	enum name_result result;
	struct dir_row row;
	struct name name;

	if (wanted.len == 0) {
		roll_ignored(user);
		return USER_OK;
	}
	result = name_parse(wanted.bytes, wanted.len, &name);
	if (result != NAME_OK)
		return user_decline(user, DIR_COUNT_rejected_name,
		    "\"%s\" cannot be a name: %s", user_quote(wanted, quoted),
		    name_result_text(result));
	if (name_same(&name, &user->name))
		return user_decline(user, DIR_COUNT_rejected_command,
		    "that is you; nobody can ignore himself");
	who = look_up(user, &name, &row);
	if (!ignoring_add(&user->ignoring, &name, who))
		return user_decline(user, DIR_COUNT_rejected_command,
		    "you ignore %d names, which is as many as can be; end one "
		    "by /unignore name",
		    IGNORED_NAMES);
	snprintf(notice, sizeof notice,
	    "you no longer hear %s; /unignore %s ends it", name.text,
	    name.text);
	user_notice(user, notice);
	return USER_OK;
}

enum user_result
user_unignore(struct user *user, struct span wanted)
{
	char quoted[USER_QUOTE_BYTES], notice[NAME_MAX_BYTES + 32];
	struct dir_row row;
	struct name name;

	if (name_parse(wanted.bytes, wanted.len, &name) != NAME_OK ||
	    !ignoring_remove(
		&user->ignoring, &name, look_up(user, &name, &row)))
		return user_decline(user, DIR_COUNT_rejected_command,
		    "you do not ignore \"%s\"", user_quote(wanted, quoted));
	snprintf(notice, sizeof notice, "you hear %s again", name.text);
	user_notice(user, notice);
	return USER_OK;
}
