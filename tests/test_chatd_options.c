/* test_chatd_options.c - chatd's command line. */
#include "srv/options.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_ARGS 64

static void
set_up(void)
{
	int null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	cr_assert_neq(null_fd, -1);
	cr_assert_eq(dup2(null_fd, STDOUT_FILENO), STDOUT_FILENO);
	cr_assert_eq(dup2(null_fd, STDERR_FILENO), STDERR_FILENO);
	close(null_fd);
}

TestSuite(chatd_options, .init = set_up, .fini = harness_clean,
    .timeout = SUITE_TIMEOUT);

/* Words are cut at single blanks, so that "  " is an empty one; they stay in
 * static memory, as argv does. */
static enum options_result
parse(const char *words, struct options *out)
{
	static char text[1024], program[] = "chatd";
	static char *argv[MAX_ARGS + 1];
	int argc = 0;
	char *rest = text, *word;

	cr_assert_lt(strlen(words), sizeof text);
	strcpy(text, words);
	argv[argc++] = program;
	while (*words != '\0' && (word = strsep(&rest, " ")) != NULL) {
		cr_assert_lt(argc, MAX_ARGS);
		argv[argc++] = word;
	}
	argv[argc] = NULL;
	return options_parse(argc, argv, out);
}

static struct options
parsed(const char *words)
{
	struct options options;

	cr_assert_eq(parse(words, &options), OPTIONS_RUN, "%s", words);
	return options;
}

Test(chatd_options, without_any_are_the_defaults)
{
	struct options o = parsed("");

	cr_expect_eq(o.n_listen, 0);
	cr_expect_null(o.instance);
	cr_expect_eq(o.max_users, MAX_USERS_DEFAULT);
	cr_expect_null(o.run_dir);
	cr_expect_eq(o.log_level, LOG_INFO);
	cr_expect_null(o.console);
	cr_expect_not(o.one_to_one);
	cr_expect_not(o.check);
	cr_expect(parsed("--check -m 7").check);
}

Test(chatd_options, listen_may_be_given_again)
{
	struct options o =
	    parsed("-l 127.0.0.1 --listen [::1]:0 --listen=example.org:7");

	cr_assert_eq(o.n_listen, 3);
	cr_expect_str_eq(o.listen[0].host, "127.0.0.1");
	cr_expect_str_eq(o.listen[0].port, CHATD_PORT);
	cr_expect_str_eq(o.listen[1].host, "::1");
	cr_expect_str_eq(o.listen[1].port, "0");
	cr_expect_str_eq(o.listen[2].host, "example.org");
	cr_expect_str_eq(o.listen[2].port, "7");
}

Test(chatd_options, as_many_listeners_as_there_is_room_for)
{
	char words[1024];
	struct options o;

	static_assert(MAX_LISTENERS + 2 < MAX_ARGS, "the words have room");
	strcpy(words, "-l1.1.1.1");
	for (int i = 1; i < MAX_LISTENERS; i++)
		strcat(words, " -l1.1.1.1");
	cr_expect_eq(parsed(words).n_listen, MAX_LISTENERS);
	strcat(words, " -l1.1.1.1");
	cr_expect_eq(parse(words, &o), OPTIONS_USAGE);
}

Test(chatd_options, instance_run_directory_and_users_are_taken)
{
	struct options o =
	    parsed("-i room_2 -m 7 --run-dir /run/user/1000/chat");

	cr_expect_str_eq(o.instance, "room_2");
	cr_expect_eq(o.max_users, 7);
	cr_expect_str_eq(o.run_dir, "/run/user/1000/chat");
	cr_expect_str_eq(parsed("--instance=a.b-C").instance, "a.b-C");
	cr_expect_eq(parsed("-m1").max_users, 1);
	cr_expect_eq(parsed("--max-users=30000").max_users, MAX_USERS_LIMIT);
}

Test(chatd_options, last_of_two_wins)
{
	struct options o = parsed("-i one -m 5 -q -i two -m 6 -v");

	cr_expect_str_eq(o.instance, "two");
	cr_expect_eq(o.max_users, 6);
	cr_expect_eq(o.log_level, LOG_DEBUG);
}

Test(chatd_options, tell_how_much_is_logged)
{
	cr_expect_eq(parsed("-q").log_level, LOG_WARN);
	cr_expect_eq(parsed("--quiet").log_level, LOG_WARN);
	cr_expect_eq(parsed("-v").log_level, LOG_DEBUG);
	cr_expect_eq(parsed("--verbose").log_level, LOG_DEBUG);
}

