/* address.c - where a server is, as people write it.
 *
 * Pure.  Whether there is such a host is connect.c's to find out. */
#include "cli/address.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
is_port(const char *s)
{
	size_t len = strlen(s);

	if (len == 0 || len > 5)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isdigit((unsigned char)s[i]))
			return false;
	return atoi(s) >= 1 && atoi(s) <= 65535;
}

/* No host has one, and it could not be told from those around an address. */
static bool
has_bracket(const char *host, size_t len)
{
	return memchr(host, '[', len) != NULL || memchr(host, ']', len) != NULL;
}

/* A second colon outside of brackets can only be an IPv6 address without a
 * port. */
bool
address_parse(const char *s, struct address *out)
{
	const char *colon = strchr(s, ':');
	const char *host = s, *port = CHAT_PORT_DEFAULT;
	size_t host_len = strlen(s);

	if (s[0] == '[') {
		const char *bracket = strchr(s, ']');

		if (bracket == NULL ||
		    (bracket[1] != '\0' && bracket[1] != ':'))
			return false;
		host = s + 1;
		host_len = (size_t)(bracket - host);
		if (host_len == 0)
			return false;
		if (bracket[1] == ':')
			port = bracket + 2;
	} else if (colon != NULL && strchr(colon + 1, ':') == NULL) {
		host_len = (size_t)(colon - s);
		port = colon + 1;
	}
	if (!is_port(port) || host_len >= sizeof out->host ||
	    has_bracket(host, host_len))
		return false;
	if (host_len == 0) {
		host = CHAT_HOST_DEFAULT;
		host_len = strlen(host);
	}
	(void)snprintf(
	    out->host, sizeof out->host, "%.*s", (int)host_len, host);
	(void)snprintf(out->port, sizeof out->port, "%s", port);
	return true;
}

void
address_write(const struct address *address, struct buffer *out)
{
	bool has_colon = strchr(address->host, ':') != NULL;

	buffer_append_string(out, has_colon ? "[" : "");
	buffer_append_string(out, address->host);
	buffer_append_string(out, has_colon ? "]:" : ":");
	buffer_append_string(out, address->port);
}
