/* connection.h - the connection to the server: lines in, bytes out, and how far
 * its ending has come.  Never waits. */
#ifndef CLI_CONNECTION_H
#define CLI_CONNECTION_H

#include "cli/buffer.h"
#include "cli/lines.h"

#include <stdbool.h>

struct connection {
	/* owned; non-blocking */
	int fd;
	/* what the server sent, line by line */
	struct lines in;
	/* what it has yet to take */
	struct buffer out;
	/* we have told it that nothing more will come */
	bool is_half_closed;
	/* it has ended; what lines_last has is all there is */
	bool has_ended;
	/* the errno of a connection that failed either way; else 0 */
	int error;
};

/* Owns fd from here. */
void connection_init(struct connection *c, int fd);
void connection_close(struct connection *c);

/* What to poll for; POLLIN only if the caller wants more lines. */
short connection_events(const struct connection *c, bool wants_lines);

/* The descriptor is readable: take in what has come. */
void connection_read(struct connection *c);

/* Hand over what the server takes, and then, if is_all, that this was all. */
void connection_write(struct connection *c, bool is_all);

#endif
