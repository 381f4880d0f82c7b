/* harness_chat.c - chat in a terminal, with somebody typing. */
#include "tests/harness_chat.h"

#include "tests/harness_condition.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

void
chat_starts(struct terminal *t, const struct server *server,
    const char *variables, const char *options)
{
	terminal_types(t,
	    "clear; env %s %s/chat --status=no %s 127.0.0.1:%u; "
	    "echo \"ended $?\"",
	    variables, BIN_DIR, options, server->port);
	terminal_presses(t, "Enter");
}

struct terminal *
chat_at_terminal(const struct server *server, const char *name)
{
	struct terminal *t = terminal_open(80, 24);
	char variables[64];

	(void)snprintf(variables, sizeof variables, "USER=%s", name);
	chat_starts(t, server, variables, "");
	terminal_shows(t, "* Welcome, %s!", name);
	terminal_ends_with(t, "%s>", name);
	return t;
}

struct pty *
chat_on_pty(unsigned port, const char *variable, const char *option)
{
	char address[32];

	(void)snprintf(address, sizeof address, "127.0.0.1:%u", port);
	return pty_run(
	    (const char *const[]){ "/usr/bin/env", "-u", "NO_COLOR",
		"TERM=xterm", "LC_ALL=C.UTF-8", "INPUTRC=/dev/null",
		"USER=alice", "ASAN_OPTIONS=abort_on_error=1:detect_leaks=0",
		variable, BIN_DIR "/chat", "--status=no", option, address,
		NULL },
	    80, 24);
}

void
chat_enters(struct terminal *t, const char *text)
{
	terminal_types(t, "%s", text);
	terminal_presses(t, "Enter");
}

void
chat_leaves(struct terminal *t, const char *name)
{
	terminal_presses(t, "C-u");
	terminal_presses(t, "C-d");
	terminal_shows(t, "* Goodbye, %s!", name);
	terminal_shows(t, "ended 0");
}

/* What the kernel counts of a process's read(2). */
struct reader {
	pid_t pid;
	unsigned long until;
};

static unsigned long
bytes_read(pid_t pid)
{
	return condition_number(pid, "io", "rchar:");
}

static bool
has_read(void *arg)
{
	const struct reader *reader = arg;

	return bytes_read(reader->pid) >= reader->until;
}

void
chat_reads(struct terminal *t, const char *bytes)
{
	struct reader chat = { .pid = terminal_program(t) };

	chat.until = bytes_read(chat.pid) + strlen(bytes);
	terminal_sends(t, bytes);
	cr_assert(wait_until(has_read, &chat, PATIENCE_MS));
}
