/* modes.c - the modes of the terminal: taken from the shell, and given back.
 *
 * readline makes the changes; here is what has to happen around that.
 *
 * Also the one signal handler of chat.  All other signals come by descriptor,
 * but that is read by the loop, and the loop may be waiting in write(2) for a
 * terminal that takes nothing, where that could not be opened once more
 * (output.c), or be where a bug has left it.  A signal that ends chat has to do
 * so there as well, and must not leave its owner a terminal without echo.  So
 * it comes by here, at any instruction: what is used is async-signal-safe and
 * waits for nothing. */
#include "cli/modes.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <readline/readline.h>

static struct {
	/* the terminal is ours; what follows is what to give back */
	volatile sig_atomic_t are_taken;
	struct termios termios;
	int output_flags;
	/* what puts the screen right in a hurry */
	char farewell[64];
} modes;

/* Whether somebody else has the terminal.  That it is not the controlling one
 * (-1) means that nobody hands it about. */
static bool
is_in_background(void)
{
	pid_t group = tcgetpgrp(STDIN_FILENO);

	return group != -1 && group != getpgrp();
}

/* In a hurry ------------------------------------------------------------- */

/* The line being typed stays on the screen; the shell goes on below it. */
static bool
write_farewell(void)
{
	size_t len = strlen(modes.farewell);

	return write(STDOUT_FILENO, modes.farewell, len) != -1;
}

static void
give_in_a_hurry(void)
{
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &modes.termios);
	(void)fcntl(STDOUT_FILENO, F_SETFL, modes.output_flags | O_NONBLOCK);
	if (!write_farewell() && errno == EAGAIN) {
		/* Held by ^S: let go, as the kernel does for a ^C. */
		(void)tcflow(STDOUT_FILENO, TCOOFF);
		(void)tcflow(STDOUT_FILENO, TCOON);
		(void)write_farewell();
	}
	(void)fcntl(STDOUT_FILENO, F_SETFL, modes.output_flags);
}

/* SA_RESETHAND has put the signal back to what it does to any program. */
static void
give_and_die(int number)
{
	sigset_t set;

	if (modes.are_taken && !is_in_background())
		give_in_a_hurry();
	sigemptyset(&set);
	sigaddset(&set, number);
	(void)raise(number);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
	/* The first process of a container is not killed by it. */
	_exit(128 + number);
}

/* Whether it ends a program that does not care for it. */
static bool
is_deadly(int number)
{
	switch (number) {
	/* Nobody can care for these. */
	case SIGKILL:
	case SIGSTOP:
	/* signals.c has these, */
	case SIGINT:
	case SIGTSTP:
	case SIGCONT:
	case SIGWINCH:
	/* these stop what reaches for the terminal from the background, */
	case SIGTTIN:
	case SIGTTOU:
	/* and these do nothing. */
	case SIGCHLD:
	case SIGURG:
		return false;
	default:
		return true;
	}
}

/* Not those that are ignored, as by nohup(1), or that have a handler: a
 * sanitizer's has more to tell. */
static void
catch_deadly_signals(void)
{
	struct sigaction action = {
		.sa_handler = give_and_die,
		.sa_flags = SA_RESETHAND,
	};
	struct sigaction before;

	sigfillset(&action.sa_mask);
	for (int number = 1; number <= SIGRTMAX; number++)
		if (is_deadly(number) &&
		    sigaction(number, NULL, &before) == 0 &&
		    before.sa_handler == SIG_DFL)
			(void)sigaction(number, &action, NULL);
}

/* In order --------------------------------------------------------------- */

/* The modes that are found in the background are the shell's own, and would
 * later be "given back".  SIGCONT is blocked: that it has come shows that we
 * were stopped, which some orphans never are. */
void
modes_await_foreground(void)
{
	const struct timespec no_time = { 0 };
	sigset_t continued;

	sigemptyset(&continued);
	sigaddset(&continued, SIGCONT);
	while (is_in_background()) {
		(void)raise(SIGTTOU);
		if (sigtimedwait(&continued, NULL, &no_time) == -1)
			return;
	}
}

/* What undoes that which readline has written to take the terminal. */
static void
compose_farewell(void)
{
	const char *paste = rl_variable_value("enable-bracketed-paste");
	const char *keypad = rl_variable_value("enable-keypad");
	const char *keypad_off = rl_get_termcap("ke");

	(void)snprintf(modes.farewell, sizeof modes.farewell, "%s%s\r\n",
	    strcmp(paste, "on") == 0 ? "\033[?2004l" : "",
	    strcmp(keypad, "on") == 0 && keypad_off != NULL ? keypad_off : "");
}

void
modes_take(int meta_flag)
{
	modes_await_foreground();
	modes.output_flags = fcntl(STDOUT_FILENO, F_GETFL);
	if (modes.output_flags == -1 ||
	    tcgetattr(STDIN_FILENO, &modes.termios) == -1)
		return;
	compose_farewell();
	modes.are_taken = true;
	rl_prep_terminal(meta_flag);
}

/* With ^C and ^Z the kernel throws away what the terminal has not taken: lines
 * that nobody has seen.  (It throws away what was typed before, too, and that
 * is as it should be; a terminal that is behind has it read at once.) */
void
modes_keep_output(bool is_kept)
{
	struct termios tio;

	if (!modes.are_taken || tcgetattr(STDIN_FILENO, &tio) == -1)
		return;
	if (is_kept)
		tio.c_lflag |= NOFLSH;
	else
		tio.c_lflag = (tio.c_lflag & ~(tcflag_t)NOFLSH) |
			      (modes.termios.c_lflag & NOFLSH);
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &tio);
}

void
modes_give(void)
{
	if (!modes.are_taken)
		return;
	rl_deprep_terminal();
	modes.are_taken = false;
}

void
modes_init(void)
{
	rl_prep_term_function = modes_take;
	rl_deprep_term_function = modes_give;
	catch_deadly_signals();
}
