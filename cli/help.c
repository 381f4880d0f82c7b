/* help.c - what `chat --help` says: the options, a line each.
 *
 * Pure, but for gettext(3).  The completions of the shells have the same
 * options, which a test sees to. */
#include "cli/help.h"

#include "cli/language.h"
#include "ipc/text.h"

#include <string.h>

#define MEANING_COLUMN 24

struct row {
	/* with what stands for its value; the rest is the same everywhere */
	const char *option;
	const char *meaning;
};

static const struct row rows[] = {
	{ N_("-n, --name name"), N_("be called this; default: $USER") },
	{ N_("--server address"), N_("host[:port], default: localhost:5310") },
	{ "--timestamps=no", N_("no time before each line") },
	{ N_("--bell when"), N_("ring on a mention, private, all or never") },
	{ "--quiet", N_("hide joins, leaves and renames") },
	{ "--status=no", N_("the name alone in the prompt") },
	{ "--reconnect=no", N_("end when the connection is lost") },
	{ N_("--log file"), N_("append all that is shown to it") },
	{ N_("--config file"),
	    N_("settings, instead of ~/.config/chat/config") },
	{ "--dump-config", N_("print the settings in force as such a file") },
	{ "-h, --help", N_("this summary") },
	{ "-V, --version", N_("the version") },
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
	    out, _("usage: chat [-hV] [-n name] [setting ...] [host[:port]]"));
	buffer_append_string(out, "\n");
}

void
help_append(struct buffer *out)
{
	help_append_usage(out);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		append_row(out, _(rows[i].option), _(rows[i].meaning));
	buffer_append_string(out, _("see chat(1)"));
	buffer_append_string(out, "\n");
}
