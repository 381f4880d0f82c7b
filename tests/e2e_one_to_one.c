/* e2e_one_to_one.c - the operator's terminal as a user: chatd --console, and
 * --one-to-one with a single guest.
 *
 * The console is a pair of pipes where that is enough, and a pseudo-terminal
 * where it is about terminals. */
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

TestSuite(e2e_one_to_one, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* A server with pipes for a console, and who types into it. */
static struct server *
start_at_pipes(const char *option, struct guest **console_out)
{
	struct server_wiring wiring = SERVER_WIRING;
	struct server *s;
	int in[2];

	cr_assert_eq(pipe2(in, O_CLOEXEC), 0);
	wiring.in_fd = in[0];
	s = server_start_wired((const char *const[]){ option, NULL }, &wiring);
	close(in[0]);
	/* It joins on its own, and others could be faster. */
	server_awaits_users(s, 1);
	*console_out = guest_behind("console", dup(s->out_fd), in[1]);
	return s;
}

static void
has_ended_well(struct server *s)
{
	cr_assert_eq(server_await(s), 0, "%s", server_log_tail(s));
	cr_assert_str_eq(server_leftovers(s), "");
}

/* --console --------------------------------------------------------------- */

Test(e2e_one_to_one, the_console_is_a_user_like_any_other)
{
	struct guest *console, *alice, *bob;
	struct server *s = start_at_pipes("--console", &console);

	guest_sees_next(console,
	    "* Welcome, server! /help tells the commands, exit leaves.");
	guest_sees_next(console, "* 1 person is here: server");
	alice = guest_join(s, "alice");
	bob = guest_join(s, "bob");
	guest_sees_next(alice, "* 2 people are here: alice, server");
	guest_sees_next(console, "* alice joined");
	guest_says(console, "hello");
	guest_sees(alice, "server: hello");
	guest_sees(console, "server: hello");
	guest_says(alice, "@server psst");
	guest_sees_next(console, "[alice -> server] psst");
	guest_says(console, "/nick boss");
	guest_sees(bob, "* server is now boss");
	guest_says(console, "/dance");
	guest_sees_start(console, "! there is no command /dance");
}

Test(e2e_one_to_one, the_console_has_the_name_it_is_given)
{
	struct guest *console, *other;
	struct server *s = start_at_pipes("--console=Zoë", &console);

	guest_sees_start(console, "* Welcome, Zoë!");
	other = guest_connect(s);
	guest_says(other, "zoë");
	guest_sees_start(other, "! the name \"zoë\" is taken");
}

Test(e2e_one_to_one, the_server_goes_on_when_the_console_leaves)
{
	struct guest *console, *alice;
	struct server *s = start_at_pipes("--console", &console);

	alice = guest_join(s, "alice");
	guest_sees(console, "* alice joined");
	guest_says(console, "exit");
	guest_sees_next(console, "* Goodbye, server!");
	guest_sees(alice, "* server left");
	server_logs(s, "the console has left; the server goes on");
	(void)guest_join(s, "bob");
	guest_sees_next(alice, "* bob joined");
	cr_assert_eq(server_stop(s), 0);
}

Test(e2e_one_to_one, the_console_is_told_of_the_end)
{
	struct guest *console;
	struct server *s = start_at_pipes("--console", &console);

	guest_sees_start(console, "* 1 person");
	cr_assert_eq(server_stop(s), 0);
	guest_sees_next(console, "* server is shutting down");
	guest_sees_end(console);
}

/* --one-to-one ------------------------------------------------------------ */

Test(e2e_one_to_one, both_ends_type_and_read)
{
	struct guest *console, *alice;
	struct server *s = start_at_pipes("--one-to-one", &console);

	alice = guest_join(s, "alice");
	guest_sees(console, "* alice joined");
	for (int i = 0; i < 100; i++) {
		guest_says(console, "ping %d", i);
		guest_sees(alice, "server: ping %d", i);
		guest_says(alice, "pong %d", i);
		guest_sees(console, "alice: pong %d", i);
	}
}

Test(e2e_one_to_one, ends_when_the_guest_leaves)
{
	struct guest *console, *alice;
	struct server *s = start_at_pipes("--one-to-one=olga", &console);

	alice = guest_join(s, "alice");
	guest_sees(console, "* alice joined");
	guest_says(alice, "exit");
	guest_sees(alice, "* Goodbye, alice!");
	guest_sees_next(console, "* alice left");
	guest_close(alice);
	guest_sees_next(console, "* server is shutting down");
	guest_sees_end(console);
	has_ended_well(s);
}

Test(e2e_one_to_one, nobody_takes_the_place_of_a_guest_who_is_leaving)
{
	struct guest *console, *alice, *bob;
	struct server *s = start_at_pipes("--one-to-one", &console);

	alice = guest_join(s, "alice");
	guest_sees(console, "* alice joined");
	guest_says(alice, "exit");
	guest_sees(alice, "* Goodbye, alice!");
	/* She keeps her connection, and with it her process. */
	bob = guest_connect(s);
	guest_sees_next(
	    bob, "! this is a one-to-one chat, and somebody is here");
	guest_sees_end(bob);
	guest_close(alice);
	has_ended_well(s);
}

Test(e2e_one_to_one, ends_when_the_guest_is_gone_without_a_word)
{
	struct guest *console, *alice;
	struct server *s = start_at_pipes("--one-to-one", &console);

	alice = guest_join(s, "alice");
	guest_sees(console, "* alice joined");
	guest_reset(alice);
	guest_sees_next(console, "* alice left (connection lost)");
	guest_sees_next(console, "* server is shutting down");
	has_ended_well(s);
}

Test(e2e_one_to_one, ends_when_the_console_leaves)
{
	struct guest *console, *alice;
	struct server *s = start_at_pipes("--one-to-one", &console);

	alice = guest_join(s, "alice");
	guest_sees(console, "* alice joined");
	guest_says(console, "bye\nexit");
	guest_sees(alice, "server: bye");
	guest_sees_next(alice, "* server left");
	guest_sees_next(alice, "* server is shutting down");
	guest_sees_end(alice);
	guest_sees(console, "* Goodbye, server!");
	has_ended_well(s);
}

Test(e2e_one_to_one, ends_with_the_consoles_input)
{
	struct guest *console, *alice;
	struct server *s = start_at_pipes("--one-to-one", &console);

	alice = guest_join(s, "alice");
	guest_sees(console, "* alice joined");
	guest_sends_text(console, "last words");
	guest_hangs_up(console);
	guest_sees(alice, "server: last words");
	guest_sees_next(alice, "* server left");
	guest_sees_end(alice);
	has_ended_well(s);
}

Test(e2e_one_to_one, ends_when_the_consoles_process_is_killed)
{
	struct guest *console, *alice;
	struct server *s = start_at_pipes("--one-to-one", &console);

	alice = guest_join(s, "alice");
	(void)kill(server_child_pid(s, "server"), SIGKILL);
	guest_sees(alice, "* server left (crashed)");
	guest_sees_next(alice, "* server is shutting down");
	guest_sees_end(alice);
	has_ended_well(s);
}

Test(e2e_one_to_one, refuses_a_second_guest_with_a_word)
{
	struct guest *console, *alice, *bob;
	struct server *s = start_at_pipes("--one-to-one", &console);

	alice = guest_join(s, "alice");
	guest_sees(console, "* alice joined");
	bob = guest_connect(s);
	guest_sees_next(
	    bob, "! this is a one-to-one chat, and somebody is here");
	guest_sees_end(bob);
	guest_says(alice, "we two");
	guest_sees_next(console, "alice: we two");
}

Test(e2e_one_to_one, a_visitor_without_a_name_ends_nothing)
{
	struct guest *console, *visitor;
	struct server *s = start_at_pipes("--one-to-one", &console);

	visitor = guest_connect(s);
	guest_sees_start(visitor, "* This is chatd");
	guest_says(visitor, "exit");
	guest_sees_end(visitor);
	guest_close(visitor);
	server_awaits_users(s, 1);
	/* And the next one finds the room free. */
	(void)guest_join(s, "alice");
	guest_sees(console, "* alice joined");
}

/* At a terminal ----------------------------------------------------------- */

struct terminal {
	/* the server's side */
	int fd;
	int flags;
	struct termios modes;
};

/* A server at a terminal, with the test as the shell that it came from. */
static struct server *
start_at_terminal(
    const char *option, struct terminal *t, struct guest **console_out)
{
	struct server_wiring wiring = SERVER_WIRING;
	struct server *s;
	int master_fd;

	cr_assert_eq(openpty(&master_fd, &t->fd, NULL, NULL, NULL), 0,
	    "openpty: %s", strerror(errno));
	cr_assert_eq(tcgetattr(t->fd, &t->modes), 0);
	/* What is typed is not to be taken for what is shown. */
	t->modes.c_lflag &= ~(tcflag_t)ECHO;
	t->modes.c_oflag &= ~(tcflag_t)OPOST;
	cr_assert_eq(tcsetattr(t->fd, TCSANOW, &t->modes), 0);
	cr_assert_eq(tcgetattr(t->fd, &t->modes), 0);
	t->flags = fcntl(t->fd, F_GETFL);
	/* Criterion has each test lead a session already. */
	cr_assert(getsid(0) == getpid() || setsid() != -1, "setsid: %s",
	    strerror(errno));
	cr_assert_eq(ioctl(t->fd, TIOCSCTTY, 0), 0);

	wiring.in_fd = wiring.out_fd = t->fd;
	wiring.read_fd = dup(master_fd);
	wiring.has_terminal = true;
	s = server_start_wired((const char *const[]){ option, NULL }, &wiring);
	/* When the terminal is closed at the end, its session is told. */
	(void)signal(SIGHUP, SIG_IGN);
	server_awaits_users(s, 1);
	*console_out = guest_behind("console", master_fd, dup(master_fd));
	return s;
}

static void
is_as_it_was(const struct terminal *t)
{
	struct termios now;

	cr_assert_eq(fcntl(t->fd, F_GETFL), t->flags);
	cr_assert_eq(tcgetattr(t->fd, &now), 0);
	cr_assert_eq(now.c_iflag, t->modes.c_iflag);
	cr_assert_eq(now.c_oflag, t->modes.c_oflag);
	cr_assert_eq(now.c_lflag, t->modes.c_lflag);
	cr_assert_eq(now.c_cflag, t->modes.c_cflag);
	cr_assert_arr_eq(now.c_cc, t->modes.c_cc, sizeof now.c_cc);
}

Test(e2e_one_to_one, at_a_terminal_both_ends_type_and_read)
{
	struct guest *console, *alice;
	struct terminal t;
	struct server *s = start_at_terminal("--one-to-one", &t, &console);

	guest_sees_start(console, "* Welcome, server!");
	alice = guest_join(s, "alice");
	guest_sees(console, "* alice joined");
	guest_says(console, "hello");
	guest_sees(alice, "server: hello");
	guest_says(alice, "hello yourself");
	guest_sees(console, "alice: hello yourself");
	/* Also while it runs: the terminal is the shell's. */
	is_as_it_was(&t);
	guest_says(console, "exit");
	guest_sees(console, "* Goodbye, server!");
	guest_sees(alice, "* server is shutting down");
	has_ended_well(s);
	is_as_it_was(&t);
}

Test(e2e_one_to_one, at_a_terminal_ctrl_c_ends_it)
{
	struct guest *console, *alice;
	struct terminal t;
	struct server *s = start_at_terminal("--one-to-one", &t, &console);

	alice = guest_join(s, "alice");
	guest_sees(console, "* alice joined");
	guest_sends_text(console, "\003");
	guest_sees(console, "* server is shutting down");
	guest_sees(alice, "* server is shutting down");
	guest_sees_end(alice);
	has_ended_well(s);
	is_as_it_was(&t);
}

Test(e2e_one_to_one, at_a_terminal_ctrl_d_leaves)
{
	struct guest *console, *alice;
	struct terminal t;
	struct server *s = start_at_terminal("--one-to-one", &t, &console);

	alice = guest_join(s, "alice");
	guest_sees(console, "* alice joined");
	guest_sends_text(console, "\004");
	guest_sees(console, "* Goodbye, server!");
	guest_sees(alice, "* server left");
	guest_sees_end(alice);
	has_ended_well(s);
	is_as_it_was(&t);
}

Test(e2e_one_to_one, at_a_terminal_ctrl_z_stops_the_master_alone)
{
	struct guest *console, *alice, *bob;
	struct terminal t;
	struct server *s = start_at_terminal("--console", &t, &console);
	siginfo_t stopped;

	alice = guest_join(s, "alice");
	bob = guest_join(s, "bob");
	guest_sees(console, "* bob joined");
	guest_sends_text(console, "\032");
	cr_assert_eq(waitid(P_PID, (id_t)s->pid, &stopped, WSTOPPED), 0);
	guest_says(alice, "hello");
	guest_sees(bob, "alice: hello");
	guest_sees(console, "alice: hello");
	cr_assert_eq(kill(s->pid, SIGCONT), 0);
}

Test(e2e_one_to_one, at_a_terminal_that_is_killed_the_modes_stay)
{
	struct guest *console;
	struct terminal t;
	struct server *s = start_at_terminal("--console", &t, &console);

	guest_sees_start(console, "* Welcome, server!");
	server_kill(s);
	server_leaves_nothing(s);
	is_as_it_was(&t);
}
