/* config_text.c - the settings as the text of a file: read and written.
 *
 * Pure, but for gettext(3).  Which keys there are is config.c, where the file
 * is and how it is read config_file.c. */
#include "cli/config.h"

#include "cli/language.h"
#include "ipc/text.h"

#include <string.h>

/* The longest value, in quotation marks behind its key, and then some. */
#define LINE_BYTES (2 * LINE_MAX_BYTES)

/* Reading ---------------------------------------------------------------- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static char *
trim(char *s)
{
	char *end = s + strlen(s);

	while (end > s && is_blank(end[-1]))
		end--;
	*end = '\0';
	while (is_blank(*s))
		s++;
	return s;
}

static char *
unquote(char *s)
{
	size_t len = strlen(s);

	if (len < 2 || s[0] != '"' || s[len - 1] != '"')
		return s;
	s[len - 1] = '\0';
	return s + 1;
}

static bool
unknown_key(const char *name, struct buffer *error)
{
	struct buffer keys = { 0 };
	/* as much as it takes to find it by */
	char shown[81];

	(void)text_printable(shown, sizeof shown, name, strlen(name));
	for (size_t i = 0; config_key(i) != NULL; i++) {
		buffer_append_string(&keys, i > 0 ? ", " : "");
		buffer_append_string(&keys, config_key(i));
	}
	buffer_append_format(error,
	    _("there is no key \"%s\"; the keys are %.*s"), shown,
	    (int)buffer_len(&keys), buffer_data(&keys));
	buffer_free(&keys);
	return false;
}

/* One line, which is taken apart in place. */
static bool
parse_line(struct config *c, char *line, struct buffer *error)
{
	char *equals, *name = trim(line);

	if (name[0] == '\0' || name[0] == '#')
		return true;
	equals = strchr(name, '=');
	if (equals == NULL) {
		buffer_append_string(
		    error, _("a line is written \"key = value\""));
		return false;
	}
	*equals = '\0';
	name = trim(name);
	for (size_t i = 0; config_key(i) != NULL; i++)
		if (strcmp(config_key(i), name) == 0)
			return config_set(
			    c, i, unquote(trim(equals + 1)), error);
	return unknown_key(name, error);
}

/* A copy of the line as a string, blanks for the tabs. */
static bool
take_line(
    char *line, size_t size, const char *s, size_t len, struct buffer *error)
{
	if (len >= size) {
		buffer_append_string(error, _("the line is too long"));
		return false;
	}
	memcpy(line, s, len);
	line[len] = '\0';
	for (size_t i = 0; i < len; i++)
		if (is_blank(line[i]))
			line[i] = ' ';
	if (text_is_safe(line, len))
		return true;
	buffer_append_string(error,
	    _("the line is not UTF-8 text, or has control characters in it"));
	return false;
}

bool
config_parse(struct config *c, const char *text, size_t len, unsigned *line_out,
    struct buffer *error)
{
	char line[LINE_BYTES];
	const char *end = text + len;

	for (*line_out = 1; text < end; ++*line_out) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		const char *line_end = lf != NULL ? lf : end;

		if (!take_line(line, sizeof line, text,
			(size_t)(line_end - text), error) ||
		    !parse_line(c, line, error))
			return false;
		text = lf != NULL ? lf + 1 : end;
	}
	return true;
}

/* Writing ---------------------------------------------------------------- */

/* As it has to be written for `unquote` and `trim` to leave it as it is. */
static bool
write_value(const char *s, size_t len, struct buffer *out)
{
	bool has_quotes =
	    len > 0 && (s[0] == ' ' || s[len - 1] == ' ' || s[0] == '"');

	if (!text_is_safe(s, len))
		return false;
	buffer_append_string(out, has_quotes ? "\"" : "");
	buffer_append(out, s, len);
	buffer_append_string(out, has_quotes ? "\"" : "");
	return true;
}

static void
write_comment(const char *text, struct buffer *out)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		buffer_append_string(out, "# ");
		buffer_append(out, text, len);
		buffer_append_string(out, "\n");
		text += len + (text[len] == '\n');
	}
}

static bool
write_key(const struct config *c, size_t i, struct buffer *out)
{
	struct buffer value = { 0 };
	bool is_written;

	config_write(c, i, &value);
	write_comment(config_about(i), out);
	buffer_append_string(out, config_key(i));
	buffer_append_string(out, " = ");
	is_written = write_value(buffer_data(&value), buffer_len(&value), out);
	buffer_append_string(out, "\n");
	out->failed |= value.failed;
	buffer_free(&value);
	return is_written;
}

bool
config_dump(const struct config *c, struct buffer *out, struct buffer *error)
{
	for (size_t i = 0; config_key(i) != NULL; i++) {
		if (i > 0)
			buffer_append_string(out, "\n");
		if (!write_key(c, i, out)) {
			buffer_append_format(error,
			    _("%s is not UTF-8 text, or has control characters "
			      "in it, and cannot be written in a file"),
			    config_key(i));
			return false;
		}
	}
	return true;
}
