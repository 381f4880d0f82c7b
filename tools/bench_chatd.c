/* bench_chatd.c - the line protocol of chatd(8). */
#include "tools/bench_protocol.h"

#include "ipc/limits.h"

#include <stdio.h>

static void
hello(char *out, const struct bench_guest *guest)
{
	snprintf(out, BENCH_WORDS_BYTES, "%s\n", guest->name);
}

/* Who is welcome is in the room. */
static void
join(char *out, const struct bench_guest *guest)
{
	(void)guest;
	out[0] = '\0';
}

static void
before_sent(char *out, const struct bench_guest *to, size_t text_len)
{
	(void)text_len;
	if (to == NULL)
		out[0] = '\0';
	else
		snprintf(out, BENCH_WORDS_BYTES, "@%s ", to->name);
}

static void
before_received(char *out, const struct bench_guest *from,
    const struct bench_guest *to, size_t text_len)
{
	(void)text_len;
	if (to == NULL)
		snprintf(out, BENCH_WORDS_BYTES, "%s: ", from->name);
	else
		snprintf(out, BENCH_WORDS_BYTES, "[%s -> %s] ", from->name,
		    to->name);
}

static enum bench_answer
answer(struct bench_guest *guest, const char *line, size_t len, char *reply)
{
	(void)reply;
	if (bench_line_begins(line, len, "! "))
		return BENCH_REFUSED;
	if (!bench_line_begins(line, len, "* "))
		return BENCH_STRANGE;
	if (guest->stage == BENCH_OUTSIDE &&
	    bench_line_begins(line, len, "* Welcome, "))
		return BENCH_HAS_JOINED;
	return BENCH_NOTHING;
}

const struct bench_protocol bench_chatd = {
	.name = "chatd",
	.port = 5310,
	.text_max = LINE_MAX_BYTES,
	.echoes = true,
	.echoes_private = true,
	.end_sent = "\n",
	.end_received = "\n",
	.hello = hello,
	.join = join,
	.before_sent = before_sent,
	.before_received = before_received,
	.answer = answer,
};
