/* mailbox.c - the sockets that children write to each other through.
 *
 * A child owns one mailbox; whoever sends (children, the master) does so from
 * srv/relay.c, which knows what to do when one is full. */
#include "ipc/mailbox.h"

#include "ipc/memory.h"

#include <errno.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Returns the end of the digits. */
static char *
put_number(char *at, uint32_t n)
{
	char digits[10];
	unsigned n_digits = 0;

	do {
		digits[n_digits++] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	while (n_digits > 0)
		*at++ = digits[--n_digits];
	return at;
}

/* Once for every recipient of every message, which is too often for printf. */
socklen_t
mailbox_address(struct user_ref ref, struct sockaddr_un *address_out)
{
	char *at = put_number(address_out->sun_path, ref.slot);

	address_out->sun_family = AF_UNIX;
	*at++ = '.';
	at = put_number(at, ref.generation);
	*at++ = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
			   (size_t)(at - address_out->sun_path));
}

static int
close_failed(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
	return -1;
}

/* A socket that can send the largest datagram, whatever the system's default;
 * -1 and EMSGSIZE where net.core.wmem_max does not allow it. */
static int
open_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int size = 0, wanted = SEND_BUFFER_BYTES;
	socklen_t len = sizeof size;

	if (fd == -1)
		return -1;
	if (getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, &len) == -1)
		return close_failed(fd);
	if (size >= wanted)
		return fd;
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &wanted, sizeof wanted);
	if (getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, &len) == -1)
		return close_failed(fd);
	if (size >= wanted)
		return fd;
	errno = EMSGSIZE;
	return close_failed(fd);
}

int
mailbox_open(struct user_ref ref)
{
	struct sockaddr_un address;
	socklen_t len = mailbox_address(ref, &address);
	int fd = open_socket();
	int on = 1;

	if (fd == -1)
		return -1;
	/* Before the bind: the first datagram comes with credentials too. */
	if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == -1 ||
	    bind(fd, (struct sockaddr *)&address, len) == -1)
		return close_failed(fd);
	return fd;
}

int
mailbox_open_sender(void)
{
	return open_socket();
}

int
mailbox_connect(struct user_ref ref)
{
	struct sockaddr_un address;
	socklen_t len = mailbox_address(ref, &address);
	int fd = open_socket();

	if (fd == -1)
		return -1;
	if (connect(fd, (struct sockaddr *)&address, len) == -1)
		return close_failed(fd);
	return fd;
}

void
mailbox_remove(struct user_ref ref)
{
	struct sockaddr_un address;

	(void)mailbox_address(ref, &address);
	(void)unlink(address.sun_path);
}

void
mailbox_close_to_senders(struct user_ref ref, int mailbox_fd)
{
	mailbox_remove(ref);
	(void)shutdown(mailbox_fd, SHUT_RD);
}

enum mailbox_answer
mailbox_answer(int error)
{
	switch (error) {
	case EAGAIN:
	case ENOBUFS:
		return MAILBOX_FULL;
	case ENOMEM:
	case EMFILE:
	case ENFILE:
	case EMSGSIZE:
		return MAILBOX_FAILED;
	default:
		/* ENOENT, ECONNREFUSED, EPIPE ...; EPERM of a socket that its
		 * owner has connected to another */
		return MAILBOX_GONE;
	}
}

/* What is always used is together, and near the end, next to what was mapped
 * before: page tables are memory too. */
struct inbox {
	char more[MAIL_VECTOR - 1][PEER_MSG_MAX_BYTES];
	/* ours, and so our siblings' */
	uid_t uid;
	/* so many, from the first, recvmmsg has written to */
	int n_to_prepare;
	struct mmsghdr headers[MAIL_VECTOR];
	struct iovec vectors[MAIL_VECTOR];
	alignas(struct cmsghdr) char controls[MAIL_VECTOR]
					     [CMSG_SPACE(sizeof(struct ucred))];
	char first[PEER_MSG_MAX_BYTES];
};

/* Where datagram i of those that come together goes. */
static char *
bytes_of(struct inbox *inbox, int i)
{
	return i == 0 ? inbox->first : inbox->more[i - 1];
}

struct inbox *
inbox_new(void)
{
	struct inbox *inbox = memory_map(sizeof *inbox);

	if (inbox != NULL) {
		inbox->uid = getuid();
		inbox->n_to_prepare = MAIL_VECTOR;
	}
	return inbox;
}

void
inbox_free(struct inbox *inbox)
{
	memory_unmap(inbox, sizeof *inbox);
}

void
inbox_tidy(struct inbox *inbox)
{
	memory_give_back(inbox->more, sizeof inbox->more);
	memory_give_back(inbox->first, sizeof inbox->first);
}

/* recvmmsg writes over the lengths that it was given. */
static void
prepare(struct inbox *inbox)
{
	for (int i = 0; i < inbox->n_to_prepare; i++) {
		inbox->vectors[i] = (struct iovec){
			.iov_base = bytes_of(inbox, i),
			.iov_len = PEER_MSG_MAX_BYTES,
		};
		inbox->headers[i].msg_hdr = (struct msghdr){
			.msg_iov = &inbox->vectors[i],
			.msg_iovlen = 1,
			.msg_control = inbox->controls[i],
			.msg_controllen = sizeof inbox->controls[i],
		};
	}
}

static pid_t
sender_pid(const struct inbox *inbox, struct msghdr *header)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(header);
	struct ucred credentials;

	if (c == NULL || c->cmsg_level != SOL_SOCKET ||
	    c->cmsg_type != SCM_CREDENTIALS)
		return -1;
	memcpy(&credentials, CMSG_DATA(c), sizeof credentials);
	/* The kernel fills in the real uid of the sender. */
	return credentials.uid == inbox->uid ? credentials.pid : -1;
}

int
inbox_receive(
    struct inbox *inbox, int mailbox_fd, struct mail mail_out[MAIL_VECTOR])
{
	int n;

	prepare(inbox);
	do {
		n = recvmmsg(mailbox_fd, inbox->headers, MAIL_VECTOR,
		    MSG_DONTWAIT, NULL);
	} while (n == -1 && errno == EINTR);
	inbox->n_to_prepare = n == -1 ? 0 : n;
	if (n == -1)
		return errno == EAGAIN ? 0 : -1;
	for (int i = 0; i < n; i++) {
		struct msghdr *header = &inbox->headers[i].msg_hdr;
		pid_t pid = sender_pid(inbox, header);

		mail_out[i] = (struct mail){
			.bytes = bytes_of(inbox, i),
			.len = inbox->headers[i].msg_len,
			.sender_pid = pid,
			.is_damaged =
			    pid == -1 ||
			    (header->msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0,
		};
	}
	return n;
}
