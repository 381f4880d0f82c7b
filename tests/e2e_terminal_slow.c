/* e2e_terminal_slow.c - chat on a terminal behind a slow link, and on one that
 * takes nothing for a while: what chat sends it, and what it does meanwhile.
 *
 * alice sits at the terminal, which is the test's; bob talks to her. */
#include "tests/harness_chat.h"
#include "tests/harness_condition.h"
#include "tests/harness_guest.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONTROL_A "\x01"
#define CONTROL_C "\x03"
#define CONTROL_D "\x04"
/* More than a terminal and the kernel take that nobody reads from. */
#define MANY 1500
#define BLANKS 60

static struct server *server;
static struct guest *bob;
static struct pty *p;

TestSuite(terminal, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* What is sent is easier to tell without colours and times. */
static struct pty *
chat_at(unsigned port)
{
	return chat_on_pty(port, "NO_COLOR=1", "--timestamps=no");
}

static void
alice_and_bob_are_here(void)
{
	server = server_start(NULL);
	p = chat_at(server->port);
	pty_sees(p, "alice> ");
	bob = guest_join(server, "bob");
	pty_sees(p, "* bob joined\r\nalice> ");
	pty_forgets(p);
}

/* Order -------------------------------------------------------------------- */

/* Hold it where it has just been told that there is something to do. */
static void
hold_when_woken(pid_t pid, const char *key)
{
	struct __ptrace_syscall_info info = { 0 };
	int status;

	process_hold(pid);
	cr_assert_eq(
	    ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)PTRACE_O_TRACESYSGOOD),
	    0);
	pty_sends(p, key);
	do {
		cr_assert_eq(ptrace(PTRACE_SYSCALL, pid, NULL, NULL), 0);
		cr_assert_eq(waitpid(pid, &status, __WALL), pid);
		cr_assert(WIFSTOPPED(status));
		cr_assert_gt(ptrace(PTRACE_GET_SYSCALL_INFO, pid,
				 (void *)sizeof info, &info),
		    0);
	} while (info.op != PTRACE_SYSCALL_INFO_EXIT || info.exit.rval != 1);
}

Test(terminal, what_is_typed_behind_a_ctrl_c_is_not_for_the_line_it_clears)
{
	alice_and_bob_are_here();
	pty_types(p, "better not");
	pty_sees(p, "better not");
	hold_when_woken(pty_pid(p), "!");
	/* The terminal drops the key for the signal. */
	pty_sends(p, CONTROL_C "hello\r");
	cr_assert_eq(ptrace(PTRACE_DETACH, pty_pid(p), NULL, NULL), 0);
	guest_sees(bob, "alice: hello");
	pty_sends(p, CONTROL_D);
	cr_assert_eq(pty_status(p), 0);
}

/* Cost -------------------------------------------------------------------- */

static struct pty_cost
since(struct pty_cost before)
{
	struct pty_cost now = pty_cost(p);

	return (struct pty_cost){
		.writes = now.writes - before.writes,
		.bytes = now.bytes - before.bytes,
	};
}

Test(terminal, a_key_is_one_byte_and_one_write)
{
	struct pty_cost before, cost;

	alice_and_bob_are_here();
	before = pty_cost(p);
	pty_types(p, "a");
	pty_sees(p, "a");
	cost = since(before);
	cr_assert_eq(cost.writes, 1);
	cr_assert_eq(cost.bytes, 1);
	pty_types(p, "\x7f");
	pty_sees(p, "a\b\x1b[K");
	cost = since(before);
	cr_assert_eq(cost.writes, 2);
	cr_assert_eq(cost.bytes, 1 + strlen("\b\x1b[K"));
}

Test(terminal, a_jump_is_one_movement)
{
	struct pty_cost before, cost;

	alice_and_bob_are_here();
	pty_types(p, "half a line");
	pty_sees(p, "half a line");
	before = pty_cost(p);
	pty_types(p, CONTROL_A);
	pty_sees(p, "\r\x1b[7C");
	cost = since(before);
	cr_assert_eq(cost.writes, 1);
	cr_assert_eq(cost.bytes, strlen("\r\x1b[7C"));
}

Test(terminal, a_message_is_one_write_and_draws_the_line_once)
{
	static const char shown[] =
	    "\r\x1b[K\rbob: hello\r\nalice> half a line";
	struct pty_cost before, cost;

	alice_and_bob_are_here();
	pty_types(p, "half a line");
	pty_sees(p, "half a line");
	pty_forgets(p);
	before = pty_cost(p);
	guest_says(bob, "hello");
	pty_sees(p, "alice> half a line");
	cr_assert_str_eq(pty_seen(p), shown);
	cost = since(before);
	cr_assert_eq(cost.writes, 1);
	/* The kernel has added a CR. */
	cr_assert_eq(cost.bytes, strlen(shown) - 1);
}

