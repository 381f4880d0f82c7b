/* test_bench_options.c - what the command line of chat-bench asks for. */
#include "tools/bench_options.h"

#include "tests/harness.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

TestSuite(bench_options, .timeout = SUITE_TIMEOUT);

/* Parse the words of `line`, which are kept for as long as the options. */
static enum bench_request
parse(const char *line, struct bench_options *options)
{
	char **argv;
	int argc = test_words(line, &argv);

	optind = 0;
	return bench_options_parse(argc, argv, options);
}

Test(bench_options, a_scenario_is_enough)
{
	struct bench_options o;
	const struct sockaddr_in *server = (struct sockaddr_in *)&o.server;

	cr_assert_eq(parse("chat-bench throughput", &o), BENCH_RUN);
	cr_assert_eq(o.scenario, BENCH_THROUGHPUT);
	cr_assert_eq(o.protocol, &bench_chatd);
	cr_assert_eq(server->sin_addr.s_addr, htonl(INADDR_LOOPBACK));
	cr_assert_eq(ntohs(server->sin_port), 5310);
	cr_assert_eq(o.n_clients, 100);
	cr_assert_eq(o.n_senders, 1);
	cr_assert_eq(o.text_len, 64);
	cr_assert_eq(o.window, 0);
	cr_assert_not(o.json);
}

Test(bench_options, all_may_be_given)
{
	struct bench_options o;
	const struct sockaddr_in6 *server = (struct sockaddr_in6 *)&o.server;

	cr_assert_eq(
	    parse("chat-bench -j -p nats -s [::1]:4223 -c 50 -S 5 -w 256 "
		  "-b 1000 -t 0.5 --warm-up 0 -u 0 --pid 17 --pid 18 "
		  "throughput",
		&o),
	    BENCH_RUN);
	cr_assert(o.json);
	cr_assert_eq(o.protocol, &bench_nats);
	cr_assert_eq(server->sin6_family, AF_INET6);
	cr_assert_eq(ntohs(server->sin6_port), 4223);
	cr_assert_eq(o.n_clients, 50);
	cr_assert_eq(o.n_senders, 5);
	cr_assert_eq(o.window, 256);
	cr_assert_eq(o.text_len, 1000);
	cr_assert_eq(o.seconds, 0.5);
	cr_assert_eq(o.warm_up, 0);
	cr_assert_eq(o.under_way, 0);
	cr_assert_eq(o.n_pids, 2);
	cr_assert_eq(o.pids[1], 18);
}

Test(bench_options, latency_has_all_speak_and_private_has_a_pair)
{
	struct bench_options o;

	cr_assert_eq(parse("chat-bench latency -c 30 -r 2.5", &o), BENCH_RUN);
	cr_assert_eq(o.n_senders, 30);
	cr_assert_eq(o.rate, 2.5);
	cr_assert_eq(parse("chat-bench private", &o), BENCH_RUN);
	cr_assert_eq(o.n_clients, 2);
	cr_assert_eq(o.n_senders, 2);
}

Test(bench_options, each_protocol_has_its_usual_port)
{
	struct bench_options o;
	const struct sockaddr_in *server = (struct sockaddr_in *)&o.server;

	cr_assert_eq(parse("chat-bench -p irc join", &o), BENCH_RUN);
	cr_assert_eq(ntohs(server->sin_port), 6667);
	cr_assert_eq(parse("chat-bench -p resp join", &o), BENCH_RUN);
	cr_assert_eq(ntohs(server->sin_port), 6379);
}

struct request_case {
	char line[120];
	enum bench_request request;
};

ParameterizedTestParameters(bench_options, what_is_asked_for)
{
	static struct request_case cases[] = {
		{ "chat-bench -h", BENCH_HELP },
		{ "chat-bench --help", BENCH_HELP },
		{ "chat-bench -V", BENCH_VERSION },
		{ "chat-bench --pid 1 idle", BENCH_RUN },
		{ "chat-bench -p irc -b 360 latency", BENCH_RUN },
		{ "chat-bench -b 4096 latency", BENCH_RUN },
		{ "chat-bench -c 1 join", BENCH_RUN },
		{ "chat-bench", BENCH_USAGE },
		{ "chat-bench dance", BENCH_USAGE },
		{ "chat-bench join idle", BENCH_USAGE },
		{ "chat-bench --nonsense join", BENCH_USAGE },
		{ "chat-bench -c", BENCH_USAGE },
		{ "chat-bench -c 0 join", BENCH_USAGE },
		{ "chat-bench -c -5 join", BENCH_USAGE },
		{ "chat-bench -c 12x join", BENCH_USAGE },
		{ "chat-bench -c 100001 join", BENCH_USAGE },
		{ "chat-bench -c 99999999999999999999 join", BENCH_USAGE },
		{ "chat-bench -c 1 throughput", BENCH_USAGE },
		{ "chat-bench -c 10 -S 11 throughput", BENCH_USAGE },
		{ "chat-bench -c 100000 -S 100000 throughput", BENCH_USAGE },
		{ "chat-bench -c 3 private", BENCH_USAGE },
		{ "chat-bench -c 4 -S 2 private", BENCH_USAGE },
		{ "chat-bench -w 5 latency", BENCH_USAGE },
		{ "chat-bench -b 19 throughput", BENCH_USAGE },
		{ "chat-bench -b 4097 throughput", BENCH_USAGE },
		{ "chat-bench -p irc -b 361 throughput", BENCH_USAGE },
		{ "chat-bench -p gopher join", BENCH_USAGE },
		{ "chat-bench -r 0 latency", BENCH_USAGE },
		{ "chat-bench -r nan latency", BENCH_USAGE },
		{ "chat-bench -t soon join", BENCH_USAGE },
		{ "chat-bench -t inf join", BENCH_USAGE },
		{ "chat-bench -s localhost:5310 join", BENCH_USAGE },
		{ "chat-bench -s 127.0.0.1 join", BENCH_USAGE },
		{ "chat-bench -s ::1:5310 join", BENCH_USAGE },
		{ "chat-bench -s 127.0.0.1:x join", BENCH_USAGE },
		{ "chat-bench -s :5310 join", BENCH_USAGE },
		{ "chat-bench --pid 0 idle", BENCH_USAGE },
		{ "chat-bench idle", BENCH_USAGE },
	};

	return cr_make_param_array(
	    struct request_case, cases, sizeof cases / sizeof cases[0]);
}

ParameterizedTest(struct request_case *c, bench_options, what_is_asked_for)
{
	struct bench_options o;

	cr_assert_eq(parse(c->line, &o), c->request, "%s", c->line);
}
