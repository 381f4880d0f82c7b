/* who_screen.c - the screen that a watch is drawn on in place, and its keys.
 *
 * What has to be given back is the screen, the cursor, line wrapping, whether
 * writing waits, and the keyboard's line mode.  Signals come to who_watch.c as
 * a descriptor, but for those that a fault of our own raises: these are caught
 * here, since a terminal without echo is not what to leave its owner. */
#include "tools/who_screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Without wrapping a line that is too long costs one line of the screen. */
#define TAKE "\033[?1049h\033[?25l\033[?7l"
#define GIVE "\033[?7h\033[?25h\033[?1049l"

static struct {
	volatile sig_atomic_t is_taken;
	/* of standard output, as it was found */
	int flags;
	/* standard input is ours to read, and these were its modes */
	volatile sig_atomic_t has_keys;
	struct termios modes;
	bool have_keys_ended;
} screen;

/* That it is not the controlling terminal (-1) means that nobody hands it
 * about. */
static bool
is_in_background(int fd)
{
	pid_t group = tcgetpgrp(fd);

	return group != -1 && group != getpgrp();
}

static bool
is_held(void)
{
	struct pollfd p = { STDOUT_FILENO, POLLOUT, 0 };

	return poll(&p, 1, 0) == 0;
}

/* Keys ------------------------------------------------------------------- */

/* With every frame: whoever had the terminal while we were stopped may have put
 * it back into line mode.  ^C and ^Z go on to be signals. */
static void
take_keys(void)
{
	struct termios modes;
	bool is_line_mode;

	if (screen.have_keys_ended || is_in_background(STDIN_FILENO) ||
	    tcgetattr(STDIN_FILENO, &modes) == -1)
		return;
	is_line_mode = (modes.c_lflag & (ICANON | ECHO)) != 0;
	if (!is_line_mode && screen.has_keys)
		return;
	screen.modes = modes;
	screen.has_keys = true;
	modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	modes.c_cc[VMIN] = 1;
	modes.c_cc[VTIME] = 0;
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &modes);
}

/* In the background the modes are the shell's own. */
static void
give_keys(void)
{
	if (screen.has_keys && !is_in_background(STDIN_FILENO))
		(void)tcsetattr(STDIN_FILENO, TCSANOW, &screen.modes);
	screen.has_keys = false;
}

int
who_screen_key_fd(void)
{
	return screen.is_taken && screen.has_keys &&
		       !is_in_background(STDIN_FILENO)
		   ? STDIN_FILENO
		   : -1;
}

void
who_screen_end_keys(void)
{
	give_keys();
	screen.have_keys_ended = true;
}

/* Faults ----------------------------------------------------------------- */

/* SA_RESETHAND has put the signal back to what it does to any program. */
static void
give_and_die(int number)
{
	who_screen_give();
	(void)raise(number);
}

/* Not those that have a handler: a sanitizer's has more to tell. */
static void
catch_faults(void)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP,
		SIGSYS, SIGABRT };
	struct sigaction action = {
		.sa_handler = give_and_die,
		.sa_flags = SA_RESETHAND,
	};
	struct sigaction before;

	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
		if (sigaction(faults[i], NULL, &before) == 0 &&
		    before.sa_handler == SIG_DFL)
			(void)sigaction(faults[i], &action, NULL);
}

/* The screen ------------------------------------------------------------- */

bool
who_screen_take(void)
{
	if (is_in_background(STDOUT_FILENO) || is_held())
		return false;
	if (!screen.is_taken) {
		catch_faults();
		screen.flags = fcntl(STDOUT_FILENO, F_GETFL);
		screen.is_taken = true;
		/* Some program may have left it O_NONBLOCK, and a frame that
		 * the terminal does not take at once would be cut. */
		(void)fcntl(STDOUT_FILENO, F_SETFL, screen.flags & ~O_NONBLOCK);
		(void)fputs(TAKE, stdout);
	}
	take_keys();
	return true;
}

static bool
write_give(void)
{
	return write(STDOUT_FILENO, GIVE, strlen(GIVE)) != -1;
}

void
who_screen_give(void)
{
	if (!screen.is_taken)
		return;
	screen.is_taken = false;
	give_keys();
	(void)fcntl(STDOUT_FILENO, F_SETFL, screen.flags | O_NONBLOCK);
	if (!write_give() && errno == EAGAIN) {
		/* Held by ^S: let go, as the kernel does for a ^C. */
		(void)tcflow(STDOUT_FILENO, TCOOFF);
		(void)tcflow(STDOUT_FILENO, TCOON);
		(void)write_give();
	}
	(void)fcntl(STDOUT_FILENO, F_SETFL, screen.flags);
}
