/* command.c - the table of /verbs. */
#include "srv/command.h"

#include <string.h>
#include <strings.h>

enum command
command_find(struct span word)
{
	static const struct {
		const char *verb;
		enum command command;
	} table[] = {
#define X(id, verb, form, text) { verb, COMMAND_##id },
		COMMANDS(X)
#undef X
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (word.len == strlen(table[i].verb) &&
		    strncasecmp(word.bytes, table[i].verb, word.len) == 0)
			return table[i].command;
	return COMMAND_NONE;
}

const char *
command_help(unsigned i)
{
	static const char *const lines[] = {
		"a line is said to everyone",
		"@NAME TEXT - says TEXT to NAME alone",
#define X(id, verb, form, text) form " - " text,
		COMMANDS(X)
#undef X
		    "exit - leaves",
		"@@TEXT says \"@TEXT\" to everyone, //TEXT says \"/TEXT\"",
	};

	return i < sizeof lines / sizeof *lines ? lines[i] : NULL;
}
