/* listener.c - resolving, binding and naming TCP addresses.  Accepting from
 * them is door.c. */
#include "srv/listener.h"

#include "ipc/limits.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
is_port(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && len <= 5 && strspn(text, "0123456789") == len &&
	       atoi(text) <= 65535;
}

static bool
fill_spec(struct listen_spec *out, const char *host, size_t host_len,
    const char *port, const char **why_out)
{
	if (host_len == 0 || host_len >= sizeof out->host) {
		*why_out = "it names no address";
		return false;
	}
	if (!is_port(port)) {
		*why_out = "a port is a number from 0 to 65535";
		return false;
	}
	memcpy(out->host, host, host_len);
	out->host[host_len] = '\0';
	snprintf(out->port, sizeof out->port, "%s", port);
	return true;
}

bool
listen_spec_parse(
    const char *text, struct listen_spec *out, const char **why_out)
{
	const char *colon, *bracket;

	if (*text == '[') {
		bracket = strchr(text, ']');
		if (bracket == NULL ||
		    (bracket[1] != '\0' && bracket[1] != ':')) {
			*why_out = "write an IPv6 address as [ADDR]:PORT";
			return false;
		}
		return fill_spec(out, text + 1, (size_t)(bracket - text - 1),
		    bracket[1] == ':' ? bracket + 2 : CHATD_PORT, why_out);
	}
	colon = strchr(text, ':');
	if (colon == NULL)
		return fill_spec(out, text, strlen(text), CHATD_PORT, why_out);
	if (strchr(colon + 1, ':') != NULL) {
		*why_out = "write an IPv6 address as [ADDR]:PORT";
		return false;
	}
	return fill_spec(out, text, (size_t)(colon - text), colon + 1, why_out);
}

/* For every client: without the time and the stack that getnameinfo takes. */
static void
ipv4_text(const struct sockaddr_in *in, char text[DIR_ADDRESS_BYTES])
{
	char host[INET_ADDRSTRLEN];

	(void)inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
	snprintf(text, DIR_ADDRESS_BYTES, "%s:%u", host, ntohs(in->sin_port));
}

void
listener_address_text(
    const struct sockaddr *address, socklen_t len, char text[DIR_ADDRESS_BYTES])
{
	char host[NI_MAXHOST], port[NI_MAXSERV];

	if (address->sa_family == AF_INET && len >= sizeof(struct sockaddr_in))
		ipv4_text((const void *)address, text);
	else if (getnameinfo(address, len, host, sizeof host, port, sizeof port,
		     NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		snprintf(text, DIR_ADDRESS_BYTES, "unknown");
	else
		snprintf(text, DIR_ADDRESS_BYTES,
		    address->sa_family == AF_INET6 ? "[%.47s]:%.6s"
						   : "%.47s:%.6s",
		    host, port);
}

static uint64_t
ipv4_key(const struct sockaddr_in *in)
{
	uint32_t address = ntohl(in->sin_addr.s_addr);

	/* Above all prefixes of IPv6 that are given to anybody. */
	return address >> 24 == IN_LOOPBACKNET ? 0 : UINT64_MAX << 32 | address;
}

static uint64_t
ipv6_key(const struct sockaddr_in6 *in6)
{
	uint64_t prefix;

	if (IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr))
		return 0;
	memcpy(&prefix, &in6->sin6_addr, sizeof prefix);
	return be64toh(prefix);
}

uint64_t
listener_address_key(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET6)
		return ipv6_key((const void *)address);
	return address->sa_family == AF_INET ? ipv4_key((const void *)address)
					     : 0;
}

bool
listener_is_own_address(int fd, const struct sockaddr *peer)
{
	struct sockaddr_storage storage = { 0 };
	socklen_t len = sizeof storage;
	const void *local = &storage, *remote = peer;

	if (getsockname(fd, (struct sockaddr *)&storage, &len) == -1 ||
	    storage.ss_family != peer->sa_family)
		return false;
	if (peer->sa_family == AF_INET) {
		const struct sockaddr_in *a = local, *b = remote;

		return a->sin_addr.s_addr == b->sin_addr.s_addr;
	}
	if (peer->sa_family == AF_INET6) {
		const struct sockaddr_in6 *a = local, *b = remote;

		return IN6_ARE_ADDR_EQUAL(&a->sin6_addr, &b->sin6_addr);
	}
	return false;
}

static void
set_port(struct sockaddr *address, unsigned port)
{
	if (address->sa_family == AF_INET6)
		((struct sockaddr_in6 *)(void *)address)->sin6_port =
		    htons((uint16_t)port);
	else
		((struct sockaddr_in *)(void *)address)->sin_port =
		    htons((uint16_t)port);
}

