/* test_pipe.c - chat's near side where no person sits at a terminal. */
#include "cli/client.h"

#include "ipc/clock.h"
#include "tests/harness.h"

#include <criterion/criterion.h>
#include <string.h>

static struct client client;

TestSuite(pipe_side, .timeout = SUITE_TIMEOUT);

static void
hear(const char *line)
{
	struct message m;

	message_parse(line, strlen(line), &m);
	(void)conversation_hear(&client.talk, &m);
}

Test(pipe_side, waits_for_a_welcome_but_not_for_ever)
{
	int64_t before = clock_ms();

	pipe_open(&client);
	hear("* This is chatd; your first line is your name.");
	cr_assert_gt(pipe_deadline(&client), before + LOCK_GIVE_UP_MS);
	cr_assert_leq(pipe_deadline(&client), clock_ms() + 30000);
}

Test(pipe_side, waits_as_long_as_it_takes_once_it_is_in)
{
	pipe_open(&client);
	hear("* Welcome, bot!");
	cr_assert_eq(pipe_deadline(&client), CLOCK_NEVER);
	hear("* Goodbye, bot!");
	cr_assert_eq(pipe_deadline(&client), CLOCK_NEVER);
}
