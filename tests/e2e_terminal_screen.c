/* e2e_terminal_screen.c - chat in GNU screen, in a real terminal.
 *
 * screen has a clipboard of its own, which it hands over as if typed, and its
 * own idea of how wide a character is.  alice sits at it; bob is there to be
 * talked to. */
#include "tests/harness_chat.h"
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define NI "\xe4\xbd\xa0"
#define HAO "\xe5\xa5\xbd"
#define JOINER "\xe2\x80\x8d"
#define WOMAN "\xf0\x9f\x91\xa9"
#define GIRL "\xf0\x9f\x91\xa7"
/* screen keeps no more than that of what is joined. */
#define FAMILY WOMAN JOINER GIRL

static struct server *server;
static struct terminal *t;
static struct guest *bob;
/* where screen has its socket, and what it reads */
static char dir[TEST_PATH_BYTES];

TestSuite(terminal, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* With nobody's settings and a place of its own, and it ends with its terminal.
 */
static void
a_shell_is_in_screen(void)
{
	test_dir(dir);
	t = terminal_open(80, 24);
	terminal_types(t,
	    "printf '%%s off\\n' startup_message deflogin autodetach "
	    ">%s/screenrc",
	    dir);
	terminal_presses(t, "Enter");
	terminal_types(t,
	    "SYSSCREENRC=/dev/null SCREENDIR=%s screen -c %s/screenrc sh", dir,
	    dir);
	terminal_presses(t, "Enter");
	terminal_is_alternate(t, true);
	terminal_types(t, "PS1='$ '; clear");
	terminal_presses(t, "Enter");
	terminal_ends_with(t, "$");
}

static void
alice_and_bob_are_here(void)
{
	server = server_start(NULL);
	a_shell_is_in_screen();
	chat_starts(t, server, "USER=alice", "");
	terminal_ends_with(t, "alice>");
	bob = guest_join(server, "bob");
	terminal_shows(t, "* bob joined");
}

/* screen is gone when its shell is. */
static void
alice_leaves(void)
{
	chat_leaves(t, "alice");
	chat_enters(t, "exit");
	terminal_is_alternate(t, false);
}

Test(terminal, in_screen_the_line_being_typed_stays_when_somebody_speaks)
{
	alice_and_bob_are_here();
	terminal_types(t, NI HAO "x");
	terminal_presses(t, "Left");
	guest_says(bob, HAO HAO);
	terminal_shows(t, "bob: " HAO HAO);
	terminal_ends_with(t, "alice> " NI HAO "x");
	terminal_presses(t, "BSpace");
	terminal_types(t, "y");
	terminal_ends_with(t, "alice> " NI "yx");
	cr_assert_eq(terminal_counts(t, "alice>"), 1);
	terminal_presses(t, "Enter");
	guest_sees(bob, "alice: " NI "yx");
	terminal_ends_with(t, "alice>");
	alice_leaves();
}

Test(terminal, in_screen_emoji_of_several_characters_do_no_harm)
{
	alice_and_bob_are_here();
	terminal_types(t, "a" FAMILY "b");
	/* screen takes a C-a for itself. */
	for (int i = 0; i < 10; i++)
		terminal_presses(t, "Left");
	terminal_types(t, "Z");
	terminal_ends_with(t, "alice> Za" FAMILY "b");
	terminal_presses(t, "C-e");
	terminal_types(t, "E");
	guest_says(bob, "hello");
	terminal_shows(t, "bob: hello");
	terminal_shows(t, "* bob joined");
	cr_assert_eq(terminal_counts(t, "alice>"), 1);
	terminal_presses(t, "Enter");
	guest_sees(bob, "alice: Za" FAMILY "bE");
	terminal_ends_with(t, "alice>");
	alice_leaves();
}

static void
screen_is_told(const char *command, const char *argument)
{
	terminal_presses(t, "C-a");
	terminal_types(t, ":%s %s", command, argument);
	terminal_presses(t, "Enter");
}

/* The rows are here as if typed, and the last Enter has been pressed. */
static void
twenty_rows_are_asked_about_and_sent(void)
{
	terminal_shows(
	    t, "-- 20 lines; Enter again sends them, Ctrl-C does not");
	terminal_shows(t, "row 20");
	guest_says(bob, "what is it?");
	guest_sees_start(bob, "* 2 people are here");
	guest_sees_next(bob, "bob: what is it?");
	terminal_presses(t, "Enter");
	for (int i = 1; i <= 20; i++)
		guest_sees_next(bob, "alice: row %d", i);
	terminal_ends_with(t, "alice>");
}

Test(terminal, in_screen_a_paste_asks_first_and_keeps_its_order)
{
	char rows[512] = "";

	for (int i = 1; i <= 20; i++)
		(void)snprintf(rows + strlen(rows), sizeof rows - strlen(rows),
		    "row %d\n", i);
	alice_and_bob_are_here();
	terminal_pastes(t, rows);
	terminal_shows(t, "row 20");
	terminal_presses(t, "Enter");
	twenty_rows_are_asked_about_and_sent();
	alice_leaves();
}

Test(terminal, in_screen_a_paste_of_its_own_asks_first_and_keeps_its_order)
{
	char path[TEST_PATH_BYTES + 8];
	FILE *rows;

	alice_and_bob_are_here();
	(void)snprintf(path, sizeof path, "%s/rows", dir);
	rows = fopen(path, "w");
	cr_assert_not_null(rows);
	for (int i = 1; i <= 20; i++)
		(void)fprintf(rows, "row %d\n", i);
	cr_assert_eq(fclose(rows), 0);
	screen_is_told("readreg r", path);
	screen_is_told("paste", "r");
	twenty_rows_are_asked_about_and_sent();
	alice_leaves();
}

Test(terminal, in_screen_a_window_of_another_size_is_made_use_of)
{
	alice_and_bob_are_here();
	guest_says(bob, "before");
	terminal_types(t, "it will be a rather long line that does not fit");
	terminal_shows(t, "does not fit");
	terminal_resizes(t, 30, 24);
	guest_says(bob, "narrow");
	terminal_shows(t, "bob: narrow");
	terminal_resizes(t, 100, 20);
	guest_says(bob, "wide");
	terminal_shows(t, "bob: wide");
	terminal_ends_with(
	    t, "alice> it will be a rather long line that does not fit");
	cr_assert_eq(terminal_counts(t, "bob: before"), 1);
	terminal_presses(t, "Enter");
	guest_sees(
	    bob, "alice: it will be a rather long line that does not fit");
	alice_leaves();
}
