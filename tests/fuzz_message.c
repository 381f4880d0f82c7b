/* fuzz_message.c - a server's bytes: cli/lines, cli/message, cli/people,
 * cli/conversation, cli/render.  The server may be anybody's, and what it
 * passes on is said by anybody.
 *
 * What holds:
 * - the lines are those of the stream, however it is cut into pieces; one that
 *   is too long comes in bounded pieces, none of which tears a character;
 * - the parts of a message lie within its line;
 * - a screen and a pipe are shown the line's printable form, and no escape
 *   sequence but colours of chat's own;
 * - who joins, leaves or is renamed has a name; the list of who is here holds
 *   names only, each once and in order, and follows what was told;
 * - our own name is safe to show, whatever the server calls us. */
#include "tests/fuzz.h"

#include "cli/conversation.h"
#include "cli/lines.h"
#include "cli/message.h"
#include "cli/render.h"
#include "ipc/limits.h"
#include "ipc/name.h"
#include "ipc/text.h"

#include <stdlib.h>
#include <string.h>

/* Lines of the longest kind; more would only take time, as would it to look
 * twice at long lines. */
#define MAX_STREAM_BYTES 12288
#define LOOKED_AT_TWICE 512

/* How the talk begins, from the first byte of the input. */
#define ASKS_WHO 1

struct listener {
	uint8_t manner;
	struct conversation talk;
	struct lines lines;
	struct fuzz_stream stream;
	/* how far the lines of the stream have been heard, and the one of which
	 * a piece was last */
	size_t at;
	const char *line;
	size_t line_len, line_taken;
	char shown[4 * WIRE_LINE_MAX_BYTES + 1];
};

static struct listener me;

/* Looks ------------------------------------------------------------------- */

/* Take the colours out, "\033[" digits and semicolons "m"; anything else that
 * begins with an escape stays. */
static size_t
without_colours(const char *s, size_t len, char *dst)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		size_t end = i + 2;

		if (s[i] == '\033' && end < len && s[i + 1] == '[') {
			while (end < len && strchr("0123456789;", s[end]) &&
			       s[end] != '\0')
				end++;
			if (end < len && s[end] == 'm') {
				i = end;
				continue;
			}
		}
		dst[n++] = s[i];
	}
	return n;
}

/* The look of `m` must be that of the first shown_len bytes of me.shown, behind
 * the time and, where there are no colours, the mark. */
static void
check_look(const struct message *m, const struct look *look, size_t shown_len)
{
	static char plain[sizeof me.shown + 64];
	struct buffer out = { 0 };
	size_t stamp_len = strlen(look->stamp), len;
	const char *at = plain;
	enum attention attention = attention_of(m, "alice");

	render_message(&out, look, m, attention);
	FUZZ_HOLDS(!out.failed);
	if (!look->has_colours)
		FUZZ_HOLDS(memchr(buffer_data(&out), '\033',
			       buffer_len(&out)) == NULL);
	FUZZ_HOLDS(buffer_len(&out) < sizeof plain);
	len = without_colours(buffer_data(&out), buffer_len(&out), plain);
	if (stamp_len > 0) {
		FUZZ_HOLDS(len > stamp_len && at[stamp_len] == ' ' &&
			   memcmp(at, look->stamp, stamp_len) == 0);
		at += stamp_len + 1;
		len -= stamp_len + 1;
	}
	if (attention != ATTENTION_NONE && !look->has_colours) {
		FUZZ_HOLDS(len > 3 && memcmp(at, ">> ", 3) == 0);
		at += 3;
		len -= 3;
	}
	FUZZ_HOLDS(len == shown_len + 1 && at[shown_len] == '\n');
	FUZZ_HOLDS(memcmp(at, me.shown, shown_len) == 0);
	buffer_free(&out);
}

static void
check_looks(const struct message *m)
{
	static const struct look plain = { .has_colours = false };
	static const struct look screen = { .has_colours = true,
		.stamp = "12:01" };
	/* There is no other language here: put together again it is the same.
	 */
	static const struct look translated = { .is_translated = true };
	size_t shown_len =
	    text_printable(me.shown, sizeof me.shown, m->line.s, m->line.len);

	FUZZ_HOLDS(shown_len < sizeof me.shown);
	FUZZ_HOLDS(text_is_safe(me.shown, shown_len));
	check_look(m, &plain, shown_len);
	check_look(m, &translated, shown_len);
	if (m->line.len <= LOOKED_AT_TWICE)
		check_look(m, &screen, shown_len);
}

