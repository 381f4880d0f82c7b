/* dialer.h - connecting while the person goes on typing.
 *
 * Resolving a name blocks, and so may each address, so a process of its own
 * does it and hands the connection over.  One at a time. */
#ifndef CLI_DIALER_H
#define CLI_DIALER_H

#include "cli/address.h"
#include "cli/buffer.h"

#include <stdbool.h>
#include <sys/types.h>

struct dialer {
	/* readable when it has come to an end; -1: it does not run */
	int fd;
	pid_t pid;
};

/* False and errno when there is no process to be had. */
bool dialer_start(struct dialer *d, const struct address *server);

/* It has come to an end: what connect_open (connect.h) has come to.  It does
 * not run any more. */
int dialer_finish(struct dialer *d, struct buffer *why);

/* Give it up, if it runs. */
void dialer_stop(struct dialer *d);

#endif
