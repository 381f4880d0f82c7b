/* sender.c - sending from as many sockets as it takes; see the header. */
#include "srv/sender.h"

#include "ipc/mailbox.h"

#include <errno.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void
add(struct sender *sender, int fd)
{
	int limit = 0;
	socklen_t len = sizeof limit;

	(void)getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &limit, &len);
	sender->fds[sender->n] = fd;
	sender->limits[sender->n] = limit;
	sender->n++;
}

void
sender_init(struct sender *sender, int fd)
{
	*sender = (struct sender){ 0 };
	add(sender, fd);
}

void
sender_free(struct sender *sender)
{
	while (sender->n > 1)
		close(sender->fds[--sender->n]);
	sender->at = 0;
}

/* Whether what is under way from this socket is as much as it may be: the
 * kernel's own test before it takes a datagram. */
static bool
is_full(const struct sender *sender, unsigned i)
{
	int under_way = 0;

	return ioctl(sender->fds[i], SIOCOUTQ, &under_way) == 0 &&
	       under_way >= sender->limits[i];
}

/* The socket in use is full: go on with one that is not.  Returns false when
 * there is none and there can be no more. */
static bool
change_socket(struct sender *sender)
{
	int fd;

	for (unsigned i = 1; i < sender->n; i++) {
		unsigned other = (sender->at + i) % sender->n;

		if (!is_full(sender, other)) {
			sender->at = other;
			return true;
		}
	}
	if (sender->n == SENDER_SOCKETS)
		return false;
	fd = mailbox_open_sender();
	if (fd == -1)
		return false;
	add(sender, fd);
	sender->at = sender->n - 1;
	return true;
}

int
sender_send(
    struct sender *sender, struct mmsghdr *messages, unsigned n_messages)
{
	for (;;) {
		int n = sendmmsg(sender->fds[sender->at], messages, n_messages,
		    MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n > 0)
			return n;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN || !is_full(sender, sender->at))
			return -1;
		if (!change_socket(sender)) {
			errno = EAGAIN;
			return -1;
		}
	}
}

void
volley_begin(struct volley *v, const char *bytes, size_t len)
{
	union {
		const char *readable;
		void *base;
	} u = { .readable = bytes };

	/* sendmmsg only reads it, but the struct serves readv as well */
	v->datagram = (struct iovec){ .iov_base = u.base, .iov_len = len };
	v->n = 0;
}

void
volley_add(struct volley *v, struct user_ref to)
{
	unsigned i = v->n++;

	v->messages[i].msg_hdr = (struct msghdr){
		.msg_name = &v->addresses[i],
		.msg_namelen = mailbox_address(to, &v->addresses[i]),
		.msg_iov = &v->datagram,
		.msg_iovlen = 1,
	};
}
