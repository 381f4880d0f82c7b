/* harness_shortage.c - a seccomp filter and the process that answers it. */
#include "tests/harness_shortage.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What the test, the supervisor and nobody else share. */
struct board {
	_Atomic int error[SHORTAGE_N_KINDS];
	_Atomic unsigned n_failed[SHORTAGE_N_KINDS];
};

struct shortage {
	struct board *board;
	pid_t supervisor;
	/* the filter's descriptor goes from [1] to [0] */
	int sockets[2];
};

static const struct {
	unsigned number;
	enum shortage_kind kind;
} calls[] = {
	{ SYS_clone, SHORTAGE_OF_PROCESSES },
	{ SYS_clone3, SHORTAGE_OF_PROCESSES },
#ifdef SYS_fork
	{ SYS_fork, SHORTAGE_OF_PROCESSES },
#endif
	{ SYS_accept4, SHORTAGE_AT_ACCEPT },
	{ SYS_socket, SHORTAGE_OF_SOCKETS },
	{ SYS_bind, SHORTAGE_AT_BIND },
	{ SYS_signalfd4, SHORTAGE_OF_SIGNALFDS },
	{ SYS_fallocate, SHORTAGE_OF_SHARED_MEMORY },
#ifdef SYS_mkdir
	{ SYS_mkdir, SHORTAGE_OF_DIRECTORIES },
#endif
	{ SYS_mkdirat, SHORTAGE_OF_DIRECTORIES },
};

#define N_CALLS (sizeof calls / sizeof *calls)

/* The supervisor ----------------------------------------------------------- */

static int
receive_fd(int socket_fd)
{
	alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	char byte;
	struct iovec vector = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control,
	};
	int fd;

	if (recvmsg(socket_fd, &message, 0) != 1 ||
	    CMSG_FIRSTHDR(&message) == NULL)
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
	return fd;
}

static int
error_of(struct board *board, int number)
{
	for (size_t i = 0; i < N_CALLS; i++) {
		int error;

		if (calls[i].number != (unsigned)number)
			continue;
		error = atomic_load(&board->error[calls[i].kind]);
		if (error != 0)
			atomic_fetch_add(&board->n_failed[calls[i].kind], 1);
		return error;
	}
	return 0;
}

static int
supervise(void *arg)
{
	struct shortage *s = arg;
	int fd = receive_fd(s->sockets[0]);

	if (fd == -1)
		return 1;
	for (;;) {
		struct seccomp_notif request = { 0 };
		struct seccomp_notif_resp answer = { 0 };
		int error;

		if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &request) == -1) {
			if (errno == EINTR || errno == ENOENT)
				continue;
			return 0;
		}
		error = error_of(s->board, request.data.nr);
		answer.id = request.id;
		answer.error = -error;
		answer.flags =
		    error == 0 ? SECCOMP_USER_NOTIF_FLAG_CONTINUE : 0;
		/* Who asked may have been killed meanwhile. */
		(void)ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
}

static void
dispose(void *arg)
{
	struct shortage *s = arg;

	kill_and_await(s->supervisor);
	close(s->sockets[0]);
	close(s->sockets[1]);
	(void)munmap(s->board, sizeof *s->board);
	free(s);
}

struct shortage *
shortage_new(void)
{
	struct shortage *s = calloc(1, sizeof *s);

	cr_assert_not_null(s);
	s->board = mmap(NULL, sizeof *s->board, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cr_assert_neq(s->board, MAP_FAILED);
	cr_assert_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s->sockets), 0);
	s->supervisor = spawn(supervise, s);
	harness_on_clean(dispose, s);
	return s;
}

void
shortage_set(struct shortage *s, enum shortage_kind kind, int error)
{
	atomic_store(&s->board->error[kind], error);
}

unsigned
shortage_n_failed(const struct shortage *s, enum shortage_kind kind)
{
	return atomic_load(&s->board->n_failed[kind]);
}

/* The filter --------------------------------------------------------------- */

/* Load the number of the call, compare it with each of ours, and ask. */
static int
install_filter(void)
{
	struct sock_filter program[2 * N_CALLS + 2];
	unsigned short n = 0;
	struct sock_fprog filter;

	program[n++] = (struct sock_filter)BPF_STMT(
	    BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < N_CALLS; i++) {
		program[n++] = (struct sock_filter)BPF_JUMP(
		    BPF_JMP | BPF_JEQ | BPF_K, calls[i].number, 0, 1);
		program[n++] = (struct sock_filter)BPF_STMT(
		    BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	}
	program[n++] =
	    (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	filter = (struct sock_fprog){ n, program };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
	    SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
}

static int
send_fd(int socket_fd, int fd)
{
	alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = { 0 };
	char byte = 'f';
	struct iovec vector = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control,
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	return sendmsg(socket_fd, &message, 0) == 1 ? 0 : -1;
}

void
shortage_enter(struct shortage *s)
{
	int fd = install_filter();

	if (fd == -1 || send_fd(s->sockets[1], fd) == -1) {
		dprintf(
		    STDERR_FILENO, "no seccomp filter: %s\n", strerror(errno));
		_exit(126);
	}
	close(fd);
}
