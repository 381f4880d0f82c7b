/* bench_resp.c - RESP3, the protocol of Redis from version 6 on; the room is
 * the channel "bench", and each client has a channel of its own name.
 *
 * In RESP3 one connection may both subscribe and publish, and who publishes is
 * a subscriber too: it gets its own messages, and for each the number of
 * recipients besides. */
#include "tools/bench_protocol.h"

#include "tools/bench_text.h"

#include <stdio.h>
#include <string.h>

#define ROOM "bench"

/* The answer to HELLO is a map of many lines; that to PING ends it. */
static void
hello(char *out, const struct bench_guest *guest)
{
	(void)guest;
	snprintf(out, BENCH_WORDS_BYTES,
	    "*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n*1\r\n$4\r\nPING\r\n");
}

static void
join(char *out, const struct bench_guest *guest)
{
	snprintf(out, BENCH_WORDS_BYTES,
	    "*3\r\n$9\r\nSUBSCRIBE\r\n$%zu\r\n" ROOM "\r\n$%zu\r\n%s\r\n"
	    "*1\r\n$4\r\nPING\r\n",
	    strlen(ROOM), strlen(guest->name), guest->name);
}

static void
before_sent(char *out, const struct bench_guest *to, size_t text_len)
{
	const char *channel = to == NULL ? ROOM : to->name;

	snprintf(out, BENCH_WORDS_BYTES,
	    "*3\r\n$7\r\nPUBLISH\r\n$%zu\r\n%s\r\n$%zu\r\n", strlen(channel),
	    channel, text_len);
}

static void
before_received(char *out, const struct bench_guest *from,
    const struct bench_guest *to, size_t text_len)
{
	const char *channel = to == NULL ? ROOM : to->name;

	(void)from;
	snprintf(out, BENCH_WORDS_BYTES,
	    ">3\r\n$7\r\nmessage\r\n$%zu\r\n%s\r\n$%zu\r\n", strlen(channel),
	    channel, text_len);
}

static enum bench_answer
answer(struct bench_guest *guest, const char *line, size_t len, char *reply)
{
	(void)reply;
	if (line[0] == '-')
		return BENCH_REFUSED;
	if (guest->stage == BENCH_IN_ROOM)
		return line[0] == ':' ? BENCH_NOTHING : BENCH_STRANGE;
	if (!bench_line_begins(line, len, "+PONG"))
		return BENCH_NOTHING;
	return guest->stage == BENCH_OUTSIDE ? BENCH_IS_WELCOME
					     : BENCH_HAS_JOINED;
}

const struct bench_protocol bench_resp = {
	.name = "resp",
	.port = 6379,
	.text_max = BENCH_TEXT_MAX,
	.echoes = true,
	.echoes_private = false,
	.end_sent = "\r\n",
	.end_received = "\r\n",
	.hello = hello,
	.join = join,
	.before_sent = before_sent,
	.before_received = before_received,
	.answer = answer,
};
