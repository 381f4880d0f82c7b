/* test_listener.c - where to listen: as it is written, and opening it. */
#include "srv/listener.h"

#include "ipc/limits.h"
#include "tests/harness.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

TestSuite(listener, .timeout = SUITE_TIMEOUT);

struct spec_case {
	char text[64];
	/* "" when it is refused */
	char host[48];
	char port[8];
};

ParameterizedTestParameters(listener, spec_is_read)
{
	static struct spec_case cases[] = {
		{ "127.0.0.1", "127.0.0.1", CHATD_PORT },
		{ "127.0.0.1:7000", "127.0.0.1", "7000" },
		{ "0.0.0.0:0", "0.0.0.0", "0" },
		{ "localhost", "localhost", CHATD_PORT },
		{ "chat.example.org:65535", "chat.example.org", "65535" },
		{ "[::1]", "::1", CHATD_PORT },
		{ "[::1]:7000", "::1", "7000" },
		{ "[fe80::1%eth0]:1", "fe80::1%eth0", "1" },
		{ "[127.0.0.1]:1", "127.0.0.1", "1" },
		{ "", "", "" },
		{ ":7000", "", "" },
		{ "[]", "", "" },
		{ "[]:7000", "", "" },
		{ "::1", "", "" },
		{ "::", "", "" },
		{ "2001:db8::1", "", "" },
		{ "[::1", "", "" },
		{ "[::1]7000", "", "" },
		{ "[::1]:", "", "" },
		{ "127.0.0.1:", "", "" },
		{ "127.0.0.1:65536", "", "" },
		{ "127.0.0.1:100000", "", "" },
		{ "127.0.0.1:-1", "", "" },
		{ "127.0.0.1:+1", "", "" },
		{ "127.0.0.1: 1", "", "" },
		{ "127.0.0.1:http", "", "" },
		{ "127.0.0.1:1x", "", "" },
		{ "a:b:c", "", "" },
	};

	return cr_make_param_array(
	    struct spec_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct spec_case *t, listener, spec_is_read)
{
	bool is_good = *t->host != '\0';
	struct listen_spec spec;
	const char *why = NULL;

	cr_assert_eq(
	    listen_spec_parse(t->text, &spec, &why), is_good, "'%s'", t->text);
	if (is_good) {
		cr_expect_str_eq(spec.host, t->host);
		cr_expect_str_eq(spec.port, t->port);
	} else {
		cr_expect_not_null(why, "'%s'", t->text);
	}
}

Test(listener, spec_of_a_host_that_is_too_long_is_refused)
{
	struct listen_spec spec;
	const char *why = NULL;
	char text[sizeof spec.host + 1];

	memset(text, 'a', sizeof text);
	text[sizeof spec.host - 1] = '\0';
	cr_expect(listen_spec_parse(text, &spec, &why));
	cr_expect_eq(strlen(spec.host), sizeof spec.host - 1);
	text[sizeof spec.host - 1] = 'a';
	text[sizeof spec.host] = '\0';
	cr_expect_not(listen_spec_parse(text, &spec, &why));
	cr_expect_not_null(why);
}

/* Open host:port; fails the test when that gives no listener. */
static struct listener
open_first(const char *host, const char *port, unsigned port_hint)
{
	struct listen_spec spec;
	struct listener listeners[MAX_LISTENERS], failed;
	const char *why = NULL;
	int n;

	snprintf(spec.host, sizeof spec.host, "%s", host);
	snprintf(spec.port, sizeof spec.port, "%s", port);
	n = listener_open(
	    &spec, port_hint, listeners, MAX_LISTENERS, &why, &failed);
	cr_assert_eq(n, 1, "%s:%s: %d, %s", host, port, n,
	    why == NULL ? strerror(errno) : why);
	return listeners[0];
}

static int
fails_to_open(const char *host, const char *port, unsigned port_hint,
    const char **why_out, struct listener *failed_out)
{
	struct listen_spec spec;
	struct listener listeners[MAX_LISTENERS];

	snprintf(spec.host, sizeof spec.host, "%s", host);
	snprintf(spec.port, sizeof spec.port, "%s", port);
	cr_assert_eq(listener_open(&spec, port_hint, listeners, MAX_LISTENERS,
			 why_out, failed_out),
	    -1);
	return errno;
}

/* Connect, and have the listener accept: whether it does. */
static bool
lets_in(const struct listener *listener)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)listener->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int client = socket(AF_INET, SOCK_STREAM, 0), accepted = -1;
	struct pollfd row = { listener->fd, POLLIN, 0 };

	if (connect(client, (struct sockaddr *)&address, sizeof address) == 0 &&
	    poll(&row, 1, PATIENCE_MS) == 1)
		accepted = accept(listener->fd, NULL, NULL);
	if (accepted != -1)
		close(accepted);
	close(client);
	return accepted != -1;
}

