/* line_protocol.c - how events look on the wire; the only file that knows. */
#include "srv/line_protocol.h"

#include "ipc/text.h"

#include <string.h>

static char *
put(char *at, const char *bytes, size_t len)
{
	memcpy(at, bytes, len);
	return at + len;
}

static char *
put_text(char *at, const char *text)
{
	return put(at, text, strlen(text));
}

static char *
put_span(char *at, struct span span)
{
	/* An empty span may have no bytes to point at. */
	return span.len == 0 ? at : put(at, span.bytes, span.len);
}

static char *
put_left(char *at, const struct event *event)
{
	at = put_span(put_text(at, "* "), event->author);
	at = put_text(at, " left");
	if (event->text.len == 0)
		return at;
	at = put_span(put_text(at, " ("), event->text);
	return put_text(at, ")");
}

static char *
put_event(char *at, const struct event *event)
{
	switch (event->kind) {
	case EVENT_SAID:
		at = put_text(put_span(at, event->author), ": ");
		return put_span(at, event->text);
	case EVENT_ACTED:
		at = put_span(put_text(at, "* "), event->author);
		return put_span(put_text(at, " "), event->text);
	case EVENT_WHISPERED:
		at = put_span(put_text(at, "["), event->author);
		at = put_span(put_text(at, " -> "), event->recipient);
		return put_span(put_text(at, "] "), event->text);
	case EVENT_JOINED:
		at = put_span(put_text(at, "* "), event->author);
		return put_text(at, " joined");
	case EVENT_LEFT:
		return put_left(at, event);
	case EVENT_RENAMED:
		at = put_span(put_text(at, "* "), event->author);
		return put_span(put_text(at, " is now "), event->text);
	case EVENT_NOTICE:
		return put_span(put_text(at, "* "), event->text);
	case EVENT_REFUSED:
		return put_span(put_text(at, "! "), event->text);
	}
	return at;
}

void
line_protocol_put(struct outbuf *out, const struct event *event)
{
	/* the words and marks around the spans, and the line feed */
	size_t bound =
	    event->author.len + event->recipient.len + event->text.len + 32;
	char *at = outbuf_reserve(out, bound), *end;

	if (at == NULL)
		return;
	end = put_text(put_event(at, event), "\n");
	outbuf_commit(out, (size_t)(end - at));
}

bool
line_protocol_mimics_notice(struct span text)
{
	static const struct {
		const char *words;
		bool whole;
	} forms[] = {
		{ "joined", true },
		{ "left", true },
		{ "left (", false },
		{ "is now ", false },
		/* somebody unseen */
		{ "is now", true },
		{ "is away", true },
		{ "is away: ", false },
		{ "is away:", true },
		{ "has been here for ", false },
		{ "has been here for", true },
		/* a name may be a number: "* 3 people are here" */
		{ "people ", false },
		{ "person ", false },
		/* or such a word: "* also here: dave" */
		{ "here: ", false },
		{ "here:", true },
		/* "* you are away", "* you no longer hear bob" */
		{ "are away", true },
		{ "are away: ", false },
		{ "are away:", true },
		{ "are back", true },
		{ "no longer hear ", false },
		{ "hear ", false },
		{ "ignore nobody", true },
		{ "ignore: ", false },
		{ "ignore:", true },
		{ "also ignore: ", false },
		{ "also ignore:", true },
		{ "is shutting down", true },
	};

	char seen[64];
	size_t seen_len = text_seen(seen, sizeof seen, text.bytes, text.len);

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		size_t len = strlen(forms[i].words);

		if (strncmp(seen, forms[i].words, len) == 0 &&
		    (seen_len == len || !forms[i].whole))
			return true;
	}
	return false;
}
