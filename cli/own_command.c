/* own_command.c - the table of commands that chat itself carries out.
 *
 * Pure; typed.c does what they say. */
#include "cli/own_command.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *verb, *help;
} commands[] = {
#define X(id, verb, help) { verb, help },
	OWN_COMMANDS(X)
#undef X
};

#define N_COMMANDS (sizeof commands / sizeof *commands)

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

enum own_command
own_command_find(struct slice line, struct slice *rest_out)
{
	size_t len = 0;

	while (len < line.len && !is_blank(line.s[len]))
		len++;
	*rest_out = (struct slice){ line.s + len, line.len - len };
	while (rest_out->len > 0 && is_blank(rest_out->s[0])) {
		rest_out->s++;
		rest_out->len--;
	}
	if (len == strlen("/help") && strncasecmp(line.s, "/help", len) == 0)
		return OWN_HELP;
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (len == strlen(commands[i].verb) &&
		    strncasecmp(line.s, commands[i].verb, len) == 0)
			return (enum own_command)(OWN_HELP + 1 + (int)i);
	return OWN_NONE;
}

const char *
own_command_help(size_t i)
{
	return i < N_COMMANDS ? commands[i].help : NULL;
}

const char *
own_command_verb(size_t i)
{
	return i < N_COMMANDS ? commands[i].verb : NULL;
}
