/* e2e_hostile.c - clients that mean no good, or are no chat at all, and a
 * server that means no good.
 *
 * One table: what somebody sends, what he is told, what the others see of it.
 * Alice and bob talk on, and see nothing that does not stand there.  What
 * refusals say of lines that people mistype is e2e_commands.c; what bytes no
 * person would think of is tests/fuzz_*.c. */
#include "ipc/limits.h"
#include "ipc/text.h"
#include "tests/harness_chat.h"
#include "tests/harness_condition.h"
#include "tests/harness_guest.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(hostile, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* The table --------------------------------------------------------------- */

enum afterwards {
	STAYS,
	/* closes the half on which he sends */
	HANGS_UP,
	/* resets the connection */
	RESETS,
};

struct hostile {
	char what[64];
	/* as "mallory", when he has been let in; else his first line is a name
	 */
	bool is_named;
	size_t len;
	char bytes[384];
	enum afterwards then;
	/* how the lines begin that he is told, one after the other */
	char told[4][128];
	/* the connection ends behind them */
	bool is_ended;
	/* the lines that alice and bob see, and nothing else */
	char seen[4][128];
};

#define BYTES(s) sizeof(s) - 1, s

#define NO_NAME "a name is made of letters, digits and _ - . only"
#define NOT_UTF8 "! your line is not UTF-8; set your program to UTF-8"
#define TOO_MANY "! three names were refused"

