/* signals.c - the signals that chat lives on with, as a descriptor.
 *
 * What the person asks for by ^C and ^Z, and what tells of the terminal.  Those
 * that end chat are modes.c's.  SIGTTIN and SIGTTOU are left alone: they stop
 * what reaches for a terminal from the background, as they should. */
#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Whoever started chat may have switched ^C or ^Z off. */
static void
add_unless_ignored(sigset_t *set, int number)
{
	struct sigaction action;

	if (sigaction(number, NULL, &action) == 0 &&
	    action.sa_handler != SIG_IGN)
		sigaddset(set, number);
}

int
signals_open(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGCONT);
	add_unless_ignored(&set, SIGINT);
	add_unless_ignored(&set, SIGTSTP);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	/* A signal that nobody would see must not be blocked. */
	if (fd != -1)
		(void)sigprocmask(SIG_BLOCK, &set, NULL);
	return fd;
}

int
signals_next(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof info) != (ssize_t)sizeof info)
		return 0;
	return (int)info.ssi_signo;
}