Test(terminal, a_burst_draws_the_line_once)
{
	char burst[4096] = "";
	struct pty_cost before, cost;

	alice_and_bob_are_here();
	for (int i = 0; i < 100; i++)
		(void)snprintf(burst + strlen(burst),
		    sizeof burst - strlen(burst), "line %d\n", i);
	before = pty_cost(p);
	guest_sends_text(bob, burst);
	pty_sees(p, "bob: line 99\r\nalice> ");
	cost = since(before);
	cr_assert_eq(cost.writes, 1);
	cr_assert_lt(cost.bytes, strlen(burst) + 100 * strlen("bob: ") + 16);
}

Test(terminal, another_size_draws_the_line_once)
{
	struct pty_cost before, cost;

	alice_and_bob_are_here();
	pty_types(p, "half a line");
	pty_sees(p, "half a line");
	pty_forgets(p);
	before = pty_cost(p);
	pty_resizes(p, 70, 24);
	pty_sees(p, "alice> half a line");
	cost = since(before);
	cr_assert_eq(cost.writes, 1);
	cr_assert_lt(cost.bytes, strlen("alice> half a line") + 8);
}

/* A terminal that takes nothing ------------------------------------------- */

/* ^C must not throw away what waits, so chat sees to that while it does. */
static bool
is_behind(void *arg)
{
	(void)arg;
	return (pty_modes(p).c_lflag & NOFLSH) != 0;
}

static void
bob_says_more_than_the_terminal_takes(void)
{
	for (int i = 0; i < MANY; i++)
		guest_says(bob, "line %d%*s.", i, BLANKS, "");
	guest_sees(bob, "bob: line %d%*s.", MANY - 1, BLANKS, "");
	cr_assert(wait_until(is_behind, NULL, PATIENCE_MS));
}

/* Every line, once, in order. */
static void
all_that_bob_said_is_seen(void)
{
	const char *at = pty_seen(p);
	char line[128];

	for (int i = 0; i < MANY; i++) {
		(void)snprintf(
		    line, sizeof line, "bob: line %d%*s.\r\n", i, BLANKS, "");
		at = strstr(at, line);
		cr_assert_not_null(at, "lost: %s", line);
		at += strlen(line);
		cr_assert_null(strstr(at, line), "twice: %s", line);
	}
}

Test(terminal, who_cannot_see_can_type)
{
	alice_and_bob_are_here();
	bob_says_more_than_the_terminal_takes();
	pty_types(p, "hello\r");
	guest_sees(bob, "alice: hello");
	pty_types(p, "are you");
	guest_says(bob, "what?");
	guest_sees(bob, "bob: what?");
	/* Now it goes on. */
	pty_sees(p, "bob: what?\r\nalice> are you");
	all_that_bob_said_is_seen();
	cr_assert_str_eq(
	    strstr(pty_seen(p), "bob: what?"), "bob: what?\r\nalice> are you");
	cr_assert_not(is_behind(NULL));
	pty_types(p, " there?\r");
	guest_sees(bob, "alice: are you there?");
}

Test(terminal, who_cannot_see_can_empty_the_line_and_loses_nothing)
{
	alice_and_bob_are_here();
	bob_says_more_than_the_terminal_takes();
	pty_types(p, "better not");
	pty_types(p, CONTROL_C);
	pty_types(p, "hello\r");
	guest_sees(bob, "alice: hello");
	pty_sees(p, "alice: hello\r\nalice> ");
	all_that_bob_said_is_seen();
}

Test(terminal, who_cannot_see_and_was_stopped_loses_nothing)
{
	alice_and_bob_are_here();
	bob_says_more_than_the_terminal_takes();
	pty_signals(p, SIGCONT);
	cr_assert(is_behind(NULL));
	pty_types(p, "better not");
	pty_types(p, CONTROL_C);
	pty_types(p, "hello\r");
	guest_sees(bob, "alice: hello");
	pty_sees(p, "alice: hello\r\nalice> ");
	all_that_bob_said_is_seen();
}

Test(terminal, who_cannot_see_can_leave)
{
	alice_and_bob_are_here();
	bob_says_more_than_the_terminal_takes();
	pty_types(p, "exit\r");
	guest_sees(bob, "* alice left");
	pty_sees(p, "* Goodbye, alice!\r\n");
	all_that_bob_said_is_seen();
	cr_assert_eq(pty_status(p), 0);
}

