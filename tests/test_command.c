/* test_command.c - the table of /verbs and its help. */
#include "srv/command.h"

#include "ipc/text.h"
#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

TestSuite(command, .timeout = SUITE_TIMEOUT);

struct word_case {
	char word[16];
	enum command command;
};

ParameterizedTestParameters(command, is_found_by_its_verb)
{
	static struct word_case cases[] = {
		{ "/help", COMMAND_HELP },
		{ "/who", COMMAND_WHO },
		{ "/whois", COMMAND_WHOIS },
		{ "/me", COMMAND_ME },
		{ "/nick", COMMAND_NICK },
		{ "/msg", COMMAND_MSG },
		{ "/ignore", COMMAND_IGNORE },
		{ "/unignore", COMMAND_UNIGNORE },
		{ "/away", COMMAND_AWAY },
		{ "/back", COMMAND_BACK },
		{ "/quit", COMMAND_QUIT },
		{ "/HELP", COMMAND_HELP },
		{ "/wHo", COMMAND_WHO },
		{ "", COMMAND_NONE },
		{ "/", COMMAND_NONE },
		{ "help", COMMAND_NONE },
		{ "//help", COMMAND_NONE },
		{ "/hel", COMMAND_NONE },
		{ "/helpp", COMMAND_NONE },
		{ "/m", COMMAND_NONE },
		{ "/exit", COMMAND_NONE },
	};

	return cr_make_param_array(
	    struct word_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct word_case *t, command, is_found_by_its_verb)
{
	cr_expect_eq(command_find((struct span){ t->word, strlen(t->word) }),
	    t->command, "'%s'", t->word);
}

Test(command, is_found_by_length_and_not_by_a_zero_byte)
{
	cr_expect_eq(command_find((struct span){ "/whois", 4 }), COMMAND_WHO);
	cr_expect_eq(command_find((struct span){ "/who\0x", 6 }), COMMAND_NONE);
}

static bool
help_tells(const char *form)
{
	for (unsigned i = 0; command_help(i) != NULL; i++)
		if (strncmp(command_help(i), form, strlen(form)) == 0)
			return true;
	return false;
}

Test(command, help_tells_every_command_and_how_to_leave)
{
#define X(id, verb, form, text) cr_expect(help_tells(form " - "), "%s", form);
	COMMANDS(X)
#undef X
	cr_expect(help_tells("exit - "));
	cr_expect(help_tells("@NAME TEXT - "));
	cr_expect(help_tells("@@TEXT "));
}

Test(command, help_is_safe_lines_of_a_terminals_width_and_ends)
{
	unsigned i = 0;

	for (; command_help(i) != NULL; i++) {
		const char *line = command_help(i);

		cr_expect(text_is_safe(line, strlen(line)), "%s", line);
		cr_expect_leq(strlen("* ") + strlen(line), 80, "%s", line);
	}
	cr_expect_null(command_help(i + 1));
	cr_expect_null(command_help(~0u));
}
