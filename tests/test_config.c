/* test_config.c - what can be set: the table of keys, and the form of a file.
 */
#include "cli/config.h"

#include "ipc/text.h"
#include "tests/harness.h"
#include "tests/harness_language.h"
#include "tests/harness_manual.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct config config;
static struct buffer text, error;
static unsigned line;

static void
finish(void)
{
	buffer_free(&text);
	buffer_free(&error);
}

TestSuite(config, .fini = finish, .timeout = SUITE_TIMEOUT);

static bool
parse(const char *file)
{
	config_init(&config);
	buffer_drop(&error, buffer_len(&error));
	return config_parse(&config, file, strlen(file), &line, &error);
}

static size_t
key(const char *name)
{
	size_t i = 0;

	while (strcmp(config_key(i), name) != 0)
		i++;
	return i;
}

static void
is_refused(const char *file, unsigned at, const char *why)
{
	cr_assert_not(parse(file), "%s", file);
	cr_assert_eq(line, at, "%s", file);
	buffer_append(&error, "", 1);
	cr_assert_str_eq(buffer_data(&error), why);
}

struct name_case {
	char file[48];
	char name[32];
};

ParameterizedTestParameters(config, values_are_read)
{
	static struct name_case cases[] = {
		{ "name = alice\n", "alice" },
		{ "name=alice", "alice" },
		{ "\t name\t=\talice \t\r\n", "alice" },
		{ "name =\n", "" },
		{ "name = \"\"\n", "" },
		{ "name = \" a b \"\n", " a b " },
		{ "name = \"\n", "\"" },
		{ "name = a # b = c\n", "a # b = c" },
		{ "# name = bob\n  # c\n\nname = alice\n", "alice" },
		{ "name = bob\nname = alice\n", "alice" },
	};

	return cr_make_param_array(
	    struct name_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct name_case *c, config, values_are_read)
{
	cr_assert(parse(c->file), "%s: %.*s", c->file, (int)buffer_len(&error),
	    buffer_data(&error));
	cr_assert_str_eq(config.name, c->name, "%s", c->file);
}

Test(config, an_empty_file_leaves_everything_as_it_is)
{
	cr_assert(parse(""));
	cr_assert_str_eq(config.server.host, "localhost");
	cr_assert_str_eq(config.server.port, "5310");
	cr_assert_str_eq(config.name, "");
	cr_assert(config.timestamps);
}

Test(config, what_is_wrong_is_told_with_its_line_and_what_is_allowed)
{
	is_refused("name = x\n\ntimestamps = maybe\n", 3,
	    "timestamps is yes or no, not \"maybe\"");
	is_refused("server = lab:0", 1,
	    "server is HOST, HOST:PORT or [ADDRESS]:PORT with a port from 1 "
	    "to 65535, not \"lab:0\"");
	is_refused("server =\n", 1,
	    "server is HOST, HOST:PORT or [ADDRESS]:PORT with a port from 1 "
	    "to 65535, not \"\"");
	is_refused("alice\n", 1, "a line is written \"key = value\"");
}

#define TEN "一二三四五六七八九十"

Test(config, a_long_value_is_told_by_its_beginning_in_whole_characters)
{
	is_refused("quiet = " TEN TEN TEN, 1,
	    "quiet is yes or no, not \"" TEN TEN "一二三四五六\"");
	cr_assert_not(parse(TEN TEN TEN " = yes"));
	buffer_append(&error, "", 1);
	cr_assert_not_null(
	    strstr(buffer_data(&error), " \"" TEN TEN "一二三四五六\"; "));
}

Test(config, an_unknown_key_is_told_with_those_there_are)
{
	char why[512] = "there is no key \"nmae\"; the keys are ";

	for (size_t i = 0; config_key(i) != NULL; i++) {
		strcat(why, i > 0 ? ", " : "");
		strcat(why, config_key(i));
	}
	is_refused("nmae = alice\n", 1, why);
}

Test(config, bytes_that_are_no_text_are_refused)
{
	static const char zero[] = "name = a\0b\n";

	is_refused("\nname = a\x1b[31m\n", 2,
	    "the line is not UTF-8 text, or has control characters in it");
	is_refused("name = \xff\n", 1,
	    "the line is not UTF-8 text, or has control characters in it");
	config_init(&config);
	cr_assert_not(
	    config_parse(&config, zero, sizeof zero - 1, &line, &error));
}

Test(config, a_line_may_be_as_long_as_a_name_and_no_longer)
{
	static char file[20000];

	strcpy(file, "name = ");
	memset(file + strlen(file), 'x', LINE_MAX_BYTES);
	cr_assert(parse(file));
	cr_assert_eq(strlen(config.name), LINE_MAX_BYTES);
	strcat(file, "x");
	is_refused(file, 1, "name has at most 4096 bytes");
	cr_assert_str_eq(config.name, "");
	memset(file + strlen(file), 'x', 10000);
	is_refused(file, 1, "the line is too long");
}

Test(config, the_dump_reads_as_the_settings_that_were_dumped)
{
	struct config before;

	cr_assert(parse("server = [::1]:7000\nname = \" \\\"a b\\\" \"\n"
			"timestamps = no\n"));
	before = config;
	cr_assert(config_dump(&before, &text, &error));
	config_init(&config);
	cr_assert(config_parse(
	    &config, buffer_data(&text), buffer_len(&text), &line, &error));
	cr_assert_str_eq(config.server.host, "::1");
	cr_assert_str_eq(config.server.port, "7000");
	cr_assert_str_eq(config.name, before.name);
	cr_assert_not(config.timestamps);
}

Test(config, the_dump_has_every_key_and_explains_it)
{
	char start[64];

	config_init(&config);
	cr_assert(config_dump(&config, &text, &error));
	buffer_append(&text, "", 1);
	cr_assert_eq(buffer_data(&text)[0], '#');
	for (size_t i = 0; config_key(i) != NULL; i++) {
		(void)snprintf(start, sizeof start, "\n%s = ", config_key(i));
		cr_assert_not_null(strstr(buffer_data(&text), start));
	}
}

Test(config, a_value_that_no_file_can_hold_is_not_dumped)
{
	config_init(&config);
	cr_assert(config_set(&config, key("name"), "a\nserver = b", &error));
	cr_assert_not(config_dump(&config, &text, &error));
	buffer_append(&error, "", 1);
	cr_assert_str_eq(buffer_data(&error),
	    "name is not UTF-8 text, or has control characters in it, and "
	    "cannot be written in a file");
}

Test(config, the_keys_stand_in_the_manual_in_their_order)
{
	char *section = manual_section("cli/chat.1", "Settings");
	char *at = section, head[128], first[128], expected[64];
	size_t i = 0;

	while (manual_next_item(&at, head, sizeof head, first, sizeof first)) {
		cr_assert_not_null(config_key(i), "no such key: %s", head);
		(void)snprintf(
		    expected, sizeof expected, "Cm %s", config_key(i));
		cr_assert_str_eq(head, expected);
		i++;
	}
	cr_assert_null(config_key(i));
	free(section);
}

/* The language ------------------------------------------------------------ */

/* The keys and their values, which are nobody's language. */
static const char *
known(void)
{
	static char words[512];

	(void)strcpy(
	    words, " yes no mention private all never localhost chat UTF ");
	for (size_t i = 0; config_key(i) != NULL; i++) {
		(void)strcat(words, config_key(i));
		(void)strcat(words, " ");
	}
	return words;
}

static const char *
english_of(struct buffer *b)
{
	buffer_append(b, "", 1);
	cr_assert_not(b->failed);
	return english_word(buffer_data(b), known());
}

/* Append what is wrong with a value that is too long for the longest and no
 * word of the others. */
static void
refuse(size_t i)
{
	static char value[LINE_MAX_BYTES + 2];

	memset(value, '?', LINE_MAX_BYTES + 1);
	cr_assert_not(config_set(&config, i, value, &error));
}

Test(config, every_key_has_its_errors_in_the_language_of_the_person)
{
	size_t i;

	for (i = 0; config_key(i) != NULL; i++) {
		refuse(i);
		cr_expect_not_null(english_of(&error), "%s", config_key(i));
		buffer_drop(&error, buffer_len(&error));
	}
	speak_chinese();
	while (i-- > 0) {
		refuse(i);
		cr_expect_null(english_of(&error), "%s", buffer_data(&error));
		cr_expect_not_null(strstr(buffer_data(&error), config_key(i)));
		buffer_drop(&error, buffer_len(&error));
	}
}

Test(config, a_file_has_its_errors_in_the_language_of_the_person)
{
	static char too_long[3 * LINE_MAX_BYTES];
	const char *const files[] = { "?", "? = ?", "name = \xff", too_long };
	const char *word;

	memset(too_long, '=', sizeof too_long - 1);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		cr_assert_not(parse(files[i]));
		cr_expect_not_null(english_of(&error), "%s", files[i]);
	}
	speak_chinese();
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		cr_assert_not(parse(files[i]));
		word = english_of(&error);
		cr_expect_null(word, "%s", buffer_data(&error));
	}
	config_init(&config);
	cr_assert(config_set(&config, key("name"), "\n", &error));
	buffer_drop(&error, buffer_len(&error));
	cr_assert_not(config_dump(&config, &text, &error));
	cr_expect_null(english_of(&error), "%s", buffer_data(&error));
}

