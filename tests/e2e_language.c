/* e2e_language.c - chat in the person's language, as a program. */
#include "tests/harness_chat.h"
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Above a locale that is always there; and the catalogues of the build. */
#define CHINESE "LANGUAGE=zh_CN TEXTDOMAINDIR=" BIN_DIR "/locale"

static struct server *server;
static struct program_result result;

TestSuite(language, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static void
runs_shell(const char *command)
{
	const char *const argv[] = { "/bin/sh", "-c", command, NULL };

	program_run(&result, NULL, argv);
}

/* What is missing or doubtful is an error of msgcmp(1), and told by it. */
Test(language, no_message_is_missing_in_any_catalogue)
{
	runs_shell("for po in cli/po/*.po; do msgcmp \"$po\" " BIN_DIR
		   "/chat.pot || exit 1; done");
	cr_assert_eq(result.status, 0, "%s", result.err);
}

Test(language, a_catalogue_with_a_gap_is_found)
{
	runs_shell("sed '/^msgid \"Goodbye!\"/,/^$/d' cli/po/zh_CN.po | "
		   "msgcmp - " BIN_DIR "/chat.pot");
	cr_assert_neq(result.status, 0);
	cr_assert_not_null(
	    strstr(result.err, "used but not defined"), "%s", result.err);
}

Test(language, no_sentence_of_the_sources_is_in_no_catalogue)
{
	runs_shell("tests/unmarked " BIN_DIR "/chat.pot cli/*.[ch]");
	cr_assert_eq(result.status, 0, "%s", result.err);
	cr_assert_str_eq(result.out, "");
}

Test(language, a_sentence_that_is_in_no_catalogue_is_found)
{
	runs_shell("echo 'const char *s = \"mind the gap\";' | "
		   "tests/unmarked " BIN_DIR "/chat.pot cli/*.[ch] -");
	cr_assert_str_eq(result.out, "mind the gap\n");
}

/* Nobody can translate "%s"; "{n} s" is another matter. */
Test(language, every_message_has_words)
{
	runs_shell(
	    "for po in cli/po/*.po; do "
	    "msggrep --invert-match --msgid -E -e '[a-z]{2}|} [a-z]' \"$po\" "
	    "|| exit 1; done");
	cr_assert_eq(result.status, 0, "%s", result.err);
	cr_assert_str_eq(result.out, "");
}

/* The other tests look for English words. */
Test(language, of_whoever_runs_the_tests_is_not_that_of_the_programs)
{
	const char *const argv[] = { BIN_DIR "/chat", "127.0.0.1:1", NULL };

	(void)setenv("LANGUAGE", "zh_CN", 1);
	(void)setenv("TEXTDOMAINDIR", BIN_DIR "/locale", 1);
	program_run(&result, NULL, argv);
	cr_assert_eq(result.status, 2);
	cr_assert_not_null(
	    strstr(result.err, "chat: cannot connect to"), "%s", result.err);
}

static void
runs_wrongly_in(const char *language)
{
	char command[256];

	(void)snprintf(command, sizeof command,
	    "LANGUAGE=%s TEXTDOMAINDIR=" BIN_DIR "/locale " BIN_DIR "/chat -x",
	    language);
	runs_shell(command);
}

Test(language, of_several_is_the_first_that_there_is)
{
	runs_wrongly_in("en_GB:zh_CN");
	cr_assert_not_null(strstr(result.err, "there is no such option"));
	runs_wrongly_in("fr:zh_CN:en");
	cr_assert_not_null(strstr(result.err, "没有这个选项"));
}

#define OPTIONS_OF_HELP " --help | grep -oE '(^| )--?[A-Za-z][A-Za-z-]*'"

Test(language, of_the_help_leaves_its_options_as_they_are)
{
	char all[sizeof result.out];

	runs_shell(BIN_DIR "/chat" OPTIONS_OF_HELP);
	cr_assert_not_null(strstr(result.out, "\n --config\n"));
	(void)strcpy(all, result.out);
	runs_shell(CHINESE " " BIN_DIR "/chat" OPTIONS_OF_HELP);
	cr_assert_str_eq(result.out, all);
	runs_shell(CHINESE " " BIN_DIR "/chat --help");
	cr_assert_not_null(strstr(result.out, "用法：chat "));
}

/* What a command line is told, above the usage. */
struct wrong_case {
	char arguments[32];
	char told[160];
};

#define USAGE "用法：chat [-hV] [-n 名字] [设置 ...] [主机[:端口]]\n"

ParameterizedTestParameters(language, of_errors_is_the_person_s)
{
	static struct wrong_case cases[] = {
		{ "--nmae=alice", "没有这个选项" },
		{ "-n", "-n 需要一个值" },
		{ "--config", "--config 需要一个值" },
		{ "lab attic", "一次只能有一个服务器" },
		{ "lab:0", "server 应为主机、主机:端口或 [地址]:端口，"
			   "端口从 1 到 65535，而不是“lab:0”" },
		{ "--quiet=很", "quiet 应为 yes 或 no，而不是“很”" },
		{ "--bell loud", "bell 应为 mention、private、all 或 never，"
				 "而不是“loud”" },
	};

	return cr_make_param_array(
	    struct wrong_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct wrong_case *c, language, of_errors_is_the_person_s)
{
	char command[128], told[256];

	(void)snprintf(command, sizeof command, CHINESE " " BIN_DIR "/chat %s",
	    c->arguments);
	(void)snprintf(told, sizeof told, "chat: %s\n" USAGE, c->told);
	runs_shell(command);
	cr_assert_str_eq(result.err, told);
	cr_assert_eq(result.status, 64);
}

Test(language, of_what_is_wrong_in_a_file_is_the_person_s)
{
	runs_shell("printf 'name = alice\\n\\n颜色 = 红\\n' | " CHINESE
		   " " BIN_DIR "/chat --config /dev/stdin");
	cr_assert_not_null(
	    strstr(result.err, "chat: /dev/stdin:3: 没有键“颜色”；"
			       "可用的键是 server, name, "),
	    "%s", result.err);
	cr_assert_eq(result.status, 64);
	runs_shell("head -c 2000000 /dev/zero | " CHINESE " " BIN_DIR
		   "/chat --config /dev/stdin");
	cr_assert_str_eq(result.err, "chat: /dev/stdin 太大，不像是设置文件\n");
}

Test(language, of_a_dump_is_the_person_s_and_any_other_reads_it)
{
	runs_shell(CHINESE " " BIN_DIR "/chat --dump-config -n 小明");
	cr_assert_not_null(strstr(result.out, "\n# 在聊天室里用的名字"));
	cr_assert_not_null(strstr(result.out, "\nname = 小明\n"));
	runs_shell(CHINESE " " BIN_DIR "/chat --dump-config -n 小明 | " BIN_DIR
			   "/chat --config /dev/stdin --dump-config");
	cr_assert_str_eq(result.err, "");
	cr_assert_not_null(strstr(result.out, "\n# The name to be called"));
	cr_assert_not_null(strstr(result.out, "\nname = 小明\n"));
}

Test(language, of_a_terminal_is_the_person_s)
{
	struct terminal *t = terminal_open(80, 24);

	server = server_start(NULL);
	chat_starts(t, server, CHINESE, "-n alice");
	terminal_shows(t, "欢迎，alice！");
	terminal_shows(t, "现有 1 人：alice");
	(void)guest_join(server, "bob");
	terminal_shows(t, "* bob 加入了");
	chat_enters(t, "/quiet");
	terminal_shows(t, "-- 加入、离开和改名已隐藏");
	chat_enters(t, "@carol hi");
	terminal_shows(t, "! 这里没有叫 \"carol\" 的人");
	/* What is said is nobody's to translate. */
	chat_enters(t, "Goodbye!");
	terminal_shows(t, "alice: Goodbye!");
}

Test(language, of_a_log_is_that_of_the_screen)
{
	struct terminal *t = terminal_open(80, 24);
	char dir[TEST_PATH_BYTES], options[TEST_PATH_BYTES + 32];
	char command[TEST_PATH_BYTES + 32];

	server = server_start(NULL);
	test_dir(dir);
	(void)snprintf(options, sizeof options, "-n alice --log %s/log", dir);
	chat_starts(t, server, CHINESE, options);
	terminal_shows(t, "欢迎，alice！");
	chat_enters(t, "exit");
	terminal_shows(t, "ended 0");
	(void)snprintf(command, sizeof command, "cat %s/log", dir);
	runs_shell(command);
	cr_assert_not_null(strstr(result.out, " * 欢迎，alice！"));
}

Test(language, of_a_pipe_is_the_wire_s)
{
	char command[512];

	server = server_start(NULL);
	(void)snprintf(command, sizeof command,
	    "echo '/away' | " CHINESE " LC_ALL=C.UTF-8 " BIN_DIR
	    "/chat -n alice 127.0.0.1:%u",
	    server->port);
	runs_shell(command);
	cr_assert_eq(result.status, 0);
	cr_assert_not_null(strstr(result.out, "* Welcome, alice! /help"));
	cr_assert_not_null(strstr(result.out, "\n* you are away\n"));
}