Test(chatd_options, console_has_a_name_of_its_own_or_the_default)
{
	cr_expect_str_eq(parsed("--console").console, "server");
	cr_expect_str_eq(parsed("--console=\u017dofka").console, "\u017dofka");
	cr_expect_not(parsed("--console").one_to_one);
}

Test(chatd_options, one_to_one_is_a_console_and_one_guest)
{
	struct options o = parsed("--one-to-one=host -m 50");

	cr_expect(o.one_to_one);
	cr_expect_str_eq(o.console, "host");
	cr_expect_eq(o.max_users, 2);
	cr_expect_str_eq(parsed("--one-to-one").console, "server");
}

struct words_case {
	char words[128];
};

ParameterizedTestParameters(chatd_options, wrong_ones_are_refused)
{
	static struct words_case cases[] = {
		{ "-x" },
		{ "--no-such-option" },
		{ "word" },
		{ "-q word" },
		{ "-q -- -v" },
		{ "-l" },
		{ "-l ::1" },
		{ "-l 127.0.0.1:x" },
		{ "-l 127.0.0.1:65536" },
		{ "-l [::1" },
		{ "--listen=" },
		{ "-i" },
		{ "-i .hidden" },
		{ "-i a/b" },
		{ "-i .." },
		{ "--instance=" },
		{ "-i \u017d" },
		/* 65 letters */
		{ "-i "
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaa" },
		{ "-m" },
		{ "-m 0" },
		{ "-m -1" },
		{ "-m 30001" },
		{ "-m 99999999999999999999" },
		{ "-m 5x" },
		{ "-m x" },
		{ "--max-users=" },
		{ "--run-dir" },
		{ "--console=" },
		{ "--console=a:b" },
		{ "--console=*" },
		{ "--console bob" },
		{ "--one-to-one=!" },
		{ "--quiet=3" },
	};

	return cr_make_param_array(
	    struct words_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct words_case *t, chatd_options, wrong_ones_are_refused)
{
	struct options options;

	cr_expect_eq(parse(t->words, &options), OPTIONS_USAGE, "%s", t->words);
}

Test(chatd_options, help_and_version_are_told_and_that_is_all)
{
	static const char *const words[] = { "-h", "--help", "-V", "--version",
		"-q -h", "-m 5 -V", "--help -x" };
	struct options options;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		cr_expect_eq(
		    parse(words[i], &options), OPTIONS_DONE, "%s", words[i]);
}

/* What parse prints on standard error. */
static void
complaint_of(const char *words, char *text, size_t size)
{
	struct options options;
	char path[TEST_PATH_BYTES + 8], dir[TEST_PATH_BYTES];
	ssize_t n;
	int fd;

	test_dir(dir);
	snprintf(path, sizeof path, "%s/stderr", dir);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	cr_assert_neq(fd, -1);
	cr_assert_eq(dup2(fd, STDERR_FILENO), STDERR_FILENO);
	cr_expect_eq(parse(words, &options), OPTIONS_USAGE);
	n = pread(fd, text, size - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	close(fd);
}

Test(chatd_options, refusal_names_the_value_and_shows_the_usage)
{
	char text[2048];

	complaint_of("-m many", text, sizeof text);
	cr_expect_not_null(strstr(text, "'many'"), "%s", text);
	cr_expect_not_null(strstr(text, "usage: chatd"), "%s", text);
}

Test(chatd_options, one_address_may_have_a_quarter_of_the_users)
{
	cr_expect_eq(parsed("-m1000").max_per_address, 250);
	cr_expect_eq(parsed("-m10").max_per_address, 16);
	cr_expect_eq(parsed("--max-per-address=3").max_per_address, 3);
}

static bool
is_limit(
    struct nameless_limit l, unsigned begin, unsigned percent, unsigned full)
{
	return l.begin == begin && l.percent == percent && l.full == full;
}

Test(chatd_options, half_of_the_room_may_be_without_a_name)
{
	cr_expect(is_limit(parsed("-m1000").nameless, 125, 90, 1000));
	cr_expect(is_limit(parsed("-m4").nameless, 16, 90, 16));
	cr_expect(
	    is_limit(parsed("--max-nameless=10:20:30").nameless, 10, 20, 30));
	cr_expect(is_limit(parsed("--max-nameless=7").nameless, 7, 100, 7));
}

Test(chatd_options, networks_are_exempt_one_by_one)
{
	struct options o = parsed("--exempt=10.0.0.0/8 --exempt=2001:db8::1");

	cr_assert_eq(o.n_exempt, 2);
	cr_expect_eq(o.exempt[0].bits, 8);
	cr_expect_eq(o.exempt[1].bits, 128);
	cr_expect_eq(parsed("-m1").n_exempt, 0);
}
