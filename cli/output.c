/* output.c - standard output, written without ever waiting for its reader.
 *
 * It stays in blocking mode, because that flag would be seen by every program
 * that shares it.  Instead poll is asked before each write, and a write is
 * small enough for a pipe that poll calls writable.
 *
 * A terminal is called writable when there is room for one byte, and a write of
 * more waits for a terminal that is slow, held or hung.  So it is opened once
 * more, for a flag of our own.  (Who has come by su(1) may not open it.) */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

/* the terminal with a flag of our own; -1: there is none */
static int own_fd = -1;

void
output_open_terminal(void)
{
	own_fd = open(
	    "/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

bool
output_is_ready(void)
{
	struct pollfd p = { STDOUT_FILENO, POLLOUT, 0 };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLOUT) != 0;
}

/* As write(2), but never waits. */
static ssize_t
write_some(const char *data, size_t len)
{
	if (own_fd != -1)
		return write(own_fd, data, len);
	if (!output_is_ready()) {
		errno = EAGAIN;
		return -1;
	}
	return write(STDOUT_FILENO, data, len < PIPE_BUF ? len : PIPE_BUF);
}

int
output_write(struct buffer *b)
{
	while (buffer_len(b) > 0) {
		ssize_t n = write_some(buffer_data(b), buffer_len(b));

		if (n == -1 && errno == EAGAIN)
			break;
		if (n == -1 && errno != EINTR)
			return -1;
		if (n > 0)
			buffer_drop(b, (size_t)n);
	}
	return 0;
}
