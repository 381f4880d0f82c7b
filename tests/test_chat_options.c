/* test_chat_options.c - what the command line and the file ask of chat. */
#include "cli/options.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct config options;
static struct buffer error;
static char home[TEST_PATH_BYTES];

static void
begin(void)
{
	test_dir(home);
	setenv("XDG_CONFIG_HOME", home, 1);
	setenv("USER", "dora", 1);
}

static void
finish(void)
{
	buffer_free(&error);
	harness_clean();
}

TestSuite(
    chat_options, .init = begin, .fini = finish, .timeout = SUITE_TIMEOUT);

/* Arguments up to the first NULL. */
static enum chat_options_result
parse(const char *a, const char *b, const char *c, const char *d)
{
	const char *const given[] = { a, b, c, d };
	static char words[5][300] = { "chat" };
	char *argv[6] = { words[0] };
	int argc = 1;

	for (size_t i = 0; i < 4 && given[i] != NULL; i++) {
		strcpy(words[argc], given[i]);
		argv[argc] = words[argc];
		argc++;
	}
	buffer_drop(&error, buffer_len(&error));
	return chat_options_parse(argc, argv, &options, &error);
}

static void
says(const char *expected)
{
	buffer_append(&error, "", 1);
	cr_assert_str_eq(buffer_data(&error), expected);
}

/* A file below `home`; its path, valid until the next call. */
static const char *
file(const char *name, const char *text)
{
	static char path[TEST_PATH_BYTES + 32];
	FILE *f;

	(void)snprintf(path, sizeof path, "%s/%s", home, name);
	f = fopen(path, "w");
	cr_assert_not_null(f);
	cr_assert_geq(fputs(text, f), 0);
	cr_assert_eq(fclose(f), 0);
	return path;
}

static void
has_file(const char *text)
{
	char dir[TEST_PATH_BYTES + 8];

	(void)snprintf(dir, sizeof dir, "%s/chat", home);
	(void)mkdir(dir, 0700);
	(void)file("chat/config", text);
}

Test(chat_options, default_to_this_machine_and_the_login_name)
{
	cr_assert_eq(parse(NULL, NULL, NULL, NULL), CHAT_OPTIONS_RUN);
	cr_assert_str_eq(options.server.host, "localhost");
	cr_assert_str_eq(options.server.port, "5310");
	cr_assert_str_eq(options.name, "dora");
}

Test(chat_options, a_name_can_be_given)
{
	cr_assert_eq(parse("-n", "alice", "host:7000", NULL), CHAT_OPTIONS_RUN);
	cr_assert_str_eq(options.name, "alice");
	cr_assert_str_eq(options.server.host, "host");
	cr_assert_eq(parse("--name=bob", NULL, NULL, NULL), CHAT_OPTIONS_RUN);
	cr_assert_str_eq(options.name, "bob");
}

Test(chat_options, a_name_may_be_empty_and_is_not_made_up_then)
{
	cr_assert_eq(parse("-n", "", NULL, NULL), CHAT_OPTIONS_RUN);
	cr_assert_str_eq(options.name, "");
}

Test(chat_options, help_and_version_are_no_errors)
{
	cr_assert_eq(parse("-h", NULL, NULL, NULL), CHAT_OPTIONS_HELP);
	cr_assert_eq(parse("--help", NULL, NULL, NULL), CHAT_OPTIONS_HELP);
	cr_assert_eq(parse("-V", NULL, NULL, NULL), CHAT_OPTIONS_VERSION);
	cr_assert_eq(
	    parse("--version", NULL, NULL, NULL), CHAT_OPTIONS_VERSION);
}

Test(chat_options, what_makes_no_sense_is_refused_with_a_reason)
{
	cr_assert_eq(parse("-x", NULL, NULL, NULL), CHAT_OPTIONS_BAD);
	says("there is no such option");
	cr_assert_eq(parse("-n", NULL, NULL, NULL), CHAT_OPTIONS_BAD);
	says("-n needs a value");
	cr_assert_eq(parse("--config", NULL, NULL, NULL), CHAT_OPTIONS_BAD);
	says("--config needs a value");
	cr_assert_eq(parse("one", "two", NULL, NULL), CHAT_OPTIONS_BAD);
	says("one server at a time");
	cr_assert_eq(parse("host:http", NULL, NULL, NULL), CHAT_OPTIONS_BAD);
	says("server is HOST, HOST:PORT or [ADDRESS]:PORT with a port from 1 "
	     "to 65535, not \"host:http\"");
	cr_assert_eq(
	    parse("--timestamps=maybe", NULL, NULL, NULL), CHAT_OPTIONS_BAD);
	says("timestamps is yes or no, not \"maybe\"");
}

