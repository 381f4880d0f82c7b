/* e2e_completion.c - what bash offers for chat-who, with real servers. */
#include "tests/harness_guest.h"
#include "tests/harness_server.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

TestSuite(completion_of_bash, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* Too large for the stack of a test. */
static struct program_result result;

/* What is offered behind the words of `line`, for the last of them, one a line.
 * As bash does it, but compopt is for within a completion only. */
static void
completes(const char *line)
{
	char command[1024];

	(void)snprintf(command, sizeof command,
	    "PATH=$PWD/" BIN_DIR ":$PATH; compopt() { :; }\n"
	    ". tools/completion/bash/chat-who\n"
	    "COMP_WORDS=(chat-who %s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
	    "_chat_who chat-who \"${COMP_WORDS[COMP_CWORD]}\" "
	    "\"${COMP_WORDS[COMP_CWORD - 1]}\"\n"
	    "printf '%%s\\n' \"${COMPREPLY[@]}\"",
	    line);
	program_run(&result, NULL,
	    (const char *const[]){ "/bin/bash", "-c", command, NULL });
	cr_assert_eq(result.status, 0, "%s", result.err);
	cr_assert_str_eq(result.err, "");
}

static bool
offers(const char *word)
{
	char row[TEST_NAME_BYTES + 2], all[sizeof result.out + 1];

	(void)snprintf(row, sizeof row, "\n%s\n", word);
	(void)snprintf(all, sizeof all, "\n%s", result.out);
	return strstr(all, row) != NULL;
}

Test(completion_of_bash, offers_the_instances_that_run)
{
	struct server *s = server_start(NULL);
	struct server *other = server_start(
	    (const char *const[]){ "--run-dir", s->run_dir, NULL });
	char line[512];

	(void)snprintf(line, sizeof line, "--run-dir %s ''", s->run_dir);
	completes(line);
	cr_assert(offers(s->instance), "%s", result.out);
	cr_assert(offers(other->instance), "%s", result.out);
	/* --run-dir=DIR, and the beginning of an instance */
	(void)snprintf(
	    line, sizeof line, "--run-dir = %s %s", s->run_dir, s->instance);
	completes(line);
	cr_assert(offers(s->instance), "%s", result.out);
	cr_assert_not(offers(other->instance), "%s", result.out);
	cr_assert_eq(server_stop(other), 0);
}

Test(completion_of_bash, offers_a_dead_one_only_for_its_dump)
{
	struct server *s = server_start(NULL);
	char line[512];

	(void)guest_join(s, "alice");
	server_kill_all(s);
	(void)snprintf(line, sizeof line, "--run-dir %s ''", s->run_dir);
	completes(line);
	cr_assert_not(offers(s->instance), "%s", result.out);
	(void)snprintf(line, sizeof line, "--dump --run-dir %s ''", s->run_dir);
	completes(line);
	cr_assert(offers(s->instance), "%s", result.out);
	server_remove_leftovers(s);
}

Test(completion_of_bash, offers_columns_keys_and_states)
{
	completes("-o name,st");
	cr_assert_str_eq(result.out, "name,state\n");
	completes("--sort -q");
	cr_assert_str_eq(result.out, "-queued\n");
	completes("--state = st");
	cr_assert_str_eq(result.out, "stopped\n");
	completes("--du");
	cr_assert_str_eq(result.out, "--dump\n");
}
