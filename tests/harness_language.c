/* harness_language.c - a test that speaks another language. */
#include "tests/harness_language.h"

#include "cli/language.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

void
speak_chinese(void)
{
	/* A locale that is always there, and the language above it. */
	cr_assert_not_null(setlocale(LC_ALL, "C.UTF-8"));
	(void)setenv("LANGUAGE", "zh_CN", 1);
	(void)setenv("TEXTDOMAINDIR", BIN_DIR "/locale", 1);
	language_init();
}

const char *
english_word(const char *text, const char *known)
{
	static char word[64];

	for (text += strcspn(text, LETTERS); *text != '\0';
	     text += strcspn(text, LETTERS)) {
		size_t len = strspn(text, LETTERS);

		(void)snprintf(word, sizeof word, " %.*s ", (int)len, text);
		if (strstr(known, word) == NULL)
			return word;
		text += len;
	}
	return NULL;
}
