/* test_bench_protocol.c - what lines of servers mean to chat-bench. */
#include "tools/bench_protocol.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

TestSuite(bench_protocol, .timeout = SUITE_TIMEOUT);

struct line_case {
	char protocol[8];
	enum bench_stage stage;
	char line[120];
	enum bench_answer answer;
};

ParameterizedTestParameters(bench_protocol, what_a_line_means)
{
	static struct line_case cases[] = {
		{ "chatd", BENCH_OUTSIDE, "* This is chatd; ...\n",
		    BENCH_NOTHING },
		{ "chatd", BENCH_OUTSIDE, "* Welcome, bxyz00001! ...\n",
		    BENCH_HAS_JOINED },
		{ "chatd", BENCH_OUTSIDE, "! the server is full\n",
		    BENCH_REFUSED },
		{ "chatd", BENCH_IN_ROOM, "* bob left\n", BENCH_NOTHING },
		{ "chatd", BENCH_IN_ROOM, "bob: hello\n", BENCH_STRANGE },
		{ "chatd", BENCH_IN_ROOM, "\n", BENCH_STRANGE },
		{ "irc", BENCH_OUTSIDE, ":s 001 bxyz00001 :Hello\r\n",
		    BENCH_IS_WELCOME },
		{ "irc", BENCH_OUTSIDE, ":s 433 * bxyz00001 :in use\r\n",
		    BENCH_REFUSED },
		{ "irc", BENCH_OUTSIDE, "ERROR :Closing link\r\n",
		    BENCH_REFUSED },
		{ "irc", BENCH_WELCOME, ":s 422 bxyz00001 :No MOTD\r\n",
		    BENCH_NOTHING },
		{ "irc", BENCH_WELCOME, ":s 366 bxyz00001 #bench :End\r\n",
		    BENCH_HAS_JOINED },
		{ "irc", BENCH_OUTSIDE, "PING :cookie\r\n", BENCH_REPLY },
		{ "irc", BENCH_IN_ROOM, ":a!b@c JOIN :#bench\r\n",
		    BENCH_NOTHING },
		{ "irc", BENCH_IN_ROOM, ":a!b@c PRIVMSG #bench :x\r\n",
		    BENCH_STRANGE },
		{ "irc", BENCH_IN_ROOM, "\r\n", BENCH_STRANGE },
		{ "nats", BENCH_OUTSIDE, "INFO {}\r\n", BENCH_NOTHING },
		{ "nats", BENCH_OUTSIDE, "PONG\r\n", BENCH_IS_WELCOME },
		{ "nats", BENCH_WELCOME, "PONG\r\n", BENCH_HAS_JOINED },
		{ "nats", BENCH_IN_ROOM, "PING\r\n", BENCH_REPLY },
		{ "nats", BENCH_IN_ROOM, "-ERR 'Slow Consumer'\r\n",
		    BENCH_REFUSED },
		{ "nats", BENCH_IN_ROOM, "MSG bench 1 64\r\n", BENCH_STRANGE },
		{ "resp", BENCH_OUTSIDE, "$5\r\n", BENCH_NOTHING },
		{ "resp", BENCH_OUTSIDE, "redis\r\n", BENCH_NOTHING },
		{ "resp", BENCH_OUTSIDE, "+PONG\r\n", BENCH_IS_WELCOME },
		{ "resp", BENCH_WELCOME, "+PONG\r\n", BENCH_HAS_JOINED },
		{ "resp", BENCH_OUTSIDE, "-ERR unknown command\r\n",
		    BENCH_REFUSED },
		{ "resp", BENCH_IN_ROOM, ":12\r\n", BENCH_NOTHING },
		{ "resp", BENCH_IN_ROOM, ">3\r\n", BENCH_STRANGE },
	};

	return cr_make_param_array(
	    struct line_case, cases, sizeof cases / sizeof cases[0]);
}

ParameterizedTest(struct line_case *c, bench_protocol, what_a_line_means)
{
	const struct bench_protocol *protocol =
	    bench_protocol_find(c->protocol);
	struct bench_guest guest = { .stage = c->stage, .name = "bxyz00001" };
	char reply[BENCH_WORDS_BYTES];

	cr_assert_eq(protocol->answer(&guest, c->line, strlen(c->line), reply),
	    c->answer, "%s %s", c->protocol, c->line);
}

Test(bench_protocol, irc_answers_a_ping_with_its_token)
{
	struct bench_guest guest = { .name = "bxyz00001" };
	const char line[] = ":server PING :a token\r\n";
	char reply[BENCH_WORDS_BYTES];

	cr_assert_eq(
	    bench_irc.answer(&guest, line, strlen(line), reply), BENCH_REPLY);
	cr_assert_str_eq(reply, "PONG :a token\r\n");
}

Test(bench_protocol, irc_learns_how_a_client_is_shown_from_its_own_join_only)
{
	struct bench_guest guest = { .name = "bxyz00001" };
	const char other[] = ":bxyz000012!u@h JOIN #bench\r\n";
	const char own[] = ":bxyz00001!~u@10.0.0.1 JOIN :#bench\r\n";
	char words[BENCH_WORDS_BYTES];

	(void)bench_irc.answer(&guest, other, strlen(other), words);
	cr_assert_null(guest.prefix);
	(void)bench_irc.answer(&guest, own, strlen(own), words);
	cr_assert_str_eq(guest.prefix, "bxyz00001!~u@10.0.0.1");
	bench_irc.before_received(words, &guest, NULL, 64);
	cr_assert_str_eq(words, ":bxyz00001!~u@10.0.0.1 PRIVMSG #bench :");
	free(guest.prefix);
}

Test(bench_protocol, there_is_no_other)
{
	cr_assert_null(bench_protocol_find("gopher"));
}
