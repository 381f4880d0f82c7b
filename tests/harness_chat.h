/* harness_chat.h - chat in a terminal, with somebody typing:
 *
 *	struct terminal *t = chat_at_terminal(server, "alice");
 *
 *	chat_enters(t, "hello");
 *	terminal_shows(t, "alice: hello");
 *	chat_leaves(t, "alice");
 */
#ifndef TESTS_HARNESS_CHAT_H
#define TESTS_HARNESS_CHAT_H

#include "tests/harness_pty.h"
#include "tests/harness_server.h"
#include "tests/harness_terminal.h"

/* Run chat in the terminal with these variables (NAME=VALUE ...) and options;
 * when it has ended, "ended STATUS" shows.  The prompt is the name alone,
 * unless the options have --status. */
void chat_starts(struct terminal *t, const struct server *server,
    const char *variables, const char *options);

/* A fresh terminal of 80 columns and 24 rows in which `name` has been let in
 * and can type. */
struct terminal *chat_at_terminal(
    const struct server *server, const char *name);

/* chat on a bare pseudo-terminal of that size, an xterm unless the variable
 * says otherwise; its name is alice, and its prompt that alone. */
struct pty *chat_on_pty(
    unsigned port, const char *variable, const char *option);

/* Type a line and send it. */
void chat_enters(struct terminal *t, const char *text);

/* Send bytes as they are and wait until chat has read them, where nothing of it
 * is to be seen. */
void chat_reads(struct terminal *t, const char *bytes);

/* Ctrl-D, whatever stands on the input line; and all is well. */
void chat_leaves(struct terminal *t, const char *name);

#endif
