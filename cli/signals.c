/* signals.c - the signals that matter on a terminal, as a descriptor.
 *
 * Those that would end or stop chat with the terminal in disorder, and those
 * that tell of the terminal itself.  SIGTTIN and SIGTTOU are left alone: they
 * stop what reaches for a terminal from the background, as they should. */
#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

int
signals_open(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT,
		SIGWINCH, SIGTSTP, SIGCONT };
	sigset_t set;
	int fd;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		sigaddset(&set, numbers[i]);
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