Test(terminal, who_cannot_see_can_leave_at_once)
{
	struct termios before, after;

	alice_and_bob_are_here();
	bob_says_more_than_the_terminal_takes();
	before = pty_modes(p);
	pty_types(p, "exit\r");
	guest_sees(bob, "* alice left");
	pty_sends(p, CONTROL_C);
	cr_assert_eq(pty_status(p), 128 + SIGINT);
	after = pty_modes(p);
	cr_assert_not(before.c_lflag & ICANON);
	cr_assert(after.c_lflag & ICANON);
	cr_assert_not(after.c_lflag & NOFLSH);
}

Test(terminal, a_slow_terminal_comes_to_show_the_right_thing)
{
	alice_and_bob_are_here();
	bob_says_more_than_the_terminal_takes();
	/* It takes a little, and another key is pressed. */
	for (int i = 0; i < 50; i++) {
		pty_reads(p, 100);
		pty_types(p, i % 2 == 0 ? "xy" : "\x7f");
	}
	pty_resizes(p, 70, 24);
	pty_types(p, "\r");
	guest_sees(bob, "alice: xxxxxxxxxxxxxxxxxxxxxxxxx");
	pty_types(p, "and");
	pty_sees(p, "alice: xxxxxxxxxxxxxxxxxxxxxxxxx\r\nalice> and");
	all_that_bob_said_is_seen();
}

/* The test is the server. */
static int
accepts_alice(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof sin;
	int listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int fd;

	cr_assert_eq(bind(listen_fd, (struct sockaddr *)&sin, len), 0);
	cr_assert_eq(listen(listen_fd, 1), 0);
	cr_assert_eq(getsockname(listen_fd, (struct sockaddr *)&sin, &len), 0);
	p = chat_at(ntohs(sin.sin_port));
	fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	cr_assert_neq(fd, -1);
	close(listen_fd);
	return fd;
}

static void
server_says(int fd, const char *line)
{
	cr_assert_eq(
	    send(fd, line, strlen(line), MSG_NOSIGNAL), (ssize_t)strlen(line));
}

struct hearing {
	int fd;
	const char *text;
	char heard[256];
	size_t len;
};

static bool
has_heard(void *arg)
{
	struct hearing *h = arg;
	ssize_t n =
	    read(h->fd, h->heard + h->len, sizeof h->heard - 1 - h->len);

	if (n > 0)
		h->len += (size_t)n;
	return strstr(h->heard, h->text) != NULL;
}

static void
server_hears(int fd, const char *text)
{
	struct hearing h = { .fd = fd, .text = text };

	cr_assert(wait_until(has_heard, &h, PATIENCE_MS), "but: %s", h.heard);
}

/* What is typed before there is an input line is the terminal's own to gather,
 * and a line that it has is for the input line. */
Test(terminal, a_held_one_is_waited_for_without_haste)
{
	int fd = accepts_alice();

	pty_holds(p, true);
	server_says(fd, "hello\n");
	pty_rests(p);
	server_says(fd, "* Welcome, alice!\n");
	pty_sends(p, "good morning\r");
	pty_rests(p);
	pty_holds(p, false);
	pty_sees(p, "hello\r\n* Welcome, alice!\r\n");
	server_hears(fd, "alice\ngood morning\n");
	close(fd);
}

/* The memory that chat has asked for, in KiB. */
static unsigned long
memory(void)
{
	return condition_number(pty_pid(p), "status", "VmData:");
}

static bool
can_say_more(void *fd)
{
	struct pollfd pfd = { *(int *)fd, POLLOUT, 0 };

	return poll(&pfd, 1, 0) == 1;
}

Test(terminal, what_a_terminal_does_not_take_is_held_back_at_the_server)
{
	static char lines[65536];
	int fd = accepts_alice();
	unsigned long before;

	for (size_t i = 0; i < sizeof lines; i++)
		lines[i] = i % 64 == 63 ? '\n' : 'x';
	server_says(fd, "* Welcome, alice!\n");
	pty_sees(p, "alice> ");
	before = memory();
	/* The kernel's buffers come to an end as well. */
	while (wait_until(can_say_more, &fd, 500))
		(void)send(fd, lines, sizeof lines, MSG_NOSIGNAL);
	cr_assert(is_behind(NULL));
	cr_assert_lt(memory(), before + 4096 * TEST_SLOWNESS);
	pty_types(p, CONTROL_D);
	pty_sends(p, CONTROL_C);
	cr_assert_eq(pty_status(p), 128 + SIGINT);
	close(fd);
}
