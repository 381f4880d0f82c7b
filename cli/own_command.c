/* own_command.c - the table of commands that chat itself carries out.
 *
 * Pure; typed.c does what they say. */
#include "cli/own_command.h"

static const struct {
	const char *verb, *help;
} commands[] = {
#define X(id, verb, help) { verb, help },
	OWN_COMMANDS(X)
#undef X
};

#define N_COMMANDS (sizeof commands / sizeof *commands)

enum own_command
own_command_find(struct slice line, struct slice *rest_out)
{
	struct slice word = slice_take_word(line, rest_out);

	if (slice_is_verb(word, "/help"))
		return OWN_HELP;
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (slice_is_verb(word, commands[i].verb))
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
