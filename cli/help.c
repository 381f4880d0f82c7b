/* help.c - what `chat --help` says: the options, a line each.
 *
 * Pure.  The completions of the shells have the same options, which a test sees
 * to. */
#include "cli/help.h"

#include "ipc/text.h"

#include <string.h>

#define MEANING_COLUMN 24

struct row {
	/* with what stands for its value */
	const char *option;
	const char *meaning;
};

static const struct row rows[] = {
	{ "-n, --name name", "be called this; default: $USER" },
	{ "--server address", "host[:port], default: localhost:5310" },
	{ "--timestamps=no", "no time before each line" },
	{ "--bell when", "ring on a mention, private, all or never" },
	{ "--quiet", "hide joins, leaves and renames" },
	{ "--status=no", "the name alone in the prompt" },
	{ "--reconnect=no", "end when the connection is lost" },
	{ "--log file", "append all that is shown to it" },
	{ "--config file", "settings, instead of ~/.config/chat/config" },
	{ "--dump-config", "print the settings in force as such a file" },
	{ "-h, --help", "this summary" },
	{ "-V, --version", "the version" },
};

/* An option without a letter stands below the names of the others. */
static void
append_row(struct buffer *out, const char *option, const char *meaning)
{
	const char *indent = option[1] == '-' ? "      " : "  ";
	size_t column = strlen(indent) + text_width(option, strlen(option));

	buffer_append_string(out, indent);
	buffer_append_string(out, option);
	buffer_append_string(out, "  ");
	for (column += 2; column < MEANING_COLUMN; column++)
		buffer_append_string(out, " ");
	buffer_append_string(out, meaning);
	buffer_append_string(out, "\n");
}

void
help_append_usage(struct buffer *out)
{
	buffer_append_string(
	    out, "usage: chat [-hV] [-n name] [setting ...] [host[:port]]");
	buffer_append_string(out, "\n");
}

void
help_append(struct buffer *out)
{
	help_append_usage(out);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		append_row(out, rows[i].option, rows[i].meaning);
	buffer_append_string(out, "see chat(1)");
	buffer_append_string(out, "\n");
}
