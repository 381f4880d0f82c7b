/* bench_irc.c - IRC (RFC 1459, RFC 2812); the room is the channel #bench.
 *
 * A line of 512 bytes holds command, channel and text, and at the recipient the
 * sender's nick!user@host as well, which is learnt from how the server tells a
 * client of its own joining. */
#include "tools/bench_protocol.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHANNEL "#bench"
#define LONGEST_PREFIX 128

static void
hello(char *out, const struct bench_guest *guest)
{
	snprintf(out, BENCH_WORDS_BYTES,
	    "NICK %s\r\nUSER bench 0 * :chat-bench\r\n", guest->name);
}

static void
join(char *out, const struct bench_guest *guest)
{
	(void)guest;
	snprintf(out, BENCH_WORDS_BYTES, "JOIN " CHANNEL "\r\n");
}

static void
before_sent(char *out, const struct bench_guest *to, size_t text_len)
{
	(void)text_len;
	snprintf(out, BENCH_WORDS_BYTES,
	    "PRIVMSG %s :", to == NULL ? CHANNEL : to->name);
}

static void
before_received(char *out, const struct bench_guest *from,
    const struct bench_guest *to, size_t text_len)
{
	(void)text_len;
	snprintf(out, BENCH_WORDS_BYTES,
	    ":%s PRIVMSG %s :", from->prefix == NULL ? "" : from->prefix,
	    to == NULL ? CHANNEL : to->name);
}

/* A line's first words: "[:source ]command". */
struct command {
	const char *source;
	size_t source_len;
	const char *name;
	size_t name_len;
};

static struct command
take_apart(const char *line, size_t len)
{
	struct command c = { "", 0, line, 0 };
	const char *end = line + len;
	const char *blank;

	if (len > 0 && line[0] == ':') {
		blank = memchr(line, ' ', len);
		if (blank == NULL)
			return c;
		c.source = line + 1;
		c.source_len = (size_t)(blank - c.source);
		c.name = blank + 1;
	}
	while (c.name + c.name_len < end &&
	       strchr(" \r\n", c.name[c.name_len]) == NULL)
		c.name_len++;
	return c;
}

static bool
is(const struct command *c, const char *name)
{
	return strlen(name) == c->name_len &&
	       memcmp(c->name, name, c->name_len) == 0;
}

static bool
is_from(const struct command *c, const struct bench_guest *guest)
{
	size_t len = strlen(guest->name);

	return c->source_len > len && c->source[len] == '!' &&
	       memcmp(c->source, guest->name, len) == 0;
}

static bool
is_harmless(const struct command *c)
{
	static const char *const names[] = { "JOIN", "PART", "QUIT", "MODE",
		"NOTICE", "NICK", "PONG", "CAP", "TOPIC" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (is(c, names[i]))
			return true;
	return false;
}

/* Numbers are answers; from 400 on they are refusals, but that there is no
 * message of the day is well. */
static enum bench_answer
answer_number(struct bench_guest *guest, const struct command *c)
{
	if (is(c, "001") && guest->stage == BENCH_OUTSIDE)
		return BENCH_IS_WELCOME;
	/* The end of the list of who is here; somebody's own joining has been
	 * told before. */
	if (is(c, "366") && guest->stage == BENCH_WELCOME)
		return BENCH_HAS_JOINED;
	if (c->name[0] >= '4' && c->name[0] <= '5' && !is(c, "422"))
		return BENCH_REFUSED;
	return BENCH_NOTHING;
}

static enum bench_answer
answer_ping(const struct command *c, const char *line, size_t len, char *reply)
{
	const char *token = c->name + c->name_len;
	int token_len = (int)(line + len - token);

	if (token_len > BENCH_WORDS_BYTES - 8)
		return BENCH_STRANGE;
	snprintf(reply, BENCH_WORDS_BYTES, "PONG%.*s", token_len, token);
	return BENCH_REPLY;
}

static enum bench_answer
answer(struct bench_guest *guest, const char *line, size_t len, char *reply)
{
	struct command c = take_apart(line, len);

	if (is(&c, "PING"))
		return answer_ping(&c, line, len, reply);
	if (is(&c, "JOIN") && is_from(&c, guest) && guest->prefix == NULL &&
	    c.source_len <= LONGEST_PREFIX)
		guest->prefix = strndup(c.source, c.source_len);
	if (is_harmless(&c))
		return BENCH_NOTHING;
	if (is(&c, "ERROR") || is(&c, "KICK") || is(&c, "KILL"))
		return BENCH_REFUSED;
	if (c.name_len == 3 && c.name[0] >= '0' && c.name[0] <= '9')
		return answer_number(guest, &c);
	return BENCH_STRANGE;
}

const struct bench_protocol bench_irc = {
	.name = "irc",
	.port = 6667,
	/* what 512 bytes leave beside the longest prefix */
	.text_max = 512 - LONGEST_PREFIX - 24,
	.echoes = false,
	.echoes_private = false,
	.end_sent = "\r\n",
	.end_received = "\r\n",
	.hello = hello,
	.join = join,
	.before_sent = before_sent,
	.before_received = before_received,
	.answer = answer,
};
