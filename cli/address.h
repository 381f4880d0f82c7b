/* address.h - where a server is, as people write it:
 *
 *	HOST  HOST:PORT  :PORT  ADDRESS  [ADDRESS]  [ADDRESS]:PORT
 */
#ifndef CLI_ADDRESS_H
#define CLI_ADDRESS_H

#include "cli/buffer.h"

#include <stdbool.h>

#define CHAT_PORT_DEFAULT "5310"
#define CHAT_HOST_DEFAULT "localhost"

struct address {
	char host[256];
	char port[8];
};

/* What is not given is the default.  False if it is none of these, or the port
 * is no number from 1 to 65535, or the host too long; *out is then as it was.
 */
bool address_parse(const char *s, struct address *out);

/* Append it so that address_parse reads the same. */
void address_write(const struct address *address, struct buffer *out);

#endif
