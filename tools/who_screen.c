/* who_screen.c - the screen that a watch is drawn on in place.
 *
 * The terminal stays in its line mode, so what has to be given back is the
 * screen, the cursor, line wrapping, and whether writing waits. */
#include "tools/who_screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Without wrapping a line that is too long costs one line of the screen. */
#define TAKE "\033[?1049h\033[?25l\033[?7l"
#define GIVE "\033[?7h\033[?25h\033[?1049l"

static struct {
	bool is_taken;
	/* of standard output, as it was found */
	int flags;
} screen;

/* That it is not the controlling terminal (-1) means that nobody hands it
 * about. */
static bool
is_in_background(void)
{
	pid_t group = tcgetpgrp(STDOUT_FILENO);

	return group != -1 && group != getpgrp();
}

static bool
is_held(void)
{
	struct pollfd p = { STDOUT_FILENO, POLLOUT, 0 };

	return poll(&p, 1, 0) == 0;
}

bool
who_screen_take(void)
{
	if (is_in_background() || is_held())
		return false;
	if (screen.is_taken)
		return true;
	screen.is_taken = true;
	screen.flags = fcntl(STDOUT_FILENO, F_GETFL);
	/* Some program may have left it O_NONBLOCK, and a frame that the
	 * terminal does not take at once would be cut. */
	(void)fcntl(STDOUT_FILENO, F_SETFL, screen.flags & ~O_NONBLOCK);
	(void)fputs(TAKE, stdout);
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
	(void)fcntl(STDOUT_FILENO, F_SETFL, screen.flags | O_NONBLOCK);
	if (!write_give() && errno == EAGAIN) {
		/* Held by ^S: let go, as the kernel does for a ^C. */
		(void)tcflow(STDOUT_FILENO, TCOOFF);
		(void)tcflow(STDOUT_FILENO, TCOON);
		(void)write_give();
	}
	(void)fcntl(STDOUT_FILENO, F_SETFL, screen.flags);
}
