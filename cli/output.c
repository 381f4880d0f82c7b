/* output.c - standard output, written without ever waiting for its reader.
 *
 * It stays in blocking mode, because that flag would be seen by every program
 * that shares it.  Instead poll is asked before each write, and a write is
 * small enough for a pipe that poll calls writable. */
#include "cli/output.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

bool
output_is_ready(void)
{
	struct pollfd p = { STDOUT_FILENO, POLLOUT, 0 };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLOUT) != 0;
}

int
output_write(struct buffer *b)
{
	while (buffer_len(b) > 0 && output_is_ready()) {
		size_t len = buffer_len(b);
		ssize_t n = write(STDOUT_FILENO, buffer_data(b),
		    len < PIPE_BUF ? len : PIPE_BUF);

		if (n == -1 && errno != EINTR && errno != EAGAIN)
			return -1;
		if (n == -1)
			break;
		buffer_drop(b, (size_t)n);
	}
	return 0;
}
