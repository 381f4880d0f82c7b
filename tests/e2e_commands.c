/* e2e_commands.c - every command, and every refusal with its word.
 *
 * A real chatd and raw sockets.  What is refused is refused to its sender
 * alone, with a line that begins with "!", and the connection lives on. */
#include "ipc/limits.h"
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <string.h>

TestSuite(e2e_commands, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* Commands ---------------------------------------------------------------- */

Test(e2e_commands, help_tells_every_command)
{
	static const char *const commands[] = { "/help", "/who", "/whois NAME",
		"/me TEXT", "/nick NAME", "/msg NAME TEXT", "/ignore [NAME]",
		"/unignore NAME", "/away [TEXT]", "/back", "/quit", "exit" };
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");

	guest_says(alice, "/help");
	guest_sees(alice, "* a line is said to everyone");
	guest_sees_start(alice, "* @NAME TEXT");
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		guest_sees_start(alice, "* %s", commands[i]);
	guest_sees_start(alice, "* @@TEXT");
	guest_catches_up(alice, alice);
}

Test(e2e_commands, who_tells_who_is_here)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_sees(alice, "* bob joined");
	guest_says(alice, "/who");
	guest_sees_next(alice, "* 2 people are here: alice, bob");
	guest_says(bob, "exit");
	guest_sees_next(alice, "* bob left");
	guest_says(alice, "/WHO");
	guest_sees_next(alice, "* 1 person is here: alice");
}

Test(e2e_commands, who_goes_on_in_further_lines_until_all_are_named)
{
	enum { N = 60 };
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	unsigned n_named = 0, n_lines = 0;
	char name[64];

	for (int i = 0; i < N; i++) {
		snprintf(
		    name, sizeof name, "somebody-with-a-long-name-%02d", i);
		(void)guest_join(s, name);
	}
	server_awaits_users(s, N + 1);
	guest_says(alice, "/who");
	guest_sees_start(alice, "* 61 people are here: alice, ");
	/* Names in the first line are not counted, hence the second /who. */
	guest_says(alice, "/who");
	for (const char *line = guest_line(alice); n_named < N;
	     line = guest_line(alice)) {
		if (strncmp(line, "* 61 people", 11) == 0)
			n_named = n_lines = 0;
		else
			cr_assert_eq(
			    strncmp(line, "* also here: ", 13), 0, "%s", line);
		n_lines++;
		for (const char *at = line;
		     (at = strstr(at, "somebody-")) != NULL; at++)
			n_named++;
		if (n_named == N)
			break;
	}
	cr_assert_gt(n_lines, 1);
}

Test(e2e_commands, me_says_what_one_does)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_says(alice, "/me waves");
	guest_sees(bob, "* alice waves");
	guest_sees(alice, "* alice waves");
}

Test(e2e_commands, nick_takes_another_name_and_frees_the_first)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_sees(alice, "* bob joined");
	guest_says(bob, "/nick rob");
	guest_sees(bob, "* bob is now rob");
	guest_sees_next(alice, "* bob is now rob");
	guest_says(bob, "hi");
	guest_sees_next(alice, "rob: hi");
	guest_says(alice, "@rob psst");
	guest_sees(bob, "[alice -> rob] psst");
	(void)guest_join(s, "bob");
}

Test(e2e_commands, nick_may_change_the_case_of_the_own_name)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");

	guest_says(alice, "/nick Alice");
	guest_sees(alice, "* alice is now Alice");
}

Test(e2e_commands, nick_refuses_what_somebody_has_and_what_is_no_name)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_sees_start(bob, "* 2 people");
	/* More often than newcomers may: he has a name to fall back on. */
	for (int i = 0; i < NAME_TRIES + 1; i++) {
		guest_says(bob, "/nick ALICE");
		guest_sees_next(
		    bob, "! the name \"ALICE\" is taken; you are still bob");
	}
	guest_says(bob, "/nick a b");
	guest_sees_start(bob, "! \"a b\" cannot be a name: ");
	guest_says(bob, "/nick");
	guest_sees_start(bob, "! which name?");
	guest_sees_nothing_like(alice, bob, "now");
}