static unsigned
get_port(const struct sockaddr *address)
{
	struct sockaddr_in6 in6 = { 0 };
	struct sockaddr_in in = { 0 };

	if (address->sa_family == AF_INET6) {
		memcpy(&in6, address, sizeof in6);
		return ntohs(in6.sin6_port);
	}
	memcpy(&in, address, sizeof in);
	return ntohs(in.sin_port);
}

static int
bind_and_listen(int fd, const struct addrinfo *ai)
{
	int on = 1;

	/* A restart must not wait for the connections of the last server. */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == -1)
		return -1;
	if (ai->ai_family == AF_INET6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == -1)
		return -1;
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) == -1)
		return -1;
	/* As many as the sysctl net.core.somaxconn allows, which may be more
	 * than the constant SOMAXCONN. */
	return listen(fd, INT_MAX);
}

static int
open_one(const struct addrinfo *ai, struct listener *out)
{
	struct sockaddr_storage bound = { 0 };
	socklen_t len = sizeof bound;
	int saved;

	listener_address_text(ai->ai_addr, ai->ai_addrlen, out->address);
	out->port = get_port(ai->ai_addr);
	out->fd = socket(
	    ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (out->fd == -1)
		return -1;
	if (bind_and_listen(out->fd, ai) == -1 ||
	    getsockname(out->fd, (struct sockaddr *)&bound, &len) == -1) {
		saved = errno;
		listener_close(out);
		errno = saved;
		return -1;
	}
	out->port = get_port((struct sockaddr *)&bound);
	listener_address_text((struct sockaddr *)&bound, len, out->address);
	return 0;
}

void
listener_close(struct listener *listener)
{
	if (listener->fd != -1)
		close(listener->fd);
	listener->fd = -1;
}

static int
resolve(const struct listen_spec *spec, struct addrinfo **list_out,
    const char **why_out)
{
	const struct addrinfo hints = {
		.ai_flags = AI_PASSIVE,
		.ai_socktype = SOCK_STREAM,
	};
	int error = getaddrinfo(spec->host, spec->port, &hints, list_out);

	*why_out = NULL;
	if (error == 0)
		return 0;
	if (error != EAI_SYSTEM)
		*why_out = gai_strerror(error);
	return -1;
}

bool
listener_is_among(
    const struct listener *listener, const struct listener *listeners, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(listeners[i].address, listener->address) == 0)
			return true;
	return false;
}

/* A name may stand for an address twice, and for addresses that this machine is
 * without: ::1 where IPv6 is off. */
static bool
may_be_passed_over(const struct listener *failed, int error,
    const struct listener *opened, size_t n)
{
	if (error == EADDRINUSE)
		return listener_is_among(failed, opened, n);
	return error == EADDRNOTAVAIL || error == EAFNOSUPPORT;
}

int
listener_open_list(const struct addrinfo *list, unsigned port_hint,
    struct listener *out, size_t max, struct listener *failed_out)
{
	size_t n = 0;
	int error = 0;

	for (const struct addrinfo *ai = list; ai != NULL && n < max;
	     ai = ai->ai_next) {
		bool takes_free_port = get_port(ai->ai_addr) == 0;

		if (takes_free_port)
			set_port(ai->ai_addr, port_hint);
		if (open_one(ai, &out[n]) == 0) {
			if (takes_free_port)
				port_hint = out[n].port;
			n++;
			continue;
		}
		error = errno;
		*failed_out = out[n];
		if (may_be_passed_over(failed_out, error, out, n))
			continue;
		while (n > 0)
			listener_close(&out[--n]);
		break;
	}
	errno = error;
	return n == 0 && error != 0 ? -1 : (int)n;
}

int
listener_open(const struct listen_spec *spec, unsigned port_hint,
    struct listener *out, size_t max, const char **why_out,
    struct listener *failed_out)
{
	struct addrinfo *list;
	int n, saved;

	snprintf(failed_out->address, sizeof failed_out->address, "%.40s:%s",
	    spec->host, spec->port);
	failed_out->port = (unsigned)atoi(spec->port);
	if (resolve(spec, &list, why_out) == -1)
		return -1;
	n = listener_open_list(list, port_hint, out, max, failed_out);
	saved = errno;
	freeaddrinfo(list);
	errno = saved;
	return n;
}

void
listener_tune_client(int fd)
{
	static const struct {
		int level, name, value;
	} options[] = {
		{ IPPROTO_TCP, TCP_NODELAY, 1 },
		{ SOL_SOCKET, SO_KEEPALIVE, 1 },
		{ IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S },
		{ IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S },
		{ IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES },
		{ IPPROTO_TCP, TCP_USER_TIMEOUT, TCP_GONE_MS },
	};

	/* On the console's terminal they fail, as they may. */
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		(void)setsockopt(fd, options[i].level, options[i].name,
		    &options[i].value, sizeof options[i].value);
}
