/* listener.h - the sockets that clients connect to.  Master only. */
#ifndef SRV_LISTENER_H
#define SRV_LISTENER_H

#include "ipc/directory_layout.h"

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define CHATD_PORT "5310"

/* Where to listen, as an option says it. */
struct listen_spec {
	/* a numeric address or a name */
	char host[256];
	/* decimal; "0" takes a free port */
	char port[8];
};

/* Read ADDR, ADDR:PORT, [IPV6] or [IPV6]:PORT.  Returns false, and says what is
 * wrong as a sentence, otherwise. */
bool listen_spec_parse(
    const char *text, struct listen_spec *out, const char **why_out);

struct listener {
	int fd;
	unsigned port;
	/* "127.0.0.1:5310", "[::1]:5310" */
	char address[DIR_ADDRESS_BYTES];
};

/* Open every address that the spec means, as far as there is room.  Of several,
 * those that this machine does not have are passed over, and one that is named
 * twice is opened once.  Returns how many; -1 when one cannot be had, or none
 * is there: then errno says why (EADDRINUSE, ...), or *why_out does when it is
 * not NULL, `failed_out` names the address, and none stays open.  `port_hint`
 * replaces a port 0, so that all listeners share the one that the first was
 * given; 0: none yet. */
int listener_open(const struct listen_spec *spec, unsigned port_hint,
    struct listener *out, size_t max, const char **why_out,
    struct listener *failed_out);

/* The same for addresses that are known; their ports are written to. */
int listener_open_list(const struct addrinfo *list, unsigned port_hint,
    struct listener *out, size_t max, struct listener *failed_out);

/* Whether one of these n has the address and the port of `listener`. */
bool listener_is_among(const struct listener *listener,
    const struct listener *listeners, size_t n);

void listener_close(struct listener *listener);

/* "192.0.2.1:1234" for a client's address. */
void listener_address_text(const struct sockaddr *address, socklen_t len,
    char text[DIR_ADDRESS_BYTES]);

/* What counts as one address: an IPv4 address, an IPv6 network of 64 bits.  0
 * for the loopback's, which are not counted. */
uint64_t listener_address_key(const struct sockaddr *address);

/* Whether the peer of the connection `fd` has connected from this very machine,
 * to the address that it has there. */
bool listener_is_own_address(int fd, const struct sockaddr *peer);

/* Make a client's connection send at once, and notice within TCP_GONE_MS that
 * the client has vanished.  Does nothing to what is no TCP connection. */
void listener_tune_client(int fd);

#endif
