/* e2e_terminal_types.c - chat on terminals of many types: that none is sent
 * what it would show as rubbish, and that each will do.
 *
 * alice sits at the terminal, which is the test's; bob talks to her. */
#include "tests/harness_chat.h"
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define CONTROL_A "\x01"
#define CONTROL_C "\x03"
#define CONTROL_E "\x05"
#define CONTROL_G "\x07"
#define CONTROL_L "\x0c"
#define CONTROL_R "\x12"
#define CONTROL_U "\x15"
#define LEFT "\x1b[D"
#define NI "\xe4\xbd\xa0"
#define ACUTE "\xcc\x81"
#define HEART "\xe2\x9d\xa4\xef\xb8\x8f"
#define FORTY "1234567890123456789012345678901234567890"

struct type {
	char name[24];
	/* what moves the cursor is ECMA-48's; or nothing does */
	bool has_sequences;
};

TestSuite(terminal, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* Everything that draws: keys amid a line, a line of several rows and one that
 * is taller than the screen, a search, wide and combining characters, another
 * size, what others say, a mention. */
static void
alice_does_all_there_is(struct pty *p, struct guest *bob)
{
	static const char *const keys[] = { "hello world", LEFT LEFT LEFT "xx",
		"\x7f", CONTROL_A "y", FORTY FORTY FORTY, CONTROL_A "z",
		CONTROL_E CONTROL_U, CONTROL_R "hel", CONTROL_G CONTROL_U,
		NI "e" ACUTE LEFT "x", HEART LEFT "x", CONTROL_L,
		CONTROL_U "/clear\r" };

	pty_types(p, "hello\r");
	guest_sees(bob, "alice: hello");
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		pty_types(p, keys[i]);
	pty_resizes(p, 60, 20);
	for (int i = 0; i < 16; i++)
		pty_types(p, FORTY);
	guest_says(bob, "are you there, alice?");
	pty_sees(p, "there, alice?");
	pty_resizes(p, 70, 20);
	pty_types(p, CONTROL_A "z" CONTROL_C);
}

/* The length of the escape sequence: up, right, left, home, saving and
 * restoring that, erase, delete, insert, colours and the like, and whether
 * pastes are told. 0: another. */
static size_t
known_sequence(const char *s)
{
	size_t parameters = strspn(s + 2, "0123456789;");

	if (s[1] == 'M' || s[1] == '7' || s[1] == '8')
		return 2;
	if (strncmp(s, "\x1b[?2004h", 8) == 0 ||
	    strncmp(s, "\x1b[?2004l", 8) == 0)
		return 8;
	if (s[1] != '[' || s[2 + parameters] == '\0' ||
	    strchr("ACDHJKP@m", s[2 + parameters]) == NULL)
		return 0;
	return 2 + parameters + 1;
}

static void
shows_no_rubbish(const char *seen, const struct type *type)
{
	while (*seen != '\0') {
		size_t len = 1;

		if (*seen == '\x1b')
			len = type->has_sequences ? known_sequence(seen) : 0;
		else if ((unsigned char)*seen < ' ')
			len = strchr("\a\b\r\n", *seen) != NULL;
		else if ((unsigned char)*seen == 0x7f)
			len = 0;
		cr_assert_neq(
		    len, 0, "%s is sent: %.20s", type->name, seen + 1);
		seen += len;
	}
}

ParameterizedTestParameters(terminal, is_sent_no_rubbish)
{
	static struct type types[] = {
		{ "linux", true },
		{ "vt100", true },
		{ "vt220", true },
		{ "ansi", true },
		{ "xterm", true },
		{ "screen", true },
		{ "tmux-256color", true },
		{ "dumb", false },
	};

	return cr_make_param_array(
	    struct type, types, sizeof types / sizeof *types);
}

ParameterizedTest(struct type *type, terminal, is_sent_no_rubbish)
{
	struct server *server = server_start(NULL);
	struct guest *bob = guest_join(server, "bob");
	char term[40];
	struct pty *p;

	(void)snprintf(term, sizeof term, "TERM=%s", type->name);
	p = chat_on_pty(server->port, term, "--bell=all");
	pty_sees(p, "alice> ");
	alice_does_all_there_is(p, bob);
	pty_sends(p, "exit\r");
	pty_sees(p, "Goodbye, alice!");
	cr_assert_eq(pty_status(p), 0);
	shows_no_rubbish(pty_seen(p), type);
}