/* For the next call to overwrite. */
static char *
dump(void)
{
	static char copy[4096];

	buffer_drop(&text, buffer_len(&text));
	cr_assert(config_dump(&config, &text, &error));
	cr_assert_lt(buffer_len(&text), sizeof copy);
	(void)snprintf(copy, sizeof copy, "%.*s", (int)buffer_len(&text),
	    buffer_data(&text));
	return copy;
}

static void
dump_fits_a_screen_and_reads_the_same(void)
{
	static char before[4096];
	char *row, *rest;

	cr_assert(parse("server = lab:1\nname = ?\ntimestamps = no\n"
			"bell = all\nquiet = yes\nstatus = no\n"
			"reconnect = no\nlog = ?\n"));
	(void)strcpy(before, dump());
	cr_assert(parse(before));
	cr_assert_str_eq(dump(), before);
	for (row = strtok_r(before, "\n", &rest); row != NULL;
	     row = strtok_r(NULL, "\n", &rest))
		cr_expect_leq(text_width(row, strlen(row)), 80, "%s", row);
}

Test(config, the_dump_has_its_comments_in_the_language_of_the_person)
{
	config_init(&config);
	cr_assert_not_null(english_word(dump(), known()));
	dump_fits_a_screen_and_reads_the_same();
	speak_chinese();
	config_init(&config);
	cr_assert_null(english_word(dump(), known()), "%s", dump());
	dump_fits_a_screen_and_reads_the_same();
}