Test(e2e_commands, nick_refuses_the_very_name_that_one_has)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_sees(alice, "* bob joined");
	guest_sees_start(bob, "* 2 people");
	guest_says(alice, "/nick alice");
	guest_sees_next(alice, "! you are alice already");
	guest_sees_nothing_like(bob, alice, "alice");
}

Test(e2e_commands, msg_whispers_as_the_at_sign_does)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "Bob");

	guest_says(alice, "/msg BOB hello  there");
	/* He is called what he calls himself. */
	guest_sees(bob, "[alice -> Bob] hello  there");
	guest_sees(alice, "[alice -> Bob] hello  there");
	guest_says(alice, "@bob and again");
	guest_sees_next(bob, "[alice -> Bob] and again");
}

static const char *
leave_words(int i)
{
	static const char *const words[] = { "exit", "/quit", "  exit  ",
		"/QUIT" };

	return i < 4 ? words[i] : NULL;
}

Test(e2e_commands, exit_and_quit_leave_with_a_goodbye)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");

	for (int i = 0; leave_words(i) != NULL; i++) {
		struct guest *bob = guest_join(s, "bob");

		guest_says(bob, "%s", leave_words(i));
		guest_sees(bob, "* Goodbye, bob!");
		guest_sees_end(bob);
		guest_sees(alice, "* bob left");
	}
}

Test(e2e_commands, exit_before_a_name_just_ends)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *nobody = guest_connect(s);

	guest_says(nobody, "exit");
	guest_sees_end(nobody);
	guest_sees_nothing_like(alice, alice, "left");
}

Test(e2e_commands, a_doubled_sign_says_it_once_to_everyone)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_says(alice, "@@bob is a name");
	guest_says(alice, "//quit leaves");
	guest_says(alice, "exit now?");
	guest_sees(bob, "alice: @bob is a name");
	guest_sees_next(bob, "alice: /quit leaves");
	guest_sees_next(bob, "alice: exit now?");
}

/* Refusals ---------------------------------------------------------------- */

struct refusal {
	char line[32];
	/* how the answer begins, after "! " */
	char answer[64];
};

ParameterizedTestParameters(e2e_commands, refuses)
{
	static struct refusal table[] = {
		{ "/dance", "there is no command /dance; /help lists them" },
		{ "/", "there is no command /;" },
		{ "/whoever", "there is no command /whoever;" },
		{ "/he\x01lp", "there is no command /he^Alp;" },
		{ "@nobody hello", "nobody named \"nobody\" is here" },
		{ "/msg nobody hello", "nobody named \"nobody\" is here" },
		{ "@b!b hello", "nobody named \"b!b\" is here" },
		{ "@bob", "to whom, and what?" },
		{ "@bob  ", "to whom, and what?" },
		{ "@", "to whom, and what?" },
		{ "@ bob hello", "to whom, and what?" },
		{ "/msg", "to whom, and what?" },
		{ "/msg bob", "to whom, and what?" },
		{ "/me", "what do you do?" },
		{ "/me ", "what do you do?" },
		{ "/me joined", "that would read like a notice" },
		{ "/me left", "that would read like a notice" },
		{ "/me left (too slow)", "that would read like a notice" },
		{ "/me is now bob", "that would read like a notice" },
		{ "/me people are here: x", "that would read like a notice" },
		{ "/me person is here: x", "that would read like a notice" },
		{ "/me is away", "that would read like a notice" },
		{ "/me is away: lunch", "that would read like a notice" },
		{ "/me has been here for 1 h", "that would read like" },
		{ "/back", "you are not away" },
		{ "/whois", "about whom?" },
		{ "/whois nobody", "nobody named \"nobody\" is here" },
		{ "/whois b!b", "nobody named \"b!b\" is here" },
		{ "caf\xe9", "your line is not UTF-8" },
		{ "@bob caf\xe9", "your line is not UTF-8" },
		{ "\xc0\xaf overlong", "your line is not UTF-8" },
		{ "\xed\xa0\x80 surrogate", "your line is not UTF-8" },
	};

	return cr_make_param_array(
	    struct refusal, table, sizeof table / sizeof *table);
}

