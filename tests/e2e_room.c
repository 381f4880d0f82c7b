/* e2e_room.c - several people in one room: what one says, the others see.
 *
 * A real chatd and raw sockets.  Everything here is about the order and the
 * wholeness of lines and about who sees them; commands and refusals are
 * e2e_commands.c. */
#include "ipc/limits.h"
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

TestSuite(e2e_room, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* Coming ------------------------------------------------------------------ */

Test(e2e_room, greets_a_newcomer_and_tells_who_is_here)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_connect(s);

	guest_sees_next(
	    alice, "* This is chatd; your first line is your name.");
	guest_says(alice, "alice");
	guest_sees_next(
	    alice, "* Welcome, alice! /help tells the commands, exit leaves.");
	guest_sees_next(alice, "* 1 person is here: alice");
}

Test(e2e_room, tells_a_newcomer_of_everyone_who_is_here)
{
	struct server *s = server_start(NULL);
	struct guest *carol;

	(void)guest_join(s, "alice");
	(void)guest_join(s, "bob");
	carol = guest_join(s, "carol");
	guest_sees_next(carol, "* 3 people are here: carol, alice, bob");
}

Test(e2e_room, greets_with_twenty_names_and_counts_the_rest)
{
	struct server *s = server_start(NULL);
	const char *line;
	struct guest *last;
	char name[32];
	int n_commas = 0;

	for (int i = 0; i < GREETING_NAMES + 4; i++) {
		snprintf(name, sizeof name, "guest%d", i);
		(void)guest_join(s, name);
	}
	last = guest_join(s, "last");
	line = guest_line(last);
	cr_assert_eq(
	    strncmp(line, "* 25 people are here: last, ", 28), 0, "%s", line);
	for (const char *at = line; (at = strchr(at, ',')) != NULL; at++)
		n_commas++;
	cr_assert_eq(n_commas, GREETING_NAMES - 1, "%s", line);
	cr_assert_str_eq(line + strlen(line) - 11, " and 5 more");
}

Test(e2e_room, tells_the_others_who_comes_and_goes)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_sees(alice, "* bob joined");
	guest_sees_nothing_like(bob, alice, "joined");
	guest_says(bob, "exit");
	guest_sees(bob, "* Goodbye, bob!");
	guest_sees_end(bob);
	guest_sees_next(alice, "* bob left");
}

Test(e2e_room, lets_in_names_of_any_script)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *wei = guest_join(s, "王偉");

	guest_sees(alice, "* 王偉 joined");
	guest_says(wei, "你好，世界");
	guest_sees(alice, "王偉: 你好，世界");
	guest_says(alice, "@王偉 ça va ?");
	guest_sees(wei, "[alice -> 王偉] ça va ?");
}

/* Everyone sees it -------------------------------------------------------- */

Test(e2e_room, what_one_says_everyone_sees_the_speaker_included)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	struct guest *carol = guest_join(s, "carol");

	guest_says(alice, "hello");
	guest_says(alice, "how are you?");
	for (int i = 0; i < 3; i++) {
		struct guest *g = i == 0 ? alice : i == 1 ? bob : carol;

		guest_sees(g, "alice: hello");
		guest_sees_next(g, "alice: how are you?");
	}
	guest_says(bob, "fine");
	guest_sees_next(alice, "bob: fine");
	guest_sees_next(carol, "bob: fine");
}

/* One write of many lines.  The server reads it in pieces of its own choice. */
static void
says_many_at_once(struct guest *g, int n)
{
	static char text[1 << 20];
	size_t len = 0;

	for (int i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, sizeof text - len,
		    "line %d of %d, %.*s\n", i, n, i % 64,
		    "0123456789012345678901234567890123456789012345678901234567"
		    "89012345");
	guest_sends(g, text, len);
}

static void
sees_many(struct guest *g, const char *author, int n)
{
	guest_sees(g, "%s: line 0 of %d, ", author, n);
	for (int i = 1; i < n; i++)
		guest_sees_next(g, "%s: line %d of %d, %.*s", author, i, n,
		    i % 64,
		    "0123456789012345678901234567890123456789012345678901234567"
		    "89012345");
}

Test(e2e_room, a_thousand_lines_in_one_write_arrive_whole_and_in_order)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	struct guest *carol = guest_join(s, "carol");
	struct guest *dave = guest_join(s, "dave");

	says_many_at_once(alice, 1000);
	sees_many(bob, "alice", 1000);
	sees_many(carol, "alice", 1000);
	sees_many(dave, "alice", 1000);
	sees_many(alice, "alice", 1000);
}

