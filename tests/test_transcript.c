/* test_transcript.c - a file to which all that is shown is appended. */
#include "cli/transcript.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static struct transcript transcript;
static char home[TEST_PATH_BYTES], path[TEST_PATH_BYTES + 16];

static void
begin(void)
{
	test_dir(home);
	(void)snprintf(path, sizeof path, "%s/log", home);
	setenv("TZ", "XXX-5:30", 1);
	tzset();
}

static void
finish(void)
{
	transcript_close(&transcript);
	harness_clean();
}

TestSuite(transcript, .init = begin, .fini = finish, .timeout = SUITE_TIMEOUT);

static void
has_said(const char *line)
{
	struct message m;

	message_parse(line, strlen(line), &m);
	transcript_message(&transcript, &m);
}

static void
holds(const char *expected)
{
	char text[1024];
	FILE *file = fopen(path, "r");
	size_t n;

	cr_assert_not_null(file);
	n = fread(text, 1, sizeof text - 1, file);
	text[n] = '\0';
	(void)fclose(file);
	cr_assert_str_eq(text, expected);
}

static mode_t
mode(void)
{
	struct stat st;

	cr_assert_eq(stat(path, &st), 0);
	return st.st_mode & 0777;
}

Test(transcript, has_each_line_behind_its_time)
{
	cr_assert_eq(transcript_open(&transcript, path, false), 0);
	transcript_set_time(&transcript, 0);
	has_said("alice: hello");
	transcript_own(&transcript, "Ctrl-D leaves");
	transcript_set_time(&transcript, 86399);
	has_said("[bob -> alice] \x1b[31m");
	cr_assert_eq(transcript_write(&transcript), 0);
	holds("1970-01-01T05:30:00+05:30 alice: hello\n"
	      "1970-01-01T05:30:00+05:30 -- Ctrl-D leaves\n"
	      "1970-01-02T05:29:59+05:30 [bob -> alice] ^[[31m\n");
}

Test(transcript, is_for_its_owner_alone)
{
	(void)umask(0);
	cr_assert_eq(transcript_open(&transcript, path, false), 0);
	cr_assert_eq(mode(), 0600);
}

Test(transcript, goes_on_where_an_earlier_one_has_ended)
{
	for (int i = 0; i < 2; i++) {
		cr_assert_eq(transcript_open(&transcript, path, false), 0);
		transcript_set_time(&transcript, i);
		has_said("alice: hello");
		cr_assert_eq(transcript_write(&transcript), 0);
		transcript_close(&transcript);
		cr_assert_eq(chmod(path, 0640), 0);
	}
	/* Who shares it has it so. */
	cr_assert_eq(mode(), 0640);
	holds("1970-01-01T05:30:00+05:30 alice: hello\n"
	      "1970-01-01T05:30:01+05:30 alice: hello\n");
}

Test(transcript, is_found_below_home)
{
	setenv("HOME", home, 1);
	cr_assert_eq(transcript_open(&transcript, "~/log", false), 0);
	transcript_set_time(&transcript, 0);
	has_said("alice: hello");
	cr_assert_eq(transcript_write(&transcript), 0);
	holds("1970-01-01T05:30:00+05:30 alice: hello\n");
}

Test(transcript, need_not_be)
{
	cr_assert_eq(transcript_open(&transcript, "", false), 0);
	transcript_set_time(&transcript, 0);
	has_said("alice: hello");
	cr_assert_eq(buffer_len(&transcript.pending), 0);
	cr_assert_eq(transcript_write(&transcript), 0);
}

Test(transcript, that_cannot_be_opened_is_told)
{
	cr_assert_eq(transcript_open(&transcript, home, false), -1);
	cr_assert_eq(errno, EISDIR);
	/* A pipe that nobody reads is not waited for. */
	cr_assert_eq(mkfifo(path, 0600), 0);
	cr_assert_eq(transcript_open(&transcript, path, false), -1);
	cr_assert_eq(errno, ENXIO);
}

Test(transcript, that_cannot_be_written_is_told_once_and_ends)
{
	cr_assert_eq(transcript_open(&transcript, "/dev/full", false), 0);
	transcript_set_time(&transcript, 0);
	has_said("alice: hello");
	cr_assert_eq(transcript_write(&transcript), -1);
	cr_assert_eq(errno, ENOSPC);
	has_said("alice: hello");
	cr_assert_eq(transcript_write(&transcript), 0);
}