ParameterizedTest(struct refusal *r, e2e_commands, refuses)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_sees(alice, "* bob joined");
	guest_says(alice, "%s", r->line);
	guest_says(alice, "afterwards");
	cr_assert_eq(strncmp(guest_line(alice), "! ", 2), 0, "\"%s\"", r->line);
	guest_says(alice, "%s", r->line);
	guest_sees_start(alice, "! %s", r->answer);
	/* Nobody else hears of it, and the connection lives on. */
	guest_sees_start(bob, "* 2 people");
	guest_sees_next(bob, "alice: afterwards");
	guest_sees_nothing_like(bob, alice, "");
}

Test(e2e_commands, me_may_begin_like_a_notice_as_long_as_it_differs)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");

	guest_says(alice, "/me leftover");
	guest_sees(alice, "* alice leftover");
	guest_says(alice, "/me joined the club");
	guest_sees(alice, "* alice joined the club");
}

/* Names ------------------------------------------------------------------- */

Test(e2e_commands, a_name_that_somebody_has_is_refused_whatever_its_case)
{
	struct server *s = server_start(NULL);
	struct guest *other;

	(void)guest_join(s, "Ångström");
	other = guest_connect(s);
	guest_says(other, "åNGSTRÖM");
	guest_sees(other, "! the name \"åNGSTRÖM\" is taken; send another");
	guest_says(other, "A\xcc\x8angstro\xcc\x88m");
	guest_sees_start(other, "! the name ");
	guest_says(other, "celsius");
	guest_sees_start(other, "* Welcome, celsius!");
}

struct bad_name {
	char name[160];
	char reason[64];
};

ParameterizedTestParameters(e2e_commands, refuses_the_name)
{
	static struct bad_name table[] = {
		{ "", "it is empty" },
		{ "   ", "it is empty" },
		{ "a b", "a name is made of letters" },
		{ "* alice", "a name is made of letters" },
		{ "*", "a name is made of letters" },
		{ "!bob", "a name is made of letters" },
		{ "[bob", "a name is made of letters" },
		{ "bob:", "a name is made of letters" },
		{ "@bob", "a name is made of letters" },
		{ "/help", "a name is made of letters" },
		{ "a\x1b[31m", "a name is made of letters" },
		{ "a\xe2\x80\xae"
		  "b",
		    "a name is made of letters" },
		{ "a\xe2\x80\x8d"
		  "b",
		    "a name is made of letters" },
		{ "\xcc\x81x", "it begins with a combining mark" },
		{ "123456789012345678901234567890123", "it is too long" },
	};

	return cr_make_param_array(
	    struct bad_name, table, sizeof table / sizeof *table);
}

ParameterizedTest(struct bad_name *b, e2e_commands, refuses_the_name)
{
	struct server *s = server_start(NULL);
	struct guest *g = guest_connect(s);
	const char *line;

	guest_says(g, "%s", b->name);
	line = guest_sees_start(g, "! \"");
	cr_assert_not_null(strstr(line, "\" cannot be a name: "), "%s", line);
	cr_assert_not_null(strstr(line, b->reason), "%s", line);
	guest_says(g, "12345678901234567890123456789012");
	guest_sees_start(g, "* Welcome, 12345678901234567890123456789012!");
}

Test(e2e_commands, three_refused_names_close_the_connection)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *g = guest_connect(s);

	guest_sees_start(g, "* This is chatd");
	guest_says(g, "alice");
	guest_sees_next(g, "! the name \"alice\" is taken; send another");
	guest_says(g, "a b");
	cr_assert_eq(strncmp(guest_line(g), "! \"a b\" cannot be", 17), 0);
	guest_says(g, "caf\xe9");
	cr_assert_eq(strncmp(guest_line(g), "! your line is not", 18), 0);
	guest_sees_next(
	    g, "! three names were refused; connect again with another");
	guest_sees_end(g);
	guest_sees_nothing_like(alice, alice, "left");
}

/* Bytes that are no chat -------------------------------------------------- */

