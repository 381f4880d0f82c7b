/* network.h - networks by address and prefix: 10.0.0.0/8, 2001:db8::/32.  Pure.
 */
#ifndef SRV_NETWORK_H
#define SRV_NETWORK_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

struct network {
	/* AF_INET or AF_INET6 */
	sa_family_t family;
	unsigned bits;
	union {
		struct in_addr in;
		struct in6_addr in6;
	} address;
};

/* Read ADDR or ADDR/BITS, in numbers.  False when it is none. */
bool network_parse(const char *text, struct network *out);

bool network_contains(
    const struct network *network, const struct sockaddr *address);

#endif