ParameterizedTestParameters(hostile, harms_nobody)
{
	static struct hostile table[] = {
		{ "a TLS hello", false,
		    BYTES("\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03\xf0\xe1"
			  "\n\x9f\x8e\x00\x00\x02\x13\x01\x01\x00\n"
			  "\x00\xff\x01\x00\x01\n"),
		    STAYS, { NOT_UTF8, NOT_UTF8, NOT_UTF8, TOO_MANY }, true,
		    { "" } },
		{ "a TLS hello without a line feed", false,
		    BYTES("\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03\xf0"),
		    HANGS_UP, { NOT_UTF8, "* Goodbye!" }, true, { "" } },
		{ "an HTTP request", false,
		    BYTES("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"), STAYS,
		    { "! \"GET / HTTP/1.1\" cannot be a name: " NO_NAME,
			"! \"Host: example.org\" cannot be a name: " NO_NAME,
			"! \"\" cannot be a name: it is empty", TOO_MANY },
		    true, { "" } },
		{ "an HTTP request of somebody with a name", true,
		    BYTES("GET / HTTP/1.1\r\n\r\n"), STAYS,
		    { "mallory: GET / HTTP/1.1" }, false,
		    { "mallory: GET / HTTP/1.1" } },
		{ "ssh", false, BYTES("SSH-2.0-OpenSSH_9.2p1\r\n"), STAYS,
		    { "* Welcome, SSH-2.0-OpenSSH_9.2p1!", "* 3 people" },
		    false, { "* SSH-2.0-OpenSSH_9.2p1 joined" } },
		{ "telnet", false, BYTES("\xff\xfd\x03\xff\xfb\x18mallory\r\n"),
		    STAYS, { NOT_UTF8 }, false, { "" } },
		{ "NUL in a name", false, BYTES("mal\0lory\n\0\n"), STAYS,
		    { "! \"mal^@lory\" cannot be a name: " NO_NAME,
			"! \"^@\" cannot be a name: " NO_NAME },
		    false, { "" } },
		{ "NUL in a text", true, BYTES("a\0b\n\0\n@\0 x\n"), STAYS,
		    { "mallory: a^@b", "mallory: ^@",
			"! nobody named \"^@\" is here" },
		    false, { "mallory: a^@b", "mallory: ^@" } },
		{ "CR only in names", false, BYTES("mallory\rm\r"), HANGS_UP,
		    { "! \"mallory^Mm\" cannot be a name: " NO_NAME,
			"* Goodbye!" },
		    true, { "" } },
		{ "CR only in texts", true, BYTES("one\rtwo\r\rthree\r"),
		    HANGS_UP,
		    { "mallory: one^Mtwo^M^Mthree", "* Goodbye, mallory!" },
		    true, { "mallory: one^Mtwo^M^Mthree", "* mallory left" } },
		{ "overlong UTF-8 in a name", false,
		    BYTES("\xc1\xa1lice\n\xe0\x80\xaf\n"), STAYS,
		    { NOT_UTF8, NOT_UTF8 }, false, { "" } },
		{ "overlong UTF-8 in a text", true,
		    BYTES("\xc0\x8a* bob left\n@bob \xf0\x80\x80\xaf\n"
			  "\xed\xa0\x80\n"),
		    STAYS, { NOT_UTF8, NOT_UTF8, NOT_UTF8 }, false, { "" } },
		{ "escape sequences in a name", false,
		    BYTES("\x1b]0;owned\x07\n\xc2\x9b"
			  "31mred\n"),
		    STAYS,
		    { "! \"^[]0;owned^G\" cannot be a name: " NO_NAME,
			"! \"<U+009B>31mred\" cannot be a name: " NO_NAME },
		    false, { "" } },
		{ "escape sequences in a text", true,
		    BYTES("\x1b[2J\x1b[1;1H* bob left\n"
			  "/me \x1b]0;owned\x07\n"
			  "@\x1b[31m hi\n/\xc2\x9b"
			  "31m\n"),
		    STAYS,
		    { "mallory: ^[[2J^[[1;1H* bob left",
			"* mallory ^[]0;owned^G",
			"! nobody named \"^[[31m\" is here",
			"! there is no command /<U+009B>31m;" },
		    false,
		    { "mallory: ^[[2J^[[1;1H* bob left",
			"* mallory ^[]0;owned^G" } },
		{ "bidirectional overrides in a name", false,
		    BYTES("\xe2\x80\xae"
			  "ecila\nalice\xe2\x81\xa9\n"),
		    STAYS,
		    { "! \"<U+202E>ecila\" cannot be a name: " NO_NAME,
			"! \"alice<U+2069>\" cannot be a name: " NO_NAME },
		    false, { "" } },
		{ "bidirectional overrides in a text", true,
		    BYTES("\xe2\x80\xaetfel bob *\xe2\x80\xac\n"
			  "/me \xe2\x81\xa7\xe2\x80\xa8x\n"),
		    STAYS,
		    { "mallory: <U+202E>tfel bob *<U+202C>",
			"* mallory <U+2067><U+2028>x" },
		    false,
		    { "mallory: <U+202E>tfel bob *<U+202C>",
			"* mallory <U+2067><U+2028>x" } },
		{ "invisible characters in a name", false,
		    BYTES("alice\xe2\x80\x8b\nali\xc2\xad"
			  "ce\n"),
		    STAYS,
		    { "! \"alice\xe2\x80\x8b\" cannot be a name: " NO_NAME,
			"! \"ali\xc2\xad"
			"ce\" cannot be a name: " NO_NAME },
		    false, { "" } },
		{ "notices that are none", true,
		    BYTES("/me left\n/me jo\xe2\x80\x8bined\n"
			  "/me is\tnow \xc2\xa0\n* bob left\n"),
		    STAYS,
		    { "! that would read like a notice",
			"! that would read like a notice",
			"! that would read like a notice",
			"mallory: * bob left" },
		    false, { "mallory: * bob left" } },
		{ "nothing, and hangs up", false, BYTES(""), HANGS_UP,
		    { "* Goodbye!" }, true, { "" } },
		{ "half a line, and hangs up", true, BYTES("one\nand tw"),
		    HANGS_UP,
		    { "mallory: one", "mallory: and tw",
			"* Goodbye, mallory!" },
		    true,
		    { "mallory: one", "mallory: and tw", "* mallory left" } },
		{ "nothing, and a reset", false, BYTES(""), RESETS, { "" },
		    false, { "" } },
		{ "half a name, and a reset", false, BYTES("mall"), RESETS,
		    { "" }, false, { "" } },
		{ "half a line, and a reset", true, BYTES("and tw"), RESETS,
		    { "" }, false, { "* mallory left (connection lost)" } },
	};

	return cr_make_param_array(
	    struct hostile, table, sizeof table / sizeof *table);
}

/* The room that each finds: alice and bob, who talk. */
struct room {
	struct server *server;
	struct guest *alice, *bob;
};

static struct room
room_open(void)
{
	struct room room = { .server = server_start(NULL) };

	room.alice = guest_join(room.server, "alice");
	room.bob = guest_join(room.server, "bob");
	guest_sees(room.alice, "* bob joined");
	guest_sees_start(room.bob, "* 2 people are here");
	return room;
}

/* What they say is the next that they see. */
static void
they_talk_on(const struct room *room)
{
	guest_says(room->alice, "are you there?");
	guest_sees_next(room->bob, "alice: are you there?");
	guest_sees_next(room->alice, "alice: are you there?");
	guest_says(room->bob, "yes");
	guest_sees_next(room->alice, "bob: yes");
	guest_sees_next(room->bob, "bob: yes");
}

static struct guest *
comes(const struct room *room, bool is_named)
{
	struct guest *mallory;

	if (!is_named) {
		mallory = guest_connect(room->server);
		guest_sees_start(mallory, "* This is chatd");
		return mallory;
	}
	mallory = guest_join(room->server, "mallory");
	guest_sees_start(mallory, "* 3 people are here");
	guest_sees_next(room->alice, "* mallory joined");
	guest_sees_next(room->bob, "* mallory joined");
	return mallory;
}

