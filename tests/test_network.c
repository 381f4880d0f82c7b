/* test_network.c - networks read, and addresses in them or not. */
#include "srv/network.h"

#include "tests/harness.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

TestSuite(network, .timeout = SUITE_TIMEOUT);

struct network_case {
	char network[48], address[48];
	bool contains;
};

ParameterizedTestParameters(network, contains)
{
	static struct network_case cases[] = {
		{ "10.0.0.0/8", "10.1.2.3", true },
		{ "10.0.0.0/8", "11.1.2.3", false },
		{ "192.0.2.7", "192.0.2.7", true },
		{ "192.0.2.7", "192.0.2.8", false },
		{ "192.0.2.0/25", "192.0.2.127", true },
		{ "192.0.2.0/25", "192.0.2.128", false },
		{ "192.0.2.0/31", "192.0.2.1", true },
		{ "192.0.2.0/31", "192.0.2.2", false },
		/* what stands behind the prefix does not matter */
		{ "10.9.9.9/8", "10.1.2.3", true },
		{ "0.0.0.0/0", "203.0.113.9", true },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ "2001:db8::/32", "2001:db8:1::1", true },
		{ "2001:db8::/32", "2001:db9::1", false },
		{ "2001:db8::/33", "2001:db8:8000::1", false },
		{ "::1", "::1", true },
		{ "::1/128", "::2", false },
		{ "::/0", "::1", true },
		{ "::/0", "127.0.0.1", false },
	};

	return cr_make_param_array(
	    struct network_case, cases, sizeof cases / sizeof *cases);
}

static bool
contains(const struct network *network, const char *text)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
		return network_contains(network, (struct sockaddr *)&in);
	cr_assert_eq(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
	return network_contains(network, (struct sockaddr *)&in6);
}

ParameterizedTest(struct network_case *t, network, contains)
{
	struct network network;

	cr_assert(network_parse(t->network, &network), "%s", t->network);
	cr_expect_eq(contains(&network, t->address), t->contains, "%s in %s",
	    t->address, t->network);
}

Test(network, that_is_none_is_refused)
{
	static const char *const texts[] = { "", "/", "/8", "10", "10.0.0",
		"10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x",
		"10.0.0.0/ 8", "10.0.0.0/0008", "::/129", "::g", "localhost",
		"10.0.0.0/4294967304",
		"2001:0db8:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000" };
	struct network network;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		cr_expect_not(
		    network_parse(texts[i], &network), "'%s'", texts[i]);
}