/* Messages ---------------------------------------------------------------- */

static bool
is_within(struct slice part, struct slice whole)
{
	return fuzz_within(part.s, part.len, whole.s, whole.len);
}

static bool
is_name(struct slice s)
{
	struct name name;

	return name_parse(s.s, s.len, &name) == NAME_OK;
}

static void
check_names(struct slice list)
{
	struct slice whole = list, name;
	size_t left = list.len;

	while (message_next_name(&list, &name)) {
		FUZZ_HOLDS(is_name(name));
		FUZZ_HOLDS(is_within(name, whole) && is_within(list, whole));
		FUZZ_HOLDS(list.len < left);
		left = list.len;
	}
}

static void
check_message(const struct message *m, const struct line *line)
{
	FUZZ_HOLDS(m->line.s == line->text && m->line.len == line->len);
	FUZZ_HOLDS(is_within(m->author, m->line));
	FUZZ_HOLDS(is_within(m->recipient, m->line));
	FUZZ_HOLDS(is_within(m->text, m->line));
	switch (m->kind) {
	case MESSAGE_RENAMED:
		FUZZ_HOLDS(is_name(m->recipient));
		/* fall through */
	case MESSAGE_JOINED:
	case MESSAGE_LEFT:
		FUZZ_HOLDS(is_name(m->author));
		break;
	case MESSAGE_PRESENT:
	case MESSAGE_ALSO_PRESENT:
	case MESSAGE_CROWD_JOINED:
	case MESSAGE_CROWD_LEFT:
		check_names(m->text);
		break;
	case MESSAGE_SAID:
	case MESSAGE_PRIVATE:
	case MESSAGE_WELCOME:
		FUZZ_HOLDS(m->author.len > 0);
		break;
	case MESSAGE_REFUSED:
	case MESSAGE_GOODBYE:
	case MESSAGE_NOTICE:
	case MESSAGE_UNKNOWN:
		break;
	}
}

/* People ------------------------------------------------------------------ */

static bool
is_known(struct slice s)
{
	struct name name, found;
	size_t cursor = 0;
	const char *text;

	if (name_parse(s.s, s.len, &name) != NAME_OK)
		return false;
	text = people_next(&me.talk.people, s.s, s.len, &cursor);
	return text != NULL &&
	       name_parse(text, strlen(text), &found) == NAME_OK &&
	       name_same(&name, &found);
}

/* All whom the list names, or none of them. */
static bool
are_known(struct slice list, bool known)
{
	struct slice name;

	while (message_next_name(&list, &name))
		if (is_known(name) != known)
			return false;
	return true;
}

static void
check_people(void)
{
	struct name last = { 0 }, name;
	size_t cursor = 0, n = 0;
	const char *text;

	while ((text = people_next(&me.talk.people, "", 0, &cursor)) != NULL) {
		FUZZ_HOLDS(name_parse(text, strlen(text), &name) == NAME_OK);
		FUZZ_HOLDS(strcmp(last.key, name.key) < 0);
		last = name;
		n++;
	}
	FUZZ_HOLDS(n == me.talk.people.n && n <= MAX_USERS_LIMIT);
	FUZZ_HOLDS(text_is_safe(me.talk.name, strlen(me.talk.name)));
}