Test(listener, takes_a_free_port_and_tells_which)
{
	struct listener listener = open_first("127.0.0.1", "0", 0);
	char address[DIR_ADDRESS_BYTES];

	cr_expect_neq(listener.port, 0);
	snprintf(address, sizeof address, "127.0.0.1:%u", listener.port);
	cr_expect_str_eq(listener.address, address);
	cr_expect(lets_in(&listener));
	listener_close(&listener);
	cr_expect_eq(listener.fd, -1);
	listener_close(&listener);
}

Test(listener, has_nobody_to_accept_without_waiting_for_one)
{
	struct listener listener = open_first("127.0.0.1", "0", 0);

	cr_expect_eq(accept(listener.fd, NULL, NULL), -1);
	cr_expect_eq(errno, EAGAIN);
	listener_close(&listener);
}

Test(listener, of_a_port_that_is_taken_is_refused_and_named)
{
	struct listener first = open_first("127.0.0.1", "0", 0), failed;
	const char *why = "";
	char port[8];

	snprintf(port, sizeof port, "%u", first.port);
	cr_expect_eq(
	    fails_to_open("127.0.0.1", port, 0, &why, &failed), EADDRINUSE);
	cr_expect_null(why);
	cr_expect_str_eq(failed.address, first.address);
	cr_expect_eq(failed.port, first.port);
	cr_expect_eq(failed.fd, -1);
	listener_close(&first);
}

/* Addresses as a name may stand for them. */
static int
open_list(const char *const *hosts, size_t n, struct listener *listeners,
    struct listener *failed_out)
{
	struct sockaddr_in addresses[8] = { 0 };
	struct addrinfo list[8] = { 0 };

	for (size_t i = 0; i < n; i++) {
		addresses[i].sin_family = AF_INET;
		cr_assert_eq(
		    inet_pton(AF_INET, hosts[i], &addresses[i].sin_addr), 1);
		list[i].ai_family = AF_INET;
		list[i].ai_addr = (struct sockaddr *)&addresses[i];
		list[i].ai_addrlen = sizeof addresses[i];
		list[i].ai_next = i + 1 < n ? &list[i + 1] : NULL;
	}
	return listener_open_list(list, 0, listeners, 8, failed_out);
}

/* These are for documentation (RFC 5737) and should be nobody's. */
Test(listener, passes_over_addresses_that_the_machine_is_without)
{
	static const char *const hosts[] = { "203.0.113.1", "127.0.0.1",
		"198.51.100.1", "127.0.0.2" };
	struct listener listeners[8], failed;

	cr_assert_eq(open_list(hosts, 4, listeners, &failed), 2);
	cr_expect(lets_in(&listeners[0]));
	cr_expect_eq(listeners[1].port, listeners[0].port);
	listener_close(&listeners[0]);
	listener_close(&listeners[1]);
	cr_expect_eq(open_list(hosts, 1, listeners, &failed), -1);
	cr_expect_eq(errno, EADDRNOTAVAIL);
	cr_expect_str_eq(failed.address, "203.0.113.1:0");
}

Test(listener, opens_an_address_once_that_is_there_twice)
{
	static const char *const hosts[] = { "127.0.0.1", "127.0.0.1",
		"127.0.0.2" };
	struct listener listeners[8], failed;

	cr_assert_eq(open_list(hosts, 3, listeners, &failed), 2);
	cr_expect_eq(listeners[1].port, listeners[0].port);
	cr_expect_eq(strncmp(listeners[1].address, "127.0.0.2:", 10), 0);
	listener_close(&listeners[0]);
	listener_close(&listeners[1]);
}

/* 127.0.0.2 is another address of the same machine. */
Test(listener, shares_the_port_that_the_first_was_given)
{
	struct listener first = open_first("127.0.0.1", "0", 0);
	struct listener second = open_first("127.0.0.2", "0", first.port);

	cr_expect_eq(second.port, first.port);
	listener_close(&first);
	listener_close(&second);
}

Test(listener, port_hint_is_for_free_ports_only)
{
	struct listener first = open_first("127.0.0.1", "0", 0), second;
	char port[8];

	snprintf(port, sizeof port, "%u", first.port);
	second = open_first("127.0.0.2", port, 1);
	cr_expect_eq(second.port, first.port);
	listener_close(&first);
	listener_close(&second);
}

Test(listener, opens_the_port_of_a_server_that_has_just_ended)
{
	struct listener first = open_first("127.0.0.1", "0", 0), second;
	char port[8];

	/* leaves a connection in TIME_WAIT */
	cr_assert(lets_in(&first));
	snprintf(port, sizeof port, "%u", first.port);
	listener_close(&first);
	second = open_first("127.0.0.1", port, 0);
	cr_expect_eq(second.port, first.port);
	listener_close(&second);
}

