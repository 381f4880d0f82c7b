/* descriptor.h - standard input, output and error: descriptors that a process
 * shares with the shell that started it.  Any process. */
#ifndef IPC_DESCRIPTOR_H
#define IPC_DESCRIPTOR_H

/* Open those of the three that are closed on /dev/null.  Call first in main:
 * the next descriptor that is opened would take the free number, and what is
 * meant for the log would be sent to a client. */
void descriptor_open_standard(void);

/* Open what `fd` has open once more, with an open file of our own, so that
 * O_NONBLOCK, which is set on it besides `flags`, is not seen by others.  -1
 * with errno: for a socket, or what another user made. */
int descriptor_reopen(int fd, int flags);

#endif
