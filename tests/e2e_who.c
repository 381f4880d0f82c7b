/* e2e_who.c - chat-who, the program, with a real server. */
#include "tests/harness_server.h"

#include <criterion/criterion.h>
#include <string.h>

static struct program_result result;

TestSuite(who, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static void
runs_shell(const char *command)
{
	const char *const argv[] = { "/bin/sh", "-c", command, NULL };

	program_run(&result, NULL, argv);
}

Test(who, a_help_that_cannot_be_written_is_an_error)
{
	runs_shell(BIN_DIR "/chat-who --help >/dev/full");
	cr_assert_eq(result.status, 71);
	cr_assert_not_null(strstr(result.err, "cannot show it"));
	runs_shell(BIN_DIR "/chat-who --version");
	cr_assert_eq(result.status, 0);
	cr_assert_eq(strncmp(result.out, "chat-who ", 9), 0);
}
