/* test_capacity.c - which limits of a machine are too low for which options. */
#include "srv/capacity.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

TestSuite(capacity, .timeout = SUITE_TIMEOUT);

/* What a check says of it. */
static const char *
said(const struct capacity *capacity, unsigned max_users)
{
	static char text[4096];
	const struct options options = { .max_users = max_users };
	struct findings findings = { .is_check = true };
	int fd = memfd_create("said", MFD_CLOEXEC);
	int usual = dup(STDOUT_FILENO);
	ssize_t n;

	cr_assert(fd != -1 && usual != -1);
	(void)fflush(stdout);
	(void)dup2(fd, STDOUT_FILENO);
	capacity_judge(capacity, &options, &findings);
	(void)fflush(stdout);
	(void)dup2(usual, STDOUT_FILENO);
	n = pread(fd, text, sizeof text - 1, 0);
	cr_assert_gt(n, 0);
	text[n] = '\0';
	close(fd);
	close(usual);
	cr_assert_not(findings.has_error, "%s", text);
	return text;
}

static unsigned
count(const char *text, const char *part)
{
	unsigned n = 0;

	while ((text = strstr(text, part)) != NULL) {
		n++;
		text += strlen(part);
	}
	return n;
}

struct limit_case {
	struct capacity capacity;
	char warning[160];
};

/* Of 100 users; the first number is one too few. */
#define ANY CAPACITY_ANY

ParameterizedTestParameters(capacity, what_is_too_low_is_told_alone)
{
	static struct limit_case cases[] = {
		{ { 100, ANY, ANY, ANY, ANY, ANY },
		    "warning: processes of this user: 100, and a process for "
		    "every user takes 101; raise it with ulimit -u" },
		{ { ANY, 356, ANY, ANY, ANY, ANY },
		    "warning: process numbers of this machine: 356, and" },
		{ { ANY, ANY, 100, ANY, ANY, ANY },
		    "warning: processes of this control group: 100, and" },
		{ { ANY, ANY, ANY, 131, ANY, ANY },
		    "warning: descriptors of a process: 131, and" },
		{ { ANY, ANY, ANY, ANY, 9, ANY },
		    "warning: datagrams in a mailbox: 9, which" },
		{ { ANY, ANY, ANY, ANY, ANY, 99 },
		    "warning: connections that may wait to be accepted: 99, "
		    "and" },
	};

	return cr_make_param_array(
	    struct limit_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct limit_case *c, capacity, what_is_too_low_is_told_alone)
{
	const char *text = said(&c->capacity, 100);

	cr_assert_not_null(strstr(text, c->warning), "%s", text);
	cr_assert_eq(count(text, "warning: "), 1, "%s", text);
	cr_assert_eq(count(text, "ok: "), 5, "%s", text);
	cr_assert_eq(count(text, "\n"), 6, "%s", text);
}

Test(capacity, what_is_just_enough_is_enough)
{
	const struct capacity capacity = { 101, 357, 101, 132, 10, 100 };
	const char *text = said(&capacity, 100);

	cr_assert_eq(count(text, "ok: "), 6, "%s", text);
	cr_assert_eq(count(text, "warning: "), 0, "%s", text);
}

Test(capacity, of_this_machine_can_be_read)
{
	struct capacity capacity;

	capacity_read(&capacity);
	cr_assert_gt(capacity.user_processes, 0);
	cr_assert_gt(capacity.group_processes, 0);
	cr_assert_geq(capacity.pids, 300);
	cr_assert_neq(capacity.pids, CAPACITY_ANY);
	cr_assert_gt(capacity.descriptors, 0);
	cr_assert_gt(capacity.mailbox_datagrams, 0);
	cr_assert_gt(capacity.waiting_connections, 0);
	cr_assert_neq(capacity.mailbox_datagrams, CAPACITY_ANY);
}
