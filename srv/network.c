/* network.c - is this address in that network? */
#include "srv/network.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool
network_parse(const char *text, struct network *out)
{
	char address[INET6_ADDRSTRLEN];
	const char *slash = strchr(text, '/');
	size_t len = slash == NULL ? strlen(text) : (size_t)(slash - text);
	unsigned max_bits = 32;
	char *end;

	if (len >= sizeof address)
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	*out = (struct network){ .family = AF_INET };
	if (inet_pton(AF_INET, address, &out->address.in) != 1) {
		out->family = AF_INET6;
		max_bits = 128;
		if (inet_pton(AF_INET6, address, &out->address.in6) != 1)
			return false;
	}
	out->bits = max_bits;
	if (slash == NULL)
		return true;
	if (slash[1] < '0' || slash[1] > '9')
		return false;
	out->bits = (unsigned)strtoul(slash + 1, &end, 10);
	return *end == '\0' && end - slash <= 4 && out->bits <= max_bits;
}

static bool
begins_alike(const void *a, const void *b, unsigned bits)
{
	const uint8_t *x = a, *y = b;
	unsigned bytes = bits / 8;

	if (memcmp(x, y, bytes) != 0)
		return false;
	return bits % 8 == 0 || (x[bytes] ^ y[bytes]) >> (8 - bits % 8) == 0;
}

bool
network_contains(const struct network *network, const struct sockaddr *address)
{
	struct sockaddr_in6 in6;
	struct sockaddr_in in;

	if (network->family != address->sa_family)
		return false;
	if (network->family == AF_INET) {
		memcpy(&in, address, sizeof in);
		return begins_alike(
		    &network->address.in, &in.sin_addr, network->bits);
	}
	memcpy(&in6, address, sizeof in6);
	return begins_alike(
	    &network->address.in6, &in6.sin6_addr, network->bits);
}
