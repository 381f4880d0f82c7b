/* fuzz_line_protocol.c - a client's bytes: srv/line_reader, srv/session,
 * srv/command, srv/line_protocol.
 *
 * What holds:
 * - the lines are those of the stream, however it is cut into pieces, and a
 *   line that is too long is told of once;
 * - a line that is put back is taken again;
 * - a request has a kind that its state allows, lies within its line or in the
 *   room of its own, and what it says is safe and not too long;
 * - an event is one line on the wire, of bounded length and safe, and the
 *   client reads of it the same kind, author and text.  Above all nobody's /me
 *   reads as a notice of the server. */
#include "tests/fuzz.h"

#include "cli/message.h"
#include "ipc/name.h"
#include "ipc/text.h"
#include "srv/command.h"
#include "srv/line_protocol.h"
#include "srv/line_reader.h"
#include "srv/session.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* How the reader is used, from the first byte of the input. */
#define TAKES_ONE_AT_A_TIME 1
#define PUTS_BACK 2

struct guest {
	uint8_t manner;
	bool is_named;
	struct name name;
	struct request request;
	struct line_reader reader;
	struct fuzz_stream stream;
	/* how far the lines of the stream have been seen */
	size_t at;
};

static bool
is_same(struct span a, const char *bytes, size_t len)
{
	return a.len == len && (len == 0 || memcmp(a.bytes, bytes, len) == 0);
}

static struct span
name_span(const struct name *name)
{
	return (struct span){ name->text, name->len };
}

/* Events ------------------------------------------------------------------ */

/* As a client reads the kind; what /me says is a notice to it. */
static enum message_kind
kind_on_the_wire(enum event_kind kind)
{
	switch (kind) {
	case EVENT_SAID:
		return MESSAGE_SAID;
	case EVENT_WHISPERED:
		return MESSAGE_PRIVATE;
	case EVENT_JOINED:
		return MESSAGE_JOINED;
	case EVENT_LEFT:
		return MESSAGE_LEFT;
	case EVENT_RENAMED:
		return MESSAGE_RENAMED;
	case EVENT_REFUSED:
		return MESSAGE_REFUSED;
	case EVENT_ACTED:
	case EVENT_NOTICE:
		break;
	}
	return MESSAGE_NOTICE;
}

static void
check_message(const struct event *event, const struct message *m)
{
	FUZZ_HOLDS(m->kind == kind_on_the_wire(event->kind));
	if (m->author.len > 0)
		FUZZ_HOLDS(is_same(event->author, m->author.s, m->author.len));
	switch (event->kind) {
	case EVENT_RENAMED:
		FUZZ_HOLDS(
		    is_same(event->text, m->recipient.s, m->recipient.len));
		break;
	case EVENT_WHISPERED:
		FUZZ_HOLDS(is_same(
		    event->recipient, m->recipient.s, m->recipient.len));
		/* fall through */
	case EVENT_SAID:
		FUZZ_HOLDS(m->author.len == event->author.len);
		/* fall through */
	case EVENT_REFUSED:
	case EVENT_LEFT:
		FUZZ_HOLDS(is_same(event->text, m->text.s, m->text.len));
		break;
	case EVENT_JOINED:
	case EVENT_ACTED:
	case EVENT_NOTICE:
		break;
	}
}

static void
check_event(struct event event)
{
	struct outbuf out;
	struct message m;
	size_t len;

	outbuf_init(&out, -1);
	line_protocol_put(&out, &event);
	FUZZ_HOLDS(!out.overflowed);
	len = outbuf_waiting(&out);
	FUZZ_HOLDS(len > 0 && len <= WIRE_LINE_MAX_BYTES + 1);
	FUZZ_HOLDS(out.bytes[out.end - 1] == '\n');
	FUZZ_HOLDS(text_is_safe(out.bytes + out.start, len - 1));
	message_parse(out.bytes + out.start, len - 1, &m);
	check_message(&event, &m);
	outbuf_free(&out);
}

/* Requests ---------------------------------------------------------------- */

static void
check_text(const struct guest *g, struct span line)
{
	struct span text = g->request.text;

	FUZZ_HOLDS(text.len > 0 && text.len <= LINE_MAX_BYTES);
	FUZZ_HOLDS(text_is_safe(text.bytes, text.len));
	FUZZ_HOLDS(fuzz_within(text.bytes, text.len, line.bytes, line.len) ||
		   fuzz_within(text.bytes, text.len, g->request.shown,
		       sizeof g->request.shown - 1));
}

static void
take_name(struct guest *g, const struct name *name)
{
	if (g->is_named)
		check_event((struct event){ .kind = EVENT_RENAMED,
		    .author = name_span(&g->name),
		    .text = name_span(name) });
	g->name = *name;
	g->is_named = true;
	check_event(
	    (struct event){ .kind = EVENT_JOINED, .author = name_span(name) });
	check_event(
	    (struct event){ .kind = EVENT_LEFT, .author = name_span(name) });
	check_event((struct event){ .kind = EVENT_LEFT,
	    .author = name_span(name),
	    .text = { "too slow", 8 } });
}

static void
say(const struct guest *g, enum event_kind kind, struct span recipient)
{
	check_event((struct event){ .kind = kind,
	    .author = name_span(&g->name),
	    .recipient = recipient,
	    .text = g->request.text });
}