Test(listener, of_an_address_that_is_not_ours_is_refused)
{
	struct listener failed;
	const char *why = "";

	cr_expect_eq(
	    fails_to_open("203.0.113.1", "0", 0, &why, &failed), EADDRNOTAVAIL);
	cr_expect_null(why);
	cr_expect_str_eq(failed.address, "203.0.113.1:0");
}

Test(listener, of_what_is_no_address_is_refused_with_a_reason)
{
	struct listener failed;
	const char *why = NULL;

	(void)fails_to_open("::g", "7000", 0, &why, &failed);
	cr_expect_not_null(why);
	cr_expect_str_eq(failed.address, "::g:7000");
}

Test(listener, takes_no_more_than_there_is_room_for)
{
	struct listen_spec spec = { "127.0.0.1", "0" };
	struct listener failed;
	const char *why = NULL;

	cr_expect_eq(listener_open(&spec, 0, NULL, 0, &why, &failed), 0);
}

static void
text_of(const void *address, socklen_t len, char text[DIR_ADDRESS_BYTES])
{
	listener_address_text(address, len, text);
}

Test(listener, address_of_a_client_is_told_with_its_port)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons(1234) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(65535) };
	char text[DIR_ADDRESS_BYTES];

	cr_assert_eq(inet_pton(AF_INET, "192.0.2.1", &in.sin_addr), 1);
	text_of(&in, sizeof in, text);
	cr_expect_str_eq(text, "192.0.2.1:1234");
	cr_assert_eq(inet_pton(AF_INET6, "2001:db8::1", &in6.sin6_addr), 1);
	text_of(&in6, sizeof in6, text);
	cr_expect_str_eq(text, "[2001:db8::1]:65535");
	cr_assert_eq(
	    inet_pton(AF_INET6, "2001:db8:1111:2222:3333:4444:5555:6666",
		&in6.sin6_addr),
	    1);
	text_of(&in6, sizeof in6, text);
	cr_expect_str_eq(
	    text, "[2001:db8:1111:2222:3333:4444:5555:6666]:65535");
}

Test(listener, address_that_is_none_is_unknown)
{
	struct sockaddr_un un = { .sun_family = AF_UNSPEC };
	char text[DIR_ADDRESS_BYTES];

	text_of(&un, sizeof un, text);
	cr_expect_str_eq(text, "unknown");
}

Test(listener, a_client_on_this_machine_is_known_by_its_address)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	struct listener listener = open_first("127.0.0.2", "0", 0);
	int client = socket(AF_INET, SOCK_STREAM, 0), other, accepted;
	struct sockaddr *peer = (struct sockaddr *)&address;
	socklen_t len = sizeof address;

	/* from another address of the machine, as if from another machine */
	other = socket(AF_INET, SOCK_STREAM, 0);
	cr_assert_eq(inet_pton(AF_INET, "127.0.0.3", &address.sin_addr), 1);
	cr_assert_eq(bind(other, peer, len), 0);
	cr_assert_eq(inet_pton(AF_INET, "127.0.0.2", &address.sin_addr), 1);
	cr_assert_eq(bind(client, peer, len), 0);
	address.sin_port = htons((uint16_t)listener.port);
	cr_assert_eq(connect(client, peer, len), 0);
	accepted = accept(listener.fd, peer, &len);
	cr_expect(listener_is_own_address(accepted, peer));
	close(accepted);
	cr_assert_eq(inet_pton(AF_INET, "127.0.0.2", &address.sin_addr), 1);
	address.sin_port = htons((uint16_t)listener.port);
	cr_assert_eq(connect(other, peer, len), 0);
	accepted = accept(listener.fd, peer, &len);
	cr_expect_not(listener_is_own_address(accepted, peer));
	close(accepted);
	close(client);
	close(other);
	listener_close(&listener);
}

/* What counts as one address ------------------------------------------------
 */

static uint64_t
key_of(const char *text)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		return listener_address_key((struct sockaddr *)&in);
	cr_assert_eq(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
	return listener_address_key((struct sockaddr *)&in6);
}

Test(listener, loopback_addresses_are_not_counted)
{
	cr_expect_eq(key_of("127.0.0.1"), 0);
	cr_expect_eq(key_of("127.9.8.7"), 0);
	cr_expect_eq(key_of("::1"), 0);
}

Test(listener, an_ipv4_address_is_one_address)
{
	cr_expect_neq(key_of("192.0.2.1"), 0);
	cr_expect_eq(key_of("192.0.2.1"), key_of("192.0.2.1"));
	cr_expect_neq(key_of("192.0.2.1"), key_of("192.0.2.2"));
}

Test(listener, an_ipv6_network_of_64_bits_is_one_address)
{
	cr_expect_neq(key_of("2001:db8::1"), 0);
	cr_expect_eq(key_of("2001:db8::1"), key_of("2001:db8::ffff:2"));
	cr_expect_neq(key_of("2001:db8::1"), key_of("2001:db8:0:1::1"));
}
