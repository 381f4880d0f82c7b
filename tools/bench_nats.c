/* bench_nats.c - the client protocol of NATS; the room is the subject "bench",
 * and each client has a subject of its own name.  The server sends a client its
 * own messages too, as it does unless told otherwise. */
#include "tools/bench_protocol.h"

#include "tools/bench_text.h"

#include <stdio.h>

#define ROOM "bench"

static void
hello(char *out, const struct bench_guest *guest)
{
	snprintf(out, BENCH_WORDS_BYTES,
	    "CONNECT {\"verbose\":false,\"pedantic\":false,\"name\":\"%s\","
	    "\"lang\":\"C\",\"version\":\"1\",\"protocol\":1}\r\nPING\r\n",
	    guest->name);
}

static void
join(char *out, const struct bench_guest *guest)
{
	snprintf(out, BENCH_WORDS_BYTES,
	    "SUB " ROOM " 1\r\nSUB %s 2\r\nPING\r\n", guest->name);
}

static void
before_sent(char *out, const struct bench_guest *to, size_t text_len)
{
	snprintf(out, BENCH_WORDS_BYTES, "PUB %s %zu\r\n",
	    to == NULL ? ROOM : to->name, text_len);
}

static void
before_received(char *out, const struct bench_guest *from,
    const struct bench_guest *to, size_t text_len)
{
	(void)from;
	snprintf(out, BENCH_WORDS_BYTES, "MSG %s %d %zu\r\n",
	    to == NULL ? ROOM : to->name, to == NULL ? 1 : 2, text_len);
}

static enum bench_answer
answer(struct bench_guest *guest, const char *line, size_t len, char *reply)
{
	if (bench_line_begins(line, len, "PING")) {
		snprintf(reply, BENCH_WORDS_BYTES, "PONG\r\n");
		return BENCH_REPLY;
	}
	if (bench_line_begins(line, len, "PONG")) {
		if (guest->stage == BENCH_OUTSIDE)
			return BENCH_IS_WELCOME;
		if (guest->stage == BENCH_WELCOME)
			return BENCH_HAS_JOINED;
		return BENCH_NOTHING;
	}
	if (bench_line_begins(line, len, "-ERR"))
		return BENCH_REFUSED;
	if (bench_line_begins(line, len, "INFO ") ||
	    bench_line_begins(line, len, "+OK"))
		return BENCH_NOTHING;
	return BENCH_STRANGE;
}

const struct bench_protocol bench_nats = {
	.name = "nats",
	.port = 4222,
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
