/* test_help.c - what `chat --help` says. */
#include "cli/help.h"

#include "cli/config.h"
#include "ipc/text.h"
#include "tests/harness.h"
#include "tests/harness_language.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

TestSuite(help, .timeout = SUITE_TIMEOUT);

/* In the language of the moment; valid until the next call. */
static char *
help(void)
{
	static char text[4096];
	struct buffer b = { 0 };

	help_append(&b);
	cr_assert_not(b.failed);
	cr_assert_lt(buffer_len(&b), sizeof text);
	(void)snprintf(
	    text, sizeof text, "%.*s", (int)buffer_len(&b), buffer_data(&b));
	buffer_free(&b);
	return text;
}

Test(help, begins_with_the_usage)
{
	struct buffer usage = { 0 };

	help_append_usage(&usage);
	cr_assert_gt(buffer_len(&usage), 0);
	cr_assert_eq(
	    strncmp(help(), buffer_data(&usage), buffer_len(&usage)), 0);
	buffer_free(&usage);
}

Test(help, names_every_key)
{
	const char *text = help();
	char option[64];

	for (size_t i = 0; config_key(i) != NULL; i++) {
		(void)snprintf(option, sizeof option, " --%s", config_key(i));
		cr_expect_not_null(strstr(text, option), "%s", option);
	}
}

Test(help, names_the_server_that_is_meant_by_default)
{
	cr_assert_not_null(
	    strstr(help(), CHAT_HOST_DEFAULT ":" CHAT_PORT_DEFAULT "\n"));
	speak_chinese();
	cr_assert_not_null(
	    strstr(help(), CHAT_HOST_DEFAULT ":" CHAT_PORT_DEFAULT "\n"));
}

/* Where the meaning of an option begins, in columns; 0: there is no option on
 * the line. */
static size_t
meaning_column(const char *line)
{
	const char *option = line + strspn(line, " ");
	const char *gap;

	if (option == line || *option != '-')
		return 0;
	gap = strstr(option, "  ");
	cr_assert_not_null(gap, "%s", line);
	return text_width(line, (size_t)(gap + strspn(gap, " ") - line));
}

static void
stands_in_columns(void)
{
	char *line, *rest;
	size_t n_options = 0;

	for (line = strtok_r(help(), "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		size_t column = meaning_column(line);

		cr_expect_leq(text_width(line, strlen(line)), 80, "%s", line);
		cr_expect(column == 0 || column == 24, "%s", line);
		n_options += column > 0;
	}
	cr_assert_geq(n_options, 4);
}

Test(help, stands_in_columns_that_fit_a_screen)
{
	stands_in_columns();
	speak_chinese();
	stands_in_columns();
}

/* They are the same in every language. */
static char *
without_options(char *text)
{
	for (char *s = text; (s = strchr(s, '-')) != NULL;)
		while (*s == '-' || isalpha((unsigned char)*s))
			*s++ = ' ';
	return text;
}

Test(help, has_no_english_words_in_chinese)
{
	const char *known =
	    " chat config no USER localhost mention private all never ";
	const char *word;

	cr_assert_not_null(english_word(without_options(help()), known));
	speak_chinese();
	word = english_word(without_options(help()), known);
	cr_assert_null(word, "%s", word);
}
