/* descriptor.c - care for the descriptors that a process is born with. */
#include "ipc/descriptor.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

void
descriptor_open_standard(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd != -1 && fd <= STDERR_FILENO);
	if (fd != -1)
		close(fd);
}

int
descriptor_reopen(int fd, int flags)
{
	char path[32];

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}
