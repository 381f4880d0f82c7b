/* test_completion.c - the completion files of the shells name the options that
 * the programs have, and each shell can read its own. */
#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(completion, .timeout = SUITE_TIMEOUT);

#define FILES "tools/completion/"

/* Too large for the stack of a test. */
static struct program_result result;

/* One file. */
struct completion {
	char shell[8];
	char program[16];
	char path[48];
};

static struct completion all[] = {
	{ "bash", "chatd", FILES "bash/chatd" },
	{ "bash", "chat", FILES "bash/chat" },
	{ "bash", "chat-who", FILES "bash/chat-who" },
	{ "bash", "chat-bench", FILES "bash/chat-bench" },
	{ "zsh", "chatd", FILES "zsh/_chatd" },
	{ "zsh", "chat", FILES "zsh/_chat" },
	{ "zsh", "chat-who", FILES "zsh/_chat-who" },
	{ "zsh", "chat-bench", FILES "zsh/_chat-bench" },
	{ "fish", "chatd", FILES "fish/chatd.fish" },
	{ "fish", "chat", FILES "fish/chat.fish" },
	{ "fish", "chat-who", FILES "fish/chat-who.fish" },
	{ "fish", "chat-bench", FILES "fish/chat-bench.fish" },
};

#define N_ALL (sizeof all / sizeof all[0])

/* Options, "-j" or "--json", with a blank before and behind each. */
struct options {
	char text[2048];
	size_t n;
};

static bool
has(const struct options *options, const char *option)
{
	char word[72];

	(void)snprintf(word, sizeof word, " %s ", option);
	return strstr(options->text, word) != NULL;
}

static void
add(struct options *options, const char *dashes, const char *name, size_t len)
{
	char option[64];

	(void)snprintf(option, sizeof option, "%s%.*s", dashes, (int)len, name);
	if (options->n == 0)
		(void)strcpy(options->text, " ");
	if (has(options, option))
		return;
	cr_assert_lt(
	    strlen(options->text) + strlen(option) + 2, sizeof options->text);
	(void)strcat(options->text, option);
	(void)strcat(options->text, " ");
	options->n++;
}

/* Add what the first group of `pattern` matches, wherever it does. */
static void
add_matches(struct options *options, const char *pattern, const char *dashes,
    const char *line)
{
	regex_t regex;
	regmatch_t groups[2];

	cr_assert_eq(regcomp(&regex, pattern, REG_EXTENDED), 0, "%s", pattern);
	while (regexec(&regex, line, 2, groups, 0) == 0) {
		add(options, dashes, line + groups[1].rm_so,
		    (size_t)(groups[1].rm_eo - groups[1].rm_so));
		line += groups[1].rm_eo;
	}
	regfree(&regex);
}

#define OPTION "(--?[A-Za-z][A-Za-z-]*)"

/* "  -j, --json  what it does" and "      --run-dir DIR  ..." */
static void
add_from_help(struct options *options, char *line)
{
	char *meaning = line + strspn(line, " ");

	if (meaning == line || *meaning != '-')
		return;
	meaning = strstr(meaning, "  ");
	if (meaning != NULL)
		*meaning = '\0';
	add_matches(options, "[ ]" OPTION, "", line);
}

/* "local options='-j --json ...'" */
static void
add_from_bash(struct options *options, char *line)
{
	if (strstr(line, "local options='") != NULL)
		add_matches(options, "[ ']" OPTION, "", line);
}

/* "'(-j --json)'{-j,--json}'[what it does]' \" */
static void
add_from_zsh(struct options *options, char *line)
{
	if (line[0] != '\t' || line[1] != '\'')
		return;
	line[strcspn(line, "[")] = '\0';
	add_matches(options, "[^a-z-]" OPTION, "", line);
}

/* "complete -c chat-who -s j -l json -d 'What it does'" */
static void
add_from_fish(struct options *options, char *line)
{
	if (strncmp(line, "complete -c ", 12) != 0)
		return;
	line[strcspn(line, "'\"")] = '\0';
	add_matches(options, " -s ([A-Za-z])", "-", line);
	add_matches(options, " -l ([A-Za-z-]+)", "--", line);
}

static void
options_of_help(const char *program, struct options *options)
{
	char path[128], *at = NULL;

	(void)snprintf(path, sizeof path, BIN_DIR "/%s", program);
	program_run(
	    &result, NULL, (const char *const[]){ path, "--help", NULL });
	cr_assert_eq(result.status, 0, "%s", result.err);
	for (char *line = strtok_r(result.out, "\n", &at); line != NULL;
	     line = strtok_r(NULL, "\n", &at))
		add_from_help(options, line);
	/* -h, --help, -V and --version at the least */
	cr_assert_geq(options->n, 4, "%s", options->text);
}

static void
options_of_file(const struct completion *c, struct options *options)
{
	FILE *file = fopen(c->path, "re");
	char line[1024];

	cr_assert_not_null(
	    file, "%s: run tests at the top of the tree", c->path);
	while (fgets(line, sizeof line, file) != NULL)
		if (strcmp(c->shell, "bash") == 0)
			add_from_bash(options, line);
		else if (strcmp(c->shell, "zsh") == 0)
			add_from_zsh(options, line);
		else
			add_from_fish(options, line);
	(void)fclose(file);
}

static void
are_all_in(
    const struct options *some, const struct options *others, const char *where)
{
	char copy[sizeof some->text], *at = NULL;

	(void)strcpy(copy, some->text);
	for (char *option = strtok_r(copy, " ", &at); option != NULL;
	     option = strtok_r(NULL, " ", &at))
		cr_expect(has(others, option), "%s is not %s", option, where);
}

ParameterizedTestParameters(completion, has_the_options_of_the_program)
{
	return cr_make_param_array(struct completion, all, N_ALL);
}

ParameterizedTest(
    struct completion *c, completion, has_the_options_of_the_program)
{
	struct options of_help = { 0 }, of_file = { 0 };
	char help[64];

	(void)snprintf(help, sizeof help, "in %s --help", c->program);
	options_of_help(c->program, &of_help);
	options_of_file(c, &of_file);
	are_all_in(&of_help, &of_file, c->path);
	are_all_in(&of_file, &of_help, help);
}

ParameterizedTestParameters(completion, is_read_by_its_shell)
{
	return cr_make_param_array(struct completion, all, N_ALL);
}

/* Nobody needs three shells to build chatd: one that is not here reads
 * nothing. */
ParameterizedTest(struct completion *c, completion, is_read_by_its_shell)
{
	char command[128];

	(void)snprintf(command, sizeof command,
	    "command -v %s >/dev/null || exit 0; exec %s -n %s", c->shell,
	    c->shell, c->path);
	program_run(&result, NULL,
	    (const char *const[]){ "/bin/sh", "-c", command, NULL });
	cr_expect_eq(result.status, 0, "%s", result.err);
	cr_expect_str_eq(result.err, "");
}
