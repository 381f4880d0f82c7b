/* who_process.c - what the kernel says of the users' processes.
 *
 * Looks into /proc and asks kill(2) whether a process is there; it never sends
 * a signal.  The directory itself is who_view.c. */
#include "tools/who_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool
is_gone(pid_t pid)
{
	return kill(pid, 0) == -1 && errno == ESRCH;
}

/* The letter of /proc/PID/stat, "PID (COMMAND) LETTER ..."; 0 when it cannot be
 * read, as with hidepid for everybody else's processes. */
static char
state_letter(pid_t pid)
{
	char path[32], stat[64];
	const char *end;
	ssize_t len;
	int fd;

	(void)snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return 0;
	/* A command has 15 bytes at most, so the letter is among the first. */
	len = read(fd, stat, sizeof stat - 1);
	close(fd);
	if (len <= 0)
		return 0;
	stat[len] = '\0';
	/* The command may hold parentheses itself; nothing after it does. */
	end = strrchr(stat, ')');
	return end != NULL && end[1] == ' ' ? end[2] : '\0';
}

enum who_state
who_process_state(pid_t pid)
{
	/* Nobody has such a pid, and to kill(2) it means many processes. */
	if (pid <= 0)
		return WHO_DEAD;
	switch (state_letter(pid)) {
	case 'T':
	case 't':
		return WHO_STOPPED;
	case 'Z':
	case 'X':
		return WHO_DEAD;
	case 0:
		return is_gone(pid) ? WHO_DEAD : WHO_HERE;
	default:
		return WHO_HERE;
	}
}

/* A master that runs, and whose table nobody is writing to, has seen to its
 * children itself: who has died is swept, who is stopped is shown as such. */
static bool
is_well(const struct who_view *view)
{
	return !view->holder.is_held &&
	       who_process_state(view->master_pid) == WHO_HERE;
}

void
who_process_judge(struct who_view *view, size_t max)
{
	/* A server that lives and has no such pid is in another pid namespace:
	 * the pids in its directory mean nothing here. */
	if (!view->is_live || is_gone(view->master_pid) || is_well(view))
		return;
	for (size_t i = 0; i < view->n_rows && i < max; i++)
		if (view->rows[i].state != WHO_UNREADABLE)
			view->rows[i].state =
			    who_process_state(view->rows[i].pid);
}
