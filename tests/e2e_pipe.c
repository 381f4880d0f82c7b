/* e2e_pipe.c - chat in a pipe: lines in, lines out, and an exit status.
 *
 * What programs and scripts rely on. */
#include "tests/harness_guest.h"
#include "tests/harness_server.h"

#include "ipc/limits.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct server *server;
static struct program_result result;
static char address[64];

static void
begin(void)
{
	server = server_start(NULL);
	(void)snprintf(address, sizeof address, "127.0.0.1:%u", server->port);
}

TestSuite(pipe, .init = begin, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static void
runs_chat(const char *name, const char *input)
{
	const char *const argv[] = { BIN_DIR "/chat", "-n", name, address,
		NULL };

	program_run(&result, input, argv);
}

/* A shell command, in which $CHAT is chat with the address of the server. */
static void
runs_shell(const char *command)
{
	char chat[TEST_PATH_BYTES];
	const char *const argv[] = { "/usr/bin/env", chat, "sh", "-c", command,
		NULL };

	(void)snprintf(
	    chat, sizeof chat, "CHAT=%s/chat %s -n bot", BIN_DIR, address);
	program_run(&result, NULL, argv);
}

static struct guest *
guest_chat(const char *name)
{
	const char *const argv[] = { BIN_DIR "/chat", "-n", name, address,
		NULL };

	return guest_run(argv);
}

/* Lines ------------------------------------------------------------------- */

Test(pipe, a_line_has_been_echoed_when_it_ends)
{
	runs_chat("bot", "hello\n");
	cr_assert_str_eq(result.out,
	    "* Welcome, bot! /help tells the commands, exit leaves.\n"
	    "* 1 person is here: bot\n"
	    "bot: hello\n"
	    "* Goodbye, bot!\n");
	cr_assert_str_eq(result.err, "");
	cr_assert_eq(result.status, 0);
}

Test(pipe, the_last_line_needs_no_line_feed)
{
	runs_chat("bot", "one\r\n\ntwo");
	cr_assert_not_null(
	    strstr(result.out, "bot: one\nbot: two\n* Goodbye, bot!\n"));
	cr_assert_eq(result.status, 0);
}

Test(pipe, no_input_is_a_short_visit)
{
	runs_chat("bot", "");
	cr_assert_not_null(strstr(result.out, "* Goodbye, bot!\n"));
	cr_assert_eq(result.status, 0);
}

Test(pipe, exit_ends_it_and_what_follows_is_not_said)
{
	struct guest *bob = guest_join(server, "bob");

	runs_chat("bot", "one\nexit\ntwo\n");
	cr_assert_eq(result.status, 0);
	guest_sees(bob, "bot: one");
	guest_sees_next(bob, "* bot left");
}

Test(pipe, lines_come_and_go_as_they_are_said)
{
	struct guest *bob = guest_join(server, "bob");
	struct guest *bot = guest_chat("bot");

	guest_sees_start(bot, "* Welcome, bot!");
	guest_says(bot, "ready");
	guest_sees(bob, "bot: ready");
	guest_says(bob, "@bot do it");
	guest_sees(bot, "[bob -> bot] do it");
	guest_says(bot, "@nobody done");
	guest_sees_start(bot, "! ");
	guest_says(bot, "exit");
	guest_sees(bot, "* Goodbye, bot!");
	guest_sees_end(bot);
	cr_assert_eq(guest_status(bot), 0);
}

Test(pipe, a_line_that_is_too_long_is_named_and_not_sent)
{
	char input[LINE_MAX_BYTES * 4];
	size_t len = 0;

	len += (size_t)sprintf(input, "one\n");
	memset(input + len, 'x', LINE_MAX_BYTES + 1);
	len += LINE_MAX_BYTES + 1;
	len += (size_t)sprintf(input + len, "\n");
	memset(input + len, 'y', LINE_MAX_BYTES);
	len += LINE_MAX_BYTES;
	(void)sprintf(input + len, "\r\nthree\n");
	runs_chat("bot", input);
	cr_assert_eq(result.status, 0);
	cr_assert_null(strstr(result.out, "xxxx"), "it was sent");
	cr_assert_not_null(strstr(result.out, "bot: one\nbot: yyyy"));
	cr_assert_not_null(strstr(result.out, "yyyy\nbot: three\n"));
	cr_assert_not_null(strstr(result.err, "line 2 of the input"));
}

Test(pipe, a_great_many_lines_all_arrive)
{
	runs_shell("yes hello | head -n 50000 | $CHAT |"
		   " grep -c '^bot: hello$'");
	cr_assert_str_eq(result.out, "50000\n");
	cr_assert_str_eq(result.err, "");
}

Test(pipe, a_reader_that_dawdles_gets_everything)
{
	runs_shell("yes hello | head -n 50000 | $CHAT |"
		   " { read -r line; sleep 1; grep -c '^bot: hello$'; }");
	cr_assert_str_eq(result.out, "50000\n");
}

Test(pipe, an_output_that_is_closed_ends_it_quietly)
{
	runs_shell("yes | { $CHAT; echo \"status $?\" >&2; } | head -n 1");
	cr_assert_str_eq(result.out,
	    "* Welcome, bot! /help tells the commands, exit leaves.\n");
	cr_assert_str_eq(result.err, "status 2\n");
}

Test(pipe, an_output_that_is_closed_is_noticed_in_a_silent_room)
{
	/* Its input stays open and nobody speaks. */
	struct guest *bot = guest_chat("bot");
	int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	guest_sees_start(bot, "* 1 person is here");
	cr_assert_neq(dup3(null_fd, guest_fd(bot), O_CLOEXEC), -1);
	close(null_fd);
	cr_assert_eq(guest_status(bot), 2);
}

Test(pipe, an_output_that_takes_nothing_is_an_error)
{
	runs_shell("echo hello | $CHAT >/dev/full");
	cr_assert_eq(result.status, 2);
	cr_assert_not_null(strstr(result.err, "standard output"));
}

Test(pipe, a_help_that_cannot_be_written_is_an_error)
{
	runs_shell("${CHAT%% *} --help >/dev/full");
	cr_assert_eq(result.status, 2);
	cr_assert_not_null(strstr(result.err, "standard output"));
	runs_shell("${CHAT%% *} --version");
	cr_assert_eq(result.status, 0);
	cr_assert_eq(strncmp(result.out, "chat ", 5), 0);
}

Test(pipe, an_input_that_cannot_be_read_is_an_error)
{
	runs_shell("$CHAT </");
	cr_assert_not_null(strstr(result.out, "* Goodbye, bot!\n"));
	cr_assert_not_null(strstr(result.err, "standard input: "));
	cr_assert_eq(result.status, 2);
}

Test(pipe, a_closed_output_does_not_become_the_connection)
{
	struct guest *bob = guest_join(server, "bob");

	runs_shell("echo hello | $CHAT >&- 2>&-");
	cr_assert_eq(result.status, 0);
	guest_sees(bob, "bot: hello");
	guest_sees_next(bob, "* bot left");
}

/* Being refused ----------------------------------------------------------- */

Test(pipe, a_name_that_is_taken_is_a_refusal)
{
	(void)guest_join(server, "bot");
	runs_chat("BOT", "hello\n");
	cr_assert_eq(result.status, 1);
	cr_assert_str_eq(result.out, "");
	cr_assert_not_null(strstr(result.err, "taken"), "%s", result.err);
}

Test(pipe, a_name_that_cannot_be_is_a_refusal)
{
	runs_chat("two words", "hello\n");
	cr_assert_eq(result.status, 1);
	cr_assert_not_null(strstr(result.err, "cannot be a name"));
	runs_chat("one\nexit", "hello\n");
	cr_assert_eq(result.status, 1);
	runs_chat("", "hello\n");
	cr_assert_eq(result.status, 1);
}

Test(pipe, a_name_that_means_leaving_is_a_refusal)
{
	runs_chat("exit", "hello\n");
	cr_assert_eq(result.status, 1);
	cr_assert_str_eq(result.out, "");
	cr_assert_not_null(
	    strstr(result.err, "means leaving"), "%s", result.err);
}

Test(pipe, the_name_is_not_taken_from_the_input)
{
	struct guest *bob = guest_join(server, "bob");
	static const char *const command =
	    "echo hello | env USER=dora ${CHAT% -n bot}";

	runs_shell(command);
	cr_assert_eq(result.status, 0);
	guest_sees(bob, "dora: hello");
}

/* Losing ------------------------------------------------------------------ */

Test(pipe, a_server_that_is_not_there_is_named)
{
	cr_assert_eq(server_stop(server), 0);
	runs_chat("bot", "hello\n");
	cr_assert_eq(result.status, 2);
	cr_assert_str_eq(result.out, "");
	cr_assert_not_null(strstr(result.err, "127.0.0.1"));
	cr_assert_not_null(strstr(result.err, "Connection refused"));
}

Test(pipe, a_server_that_goes_away_is_a_loss)
{
	struct guest *bot = guest_chat("bot");

	guest_sees_start(bot, "* Welcome, bot!");
	cr_assert_eq(server_stop(server), 0);
	guest_sees(bot, "* server is shutting down");
	guest_sees_end(bot);
	cr_assert_eq(guest_status(bot), 2);
	cr_assert_not_null(strstr(guest_errors(bot), "closed the connection"));
}

Test(pipe, a_wrong_command_line_is_told_from_all_that)
{
	static const char *const argv[] = { BIN_DIR "/chat", "-n", "bot",
		"host:port", NULL };

	program_run(&result, NULL, argv);
	cr_assert_eq(result.status, 64);
	cr_assert_not_null(strstr(result.err, "usage: chat"));
}

/* A server that is none of ours ------------------------------------------- */

struct speech {
	int listen_fd;
	const char *bytes;
	size_t len;
	/* keep the connection open until the client has ended its side */
	bool waits;
};

/* Take one client, send it the bytes, hear it out, close. */
static int
speak(void *arg)
{
	const struct speech *speech = arg;
	int fd = accept(speech->listen_fd, NULL, NULL);
	size_t sent = 0;
	char heard[4096];

	while (sent < speech->len) {
		ssize_t n = write(fd, speech->bytes + sent, speech->len - sent);

		if (n == -1)
			return 1;
		sent += (size_t)n;
	}
	if (!speech->waits)
		(void)shutdown(fd, SHUT_WR);
	while (read(fd, heard, sizeof heard) > 0)
		;
	return 0;
}

static void
runs_chat_against(struct speech speech)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t sin_len = sizeof sin;
	pid_t pid;

	speech.listen_fd = socket(AF_INET, SOCK_STREAM, 0);
	cr_assert_eq(
	    bind(speech.listen_fd, (struct sockaddr *)&sin, sin_len), 0);
	cr_assert_eq(listen(speech.listen_fd, 1), 0);
	cr_assert_eq(
	    getsockname(speech.listen_fd, (struct sockaddr *)&sin, &sin_len),
	    0);
	(void)snprintf(
	    address, sizeof address, "127.0.0.1:%u", ntohs(sin.sin_port));
	pid = spawn(speak, &speech);
	close(speech.listen_fd);
	runs_chat("bot", "");
	(void)await(pid);
}

