/* test_chat_options.c - what the command line asks of chat. */
#include "cli/options.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

TestSuite(chat_options, .timeout = SUITE_TIMEOUT);

static struct chat_options options;
static const char *error;

/* Arguments up to the first NULL. */
static enum chat_options_result
parse(const char *a, const char *b, const char *c, const char *d)
{
	const char *const given[] = { a, b, c, d };
	/* The name that is parsed points into its argument. */
	static char words[5][300] = { "chat" };
	char *argv[6] = { words[0] };
	int argc = 1;

	for (size_t i = 0; i < 4 && given[i] != NULL; i++) {
		strcpy(words[argc], given[i]);
		argv[argc] = words[argc];
		argc++;
	}
	error = NULL;
	return chat_options_parse(argc, argv, &options, &error);
}

struct address_case {
	char given[48];
	/* "" when it is refused */
	char host[32];
	char port[8];
};

ParameterizedTestParameters(chat_options, reads_addresses)
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
	};

	return cr_make_param_array(
	    struct address_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct address_case *c, chat_options, reads_addresses)
{
	enum chat_options_result result = parse(c->given, NULL, NULL, NULL);

	if (c->host[0] == '\0') {
		cr_assert_eq(result, CHAT_OPTIONS_BAD, "%s", c->given);
		cr_assert_not_null(error);
		return;
	}
	cr_assert_eq(result, CHAT_OPTIONS_RUN, "%s", c->given);
	cr_assert_str_eq(options.host, c->host);
	cr_assert_str_eq(options.port, c->port);
}

Test(chat_options, default_to_this_machine_and_the_login_name)
{
	setenv("USER", "dora", 1);
	cr_assert_eq(parse(NULL, NULL, NULL, NULL), CHAT_OPTIONS_RUN);
	cr_assert_str_eq(options.host, "localhost");
	cr_assert_str_eq(options.port, "5310");
	cr_assert_str_eq(options.name, "dora");
}

Test(chat_options, a_name_can_be_given)
{
	cr_assert_eq(parse("-n", "alice", "host:7000", NULL), CHAT_OPTIONS_RUN);
	cr_assert_str_eq(options.name, "alice");
	cr_assert_str_eq(options.host, "host");
	cr_assert_eq(parse("--name=bob", NULL, NULL, NULL), CHAT_OPTIONS_RUN);
	cr_assert_str_eq(options.name, "bob");
}

Test(chat_options, a_name_may_be_empty_and_is_not_made_up_then)
{
	cr_assert_eq(parse("-n", "", NULL, NULL), CHAT_OPTIONS_RUN);
	cr_assert_str_eq(options.name, "");
}

Test(chat_options, help_and_version_are_no_errors)
{
	cr_assert_eq(parse("-h", NULL, NULL, NULL), CHAT_OPTIONS_HELP);
	cr_assert_eq(parse("--help", NULL, NULL, NULL), CHAT_OPTIONS_HELP);
	cr_assert_eq(parse("-V", NULL, NULL, NULL), CHAT_OPTIONS_VERSION);
	cr_assert_eq(
	    parse("--version", NULL, NULL, NULL), CHAT_OPTIONS_VERSION);
}

Test(chat_options, what_makes_no_sense_is_refused_with_a_reason)
{
	cr_assert_eq(parse("-x", NULL, NULL, NULL), CHAT_OPTIONS_BAD);
	cr_assert_not_null(error);
	cr_assert_eq(parse("-n", NULL, NULL, NULL), CHAT_OPTIONS_BAD);
	cr_assert_not_null(error);
	cr_assert_eq(parse("one", "two", NULL, NULL), CHAT_OPTIONS_BAD);
	cr_assert_not_null(error);
}

Test(chat_options, a_host_name_that_is_too_long_is_refused)
{
	char host[290];

	memset(host, 'h', sizeof host);
	host[sizeof host - 1] = '\0';
	cr_assert_eq(parse(host, NULL, NULL, NULL), CHAT_OPTIONS_BAD);
	cr_assert_not_null(error);
}
