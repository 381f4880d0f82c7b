/* test_who_options.c - what the command line of chat-who asks for. */
#include "tools/who_options.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <criterion/redirect.h>
#include <getopt.h>
#include <stdio.h>
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
		{ "chat-who --dump work", WHO_LOOK },
		{ "chat-who --dump -j", WHO_USAGE },
		{ "chat-who --dump --metrics", WHO_USAGE },
		{ "chat-who --dump --name a", WHO_USAGE },
		{ "chat-who --dump -o name", WHO_USAGE },
		{ "chat-who -o name,state", WHO_LOOK },
		{ "chat-who -o NAME -o state", WHO_LOOK },
		{ "chat-who -o", WHO_USAGE },
		{ "chat-who -o name,", WHO_USAGE },
		{ "chat-who -o nam", WHO_USAGE },
		{ "chat-who -o name,name", WHO_USAGE },
		{ "chat-who -o name -j", WHO_USAGE },
		{ "chat-who -o name -q", WHO_USAGE },
		{ "chat-who -o name -s", WHO_USAGE },
		{ "chat-who -o rate", WHO_USAGE },
		{ "chat-who -o rate -w", WHO_LOOK },
		{ "chat-who --sort rate", WHO_USAGE },
		{ "chat-who --sort -rate -w -j", WHO_LOOK },
		{ "chat-who --sort -queued -q", WHO_LOOK },
		{ "chat-who --sort -", WHO_USAGE },
		{ "chat-who --sort --queued", WHO_USAGE },
		{ "chat-who --sort idle -s", WHO_USAGE },
		{ "chat-who --name al* -j", WHO_LOOK },
		{ "chat-who --name \xff", WHO_USAGE },
		{ "chat-who --name al* --metrics", WHO_USAGE },
		{ "chat-who --state stopped", WHO_LOOK },
		{ "chat-who --state asleep", WHO_USAGE },
		{ "chat-who --state here --stats", WHO_USAGE },
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
	who_options_free(&options);
}

Test(who_options, columns_are_in_the_order_in_which_they_are_named)
{
	struct who_options options;

	cr_assert_eq(
	    parse("chat-who -o state,NAME -o queued", &options), WHO_LOOK);
	cr_assert_eq(options.columns.n, 3);
	cr_assert(options.columns.are_chosen);
	cr_expect_eq(options.columns.list[0], WHO_USER_state);
	cr_expect_eq(options.columns.list[1], WHO_USER_name);
	cr_expect_eq(options.columns.list[2], WHO_USER_queued);
}

Test(who_options, all_columns_may_be_named)
{
	struct who_options options;
	char line[256];

	(void)snprintf(
	    line, sizeof line, "chat-who -w -o%s", who_user_column_names + 1);
	for (char *c = strstr(line, "-o"); *c != '\0'; c++)
		if (*c == ' ')
			*c = ',';
	cr_assert_eq(parse(line, &options), WHO_LOOK);
	cr_assert_eq(options.columns.n, WHO_N_USER_COLUMNS);
}

Test(who_options, only_a_watch_shows_rates_by_itself)
{
	struct who_options options;
	bool has_rate = false;

	cr_assert_eq(parse("chat-who", &options), WHO_LOOK);
	for (size_t i = 0; i < options.columns.n; i++)
		cr_expect_neq(options.columns.list[i], WHO_USER_rate);
	cr_assert_eq(parse("chat-who -w", &options), WHO_LOOK);
	for (size_t i = 0; i < options.columns.n; i++)
		has_rate |= options.columns.list[i] == WHO_USER_rate;
	cr_assert(has_rate);
	cr_assert_not(options.columns.are_chosen);
}

Test(who_options, an_unknown_column_or_state_is_told_the_known_ones)
{
	struct who_options options;
	FILE *expected = tmpfile();

	cr_redirect_stderr();
	(void)parse("chat-who -o name,size", &options);
	(void)parse("chat-who --sort -size", &options);
	(void)parse("chat-who --state asleep", &options);
	(void)fputs(
	    "chat-who: there is no column \"size\"; there are: name pid slot "
	    "from joined idle said rate queued state; see chat-who --help\n"
	    "chat-who: there is no column \"size\"; there are: name pid slot "
	    "from joined idle said rate queued state; see chat-who --help\n"
	    "chat-who: there is no state \"asleep\"; there are: here stopped "
	    "dead unreadable; see chat-who --help\n",
	    expected);
	rewind(expected);
	(void)fflush(stderr);
	cr_assert_stderr_eq(expected);
}
