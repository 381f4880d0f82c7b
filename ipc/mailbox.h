/* mailbox.h - one UNIX datagram socket a child, in the working directory.
 *
 * Its path is "SLOT.GENERATION", so that what is meant for one user cannot
 * reach the next one in his slot.  Nothing here ever blocks.  The directory is
 * 0700 (instance.h), and every datagram comes with its sender's credentials,
 * which the kernel vouches for. */
#ifndef IPC_MAILBOX_H
#define IPC_MAILBOX_H

#include "ipc/directory.h"
#include "ipc/limits.h"

#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

/* Open and bind the mailbox of `ref`.  The descriptor is the caller's, who
 * unlinks with mailbox_remove.  -1 with errno. */
int mailbox_open(struct user_ref ref);

/* A socket to send from, without a mailbox: the master's.  -1 with errno;
 * EMSGSIZE: net.core.wmem_max is too small for PEER_MSG_MAX_BYTES. */
int mailbox_open_sender(void);

/* A socket connected to the mailbox of `ref`: its poll tells when there is
 * room, and what waits there is charged to it alone.  -1 with errno;
 * ECONNREFUSED or ENOENT when the user is gone. */
int mailbox_connect(struct user_ref ref);

void mailbox_remove(struct user_ref ref);

/* Remove the own mailbox and take nothing more into it, also from who is
 * connected: they get EPIPE.  What is in it can still be received. */
void mailbox_close_to_senders(struct user_ref ref, int mailbox_fd);

/* Fill in the address of a mailbox and return its length. */
socklen_t mailbox_address(struct user_ref ref, struct sockaddr_un *address_out);

/* What a sender's errno says about the recipient. */
enum mailbox_answer {
	/* no room at the moment, there or in our socket */
	MAILBOX_FULL,
	/* the user has left, or his mailbox will never take anything again */
	MAILBOX_GONE,
	/* we are short of something, memory or descriptors: worth another try
	 * later */
	MAILBOX_FAILED,
};
enum mailbox_answer mailbox_answer(int error);

/* One received datagram, inside the inbox's buffers until the next receive. */
struct mail {
	const char *bytes;
	size_t len;
	pid_t sender_pid;
	/* cut off by the kernel, or without credentials: discard and count */
	bool is_damaged;
};

/* Buffers for one recvmmsg; large, and only touched as far as mail needs. */
struct inbox;
struct inbox *inbox_new(void);
void inbox_free(struct inbox *inbox);

/* Give back what the last mail has touched, but for a short datagram's room. */
void inbox_tidy(struct inbox *inbox);

/* Receive what is there, at most MAIL_VECTOR datagrams, into mail_out.  Returns
 * how many; 0 when there is nothing; -1 with errno. */
int inbox_receive(
    struct inbox *inbox, int mailbox_fd, struct mail mail_out[MAIL_VECTOR]);

#endif
