/* roll.c - lists of names, in notices of a readable length. */
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
	/* how the notices after the first begin */
	const char *further;
};

static void
roll_begin(struct roll *roll, const char *words)
{
	roll->len =
	    (size_t)snprintf(roll->line, sizeof roll->line, "%s", words);
	roll->separator = " ";
}

static void
roll_add(struct roll *roll, const char *name, bool is_away)
{
	if (roll->len > ROLL_LINE_BYTES) {
		user_notice(roll->user, roll->line);
		roll_begin(roll, roll->further);
	}
	roll->len += (size_t)snprintf(roll->line + roll->len,
	    sizeof roll->line - roll->len, "%s%s%s", roll->separator, name,
	    is_away ? " (away)" : "");
	roll->separator = ", ";
}

static bool
is_other(const struct user *user, uint32_t slot)
{
	return slot != user->self.slot && dir_presence_state(dir_presence_load(
					      user->dir, slot)) == DIR_JOINED;
}

static void
roll_add_others(struct roll *roll, uint32_t max)
{
	const struct user *user = roll->user;
	uint32_t n_used = dir_n_slots_used(user->dir);
	struct dir_row row;

	for (uint32_t slot = 0; slot < n_used && max > 0; slot++) {
		/* Who has left since he was counted is not here. */
		if (!is_other(user, slot) ||
		    directory_read(user->dir, slot, &row) != DIR_OK ||
		    row.state != DIR_JOINED)
			continue;
		roll_add(roll, row.name.text, row.is_away);
		max--;
	}
}

void
roll_call(struct user *user, uint32_t max)
{
	struct roll roll = { .user = user, .further = "also here:" };
	uint32_t n_here = directory_n_joined(user->dir);
	/* Of a damaged directory anything can be read. */
	uint32_t n_others = n_here > 0 ? n_here - 1 : 0;
	uint32_t n_shown = n_others < max - 1 ? n_others : max - 1;
	char words[48];

	snprintf(words, sizeof words,
	    n_others == 0 ? "%u person is here:" : "%u people are here:",
	    n_others + 1);
	roll_begin(&roll, words);
	roll_add(&roll, user->name.text, directory_own_is_away(user->dir));
	roll_add_others(&roll, n_shown);
	if (n_shown < n_others)
		roll.len += (size_t)snprintf(roll.line + roll.len,
		    sizeof roll.line - roll.len, " and %u more",
		    n_others - n_shown);
	user_notice(user, roll.line);
}

void
roll_ignored(struct user *user)
{
	const struct ignoring *ignoring = &user->ignoring;
	struct roll roll = { .user = user, .further = "you also ignore:" };

	if (ignoring->n_names == 0) {
		user_notice(user, "you ignore nobody");
		return;
	}
	roll_begin(&roll, "you ignore:");
	for (unsigned i = 0; i < ignoring->n_names; i++)
		roll_add(&roll, ignoring->list->names[i].text, false);
	user_notice(user, roll.line);
}