Test(e2e_room, the_lines_of_many_speakers_each_arrive_in_order)
{
	enum { N_SPEAKERS = 5, N_LINES = 200 };
	struct server *s = server_start(NULL);
	struct guest *reader = guest_join(s, "reader");
	struct guest *speakers[N_SPEAKERS];
	int n_seen[N_SPEAKERS] = { 0 };
	char name[32];

	for (int i = 0; i < N_SPEAKERS; i++) {
		snprintf(name, sizeof name, "speaker%d", i);
		speakers[i] = guest_join(s, name);
		guest_sees(reader, "* %s joined", name);
	}
	/* Each for himself, all at the same time. */
	for (int line = 0; line < N_LINES; line++)
		for (int i = 0; i < N_SPEAKERS; i++)
			guest_says(speakers[i], "%d", line);
	for (int n = 0; n < N_SPEAKERS * N_LINES; n++) {
		const char *line = guest_line(reader);
		int who, what;

		cr_assert_eq(
		    sscanf(line, "speaker%d: %d", &who, &what), 2, "%s", line);
		cr_assert_eq(what, n_seen[who]++, "%s", line);
	}
}

Test(e2e_room, one_byte_at_a_time_is_a_line_all_the_same)
{
	static const char text[] = "slowly, but Größe counts";
	struct server *s = server_start(NULL);
	struct guest *alice = guest_connect(s);
	struct guest *bob = guest_join(s, "bob");

	for (const char *c = "alice\n"; *c != '\0'; c++)
		guest_sends(alice, c, 1);
	guest_sees_start(alice, "* Welcome, alice!");
	for (const char *c = text; *c != '\0'; c++) {
		guest_sends(alice, c, 1);
		/* Between two bytes bob is heard, so they were not one read. */
		if (*c == ' ')
			guest_catches_up(alice, bob);
	}
	guest_sends_text(alice, "\n");
	guest_sees(bob, "alice: %s", text);
	guest_sees_next(alice, "alice: %s", text);
}

Test(e2e_room, crlf_ends_a_line_as_lf_does)
{
	struct server *s = server_start(NULL);
	struct guest *bob = guest_join(s, "bob");
	struct guest *alice = guest_connect(s);

	guest_sends_text(alice, "alice\r\nhello\r\nbye\r\n");
	guest_sees(bob, "* alice joined");
	guest_sees_next(bob, "alice: hello");
	guest_sees_next(bob, "alice: bye");
}

Test(e2e_room, an_empty_line_is_no_answer_and_no_message)
{
	struct server *s = server_start(NULL);
	struct guest *bob = guest_join(s, "bob");
	struct guest *alice = guest_join(s, "alice");

	guest_sees(bob, "* alice joined");
	guest_sees_start(alice, "* 2 people are here");
	guest_sends_text(alice, "\n\r\n   \n\t\nhello\n");
	guest_sees_next(bob, "alice: hello");
	guest_sees_next(alice, "alice: hello");
}

Test(e2e_room, the_longest_line_arrives_whole)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	char line[LINE_MAX_BYTES + 1];

	memset(line, 'x', LINE_MAX_BYTES);
	line[LINE_MAX_BYTES] = '\0';
	guest_says(alice, "%s", line);
	guest_sees(bob, "alice: %s", line);
	/* The carriage return is not of the line. */
	guest_says(alice, "%s\r", line);
	guest_sees_next(bob, "alice: %s", line);
}

Test(e2e_room, blanks_within_and_around_a_text_stay)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_says(alice, "  if  (x)  ");
	guest_sees(bob, "alice:   if  (x)  ");
}

/* Going ------------------------------------------------------------------- */

Test(e2e_room, the_end_of_input_ends_the_last_line_and_leaves)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_sees(alice, "* bob joined");
	guest_sends_text(bob, "my last words");
	guest_hangs_up(bob);
	guest_sees_next(alice, "bob: my last words");
	guest_sees_next(alice, "* bob left");
	guest_sees(bob, "bob: my last words");
	guest_sees_next(bob, "* Goodbye, bob!");
	guest_sees_end(bob);
}

Test(e2e_room, half_a_line_before_a_close_is_not_lost)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_sees(alice, "* bob joined");
	/* What is unread when a socket is closed makes the close a reset. */
	guest_sees_start(bob, "* 2 people are here");
	guest_sends_text(bob, "and off");
	guest_close(bob);
	guest_sees_next(alice, "bob: and off");
	guest_sees_start(alice, "* bob left");
}