static void
goes(struct guest *mallory, enum afterwards then)
{
	switch (then) {
	case STAYS:
		break;
	case HANGS_UP:
		guest_hangs_up(mallory);
		break;
	case RESETS:
		guest_reset(mallory);
		break;
	}
}

static void
is_told(struct guest *mallory, const char *expected, const char *what)
{
	const char *line = guest_line(mallory);

	cr_assert_eq(strncmp(line, expected, strlen(expected)), 0,
	    "%s: told \"%s\", not \"%s\"", what, line, expected);
	cr_assert(text_is_safe(line, strlen(line)), "%s", what);
}

ParameterizedTest(struct hostile *h, hostile, harms_nobody)
{
	struct room room = room_open();
	struct guest *mallory = comes(&room, h->is_named);

	guest_sends(mallory, h->bytes, h->len);
	goes(mallory, h->then);
	for (int i = 0; i < 4 && h->told[i][0] != '\0'; i++)
		is_told(mallory, h->told[i], h->what);
	if (h->is_ended)
		guest_sees_end(mallory);
	for (int i = 0; i < 4 && h->seen[i][0] != '\0'; i++) {
		guest_sees_next(room.alice, "%s", h->seen[i]);
		guest_sees_next(room.bob, "%s", h->seen[i]);
	}
	they_talk_on(&room);
}

/* Much, and slowly -------------------------------------------------------- */

#define FLOOD_MIB 100
/* What a child may need more than one who says nothing: what it reads at once,
 * and what the allocator and a sanitizer make of that. */
#define FLOOD_MORE_KIB (1024 * TEST_SLOWNESS)

static pid_t
newest_child(const struct server *s, const pid_t *known, size_t n_known)
{
	pid_t pids[8];
	size_t n = server_children(s, pids, 8);

	for (size_t i = 0; i < n; i++) {
		bool is_known = false;

		for (size_t k = 0; k < n_known; k++)
			is_known |= pids[i] == known[k];
		if (!is_known)
			return pids[i];
	}
	return 0;
}

/* Send all of it, and look at the memory of who reads it on the way. */
static void
floods(const struct room *room, struct guest *mallory, pid_t child)
{
	static char mib[1 << 20];
	unsigned long before = condition_private_kib(child);

	memset(mib, 'x', sizeof mib);
	cr_assert_gt(before, 0);
	for (int i = 0; i < FLOOD_MIB; i++) {
		unsigned long now;

		guest_sends(mallory, mib, sizeof mib);
		if (i % 10 != 0)
			continue;
		now = condition_private_kib(child);
		cr_assert_leq(now, before + FLOOD_MORE_KIB,
		    "%lu KiB, then %lu behind %d MiB", before, now, i + 1);
		they_talk_on(room);
	}
}

/* How many of his lines were refused before he sees this one. */
static unsigned
count_refusals(struct guest *g, const char *until)
{
	unsigned n = 0;
	const char *line;

	while (strcmp(line = guest_line(g), until) != 0)
		n += line[0] == '!';
	return n;
}

Test(hostile, a_hundred_megabytes_without_a_line_feed_are_one_refused_line)
{
	struct room room = room_open();
	struct guest *mallory = comes(&room, true);

	floods(&room, mallory, server_child_pid(room.server, "mallory"));
	guest_sees(mallory,
	    "! your line is longer than 4096 bytes; send it in pieces");
	guest_sends_text(mallory, "\nsorry\n");
	cr_assert_eq(count_refusals(mallory, "mallory: sorry"), 0);
	guest_sees_next(room.alice, "mallory: sorry");
	guest_sees_next(room.bob, "mallory: sorry");
	they_talk_on(&room);
}

Test(hostile, a_name_of_a_hundred_megabytes_is_one_refused_name)
{
	struct room room = room_open();
	pid_t known[8];
	size_t n_known = server_children(room.server, known, 8);
	struct guest *mallory = comes(&room, false);

	floods(&room, mallory, newest_child(room.server, known, n_known));
	guest_sees_next(mallory,
	    "! your line is longer than 4096 bytes; send it in pieces");
	guest_sends_text(mallory, "\nmallory\n");
	guest_sees_start(mallory, "* Welcome, mallory!");
	guest_sees_next(room.alice, "* mallory joined");
	guest_sees_next(room.bob, "* mallory joined");
	they_talk_on(&room);
}

