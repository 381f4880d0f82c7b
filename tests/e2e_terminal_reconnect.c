/* e2e_terminal_reconnect.c - chat in a real terminal: coming back after the
 * connection was lost.
 *
 * alice sits at the terminal.  The server is a real one, or the test plays its
 * part where it has to lose a connection at a chosen moment. */
#include "tests/harness_chat.h"
#include "tests/harness_guest.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct server *server;
static struct terminal *t;

TestSuite(terminal, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* A server that goes away and comes back ----------------------------------- */

static char listen_again[32];
static const char *const again[] = { "--listen", listen_again, NULL };

static void
alice_is_here(void)
{
	server = server_start(NULL);
	t = chat_at_terminal(server, "alice");
	(void)snprintf(
	    listen_again, sizeof listen_again, "127.0.0.1:%u", server->port);
}

static void
the_server_goes(void)
{
	cr_assert_eq(server_stop(server), 0);
	terminal_shows(t, "closed the connection; trying again in 1 s");
	terminal_ends_with(t, "alice (offline)>");
}

Test(terminal, comes_back_when_the_server_does)
{
	struct guest *bob;

	alice_is_here();
	the_server_goes();
	/* At least one try is in vain, and the next pause is longer. */
	terminal_shows(t, "-- cannot connect to 127.0.0.1 port %u: 127.0.0.1: ",
	    server->port);
	terminal_shows(t, "trying again in 2 s");
	cr_assert_eq(terminal_counts(t, "is chatd running there"), 0);
	server_restart(server, again);
	terminal_ends_with(t, "alice>");
	cr_assert_eq(terminal_counts(t, "* Welcome, alice!"), 2);
	bob = guest_join(server, "bob");
	chat_enters(t, "back");
	guest_sees(bob, "alice: back");
	chat_leaves(t, "alice");
}

Test(terminal, comes_back_by_the_name_it_had)
{
	alice_is_here();
	chat_enters(t, "/nick alicia");
	terminal_ends_with(t, "alicia>");
	cr_assert_eq(server_stop(server), 0);
	server_restart(server, again);
	terminal_shows(t, "* Welcome, alicia!");
	terminal_ends_with(t, "alicia>");
}

Test(terminal, what_is_entered_without_a_connection_stays)
{
	struct guest *bob;

	alice_is_here();
	terminal_types(t, "half");
	terminal_ends_with(t, "alice> half");
	cr_assert_eq(server_stop(server), 0);
	terminal_ends_with(t, "alice (offline)> half");
	chat_enters(t, " whole");
	terminal_shows(t, "-- not connected; the line stays here");
	terminal_ends_with(t, "alice (offline)> half whole");
	server_restart(server, again);
	terminal_ends_with(t, "alice> half whole");
	bob = guest_join(server, "bob");
	terminal_presses(t, "Enter");
	guest_sees(bob, "alice: half whole");
}

Test(terminal, chats_own_commands_need_no_connection)
{
	alice_is_here();
	the_server_goes();
	chat_enters(t, "/help");
	terminal_shows(t, "-- /clear - clears the screen");
	chat_enters(t, "/quiet");
	terminal_shows(t, "-- joins, leaves and renames are hidden");
	terminal_ends_with(t, "alice (offline)>");
}

Test(terminal, quit_ends_the_waiting)
{
	alice_is_here();
	the_server_goes();
	chat_enters(t, "/quit");
	terminal_shows(t, "ended 2");
}

Test(terminal, control_d_ends_the_waiting)
{
	alice_is_here();
	the_server_goes();
	terminal_presses(t, "C-d");
	terminal_shows(t, "ended 2");
}

Test(terminal, control_c_ends_the_waiting_when_nothing_is_being_typed)
{
	alice_is_here();
	the_server_goes();
	terminal_types(t, "half");
	terminal_ends_with(t, "alice (offline)> half");
	terminal_presses(t, "C-c");
	terminal_ends_with(t, "alice (offline)>");
	terminal_presses(t, "C-c");
	terminal_ends_with(t, "$");
	chat_enters(t, "echo it was $?");
	terminal_shows(t, "it was 130");
}

Test(terminal, does_not_come_back_when_the_operator_has_disconnected_it)
{
	alice_is_here();
	kill(server_child_pid(server, "alice"), SIGTERM);
	terminal_shows(t, "! the operator has disconnected you");
	terminal_shows(t, "ended 2");
}

Test(terminal, comes_back_when_its_process_was_killed)
{
	alice_is_here();
	kill(server_child_pid(server, "alice"), SIGKILL);
	terminal_shows(t, "trying again in 1 s");
	terminal_ends_with(t, "alice>");
	cr_assert_eq(terminal_counts(t, "* Welcome, alice!"), 2);
}

/* The test is the server ----------------------------------------------------
 */

static int listen_fd;

static void
alice_is_at_a_server_of_ours(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof sin;

	listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert_eq(bind(listen_fd, (struct sockaddr *)&sin, len), 0);
	cr_assert_eq(listen(listen_fd, 1), 0);
	cr_assert_eq(getsockname(listen_fd, (struct sockaddr *)&sin, &len), 0);
	t = terminal_open(80, 24);
	terminal_types(t,
	    "clear; %s/chat --status=no -n alice 127.0.0.1:%u; "
	    "echo ended $?",
	    BIN_DIR, ntohs(sin.sin_port));
	terminal_presses(t, "Enter");
}

/* The next connection of chat, which has given this name. */
static struct guest *
accepts(const char *name)
{
	struct pollfd p = { listen_fd, POLLIN, 0 };
	struct guest *chat;
	int fd;

	cr_assert_eq(poll(&p, 1, PATIENCE_MS), 1);
	fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
	chat = guest_behind("chat", fd, fd);
	guest_sees_next(chat, "%s", name);
	return chat;
}

Test(terminal, what_did_not_come_back_is_shown_and_never_sent_by_itself)
{
	struct guest *chat;

	alice_is_at_a_server_of_ours();
	chat = accepts("alice");
	guest_says(chat, "* Welcome, alice!");
	terminal_ends_with(t, "alice>");
	chat_enters(t, "one");
	chat_enters(t, "two");
	chat_enters(t, "/who");
	guest_sees_next(chat, "one");
	guest_sees_next(chat, "two");
	guest_sees_next(chat, "/who");
	guest_says(chat, "alice: one");
	terminal_shows(t, "alice: one");
	guest_close(chat);
	terminal_shows(t, "-- not confirmed: two");
	terminal_ends_with(t, "alice (offline)> two");
	cr_assert_eq(terminal_counts(t, "not confirmed"), 1);
	chat = accepts("alice");
	guest_says(chat, "* Welcome, alice!");
	terminal_ends_with(t, "alice> two");
	/* It is the person who sends it. */
	terminal_types(t, "!");
	terminal_presses(t, "Enter");
	guest_sees_next(chat, "two!");
}

Test(terminal, what_did_not_come_back_can_be_called_back_beside_a_new_line)
{
	struct guest *chat;

	alice_is_at_a_server_of_ours();
	chat = accepts("alice");
	guest_says(chat, "* Welcome, alice!");
	terminal_ends_with(t, "alice>");
	chat_enters(t, "one");
	guest_sees_next(chat, "one");
	terminal_types(t, "half");
	terminal_ends_with(t, "alice> half");
	guest_close(chat);
	terminal_shows(t, "-- not confirmed: one");
	terminal_ends_with(t, "alice (offline)> half");
	terminal_presses(t, "Up");
	terminal_ends_with(t, "alice (offline)> one");
}

Test(terminal, tries_again_while_the_lost_connection_has_the_name)
{
	struct guest *chat;

	alice_is_at_a_server_of_ours();
	chat = accepts("alice");
	guest_says(chat, "* Welcome, alice!");
	terminal_ends_with(t, "alice>");
	guest_close(chat);
	chat = accepts("alice");
	guest_says(chat, "! the name \"alice\" is taken");
	guest_sees_end(chat);
	guest_close(chat);
	terminal_shows(t, "-- that may be your lost connection; trying again");
	chat = accepts("alice");
	guest_says(chat, "* Welcome, alice!");
	terminal_ends_with(t, "alice>");
	chat_enters(t, "back");
	guest_sees_next(chat, "back");
}

Test(terminal, does_not_come_back_when_it_was_about_to_leave)
{
	struct guest *chat;

	alice_is_at_a_server_of_ours();
	chat = accepts("alice");
	guest_says(chat, "* Welcome, alice!");
	terminal_ends_with(t, "alice>");
	chat_enters(t, "exit");
	guest_sees_next(chat, "exit");
	guest_close(chat);
	terminal_shows(t, "ended 2");
}

Test(terminal, control_c_ends_the_leaving_from_a_server_that_hangs)
{
	struct guest *chat;

	alice_is_at_a_server_of_ours();
	chat = accepts("alice");
	guest_says(chat, "* Welcome, alice!");
	terminal_ends_with(t, "alice>");
	chat_enters(t, "exit");
	guest_sees_next(chat, "exit");
	terminal_presses(t, "C-c");
	terminal_ends_with(t, "$");
	chat_enters(t, "echo it was $?");
	terminal_shows(t, "it was 130");
}

Test(terminal, does_not_come_back_where_it_has_never_been)
{
	alice_is_at_a_server_of_ours();
	guest_close(accepts("alice"));
	terminal_shows(t, "closed the connection without a welcome");
	terminal_shows(t, "ended 2");
}