Test(chat_options, a_host_name_that_is_too_long_is_refused)
{
	char host[290];

	memset(host, 'h', sizeof host);
	host[sizeof host - 1] = '\0';
	cr_assert_eq(parse(host, NULL, NULL, NULL), CHAT_OPTIONS_BAD);
	cr_assert_gt(buffer_len(&error), 0);
}

/* The file ---------------------------------------------------------------- */

Test(chat_options, the_file_is_above_what_the_system_knows)
{
	has_file("server = lab:7000\nname = alice\ntimestamps = no\n");
	cr_assert_eq(parse(NULL, NULL, NULL, NULL), CHAT_OPTIONS_RUN);
	cr_assert_str_eq(options.server.host, "lab");
	cr_assert_str_eq(options.server.port, "7000");
	cr_assert_str_eq(options.name, "alice");
	cr_assert_not(options.timestamps);
}

Test(chat_options, the_command_line_is_above_the_file)
{
	has_file("server = lab:7000\nname = alice\ntimestamps = no\n");
	cr_assert_eq(
	    parse("-n", "bob", "--timestamps", "attic"), CHAT_OPTIONS_RUN);
	cr_assert_str_eq(options.server.host, "attic");
	/* The port of another server is not this one's. */
	cr_assert_str_eq(options.server.port, "5310");
	cr_assert_str_eq(options.name, "bob");
	cr_assert(options.timestamps);
}

Test(chat_options, another_file_can_be_named)
{
	has_file("name = alice\n");
	cr_assert_eq(
	    parse("--config", file("other", "name = carol\n"), NULL, NULL),
	    CHAT_OPTIONS_RUN);
	cr_assert_str_eq(options.name, "carol");
}

Test(chat_options, a_file_that_is_named_has_to_be_there)
{
	cr_assert_eq(parse("--config", "/nonexistent/file", NULL, NULL),
	    CHAT_OPTIONS_BAD_FILE);
	says("/nonexistent/file: No such file or directory");
	cr_assert_eq(parse("--config", "/", NULL, NULL), CHAT_OPTIONS_BAD_FILE);
	says("/: Is a directory");
}

Test(chat_options, what_is_wrong_in_the_file_is_told_with_its_place)
{
	char expected[TEST_PATH_BYTES + 96];

	has_file("# mine\n\ntimestamps = often\n");
	cr_assert_eq(parse(NULL, NULL, NULL, NULL), CHAT_OPTIONS_BAD_FILE);
	(void)snprintf(expected, sizeof expected,
	    "%s/chat/config:3: timestamps is yes or no, not \"often\"", home);
	says(expected);
}

Test(chat_options, without_xdg_config_home_the_file_is_below_home)
{
	char dir[TEST_PATH_BYTES + 32];

	(void)snprintf(dir, sizeof dir, "%s/.config", home);
	cr_assert_eq(mkdir(dir, 0700), 0);
	(void)snprintf(dir, sizeof dir, "%s/.config/chat", home);
	cr_assert_eq(mkdir(dir, 0700), 0);
	(void)file(".config/chat/config", "name = alice\n");
	setenv("HOME", home, 1);
	unsetenv("XDG_CONFIG_HOME");
	cr_assert_eq(parse(NULL, NULL, NULL, NULL), CHAT_OPTIONS_RUN);
	cr_assert_str_eq(options.name, "alice");
	/* Not an absolute path: as if there were none. */
	setenv("XDG_CONFIG_HOME", "relative", 1);
	cr_assert_eq(parse(NULL, NULL, NULL, NULL), CHAT_OPTIONS_RUN);
	cr_assert_str_eq(options.name, "alice");
}

Test(chat_options, nobody_needs_a_file)
{
	unsetenv("HOME");
	unsetenv("XDG_CONFIG_HOME");
	cr_assert_eq(parse(NULL, NULL, NULL, NULL), CHAT_OPTIONS_RUN);
}

Test(chat_options, the_settings_in_force_can_be_asked_for)
{
	cr_assert_eq(
	    parse("--dump-config", "-n", "bob", NULL), CHAT_OPTIONS_DUMP);
	cr_assert_str_eq(options.name, "bob");
}