Test(hostile, who_sends_a_byte_now_and_then_keeps_nobody_waiting)
{
	struct room room = room_open();
	struct guest *mallory = comes(&room, true);
	char line[16] = "";

	/* Between two bytes the others talk, so they were not one read. */
	for (int i = 0; i < 12; i++) {
		line[i] = (char)('a' + i);
		guest_sends(mallory, &line[i], 1);
		they_talk_on(&room);
	}
	guest_sends_text(mallory, "\r");
	they_talk_on(&room);
	guest_sends_text(mallory, "\n");
	guest_sees_next(room.alice, "mallory: %s", line);
	guest_sees_next(room.bob, "mallory: %s", line);
}

static bool
has_something_to_read(void *arg)
{
	struct pollfd row = { guest_fd(arg), POLLIN, 0 };

	return poll(&row, 1, 0) == 1;
}

/* The one test that takes as long as the server's patience: of two that give no
 * name one says nothing, and the other a byte a second. */
Test(hostile, who_gives_no_name_in_time_is_told_and_closed,
    .timeout = SUITE_TIMEOUT + NAME_WAIT_MS / 1000)
{
	struct room room = room_open();
	struct guest *silent = comes(&room, false);
	struct guest *slow = comes(&room, false);
	int seconds = 0;

	while (!wait_until(has_something_to_read, silent, 1000)) {
		if (!has_something_to_read(slow))
			guest_sends_text(slow, "a");
		cr_assert_leq(++seconds, 2 * NAME_WAIT_MS / 1000);
	}
	cr_assert_geq(seconds, (NAME_WAIT_MS - NAME_WAIT_MS / 4) / 1000);
	guest_sees_next(
	    silent, "! no name came within 30 seconds; connect again");
	guest_sees_end(silent);
	guest_sees_next(
	    slow, "! no name came within 30 seconds; connect again");
	guest_is_cut_off(slow);
	they_talk_on(&room);
}

/* A server ---------------------------------------------------------------- */

/* Lines that would do something to a terminal, or to what chat believes. */
static const char spell[] =
    "* Welcome, alice\xe2\x80\xae\x1b[31m! hello\n"
    "* Welcome, alice! hello\n"
    "* 4000000000 people are here: alice, \x1b[2J, *, bob and -1 more\n"
    "* also here: \xe2\x80\x8b, , ,dave\n* also here: carol\n"
    "\x1b[?1049h\x1b[2J\x1b]0;owned\x07\x1bP$q\x1b\\\x9b\xc2\x9b"
    "5n\n"
    "bob\x1b[31m: red\x1b[0m\n[\x1b[7m -> alice] reverse\n"
    "* \xe2\x80\x8b left\n*  left\n* joined\n* bob is now \xe2\x80\xae\n"
    "eve: \xe2\x80\xaetxt\xe2\x80\xac\xe2\x81\xa6\xe2\x80\xa8\n"
    "a\0b\r\r\n! \x07\x08\x08\x7f\n\xff\xfe\xc0\xaf\xed\xa0\x80\n"
    "[a -> \n[ -> ] x\n: x\n*\n!\n\n";

static unsigned
port_of(int listen_fd)
{
	struct sockaddr_in sin;
	socklen_t len = sizeof sin;

	cr_assert_eq(getsockname(listen_fd, (struct sockaddr *)&sin, &len), 0);
	return ntohs(sin.sin_port);
}

static int
listens(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	cr_assert_eq(bind(fd, (struct sockaddr *)&sin, sizeof sin), 0);
	cr_assert_eq(listen(fd, 1), 0);
	return fd;
}

Test(hostile, a_server_cannot_take_the_terminal_of_who_comes)
{
	struct terminal *t = terminal_open(80, 50);
	int listen_fd = listens(), fd;
	struct guest *chat;

	terminal_types(t,
	    "clear; %s/chat --status=no -n alice 127.0.0.1:%u; echo ended $?",
	    BIN_DIR, port_of(listen_fd));
	terminal_presses(t, "Enter");
	fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
	close(listen_fd);
	chat = guest_behind("chat", fd, fd);
	guest_sees(chat, "alice");
	guest_sends(chat, spell, sizeof spell - 1);
	guest_says(chat, "bob: over");
	terminal_shows(t, "bob: over");
	terminal_is_alternate(t, false);
	terminal_shows(t, "^[[?1049h^[[2J^[]0;owned^G^[P$q^[\\");
	terminal_shows(t, "bob^[[31m: red^[[0m");
	terminal_shows(t, "eve: <U+202E>txt<U+202C><U+2066><U+2028>");
	terminal_shows(t, "\\377\\376\\300\\257");
	/* And it works as before: a line, a name to be completed. */
	chat_enters(t, "hello");
	guest_sees(chat, "hello");
	terminal_types(t, "@car");
	terminal_presses(t, "Tab");
	chat_enters(t, "hi");
	guest_sees(chat, "@carol hi");
	guest_says(chat, "* Goodbye, alice!");
	guest_close(chat);
	terminal_shows(t, "ended 0");
}
