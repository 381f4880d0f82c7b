/* e2e_terminal_leaving.c - chat in a real terminal: how it ends, and that the
 * terminal is given back whenever chat does not need it. */
#include "tests/harness_chat.h"
#include "tests/harness_guest.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONTROL_S "\x13"
#define CONTROL_Z "\x1a"

static struct server *server;
static struct terminal *t;

TestSuite(terminal, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static void
starts_chat(const char *variables, const char *options)
{
	chat_starts(t, server, variables, options);
}

static void
alice_is_here(void)
{
	server = server_start(NULL);
	t = chat_at_terminal(server, "alice");
}

static void
alice_enters(const char *text)
{
	chat_enters(t, text);
}

static void
alice_leaves(void)
{
	chat_leaves(t, "alice");
}

/* Leaving ----------------------------------------------------------------- */

Test(terminal, control_d_leaves_and_gives_the_terminal_back)
{
	char before[512], after[512];

	server = server_start(NULL);
	t = terminal_open(80, 24);
	terminal_modes(t, before, sizeof before);
	starts_chat("USER=alice", "");
	terminal_ends_with(t, "alice>");
	terminal_modes(t, after, sizeof after);
	cr_assert_str_neq(after, before);
	alice_leaves();
	terminal_ends_with(t, "$");
	terminal_modes(t, after, sizeof after);
	cr_assert_str_eq(after, before);
}

Test(terminal, exit_leaves_too)
{
	alice_is_here();
	alice_enters("exit");
	terminal_shows(t, "* Goodbye, alice!");
	terminal_shows(t, "ended 0");
}

static void
alice_is_asked_for_a_name(void)
{
	server = server_start(NULL);
	t = terminal_open(80, 24);
	starts_chat("USER=alice", "-n ''");
	terminal_ends_with(t, "your name:");
}

Test(terminal, can_be_left_before_there_is_a_name)
{
	alice_is_asked_for_a_name();
	terminal_presses(t, "C-d");
	terminal_shows(t, "* Goodbye!");
	terminal_shows(t, "ended 0");
}

Test(terminal, exit_leaves_before_there_is_a_name)
{
	alice_is_asked_for_a_name();
	alice_enters("exit");
	terminal_shows(t, "* Goodbye!");
	terminal_shows(t, "ended 0");
}

/* What is pasted comes as it is: chat's wish to be told is taken back. */
static void
the_shell_takes_pastes(void)
{
	terminal_pastes(t, "echo $((40 + 2))!\n");
	terminal_shows(t, "42!");
}

static void
a_signal_ends_it(int number)
{
	char before[512], after[512];

	server = server_start(NULL);
	t = terminal_open(80, 24);
	alice_enters("ulimit -c 0");
	terminal_modes(t, before, sizeof before);
	starts_chat("USER=alice", "");
	terminal_ends_with(t, "alice>");
	terminal_types(t, "half a line");
	terminal_ends_with(t, "alice> half a line");
	kill(terminal_program(t), number);
	terminal_shows(t, "ended %d", 128 + number);
	cr_assert_eq(terminal_counts(t, "alice> half a line"), 1);
	terminal_modes(t, after, sizeof after);
	cr_assert_str_eq(after, before);
	the_shell_takes_pastes();
}

Test(terminal, is_given_back_on_sigterm)
{
	a_signal_ends_it(SIGTERM);
}

Test(terminal, is_given_back_on_sighup)
{
	a_signal_ends_it(SIGHUP);
}

Test(terminal, is_given_back_on_sigquit)
{
	a_signal_ends_it(SIGQUIT);
}

Test(terminal, is_given_back_on_a_signal_that_means_nothing_to_it)
{
	a_signal_ends_it(SIGUSR1);
}

Test(terminal, is_given_back_when_chat_aborts)
{
	a_signal_ends_it(SIGABRT);
}

Test(terminal, is_given_back_while_the_screen_is_held)
{
	char before[512], after[512];
	pid_t chat;

	server = server_start(NULL);
	t = terminal_open(80, 24);
	terminal_modes(t, before, sizeof before);
	starts_chat("USER=alice", "");
	terminal_ends_with(t, "alice>");
	chat = terminal_program(t);
	terminal_sends(t, CONTROL_S);
	/* It waits to draw it. */
	chat_reads(t, "a");
	kill(chat, SIGTERM);
	terminal_shows(t, "ended 143");
	terminal_modes(t, after, sizeof after);
	cr_assert_str_eq(after, before);
	the_shell_takes_pastes();
}

Test(terminal, a_signal_that_is_ignored_ends_nothing)
{
	pid_t chat;

	server = server_start(NULL);
	t = terminal_open(80, 24);
	alice_enters("trap '' HUP INT TSTP");
	starts_chat("USER=alice", "");
	terminal_ends_with(t, "alice>");
	chat = terminal_program(t);
	kill(chat, SIGHUP);
	kill(chat, SIGINT);
	kill(chat, SIGTSTP);
	terminal_types(t, "still here");
	terminal_ends_with(t, "alice> still here");
	terminal_presses(t, "C-c");
	terminal_presses(t, "C-z");
	alice_enters(", you see");
	terminal_shows(t, "alice: still here, you see");
}

Test(terminal, is_given_back_when_the_server_goes)
{
	char before[512], after[512];

	server = server_start(NULL);
	t = terminal_open(80, 24);
	terminal_modes(t, before, sizeof before);
	starts_chat("USER=alice", "--reconnect=no");
	terminal_ends_with(t, "alice>");
	terminal_types(t, "half a line");
	cr_assert_eq(server_stop(server), 0);
	terminal_shows(t, "* server is shutting down");
	terminal_shows(t, "closed the connection");
	terminal_shows(t, "ended 2");
	terminal_modes(t, after, sizeof after);
	cr_assert_str_eq(after, before);
}

Test(terminal, a_window_that_is_closed_ends_it_unsaid)
{
	struct guest *bob;
	pid_t chat;

	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_types(t, "never to be sent");
	terminal_ends_with(t, "alice> never to be sent");
	chat = terminal_program(t);
	terminal_close(t);
	guest_sees_start(bob, "* alice left");
	cr_assert(wait_until(is_gone, &chat, PATIENCE_MS));
}

Test(terminal, is_lent_to_the_shell_by_control_z)
{
	struct guest *bob;
	char before[512], during[512];

	server = server_start(NULL);
	t = terminal_open(80, 24);
	terminal_modes(t, before, sizeof before);
	starts_chat("USER=alice", "");
	terminal_ends_with(t, "alice>");
	bob = guest_join(server, "bob");
	terminal_shows(t, "* bob joined");
	terminal_types(t, "half");
	/* ^Z makes the kernel forget what has been typed and not read. */
	terminal_ends_with(t, "alice> half");
	terminal_presses(t, "C-z");
	terminal_ends_with(t, "$");
	terminal_modes(t, during, sizeof during);
	cr_assert_str_eq(during, before);
	guest_says(bob, "are you there?");
	terminal_types(t, "fg");
	terminal_presses(t, "Enter");
	terminal_shows(t, "bob: are you there?");
	terminal_ends_with(t, "alice> half");
	alice_enters(" whole");
	guest_sees(bob, "alice: half whole");
}

Test(terminal, is_lent_by_control_z_before_there_is_an_input_line)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof sin;
	int listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct guest *chat;
	int fd;

	cr_assert_eq(bind(listen_fd, (struct sockaddr *)&sin, len), 0);
	cr_assert_eq(listen(listen_fd, 1), 0);
	cr_assert_eq(getsockname(listen_fd, (struct sockaddr *)&sin, &len), 0);
	t = terminal_open(80, 24);
	terminal_types(t,
	    "clear; %s/chat --status=no -n alice 127.0.0.1:%u; echo ended $?",
	    BIN_DIR, ntohs(sin.sin_port));
	terminal_presses(t, "Enter");
	fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
	close(listen_fd);
	chat = guest_behind("chat", fd, fd);
	guest_sees(chat, "alice");
	terminal_presses(t, "C-z");
	terminal_shows(t, "ended 148");
	alice_enters("fg");
	guest_says(chat, "* Welcome, alice!");
	terminal_ends_with(t, "alice>");
	alice_enters("hello");
	guest_sees(chat, "hello");
}

