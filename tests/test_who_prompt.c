/* test_who_prompt.c - the question for a pattern of names. */
#include "tools/who_prompt.h"

#include "tests/harness.h"
#include "tools/who_input.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(who_prompt, .timeout = SUITE_TIMEOUT);

#define QUESTION "Show names like: "
#define CONTROL_U "\x15"
#define BACKSPACE "\x7f"

static void
types(struct who_prompt *prompt, const char *bytes)
{
	for (; *bytes != '\0'; bytes++)
		cr_assert_not(who_prompt_press(prompt, (unsigned char)*bytes));
}

static void
reads(const struct who_prompt *prompt, size_t width, const char *expected)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	who_prompt_print(prompt, width, out);
	(void)fclose(out);
	cr_assert_str_eq(text, expected, "%s", text);
	free(text);
}

Test(who_prompt, shows_the_answer_as_it_is_typed_until_enter)
{
	struct who_prompt prompt = { 0 };

	reads(&prompt, 80, "");
	who_prompt_open(&prompt);
	reads(&prompt, 80, QUESTION);
	types(&prompt, "al* q/h");
	reads(&prompt, 80, QUESTION "al* q/h");
	cr_assert(who_prompt_press(&prompt, '\n'));
	cr_assert_str_eq(prompt.text, "al* q/h");
	cr_assert(who_prompt_press(&prompt, '\r'));
	who_prompt_open(&prompt);
	cr_assert_str_eq(prompt.text, "");
}

Test(who_prompt, escape_and_control_c_give_it_up)
{
	static const int keys[] = { WHO_KEY_ESCAPE, WHO_KEY_INTERRUPT };
	struct who_prompt prompt;

	for (size_t i = 0; i < 2; i++) {
		who_prompt_open(&prompt);
		types(&prompt, "al");
		cr_assert_not(who_prompt_press(&prompt, keys[i]));
		cr_assert_not(prompt.is_open);
		reads(&prompt, 80, "");
	}
}

Test(who_prompt, backspace_takes_a_character_and_control_u_all)
{
	struct who_prompt prompt;

	who_prompt_open(&prompt);
	types(&prompt, "a\u00e9\u5f20" BACKSPACE);
	cr_assert_str_eq(prompt.text, "a\u00e9");
	types(&prompt, "\b");
	cr_assert_str_eq(prompt.text, "a");
	types(&prompt, "\b\b\bbc" CONTROL_U "d");
	cr_assert_str_eq(prompt.text, "d");
	/* Nothing of what is no character stays for ever. */
	types(&prompt, "\x80\x80\x80" BACKSPACE BACKSPACE BACKSPACE BACKSPACE);
	cr_assert_str_eq(prompt.text, "");
}

Test(who_prompt, keys_that_mean_nothing_do_nothing)
{
	struct who_prompt prompt;

	who_prompt_open(&prompt);
	types(&prompt, "al");
	for (int key = WHO_KEY_NONE; key < 512; key++)
		if ((key < ' ' || key > 255) &&
		    strchr("\b\n\r" CONTROL_U, key) == NULL &&
		    key != WHO_KEY_ESCAPE && key != WHO_KEY_INTERRUPT)
			cr_expect_not(
			    who_prompt_press(&prompt, key), "%d", key);
	cr_assert(prompt.is_open);
	cr_assert_str_eq(prompt.text, "al");
}

Test(who_prompt, has_an_end)
{
	struct who_prompt prompt;

	who_prompt_open(&prompt);
	for (int i = 0; i < 2 * WHO_PROMPT_BYTES; i++)
		cr_assert_not(who_prompt_press(&prompt, 'a'));
	cr_assert_eq(prompt.len, WHO_PROMPT_BYTES);
	cr_assert_eq(strlen(prompt.text), WHO_PROMPT_BYTES);
}

Test(who_prompt, of_a_long_answer_the_end_is_shown)
{
	struct who_prompt prompt;

	who_prompt_open(&prompt);
	types(&prompt, "abcdef");
	reads(&prompt, SIZE_MAX, QUESTION "abcdef");
	reads(&prompt, strlen(QUESTION) + 7, QUESTION "abcdef");
	reads(&prompt, strlen(QUESTION) + 4, QUESTION "def");
	reads(&prompt, 3, QUESTION);
	/* a wide one has no half */
	types(&prompt, "\u5f20");
	reads(&prompt, strlen(QUESTION) + 4, QUESTION "f\u5f20");
	reads(&prompt, strlen(QUESTION) + 2, QUESTION);
}

Test(who_prompt, shows_nothing_a_terminal_acts_upon)
{
	struct who_prompt prompt;

	who_prompt_open(&prompt);
	types(&prompt, "\xc2\x9b\u202e\xff");
	reads(&prompt, 80, QUESTION "<U+009B><U+202E>\\377");
	prompt.is_refused = true;
	reads(&prompt, 80,
	    "That is not UTF-8.  " QUESTION "<U+009B><U+202E>\\377");
	types(&prompt, BACKSPACE);
	reads(&prompt, 80, QUESTION "<U+009B><U+202E>");
}