Test(e2e_commands, a_line_that_is_too_long_is_refused_and_the_next_is_not)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	char line[LINE_MAX_BYTES + 2];

	memset(line, 'x', LINE_MAX_BYTES + 1);
	line[LINE_MAX_BYTES + 1] = '\0';
	guest_says(alice, "before");
	guest_says(alice, "%s", line);
	guest_says(alice, "after");
	guest_sees(alice, "alice: before");
	guest_sees_next(
	    alice, "! your line is longer than 4096 bytes; send it in pieces");
	guest_sees_next(alice, "alice: after");
	guest_sees(bob, "alice: before");
	guest_sees_next(bob, "alice: after");
}

Test(e2e_commands, a_megabyte_without_a_line_feed_is_refused_once)
{
	static char bytes[1 << 20];
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");

	guest_sees_start(alice, "* 1 person");
	memset(bytes, 'x', sizeof bytes);
	guest_sends(alice, bytes, sizeof bytes);
	/* At once, not only when the line ends. */
	guest_sees_next(
	    alice, "! your line is longer than 4096 bytes; send it in pieces");
	guest_sends_text(alice, "x\nhello\n");
	guest_sees_next(alice, "alice: hello");
}

Test(e2e_commands, a_name_of_a_megabyte_is_one_refused_name)
{
	static char bytes[1 << 20];
	struct server *s = server_start(NULL);
	struct guest *g = guest_connect(s);

	guest_sees_start(g, "* This is chatd");
	memset(bytes, 'x', sizeof bytes);
	guest_sends(g, bytes, sizeof bytes);
	guest_sends_text(g, "\nalice\n");
	guest_sees_next(
	    g, "! your line is longer than 4096 bytes; send it in pieces");
	guest_sees_start(g, "* Welcome, alice!");
}

Test(e2e_commands, control_characters_are_shown_not_passed_on)
{
	static const char bytes[] = "a\0b \x1b[31m\a\x7f \xc2\x9b \tc\n"
				    "@bob a\0b\n"
				    "/me \x1b[2J\n";
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_sends(alice, bytes, sizeof bytes - 1);
	guest_sees(bob, "alice: a^@b ^[[31m^G^? <U+009B>  c");
	guest_sees_next(bob, "[alice -> bob] a^@b");
	guest_sees_next(bob, "* alice ^[[2J");
	guest_sees(alice, "alice: a^@b ^[[31m^G^? <U+009B>  c");
}

Test(e2e_commands, what_a_refusal_repeats_has_no_control_characters)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_connect(s);

	guest_sees_start(alice, "* 1 person");
	guest_says(alice, "/nick \x1b[2J\xe2\x80\xae"
			  "evil");
	guest_sees_next(alice,
	    "! \"^[[2J<U+202E>evil\" cannot be a name: a name is made of "
	    "letters, digits and _ - . only, without spaces");
	guest_says(alice, "@\x1b]0;x\x07 hi");
	guest_sees_next(alice,
	    "! nobody named \"^[]0;x^G\" is here, nothing was sent; /who "
	    "tells who is");
	guest_sees_start(bob, "* This is chatd");
	guest_says(bob, "\xc2\x9b"
			"31m\xe2\x81\xa6");
	guest_sees_next(bob,
	    "! \"<U+009B>31m<U+2066>\" cannot be a name: a name is made of "
	    "letters, digits and _ - . only, without spaces");
}

Test(e2e_commands, bidirectional_overrides_are_shown_not_passed_on)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_says(alice, "abc \xe2\x80\xae"
			  "def\xe2\x81\xa9 \xe2\x80\xa8");
	guest_sees(bob, "alice: abc <U+202E>def<U+2069> <U+2028>");
}

Test(e2e_commands, a_line_too_long_once_it_is_visible_is_refused)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	char line[LINE_MAX_BYTES + 1];

	memset(line, '\x01', LINE_MAX_BYTES);
	line[LINE_MAX_BYTES] = '\0';
	guest_says(alice, "%s", line);
	guest_sees_start(alice, "! your line has so many control characters");
	guest_says(alice, "hello");
	guest_sees_next(alice, "alice: hello");
}
