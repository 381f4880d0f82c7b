/* ending.c - exit statuses, reasons and last words. */
#include "srv/ending.h"

#include <stdio.h>
#include <string.h>

static const struct {
	int status;
	const char *name;
	const char *reason;
	enum event_kind word_kind;
	const char *word;
} endings[N_ENDINGS] = {
#define X(id, status, name, reason, kind, word)                                \
	[ENDING_##id] = { status, name, reason, EVENT_##kind, word },
	ENDINGS(X)
#undef X
};

int
ending_status(enum ending ending)
{
	return endings[ending].status;
}

const char *
ending_status_text(int status)
{
	for (int i = 0; i < N_ENDINGS; i++)
		if (endings[i].status == status)
			return endings[i].name;
	return "unknown status";
}

const char *
ending_text(enum ending ending)
{
	return endings[ending].name;
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
