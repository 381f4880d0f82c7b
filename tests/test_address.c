/* test_address.c - where a server is, as people write it. */
#include "cli/address.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

TestSuite(address, .timeout = SUITE_TIMEOUT);

struct address_case {
	char given[48];
	/* "" when it is refused */
	char host[32];
	char port[8];
};

ParameterizedTestParameters(address, is_read)
{
	static struct address_case cases[] = {
		{ "chat.example.org", "chat.example.org", "5310" },
		{ "chat.example.org:7000", "chat.example.org", "7000" },
		{ "192.0.2.7:1", "192.0.2.7", "1" },
		{ ":7000", "localhost", "7000" },
		{ "[::1]:7000", "::1", "7000" },
		{ "[::1]", "::1", "5310" },
		{ "::1", "::1", "5310" },
		{ "2001:db8::5310", "2001:db8::5310", "5310" },
		{ "[fe80::1%eth0]:65535", "fe80::1%eth0", "65535" },
		{ "host:", "", "" },
		{ "host:0", "", "" },
		{ "host:65536", "", "" },
		{ "host:123456", "", "" },
		{ "host:http", "", "" },
		{ "host:+1", "", "" },
		{ "[::1", "", "" },
		{ "[]:7000", "", "" },
		{ "[::1]7000", "", "" },
		{ "[::1]:", "", "" },
		{ "[[::1]:7000", "", "" },
		{ "Y::1]:7000", "", "" },
		{ "lab]", "", "" },
	};

	return cr_make_param_array(
	    struct address_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct address_case *c, address, is_read)
{
	struct address address = { "before", "1" };
	bool is_good = address_parse(c->given, &address);

	if (c->host[0] == '\0') {
		cr_assert_not(is_good, "%s", c->given);
		cr_assert_str_eq(address.host, "before");
		return;
	}
	cr_assert(is_good, "%s", c->given);
	cr_assert_str_eq(address.host, c->host);
	cr_assert_str_eq(address.port, c->port);
}

static void
is_written_as(const char *given, const char *expected)
{
	struct address address;
	struct buffer b = { 0 };

	cr_assert(address_parse(given, &address));
	address_write(&address, &b);
	buffer_append(&b, "", 1);
	cr_assert_str_eq(buffer_data(&b), expected);
	cr_assert(address_parse(expected, &address));
	buffer_free(&b);
}

Test(address, is_written_so_that_it_reads_the_same)
{
	is_written_as("lab", "lab:5310");
	is_written_as(":1", "localhost:1");
	is_written_as("::1", "[::1]:5310");
}
