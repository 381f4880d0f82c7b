/* e2e_log.c - chat with a transcript, at a terminal and in a pipe. */
#include "tests/harness_chat.h"
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct server *server;
static char path[TEST_PATH_BYTES + 16];

static void
begin(void)
{
	char dir[TEST_PATH_BYTES];

	server = server_start(NULL);
	test_dir(dir);
	(void)snprintf(path, sizeof path, "%s/log", dir);
}

TestSuite(log, .init = begin, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* The log without its dates, which begin each line. */
static const char *
logged(void)
{
	static char text[8192];
	char line[1024];
	FILE *file = fopen(path, "r");

	text[0] = '\0';
	cr_assert_not_null(file);
	while (fgets(line, sizeof line, file) != NULL) {
		unsigned month, day;
		int n = 0;

		cr_assert_eq(sscanf(line, "20%*2u-%2u-%2uT%*2u:%*2u:%*2u%*6s%n",
				 &month, &day, &n),
		    2, "%s", line);
		cr_assert_eq(line[n], ' ', "%s", line);
		cr_assert_lt(strlen(text) + strlen(line), sizeof text);
		strcat(text, line + n + 1);
	}
	(void)fclose(file);
	return text;
}

Test(log, has_what_was_shown_at_a_terminal_without_colours)
{
	struct terminal *t = terminal_open(80, 24);
	struct guest *bob = guest_join(server, "bob");
	char options[sizeof path + 16];

	(void)snprintf(options, sizeof options, "--quiet --log %s", path);
	chat_starts(t, server, "USER=alice", options);
	terminal_ends_with(t, "alice>");
	(void)guest_join(server, "carol");
	guest_says(bob, "alice?");
	terminal_shows(t, "bob: alice?");
	chat_enters(t, "yes");
	terminal_shows(t, "alice: yes");
	terminal_presses(t, "C-c");
	terminal_shows(t, "-- Ctrl-D or exit leaves");
	chat_leaves(t, "alice");
	cr_assert_str_eq(logged(),
	    "* Welcome, alice! /help tells the commands, exit leaves.\n"
	    "* 2 people are here: alice, bob\n"
	    "bob: alice?\n"
	    "alice: yes\n"
	    "-- Ctrl-D or exit leaves\n"
	    "* Goodbye, alice!\n");
}

static void
runs_chat(const char *log, struct program_result *result)
{
	char address[32];
	const char *const argv[] = { BIN_DIR "/chat", "-n", "bot", "--log", log,
		address, NULL };

	(void)snprintf(address, sizeof address, "127.0.0.1:%u", server->port);
	program_run(result, "one\ntwo\n", argv);
}

Test(log, has_what_a_pipe_writes_and_changes_nothing_in_it)
{
	static struct program_result result;

	runs_chat(path, &result);
	cr_assert_eq(result.status, 0);
	cr_assert_str_eq(result.err, "");
	cr_assert_str_eq(result.out,
	    "* Welcome, bot! /help tells the commands, exit leaves.\n"
	    "* 1 person is here: bot\n"
	    "bot: one\n"
	    "bot: two\n"
	    "* Goodbye, bot!\n");
	cr_assert_str_eq(logged(), result.out);
}

Test(log, that_cannot_be_opened_is_told_before_anything_is_said)
{
	static struct program_result result;
	struct guest *bob = guest_join(server, "bob");

	runs_chat("/nonexistent/log", &result);
	cr_assert_str_eq(result.err, "chat: cannot write the log "
				     "/nonexistent/log: No such file or "
				     "directory\n");
	cr_assert_str_eq(result.out, "");
	cr_assert_eq(result.status, 2);
	guest_sees_nothing_like(bob, bob, "bot");
}

Test(log, that_cannot_be_written_any_more_is_told_once)
{
	struct terminal *t = terminal_open(80, 24);

	chat_starts(t, server, "USER=alice", "--log /dev/full");
	terminal_shows(t, "-- cannot write the log /dev/full any more: "
			  "No space left on device");
	chat_enters(t, "one");
	terminal_shows(t, "alice: one");
	cr_assert_eq(terminal_counts(t, "cannot write"), 1);
	chat_leaves(t, "alice");
}
