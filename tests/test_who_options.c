/* test_who_options.c - what the command line of chat-who asks for. */
#include "tools/who_options.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <criterion/redirect.h>
#include <getopt.h>
#include <string.h>

TestSuite(who_options, .timeout = SUITE_TIMEOUT);

/* Parse the words of `line`, which are kept for as long as the options. */
static enum who_request
parse(const char *line, struct who_options *options)
{
	char **argv;
	int argc = test_words(line, &argv);

	optind = 0;
	return who_options_parse(argc, argv, options);
}

Test(who_options, nothing_is_asked_for_by_default)
{
	struct who_options options;

	cr_assert_eq(parse("chat-who", &options), WHO_LOOK);
	cr_assert_not(options.json);
	cr_assert_not(options.quiet);
	cr_assert_not(options.stats);
	cr_assert_not(options.watch);
	cr_assert_null(options.run_dir);
	cr_assert_null(options.instance);
}

Test(who_options, all_may_be_given_wherever_they_stand)
{
	struct who_options options;

	cr_assert_eq(parse("chat-who 5310 -jw --run-dir /run/chatd", &options),
	    WHO_LOOK);
	cr_assert(options.json);
	cr_assert(options.watch);
	cr_assert_str_eq(options.run_dir, "/run/chatd");
	cr_assert_str_eq(options.instance, "5310");
}

struct request_case {
	char line[96];
	enum who_request request;
};

ParameterizedTestParameters(who_options, what_is_asked_for)
{
	static struct request_case cases[] = {
		{ "chat-who -q", WHO_LOOK },
		{ "chat-who --quiet --watch work", WHO_LOOK },
		{ "chat-who -h", WHO_HELP },
		{ "chat-who --help", WHO_HELP },
		{ "chat-who -V", WHO_VERSION },
		{ "chat-who --version", WHO_VERSION },
		{ "chat-who -x", WHO_USAGE },
		{ "chat-who --nonsense", WHO_USAGE },
		{ "chat-who --run-dir", WHO_USAGE },
		{ "chat-who --run-dir=", WHO_USAGE },
		{ "chat-who -sjw", WHO_LOOK },
		{ "chat-who --json --quiet", WHO_USAGE },
		{ "chat-who --stats --quiet", WHO_USAGE },
		{ "chat-who --metrics", WHO_LOOK },
		{ "chat-who --metrics work", WHO_LOOK },
		{ "chat-who --metrics --json", WHO_USAGE },
		{ "chat-who --metrics -q", WHO_USAGE },
		{ "chat-who --metrics -s", WHO_USAGE },
		{ "chat-who --metrics -w", WHO_USAGE },
		{ "chat-who a b", WHO_USAGE },
		{ "chat-who ../a", WHO_USAGE },
		{ "chat-who .a", WHO_USAGE },
	};

	return cr_make_param_array(
	    struct request_case, cases, sizeof cases / sizeof cases[0]);
}

ParameterizedTest(struct request_case *c, who_options, what_is_asked_for)
{
	struct who_options options;

	cr_redirect_stderr();
	cr_assert_eq(parse(c->line, &options), c->request, "%s", c->line);
}
