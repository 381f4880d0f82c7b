/* render.c - a message as a screen or a pipe is shown it.
 *
 * The only file that knows colours.  Pure: a message and a look in, bytes
 * appended to a buffer out. */
#include "cli/render.h"

#include "cli/notices.h"

#include <stdint.h>
#include <string.h>

#define RESET "\033[m"
#define DIM "\033[2m"
#define COLOUR_NOTICE "\033[36m"
#define COLOUR_PRIVATE "\033[1;35m"
#define COLOUR_REFUSED "\033[1;31m"
#define COLOUR_OWN "\033[33m"
#define COLOUR_MENTION "\033[1;33m"
/* where there are no colours; no line of a server begins so */
#define MARK ">> "

/* Readable on black and on white; none is a colour that a kind has. */
static const char *const name_colours[] = {
	"\033[32m",
	"\033[34m",
	"\033[35m",
	"\033[92m",
	"\033[93m",
	"\033[94m",
	"\033[95m",
	"\033[96m",
};

/* FNV-1a.  The server shows a name always in the same bytes, so these do. */
static const char *
name_colour(struct slice name)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (unsigned char)name.s[i]) * 16777619u;
	/* The low bits of FNV mix least. */
	h ^= h >> 16;
	return name_colours[h % (sizeof name_colours / sizeof *name_colours)];
}

static void
coloured(struct buffer *out, const struct look *look, const char *colour,
    struct slice text)
{
	if (look->has_colours)
		buffer_append_string(out, colour);
	buffer_append_printable(out, text.s, text.len);
	if (look->has_colours)
		buffer_append_string(out, RESET);
}

static void
coloured_string(struct buffer *out, const struct look *look, const char *colour,
    const char *s)
{
	if (look->has_colours)
		buffer_append_string(out, colour);
	buffer_append_string(out, s);
	if (look->has_colours)
		buffer_append_string(out, RESET);
}

static void
stamp(struct buffer *out, const struct look *look)
{
	if (look->stamp[0] == '\0')
		return;
	coloured_string(out, look, DIM, look->stamp);
	buffer_append_string(out, " ");
}

/* What was said. */
static void
render_text(struct buffer *out, const struct look *look,
    const struct message *m, enum attention attention)
{
	switch (attention) {
	case ATTENTION_NONE:
		buffer_append_printable(out, m->text.s, m->text.len);
		break;
	case ATTENTION_MENTION:
		coloured(out, look, COLOUR_MENTION, m->text);
		break;
	case ATTENTION_PRIVATE:
		coloured(out, look, COLOUR_PRIVATE, m->text);
		break;
	}
}

static void
render_said(struct buffer *out, const struct look *look,
    const struct message *m, enum attention attention)
{
	coloured(out, look, name_colour(m->author), m->author);
	buffer_append_string(out, ": ");
	render_text(out, look, m, attention);
}

static void
render_private(struct buffer *out, const struct look *look,
    const struct message *m, enum attention attention)
{
	coloured_string(out, look, COLOUR_PRIVATE, "[");
	coloured(out, look, name_colour(m->author), m->author);
	coloured_string(out, look, COLOUR_PRIVATE, " -> ");
	coloured(out, look, name_colour(m->recipient), m->recipient);
	coloured_string(out, look, COLOUR_PRIVATE, "]");
	buffer_append_string(out, " ");
	render_text(out, look, m, attention);
}

/* "* " or "! ", and what the server has to say. */
static void
render_notice(struct buffer *out, const struct look *look, const char *colour,
    const struct message *m)
{
	struct slice mark = { m->line.s, 2 };
	struct slice text = { m->line.s + mark.len, m->line.len - mark.len };

	if (!look->is_translated) {
		coloured(out, look, colour, m->line);
		return;
	}
	if (look->has_colours)
		buffer_append_string(out, colour);
	buffer_append(out, mark.s, mark.len);
	notices_append(out, text);
	if (look->has_colours)
		buffer_append_string(out, RESET);
}

void
render_message(struct buffer *out, const struct look *look,
    const struct message *m, enum attention attention)
{
	stamp(out, look);
	if (attention != ATTENTION_NONE && !look->has_colours)
		buffer_append_string(out, MARK);
	switch (m->kind) {
	case MESSAGE_SAID:
		render_said(out, look, m, attention);
		break;
	case MESSAGE_PRIVATE:
		render_private(out, look, m, attention);
		break;
	case MESSAGE_REFUSED:
		render_notice(out, look, COLOUR_REFUSED, m);
		break;
	case MESSAGE_WELCOME:
	case MESSAGE_GOODBYE:
	case MESSAGE_PRESENT:
	case MESSAGE_ALSO_PRESENT:
	case MESSAGE_JOINED:
	case MESSAGE_LEFT:
	case MESSAGE_RENAMED:
	case MESSAGE_CROWD_JOINED:
	case MESSAGE_CROWD_LEFT:
	case MESSAGE_NOTICE:
		render_notice(out, look,
		    attention == ATTENTION_MENTION ? COLOUR_MENTION
						   : COLOUR_NOTICE,
		    m);
		break;
	case MESSAGE_UNKNOWN:
		buffer_append_printable(out, m->line.s, m->line.len);
		break;
	}
	buffer_append_string(out, "\n");
}

void
render_own(struct buffer *out, const struct look *look, const char *text)
{
	stamp(out, look);
	coloured_string(out, look, COLOUR_OWN, "-- ");
	coloured(out, look, COLOUR_OWN, (struct slice){ text, strlen(text) });
	buffer_append_string(out, "\n");
}
