/* test_log.c - the operator's lines: whole, printable, never blocking.
 *
 * Each test logs in a forked process whose standard error is a pipe, a socket
 * or a file, and reads that. */
#include "ipc/log.h"

#include "ipc/text.h"
#include "tests/harness.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(log, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

struct logging {
	int fd;
	enum log_level level;
	void (*body)(void);
};

static int
log_in_child(void *arg)
{
	const struct logging *l = arg;

	if (dup2(l->fd, STDERR_FILENO) == -1)
		return 1;
	log_open("chatd", l->level);
	l->body();
	return 0;
}

/* Run `body` in a process that logs into a pipe, and give back what came. */
static int
logged_by(void (*body)(void), enum log_level level, char *text, size_t size)
{
	struct logging l = { .level = level, .body = body };
	size_t len = 0;
	int fds[2], status;
	ssize_t n;

	cr_assert_eq(pipe2(fds, O_CLOEXEC), 0);
	l.fd = fds[1];
	status = await(spawn(log_in_child, &l));
	close(fds[1]);
	while ((n = read(fds[0], text + len, size - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	close(fds[0]);
	return status;
}

static void
say_who_it_is(void)
{
	log_info("%d users", 3);
	log_identify("master");
	log_warn("full");
	log_identify("alice");
	log_error("%s", "gone");
}

/* "chatd[123] alice: gone" without the number. */
static void
cut_pids(char *text)
{
	char *out = text;

	for (const char *in = text; *in != '\0';) {
		size_t n = strspn(in + 1, "0123456789");

		if (*in == '[' && n > 0 && in[n + 1] == ']')
			in += n + 2;
		else
			*out++ = *in++;
	}
	*out = '\0';
}

Test(log, tells_program_role_and_level)
{
	char text[4096];

	cr_assert_eq(logged_by(say_who_it_is, LOG_INFO, text, sizeof text), 0);
	cut_pids(text);
	cr_expect_str_eq(text, "chatd: 3 users\n"
			       "chatd master: warning: full\n"
			       "chatd alice: error: gone\n");
}

static void
say_at_each_level(void)
{
	log_error("one");
	log_warn("two");
	log_info("three");
	log_debug("four");
}

Test(log, shows_lines_up_to_its_level)
{
	static const char *const expected[] = {
		"chatd: error: one\n",
		"chatd: error: one\nchatd: warning: two\n",
		"chatd: error: one\nchatd: warning: two\nchatd: three\n",
		"chatd: error: one\nchatd: warning: two\nchatd: three\n"
		"chatd: debug: four\n",
	};

	for (int level = LOG_ERROR; level <= LOG_DEBUG; level++) {
		char text[4096];

		cr_assert_eq(logged_by(say_at_each_level, (enum log_level)level,
				 text, sizeof text),
		    0);
		cut_pids(text);
		cr_expect_str_eq(text, expected[level]);
	}
}

static void
say_what_is_unsafe(void)
{
	log_info("name \"%s\"", "a\x1b[31m\nchatd: forged\r\t\xff\xe2\x80\xae");
}

Test(log, shows_nothing_raw)
{
	char text[4096];

	cr_assert_eq(
	    logged_by(say_what_is_unsafe, LOG_INFO, text, sizeof text), 0);
	cut_pids(text);
	cr_expect_str_eq(
	    text, "chatd: name \"a^[[31m^Jchatd: forged^M \\377<U+202E>\"\n");
}

static void
say_errno(void)
{
	errno = ENOENT;
	log_warn_errno("open %s", "x");
	if (errno != ENOENT)
		_exit(9);
	log_info("in between");
	if (errno != ENOENT)
		_exit(9);
}

Test(log, adds_errno_and_keeps_it)
{
	char text[4096], expected[256];

	cr_assert_eq(logged_by(say_errno, LOG_INFO, text, sizeof text), 0);
	cut_pids(text);
	snprintf(expected, sizeof expected,
	    "chatd: warning: open x: %s\nchatd: in between\n",
	    strerror(ENOENT));
	cr_expect_str_eq(text, expected);
}

static void
say_too_much(void)
{
	static char much[5000];

	memset(much, 'x', sizeof much - 1);
	log_info("%s", much);
	/* characters of three bytes, so that the cut falls into one */
	for (size_t i = 0; i + 3 < sizeof much; i += 3)
		memcpy(much + i, "\xe4\xb8\xad", 3);
	much[sizeof much - 2] = '\0';
	log_identify("ab");
	log_info("%s", much);
	log_identify("abc");
	log_info("%s", much);
	memset(much, '\x01', sizeof much - 1);
	log_info("%s", much);
	log_info("end");
}

Test(log, cuts_a_long_line_and_ends_it)
{
	char text[16384];
	unsigned n = 0;

	cr_assert_eq(logged_by(say_too_much, LOG_INFO, text, sizeof text), 0);
	for (char *line = strtok(text, "\n"); line != NULL;
	     line = strtok(NULL, "\n")) {
		n++;
		cr_expect_eq(strncmp(line, "chatd[", 6), 0);
		cr_expect_leq(strlen(line), 1024);
		cr_expect(text_is_safe(line, strlen(line)));
	}
	cr_expect_eq(n, 5);
}

static void
fill_the_pipe(void)
{
	/* Nobody reads: a log that blocks never gets to the end. */
	for (int i = 0; i < 20000; i++)
		log_info("line %d", i);
}

Test(log, never_blocks)
{
	struct logging l = { .level = LOG_INFO, .body = fill_the_pipe };
	int fds[2];

	cr_assert_eq(pipe2(fds, O_CLOEXEC), 0);
	l.fd = fds[1];
	cr_expect_eq(await(spawn(log_in_child, &l)), 0);
	cr_expect_eq(fcntl(fds[1], F_GETFL) & O_NONBLOCK, 0,
	    "the pipe that others share became non-blocking");
	close(fds[0]);
	close(fds[1]);

	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	l.fd = fds[1];
	cr_expect_eq(await(spawn(log_in_child, &l)), 0);
	cr_expect_eq(fcntl(fds[1], F_GETFL) & O_NONBLOCK, 0);
}

static int drain_fd;

static void
fill_and_drain(void)
{
	static char bytes[1 << 20];

	fill_the_pipe();
	while (read(drain_fd, bytes, sizeof bytes) > 0)
		;
	log_info("room again");
	log_info("as before");
}

Test(log, tells_how_many_lines_were_lost)
{
	struct logging l = { .level = LOG_INFO, .body = fill_and_drain };
	char text[4096];
	int fds[2];
	unsigned n_lost = 0;
	ssize_t n;

	cr_assert_eq(pipe2(fds, O_CLOEXEC), 0);
	cr_assert_neq(fcntl(fds[0], F_SETFL, O_NONBLOCK), -1);
	drain_fd = fds[0];
	l.fd = fds[1];
	cr_assert_eq(await(spawn(log_in_child, &l)), 0);
	n = read(fds[0], text, sizeof text - 1);
	cr_assert_gt(n, 0);
	text[n] = '\0';
	cut_pids(text);
	cr_assert_eq(sscanf(text, "chatd: (%u lines were lost here) ", &n_lost),
	    1, "%s", text);
	cr_expect_gt(n_lost, 10000);
	cr_expect_not_null(
	    strstr(text, "room again\nchatd: as before\n"), "%s", text);
}

static void
say_to_nobody(void)
{
	(void)signal(SIGPIPE, SIG_IGN);
	log_info("one");
	log_info("two");
}

Test(log, whose_reader_is_gone_harms_nobody)
{
	struct logging l = { .level = LOG_INFO, .body = say_to_nobody };
	int fds[2];

	cr_assert_eq(pipe2(fds, O_CLOEXEC), 0);
	close(fds[0]);
	l.fd = fds[1];
	cr_expect_eq(await(spawn(log_in_child, &l)), 0);
}

static void
meet_a_bug(void)
{
	bug("slot %d", 7);
}

Test(log, of_a_bug_comes_before_the_end)
{
	char text[4096];

	cr_expect_eq(
	    logged_by(meet_a_bug, LOG_ERROR, text, sizeof text), 128 + SIGABRT);
	cut_pids(text);
	cr_expect_str_eq(text, "chatd: error: this cannot happen: slot 7\n");
}

static void
say_many(void)
{
	char role[16];

	snprintf(role, sizeof role, "p%d", (int)getpid());
	log_identify(role);
	for (int i = 0; i < 200; i++)
		log_info("a line of some length that must stay together %d", i);
}

Test(log, lines_of_many_processes_do_not_mix)
{
	char path[TEST_PATH_BYTES], line[1024];
	struct logging l = { .level = LOG_INFO, .body = say_many };
	pid_t pids[8];
	unsigned n = 0;
	FILE *file;

	test_dir(path);
	strcat(path, "/log");
	l.fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	cr_assert_neq(l.fd, -1);
	for (int i = 0; i < 8; i++)
		pids[i] = spawn(log_in_child, &l);
	for (int i = 0; i < 8; i++)
		cr_expect_eq(await(pids[i]), 0);
	file = fopen(path, "r");
	cr_assert_not_null(file);
	while (fgets(line, sizeof line, file) != NULL) {
		int pid, again, i;

		n++;
		cr_assert_eq(sscanf(line,
				 "chatd[%d] p%d: a line of some length that "
				 "must stay together %d\n",
				 &pid, &again, &i),
		    3, "%s", line);
		cr_assert_eq(pid, again);
	}
	fclose(file);
	close(l.fd);
	cr_expect_eq(n, 1600);
}
