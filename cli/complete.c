/* complete.c - what Tab may put in place of the word being typed.
 *
 * Pure, but for gettext(3); term.c puts it into readline's terms. */
#include "cli/complete.h"

#include "cli/language.h"

#include <stdio.h>
#include <string.h>

/* The verbs of the server and our own.  One that is missing here can be typed
 * all the same. */
static const char *const commands[] = {
	"/away",
	"/back",
	"/clear",
	"/help",
	"/ignore",
	"/last",
	"/me",
	"/msg",
	"/nick",
	"/quiet",
	"/quit",
	"/r",
	"/unignore",
	"/who",
	"/whois",
};

#define N_COMMANDS (sizeof commands / sizeof *commands)
/* Three or four rows of names: more than that is nothing to choose from. */
#define LISTED 40

void
completion_begin(struct completion *c, const struct people *people,
    const char *line, size_t start, size_t end)
{
	bool is_command = start == 0 && end > 0 && line[0] == '/';

	*c = (struct completion){
		.people = is_command ? NULL : people,
		.is_address = start == 0,
		.word = line + start,
		.word_len = end - start,
	};
	if (!is_command && c->word_len > 0 && c->word[0] == '@') {
		c->has_at = true;
		c->is_address = false;
		c->word++;
		c->word_len--;
	}
}

static char *
next_command(struct completion *c)
{
	while (c->cursor < N_COMMANDS) {
		const char *command = commands[c->cursor++];

		if (strncasecmp(command, c->word, c->word_len) == 0)
			return strdup(command);
	}
	return NULL;
}

char *
completion_next(struct completion *c)
{
	const char *name;
	char *word;

	if (c->people == NULL)
		return next_command(c);
	name = people_next(c->people, c->word, c->word_len, &c->cursor);
	if (name == NULL || asprintf(&word, "%s%s%s", c->has_at ? "@" : "",
				name, c->is_address ? ":" : "") == -1)
		return NULL;
	return word;
}

void
completion_list(struct buffer *out, char *const *candidates, size_t n)
{
	struct buffer listed = { 0 };

	for (size_t i = 0; i < n && i < LISTED; i++) {
		buffer_append_string(&listed, i > 0 ? ", " : "");
		/* No name has the colon of an address in it. */
		buffer_append(
		    &listed, candidates[i], strcspn(candidates[i], ":"));
	}
	if (n > LISTED)
		buffer_append_format(out, _("%.*s and %zu more"),
		    (int)buffer_len(&listed), buffer_data(&listed), n - LISTED);
	else
		buffer_append(out, buffer_data(&listed), buffer_len(&listed));
	out->failed |= listed.failed;
	buffer_free(&listed);
}