Test(e2e_room, what_was_said_before_leaving_arrives_before_the_leave)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_sees(alice, "* bob joined");
	guest_sends_text(bob, "one\ntwo\nexit\nthree\n");
	guest_sees_next(alice, "bob: one");
	guest_sees_next(alice, "bob: two");
	guest_sees_next(alice, "* bob left");
	guest_sees(bob, "bob: two");
	guest_sees_next(bob, "* Goodbye, bob!");
	guest_sees_end(bob);
}

Test(e2e_room, a_name_is_free_as_soon_as_its_owner_was_told_goodbye)
{
	struct server *s = server_start(NULL);
	struct guest *first = guest_join(s, "alice");

	guest_says(first, "exit");
	guest_sees(first, "* Goodbye, alice!");
	/* The connection is still there. */
	(void)guest_join(s, "alice");
}

/* Privacy and order ------------------------------------------------------- */

Test(e2e_room, a_whisper_is_seen_by_two_and_nobody_else)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	struct guest *carol = guest_join(s, "carol");

	guest_says(alice, "@bob the secret");
	guest_sees(bob, "[alice -> bob] the secret");
	guest_sees(alice, "[alice -> bob] the secret");
	guest_says(bob, "/msg alice the secret is safe");
	guest_sees_next(alice, "[bob -> alice] the secret is safe");
	guest_sees_nothing_like(carol, alice, "secret");
	guest_sees_nothing_like(carol, bob, "secret");
}

Test(e2e_room, a_whisper_to_oneself_is_seen_once)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_says(alice, "@alice note");
	guest_sees(alice, "[alice -> alice] note");
	guest_sees_nothing_like(alice, alice, "note");
	guest_sees_nothing_like(bob, alice, "note");
}

Test(e2e_room, whispers_and_speech_keep_their_order)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_sees(alice, "* bob joined");
	guest_sends_text(alice, "one\n@bob two\nthree\n/me four\n");
	for (int i = 0; i < 2; i++) {
		struct guest *g = i == 0 ? bob : alice;

		guest_sees(g, "alice: one");
		guest_sees_next(g, "[alice -> bob] two");
		guest_sees_next(g, "alice: three");
		guest_sees_next(g, "* alice four");
	}
}

Test(e2e_room, an_answer_to_what_was_echoed_never_overtakes_it)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	struct guest *carol = guest_join(s, "carol");

	guest_sees(alice, "* carol joined");
	guest_sees(bob, "* carol joined");
	guest_sees_start(carol, "* 3 people are here");
	for (int i = 0; i < 200; i++) {
		guest_says(alice, "question %d", i);
		guest_sees_next(alice, "alice: question %d", i);
		/* Her echo says that all have it, so this comes after it. */
		guest_says(carol, "answer %d", i);
		guest_sees_next(bob, "alice: question %d", i);
		guest_sees_next(bob, "carol: answer %d", i);
		guest_sees_next(alice, "carol: answer %d", i);
		guest_sees(carol, "carol: answer %d", i);
	}
}

/* Crowds ------------------------------------------------------------------ */

/* Alice's process is held up, so that she finds all of it at once. */
Test(e2e_room, tells_of_a_crowd_in_one_line)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	pid_t pid = server_child_pid(s, "alice");
	struct guest *guests[12];
	char name[32];

	cr_assert_eq(kill(pid, SIGSTOP), 0);
	for (int i = 0; i < 12; i++) {
		snprintf(name, sizeof name, "guest%d", i);
		guests[i] = guest_join(s, name);
	}
	cr_assert_eq(kill(pid, SIGCONT), 0);
	guest_sees_start(alice, "* 12 people joined: guest0, guest1, ");
	guest_says(guests[11], "hello");
	guest_sees_next(alice, "guest11: hello");
}

/* What somebody says is never told before that he is here, nor after that he
 * has left, although the news comes another way. */
Test(e2e_room, tells_of_an_author_before_his_line_and_of_his_leaving_after_it)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice"), *bob;
	pid_t pid = server_child_pid(s, "alice");

	cr_assert_eq(kill(pid, SIGSTOP), 0);
	bob = guest_join(s, "bob");
	guest_says(bob, "as bob");
	guest_says(bob, "/nick rob");
	guest_says(bob, "as rob");
	guest_says(bob, "exit");
	guest_sees_end(bob);
	cr_assert_eq(kill(pid, SIGCONT), 0);
	guest_sees(alice, "* bob joined");
	guest_sees_next(alice, "bob: as bob");
	guest_sees_next(alice, "* bob is now rob");
	guest_sees_next(alice, "rob: as rob");
	guest_sees_next(alice, "* rob left");
}