Test(terminal, the_line_is_drawn_once_after_control_z)
{
	char text[101];

	memset(text, 'x', sizeof text);
	memcpy(text + 95, "tail.", 6);
	alice_is_here();
	terminal_types(t, "%s", text);
	terminal_shows(t, "tail.");
	terminal_presses(t, "C-z");
	terminal_ends_with(t, "$");
	alice_enters("fg");
	terminal_shows(t, "tail.");
	terminal_types(t, "!");
	terminal_shows(t, "tail.!");
	cr_assert_eq(terminal_counts(t, "alice> x"), 1);
}

Test(terminal, what_is_typed_behind_control_z_is_the_shell_s)
{
	struct guest *bob;

	alice_is_here();
	bob = guest_join(server, "bob");
	terminal_shows(t, "* bob joined");
	/* A line feed is an Enter to the shell in any mode. */
	terminal_sends(t, CONTROL_Z "\n");
	terminal_shows(t, "ended 148");
	alice_enters("fg");
	terminal_ends_with(t, "alice>");
	/* No key is needed to go on. */
	guest_says(bob, "are you there?");
	terminal_shows(t, "bob: are you there?");
	alice_enters("yes");
	guest_sees(bob, "alice: yes");
}

Test(terminal, is_not_touched_from_the_background)
{
	server = server_start(NULL);
	t = terminal_open(80, 24);
	terminal_types(t, "%s/chat --status=no -n alice 127.0.0.1:%u &",
	    BIN_DIR, server->port);
	terminal_presses(t, "Enter");
	server_awaits_users(server, 1);
	terminal_types(t, "fg");
	terminal_presses(t, "Enter");
	terminal_shows(t, "* Welcome, alice!");
	terminal_ends_with(t, "alice>");
	terminal_presses(t, "C-z");
	terminal_ends_with(t, "$");
	terminal_types(t, "bg; echo still $((40 + 2))");
	terminal_presses(t, "Enter");
	terminal_shows(t, "still 42");
	terminal_types(t, "fg");
	terminal_presses(t, "Enter");
	terminal_ends_with(t, "alice>");
	alice_enters("back");
	terminal_shows(t, "alice: back");
}

