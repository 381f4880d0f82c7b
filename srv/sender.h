/* sender.h - the sockets that a process sends from.
 *
 * What a recipient has not taken yet is charged to the socket that it was sent
 * from, so one socket is enough for a few hundred recipients that do not run
 * just now.  A sender opens more as it comes to need them.  Receivers know a
 * sender by its pid, so it is all the same to them.  Any process. */
#ifndef SRV_SENDER_H
#define SRV_SENDER_H

#include "ipc/directory.h"
#include "ipc/limits.h"

#include <assert.h>
#include <sys/socket.h>
#include <sys/un.h>

struct sender {
	/* [0] is the owner's, and not closed here */
	int fds[SENDER_SOCKETS];
	/* the socket's limit, in the kernel's bytes */
	int limits[SENDER_SOCKETS];
	unsigned n;
	/* the one in use */
	unsigned at;
};

void sender_init(struct sender *sender, int fd);
/* Close what was opened; what is under way arrives all the same, and the sender
 * may be used again. */
void sender_free(struct sender *sender);

/* As sendmmsg(2), without waiting: returns how many went out, at least one; or
 * -1 and errno of the first.  EAGAIN: its mailbox is full, or all that the
 * sockets may hold is under way. */
int sender_send(
    struct sender *sender, struct mmsghdr *messages, unsigned n_messages);

/* One datagram and some of its recipients: fill, send, and look at each that
 * did not take it. */
struct volley {
	unsigned n;
	struct iovec datagram;
	struct sockaddr_un addresses[SEND_VECTOR];
	struct mmsghdr messages[SEND_VECTOR];
};

/* A frame with one and more takes a page of the stack. */
static_assert(sizeof(struct volley) <= 3840, "SEND_VECTOR is too large");

/* The bytes stay the caller's. */
void volley_begin(struct volley *v, const char *bytes, size_t len);

/* Not more than SEND_VECTOR. */
void volley_add(struct volley *v, struct user_ref to);

#endif
