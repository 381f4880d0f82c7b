/* ending.c - exit statuses, reasons and last words. */
#include "srv/ending.h"

#include <stdio.h>
#include <string.h>

static const struct {
	int status;
	const char *name;
	enum dir_counter counter;
	const char *reason;
	enum event_kind word_kind;
	const char *word;
} endings[N_ENDINGS] = {
#define X(id, status, name, counter, reason, kind, word)                       \
	[ENDING_##id] = { status, name, DIR_COUNT_##counter, reason,           \
		EVENT_##kind, word },
	ENDINGS(X)
#undef X
};

int
ending_status(enum ending ending)
{
	return endings[ending].status;
}

enum ending
ending_of_status(int status)
{
	for (int i = 0; i < N_ENDINGS; i++)
		if (endings[i].status == status)
			return (enum ending)i;
	return ENDING_UNKNOWN;
}

const char *
ending_text(enum ending ending)
{
	return endings[ending].name;
}

enum dir_counter
ending_counter(enum ending ending)
{
	return ending == ENDING_UNKNOWN ? DIR_COUNT_crashed_status
					: endings[ending].counter;
}

const char *
ending_reason(enum ending ending)
{
	return endings[ending].reason;
}

void
ending_put_word(enum ending ending, struct user *user)
{
	const char *word = endings[ending].word;
	char goodbye[NAME_MAX_BYTES + 16];

	if (ending == ENDING_LEFT && user->name.len > 0) {
		snprintf(
		    goodbye, sizeof goodbye, "Goodbye, %s!", user->name.text);
		word = goodbye;
	}
	if (*word == '\0')
		return;
	if (endings[ending].word_kind == EVENT_REFUSED)
		user_refuse(user, (struct span){ word, strlen(word) });
	else
		user_notice(user, word);
}
