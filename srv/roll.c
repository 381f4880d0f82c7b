/* roll.c - the list of names, in notices of a readable length. */
#include "srv/roll.h"

#include <stdio.h>
#include <string.h>

/* A notice is ended at the first name beyond this. */
#define ROLL_LINE_BYTES 900

struct roll {
	struct user *user;
	size_t len;
	char line[ROLL_LINE_BYTES + NAME_MAX_BYTES + 96];
	/* what stands before the next name */
	const char *separator;
};

static void
roll_begin(struct roll *roll, const char *words)
{
	roll->len =
	    (size_t)snprintf(roll->line, sizeof roll->line, "%s", words);
	roll->separator = " ";
}

static void
roll_add(struct roll *roll, const char *name)
{
	if (roll->len > ROLL_LINE_BYTES) {
		user_notice(roll->user, roll->line);
		roll_begin(roll, "also here:");
	}
	roll->len += (size_t)snprintf(roll->line + roll->len,
	    sizeof roll->line - roll->len, "%s%s", roll->separator, name);
	roll->separator = ", ";
}

static void
roll_add_others(struct roll *roll, const struct recipient *list, uint32_t n)
{
	struct dir_row row;

	/* Who has left since the list was made is not here. */
	for (uint32_t i = 0; i < n; i++)
		if (directory_read(roll->user->dir, list[i].ref.slot, &row) ==
			DIR_OK &&
		    user_ref_equal(row.ref, list[i].ref) &&
		    row.state == DIR_JOINED)
			roll_add(roll, row.name.text);
}

enum user_result
roll_call(struct user *user, uint32_t max)
{
	struct roll roll = { .user = user };
	const struct recipient *list;
	uint32_t n_others = relay_recipients(&user->relay, &list);
	uint32_t n_shown;
	char words[48];

	if (n_others == UINT32_MAX)
		return USER_FAILED;
	n_shown = n_others < max - 1 ? n_others : max - 1;
	snprintf(words, sizeof words,
	    n_others == 0 ? "%u person is here:" : "%u people are here:",
	    n_others + 1);
	roll_begin(&roll, words);
	roll_add(&roll, user->name.text);
	roll_add_others(&roll, list, n_shown);
	if (n_shown < n_others)
		roll.len += (size_t)snprintf(roll.line + roll.len,
		    sizeof roll.line - roll.len, " and %u more",
		    n_others - n_shown);
	user_notice(user, roll.line);
	return USER_OK;
}