Test(terminal, is_taken_again_after_sigstop)
{
	alice_is_here();
	terminal_types(t, "half");
	terminal_ends_with(t, "alice> half");
	kill(terminal_program(t), SIGSTOP);
	terminal_ends_with(t, "$");
	/* Not every shell sets the terminal right; a line feed always works. */
	terminal_types(t, "fg");
	terminal_presses(t, "C-j");
	terminal_ends_with(t, "alice> half");
	terminal_types(t, " whole");
	terminal_ends_with(t, "alice> half whole");
}

Test(terminal, need_not_be_the_one_that_the_shell_hands_about)
{
	struct terminal *other;
	char variables[128];

	server = server_start(NULL);
	t = terminal_open(80, 24);
	other = terminal_open(80, 24);
	/* No shell reads there. */
	chat_enters(other, "clear; exec sleep 1000");
	(void)snprintf(variables, sizeof variables, "<%s >%s USER=alice",
	    terminal_path(other), terminal_path(other));
	starts_chat(variables, "");
	terminal_ends_with(other, "alice>");
	chat_enters(other, "hello");
	terminal_shows(other, "alice: hello");
	kill(terminal_program(t), SIGTSTP);
	terminal_ends_with(t, "$");
	alice_enters("fg");
	chat_enters(other, "again");
	terminal_shows(other, "alice: again");
	chat_enters(other, "exit");
	terminal_shows(other, "* Goodbye, alice!");
	terminal_ends_with(t, "$");
}
