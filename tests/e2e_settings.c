/* e2e_settings.c - chat with a file of settings.
 *
 * As a program in a pipe, and in a real terminal. */
#include "tests/harness_chat.h"
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct server *server;
static struct program_result result;
static char path[TEST_PATH_BYTES + 16];

TestSuite(settings, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* A file with these lines, at `path`. */
__attribute__((format(printf, 1, 2))) static void
has_file(const char *format, ...)
{
	char dir[TEST_PATH_BYTES];
	va_list args;
	FILE *file;

	test_dir(dir);
	(void)snprintf(path, sizeof path, "%s/settings", dir);
	file = fopen(path, "w");
	cr_assert_not_null(file);
	va_start(args, format);
	cr_assert_geq(vfprintf(file, format, args), 0);
	va_end(args);
	cr_assert_eq(fclose(file), 0);
}

static void
runs_chat(const char *option)
{
	const char *const argv[] = { BIN_DIR "/chat", "--config", path, option,
		NULL };

	program_run(&result, NULL, argv);
}

Test(settings, name_the_server_and_the_person)
{
	server = server_start(NULL);
	has_file("server = 127.0.0.1:%u\nname = alice\n", server->port);
	runs_chat(NULL);
	cr_assert_not_null(strstr(result.out, "* Welcome, alice!"));
	cr_assert_eq(result.status, 0);
}

Test(settings, that_are_wrong_are_told_with_their_place)
{
	char expected[TEST_PATH_BYTES + 96];

	has_file("name = alice\n\ntimestamps = never\n");
	runs_chat(NULL);
	(void)snprintf(expected, sizeof expected,
	    "chat: %s:3: timestamps is yes or no, not \"never\"\n", path);
	cr_assert_str_eq(result.err, expected);
	cr_assert_str_eq(result.out, "");
	cr_assert_eq(result.status, 64);
}

Test(settings, are_dumped_as_a_file_that_reads_the_same)
{
	struct program_result again;
	char all[sizeof result.out];

	has_file("server = [::1]:7000\nname = \" al \"\ntimestamps = no\n");
	runs_chat("--dump-config");
	cr_assert_str_eq(result.err, "");
	cr_assert_eq(result.status, 0);
	cr_assert_not_null(strstr(result.out, "server = [::1]:7000\n"));
	cr_assert_not_null(strstr(result.out, "name = \" al \"\n"));
	cr_assert_not_null(strstr(result.out, "timestamps = no\n"));
	strcpy(all, result.out);
	has_file("%s", all);
	again = result;
	runs_chat("--dump-config");
	cr_assert_str_eq(result.out, again.out);
}

Test(settings, make_a_terminal_look_as_one_likes)
{
	char variables[TEST_PATH_BYTES + 32];
	struct terminal *t;
	char dir[TEST_PATH_BYTES];

	test_dir(dir);
	(void)snprintf(variables, sizeof variables, "XDG_CONFIG_HOME=%s", dir);
	server = server_start(NULL);
	t = terminal_open(80, 24);
	terminal_types(t,
	    "mkdir %s/chat; %s/chat --dump-config --timestamps=no -n alice "
	    ">%s/chat/config; echo wrote $?",
	    dir, BIN_DIR, dir);
	terminal_presses(t, "Enter");
	terminal_shows(t, "wrote 0");
	chat_starts(t, server, variables, "");
	terminal_ends_with(t, "alice>");
	terminal_shows(t, "* 1 person is here");
	cr_assert_not_null(
	    strstr(terminal_screen(t), "\n* 1 person is here: alice"));
	chat_leaves(t, "alice");
	/* The command line is above the file. */
	chat_starts(t, server, variables, "--timestamps -n bob");
	terminal_shows(t, " * Welcome, bob!");
}
