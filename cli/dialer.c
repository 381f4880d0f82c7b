/* dialer.c - connecting, in a process of its own.
 *
 * The child has what the parent has, the terminal too, and touches nothing of
 * it: it connects, sends one message, a descriptor or the reason why there is
 * none, and leaves by _exit. */
#include "cli/dialer.h"

#include "cli/connect.h"
#include "cli/language.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define WHY_BYTES 1024

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

/* The child ---------------------------------------------------------------- */

/* The handlers would set a terminal right that is not the child's. */
static void
forget_handlers(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		(void)signal(number, SIG_DFL);
	/* ^C reaches the child too, and may only empty the input line. */
	(void)signal(SIGINT, SIG_IGN);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
send_result(int to_fd, int fd, const struct buffer *why)
{
	union control control = { 0 };
	/* A message without bytes would read as the end. */
	struct iovec parts[] = { { (char[]){ ' ' }, 1 },
		{ (char *)(uintptr_t)buffer_data(why), buffer_len(why) } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	if (parts[1].iov_len > WHY_BYTES)
		parts[1].iov_len = WHY_BYTES;
	if (fd != -1) {
		message.msg_control = &control;
		message.msg_controllen = sizeof control;
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
	}
	(void)sendmsg(to_fd, &message, MSG_NOSIGNAL);
}

_Noreturn static void
dial(const struct address *server, int to_fd, pid_t parent)
{
	struct buffer why = { 0 };

	forget_handlers();
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* It does not fire when the parent is dead already. */
	if (getppid() == parent)
		send_result(to_fd,
		    connect_open(server->host, server->port, &why, NULL), &why);
	_exit(0);
}

/* The parent --------------------------------------------------------------- */

bool
dialer_start(struct dialer *d, const struct address *server)
{
	pid_t parent = getpid();
	int pair[2];
	int error;

	d->fd = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1)
		return false;
	d->pid = fork();
	if (d->pid == 0)
		dial(server, pair[1], parent);
	error = errno;
	(void)close(pair[1]);
	if (d->pid == -1) {
		(void)close(pair[0]);
		errno = error;
		return false;
	}
	d->fd = pair[0];
	return true;
}

/* The descriptor in a message; -1 if there is none. */
static int
descriptor_of(struct msghdr *message)
{
	const struct cmsghdr *header = CMSG_FIRSTHDR(message);
	int fd = -1;

	if (header != NULL && header->cmsg_type == SCM_RIGHTS &&
	    header->cmsg_len == CMSG_LEN(sizeof fd))
		memcpy(&fd, CMSG_DATA(header), sizeof fd);
	return fd;
}

int
dialer_finish(struct dialer *d, struct buffer *why)
{
	union control control = { 0 };
	char text[1 + WHY_BYTES];
	struct iovec part = { text, sizeof text };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control,
	};
	ssize_t n = recvmsg(d->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	int fd = n > 0 ? descriptor_of(&message) : -1;

	if (n > 1)
		buffer_append(why, text + 1, (size_t)n - 1);
	else if (fd == -1)
		buffer_append_string(
		    why, _("the process that should connect was killed"));
	dialer_stop(d);
	return fd;
}

void
dialer_stop(struct dialer *d)
{
	if (d->fd == -1)
		return;
	(void)close(d->fd);
	d->fd = -1;
	(void)kill(d->pid, SIGKILL);
	while (waitpid(d->pid, NULL, 0) == -1 && errno == EINTR)
		;
}
