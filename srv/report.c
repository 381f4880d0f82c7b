/* report.c - the pipe from the children to the master. */
#include "srv/report.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

static_assert(sizeof(struct report) <= PIPE_BUF, "a report is written whole");

int
report_pipe(int fds_out[2])
{
	return pipe2(fds_out, O_CLOEXEC | O_NONBLOCK);
}

void
report_send(int fd, const struct report *report)
{
	ssize_t n;

	do {
		n = write(fd, report, sizeof *report);
	} while (n == -1 && errno == EINTR);
}

size_t
report_receive(int fd, struct report *reports, size_t max)
{
	ssize_t n;

	do {
		n = read(fd, reports, max * sizeof *reports);
	} while (n == -1 && errno == EINTR);
	return n <= 0 ? 0 : (size_t)n / sizeof *reports;
}