static void
check_movement(const struct message *m, size_t n_before, size_t unknown_before)
{
	const struct people *people = &me.talk.people;

	switch (m->kind) {
	case MESSAGE_JOINED:
		FUZZ_HOLDS(is_known(m->author));
		FUZZ_HOLDS(people->n_unknown == unknown_before);
		break;
	case MESSAGE_LEFT:
		FUZZ_HOLDS(!is_known(m->author));
		break;
	case MESSAGE_RENAMED:
		FUZZ_HOLDS(is_known(m->recipient));
		break;
	case MESSAGE_SAID:
	case MESSAGE_PRIVATE:
		FUZZ_HOLDS(!is_name(m->author) || is_known(m->author));
		break;
	case MESSAGE_CROWD_JOINED:
		FUZZ_HOLDS(people->n_unknown <= unknown_before + m->n_people);
		/* fall through */
	case MESSAGE_PRESENT:
	case MESSAGE_ALSO_PRESENT:
		FUZZ_HOLDS(are_known(m->text, true));
		break;
	case MESSAGE_CROWD_LEFT:
		FUZZ_HOLDS(people->n_unknown <= unknown_before);
		FUZZ_HOLDS(are_known(m->text, false));
		break;
	case MESSAGE_WELCOME:
	case MESSAGE_GOODBYE:
	case MESSAGE_REFUSED:
	case MESSAGE_NOTICE:
	case MESSAGE_UNKNOWN:
		FUZZ_HOLDS(people->n == n_before &&
			   people->n_unknown == unknown_before);
		break;
	}
}

static void
hear(const struct line *line)
{
	size_t n_before = me.talk.people.n;
	size_t unknown_before = me.talk.people.n_unknown;
	bool was_welcome = conversation_is_welcome(&me.talk);
	struct buffer to_server = { 0 };
	struct message m;

	if (line->is_start && line->is_end)
		message_parse(line->text, line->len, &m);
	else
		message_unknown(line->text, line->len, &m);
	check_message(&m, line);
	(void)conversation_hear(&me.talk, &m);
	if (was_welcome)
		check_movement(&m, n_before, unknown_before);
	if (me.manner & ASKS_WHO)
		(void)conversation_knows_everyone(&me.talk, &to_server);
	check_looks(&m);
	buffer_free(&to_server);
}

/* Lines ------------------------------------------------------------------- */

/* The piece goes on where the last one of its line ended. */
static void
check_piece(const struct line *line)
{
	if (line->is_start) {
		/* Of a line that was cut the end may be missing, where it was
		 * nothing but the end of the stream. */
		FUZZ_HOLDS(me.line_taken == me.line_len);
		FUZZ_HOLDS(fuzz_stream_line(
		    &me.stream, &me.at, &me.line, &me.line_len));
		me.line_taken = 0;
	}
	FUZZ_HOLDS(line->len <= WIRE_LINE_MAX_BYTES);
	FUZZ_HOLDS(line->len <= me.line_len - me.line_taken);
	FUZZ_HOLDS(memcmp(line->text, me.line + me.line_taken, line->len) == 0);
	me.line_taken += line->len;
	if (line->is_end)
		FUZZ_HOLDS(me.line_taken == me.line_len);
	if (text_is_utf8(me.line, me.line_len))
		FUZZ_HOLDS(text_is_utf8(line->text, line->len));
}

static void
take_lines(bool at_end)
{
	struct line line;

	while (lines_next(&me.lines, &line) ||
	       (at_end && lines_last(&me.lines, &line))) {
		check_piece(&line);
		hear(&line);
	}
}

static void
add_piece(size_t from, size_t to)
{
	while (from < to) {
		size_t room, n;
		char *at = lines_space(&me.lines, &room);

		FUZZ_HOLDS(room >= LINES_READ_BYTES / 2);
		FUZZ_HOLDS(
		    fuzz_within(at, room, me.lines.data, sizeof me.lines.data));
		n = room < to - from ? room : to - from;
		memcpy(at, me.stream.bytes + from, n);
		lines_added(&me.lines, n);
		from += n;
		take_lines(false);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	size_t from = 0;

	me.manner = fuzz_byte(&in);
	me.talk = (struct conversation){ .state = CONVERSATION_NAME_OFFERED };
	me.at = me.line_len = me.line_taken = 0;
	lines_init(&me.lines, WIRE_LINE_MAX_BYTES);
	fuzz_stream(&in, &me.stream, MAX_STREAM_BYTES);
	for (size_t i = 0; i < me.stream.n_cuts; i++) {
		add_piece(from, me.stream.cuts[i]);
		from = me.stream.cuts[i];
	}
	take_lines(true);
	check_people();
	FUZZ_HOLDS(me.at == me.stream.len && me.line_taken == me.line_len);
	conversation_free(&me.talk);
	return 0;
}