static void
check_request(struct guest *g, struct span line)
{
	const struct request *r = &g->request;
	struct name name;
	bool is_name;

	FUZZ_HOLDS(
	    fuzz_within(r->name.bytes, r->name.len, line.bytes, line.len));
	FUZZ_HOLDS(g->is_named || r->kind == REQUEST_NAME ||
		   r->kind == REQUEST_LEAVE || r->kind == REQUEST_REFUSE);
	is_name = name_parse(r->name.bytes, r->name.len, &name) == NAME_OK;
	switch (r->kind) {
	case REQUEST_NOTHING:
	case REQUEST_WHO:
	case REQUEST_WHOIS:
	case REQUEST_IGNORE:
	case REQUEST_UNIGNORE:
	case REQUEST_BACK:
	case REQUEST_HELP:
	case REQUEST_LEAVE:
		break;
	case REQUEST_NAME:
		if (is_name)
			take_name(g, &name);
		break;
	case REQUEST_SAY:
		check_text(g, line);
		say(g, EVENT_SAID, (struct span){ 0 });
		break;
	case REQUEST_ACT:
		check_text(g, line);
		say(g, EVENT_ACTED, (struct span){ 0 });
		break;
	case REQUEST_AWAY:
		FUZZ_HOLDS(r->text.len <= AWAY_MAX_BYTES);
		if (r->text.len > 0)
			check_text(g, line);
		break;
	case REQUEST_WHISPER:
		check_text(g, line);
		if (is_name)
			say(g, EVENT_WHISPERED, name_span(&name));
		break;
	case REQUEST_REFUSE:
		check_text(g, line);
		say(g, EVENT_REFUSED, (struct span){ 0 });
		break;
	}
}

/* Whatever begins a line is a verb or is none, in any case. */
static void
check_command(struct span line)
{
	static const char *const verbs[] = {
#define X(id, verb, form, text) [COMMAND_##id] = verb,
		COMMANDS(X)
#undef X
	};
	enum command found = command_find(line);

	FUZZ_HOLDS((size_t)found < sizeof verbs / sizeof *verbs);
	if (found != COMMAND_NONE)
		FUZZ_HOLDS(
		    line.len == strlen(verbs[found]) &&
		    strncasecmp(line.bytes, verbs[found], line.len) == 0);
}

/* Lines ------------------------------------------------------------------- */

static void
check_line(struct guest *g, enum line_result found, struct span line)
{
	const char *expected;
	size_t len;

	FUZZ_HOLDS(fuzz_stream_line(&g->stream, &g->at, &expected, &len));
	FUZZ_HOLDS((found == LINE_TOO_LONG) == (len > LINE_MAX_BYTES));
	if (found != LINE_TAKEN)
		return;
	FUZZ_HOLDS(is_same(line, expected, len));
	FUZZ_HOLDS(fuzz_within(
	    line.bytes, line.len, g->reader.bytes, sizeof g->reader.bytes));
	if (g->manner & PUTS_BACK) {
		line_reader_back(&g->reader);
		FUZZ_HOLDS(line_reader_next(&g->reader, &line) == LINE_TAKEN);
		FUZZ_HOLDS(is_same(line, expected, len));
	}
	check_command(line);
	session_read(g->is_named, line, &g->request);
	check_request(g, line);
}

/* Take lines until there are none.  Returns whether one was there. */
static bool
take_lines(struct guest *g, bool all)
{
	enum line_result found;
	struct span line;
	bool any = false;

	do {
		found = line_reader_next(&g->reader, &line);
		if (found == LINE_NONE)
			return any;
		check_line(g, found, line);
		any = true;
	} while (all);
	return any;
}

/* Hand the reader a piece as read(2) would, in as many parts as have room. */
static void
add_piece(struct guest *g, size_t from, size_t to)
{
	while (from < to) {
		char *at;
		size_t room = line_reader_space(&g->reader, &at);
		size_t n = room < to - from ? room : to - from;

		FUZZ_HOLDS(fuzz_within(
		    at, room, g->reader.bytes, sizeof g->reader.bytes));
		memcpy(at, g->stream.bytes + from, n);
		line_reader_added(&g->reader, n);
		from += n;
		/* It can only be full of lines that nobody has taken. */
		FUZZ_HOLDS(
		    take_lines(g, (g->manner & TAKES_ONE_AT_A_TIME) == 0) ||
		    n > 0);
	}
}

static void
talk(struct guest *g)
{
	size_t from = 0;

	for (size_t i = 0; i < g->stream.n_cuts; i++) {
		add_piece(g, from, g->stream.cuts[i]);
		from = g->stream.cuts[i];
	}
	(void)take_lines(g, true);
	line_reader_end(&g->reader);
	(void)take_lines(g, true);
	/* A line that was too long has been told of before its end came. */
	if (!g->reader.skipping)
		FUZZ_HOLDS(g->at == g->stream.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct guest guest;
	struct fuzz_input in = { data, size };

	guest.manner = fuzz_byte(&in);
	guest.is_named = false;
	guest.at = 0;
	guest.reader.start = guest.reader.end = guest.reader.last_start = 0;
	guest.reader.skipping = guest.reader.at_eof = false;
	fuzz_stream(&in, &guest.stream, FUZZ_STREAM_BYTES);
	talk(&guest);
	return 0;
}
