/* connect.h - from a host name to a connection. */
#ifndef CLI_CONNECT_H
#define CLI_CONNECT_H

#include "cli/buffer.h"

/* Patience with one address of a host. */
#define CONNECT_WAIT_MS 10000

/* Connect to the first address of `host` that answers.  Returns a non-blocking
 * descriptor that the caller owns, or -1 with what went wrong with each address
 * appended to `why`, and in *advice_out, unless that is NULL, the end of the
 * sentence: what to look at, in static storage, or "".
 *
 * Resolving a name blocks, so this is called before signals are: ^C then ends
 * the program as it ends any other. */
int connect_open(const char *host, const char *port, struct buffer *why,
    const char **advice_out);

#endif