static void
hears(const char *bytes)
{
	runs_chat_against(
	    (struct speech){ .bytes = bytes, .len = strlen(bytes) });
}

Test(pipe, what_a_server_sends_cannot_reach_a_terminal_raw)
{
	hears("* Welcome, bot!\n\x1b]0;owned\x07\xff\xc2\x9b\n"
	      "eve: \xe2\x80\xaetxt\n* Goodbye, bot!\n");
	cr_assert_str_eq(result.out,
	    "* Welcome, bot!\n^[]0;owned^G\\377<U+009B>\n"
	    "eve: <U+202E>txt\n* Goodbye, bot!\n");
	cr_assert_eq(result.status, 0);
}

Test(pipe, a_line_of_any_length_is_shown_in_pieces)
{
	static char bytes[300000];
	size_t len = (size_t)sprintf(bytes, "* Welcome, bot!\neve: ");
	size_t shown = 0;

	memset(bytes + len, 'z', 200000);
	len += 200000;
	len += (size_t)sprintf(bytes + len, "\n* Goodbye, bot!\n");
	runs_chat_against((struct speech){ .bytes = bytes, .len = len });
	cr_assert_eq(result.status, 0);
	/* The result keeps the beginning, which is enough to see. */
	for (const char *s = result.out; *s != '\0'; s++)
		shown += *s == 'z';
	cr_assert_gt(shown, 60000);
	cr_assert_not_null(strstr(result.out, "z\nz"));
}

Test(pipe, what_is_no_chat_server_is_said_to_be_none)
{
	hears("SSH-2.0-OpenSSH_9.2\r\n");
	cr_assert_eq(result.status, 2);
	cr_assert_str_eq(result.out, "");
	cr_assert_not_null(strstr(result.err, "is it a chat server?"));
}

Test(pipe, a_server_that_goes_without_goodbye_is_a_loss_also_at_the_end)
{
	static const char welcome[] = "* Welcome, bot!\n";

	runs_chat_against((struct speech){
	    .bytes = welcome, .len = strlen(welcome), .waits = true });
	cr_assert_str_eq(result.out, welcome);
	cr_assert_not_null(strstr(result.err, "closed the connection"));
	cr_assert_eq(result.status, 2);
}

Test(pipe, a_server_that_is_full_is_a_refusal)
{
	hears("! the server is full; try again later\n");
	cr_assert_eq(result.status, 1);
	cr_assert_not_null(strstr(result.err, "the server is full"));
}
