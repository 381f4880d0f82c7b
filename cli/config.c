/* config.c - what can be set: the table of keys, and the form of a file.
 *
 * Pure.  Where the file is and how it is read is config_file.c. */
#include "cli/config.h"

#include "ipc/text.h"

#include <stdio.h>
#include <string.h>

/* The longest value, in quotation marks behind its key, and then some. */
#define LINE_BYTES (2 * LINE_MAX_BYTES)

struct key;

/* How a value is written and read. */
struct kind {
	/* False: the key has no such value. */
	bool (*set)(void *field, const struct key *key, const char *value);
	void (*write)(
	    const void *field, const struct key *key, struct buffer *out);
};

struct key {
	const char *name;
	/* a comment of the dump, and the end of "NAME is ..." */
	const char *about;
	const char *allowed;
	const struct kind *kind;
	/* the field of struct config */
	size_t offset;
	size_t size;
};

/* Kinds of values -------------------------------------------------------- */

static bool
set_text(void *field, const struct key *key, const char *value)
{
	size_t len = strlen(value);

	if (len >= key->size)
		return false;
	memcpy(field, value, len + 1);
	return true;
}

static void
write_text(const void *field, const struct key *key, struct buffer *out)
{
	(void)key;
	buffer_append_string(out, field);
}

static bool
set_server(void *field, const struct key *key, const char *value)
{
	(void)key;
	return value[0] != '\0' && address_parse(value, field);
}

static void
write_server(const void *field, const struct key *key, struct buffer *out)
{
	(void)key;
	address_write(field, out);
}

static bool
set_switch(void *field, const struct key *key, const char *value)
{
	bool is_on = strcmp(value, "yes") == 0;

	(void)key;
	if (!is_on && strcmp(value, "no") != 0)
		return false;
	*(bool *)field = is_on;
	return true;
}

static void
write_switch(const void *field, const struct key *key, struct buffer *out)
{
	(void)key;
	buffer_append_string(out, *(const bool *)field ? "yes" : "no");
}

/* By their number. */
static const char *const bells[] = {
	[BELL_NEVER] = "never",
	[BELL_PRIVATE] = "private",
	[BELL_MENTION] = "mention",
	[BELL_ALL] = "all",
};

static bool
set_bell(void *field, const struct key *key, const char *value)
{
	(void)key;
	for (size_t i = 0; i < sizeof bells / sizeof *bells; i++) {
		if (strcmp(bells[i], value) != 0)
			continue;
		*(enum attention_bell *)field = (enum attention_bell)i;
		return true;
	}
	return false;
}

static void
write_bell(const void *field, const struct key *key, struct buffer *out)
{
	(void)key;
	buffer_append_string(out, bells[*(const enum attention_bell *)field]);
}

static const struct kind text_kind = { set_text, write_text };
static const struct kind server_kind = { set_server, write_server };
static const struct kind switch_kind = { set_switch, write_switch };
static const struct kind bell_kind = { set_bell, write_bell };

/* The keys --------------------------------------------------------------- */

#define FIELD(name)                                                            \
	offsetof(struct config, name), sizeof((struct config *)0)->name

static const struct key keys[] = {
	{ "server", "The server: " ADDRESS_FORMS ".",
	    ADDRESS_FORMS " with a port from 1 to 65535", &server_kind,
	    FIELD(server) },
	{ "name", "The name to be called; empty: chat asks for one.",
	    "at most 4096 bytes", &text_kind, FIELD(name) },
	{ "timestamps",
	    "Each line on a screen begins with the time: yes or no.",
	    "yes or no", &switch_kind, FIELD(timestamps) },
	{ "bell",
	    "What rings the terminal's bell: mention (your name, and private "
	    "messages),\n# private, all (whatever others say) or never.",
	    "mention, private, all or never", &bell_kind, FIELD(bell) },
	{ "quiet",
	    "Joins, leaves and renames are hidden, until /quiet: yes or no.",
	    "yes or no", &switch_kind, FIELD(quiet) },
	{ "status",
	    "The prompt tells where you are and how many are here: yes or no.",
	    "yes or no", &switch_kind, FIELD(status) },
	{ "reconnect", "A connection that was lost is made again: yes or no.",
	    "yes or no", &switch_kind, FIELD(reconnect) },
	{ "log", "A file to append all that is shown to; empty: none.",
	    "a path of at most 4095 bytes", &text_kind, FIELD(log) },
};

#define N_KEYS (sizeof keys / sizeof *keys)

static_assert(LINE_MAX_BYTES == 4096, "as the table says of a name");
static_assert(PATH_MAX == 4096, "as the table says of a path");

void
config_init(struct config *c)
{
	*c = (struct config){
		.server = { CHAT_HOST_DEFAULT, CHAT_PORT_DEFAULT },
		.timestamps = true,
		.bell = BELL_MENTION,
		.status = true,
		.reconnect = true,
	};
}

const char *
config_key(size_t i)
{
	return i < N_KEYS ? keys[i].name : NULL;
}

bool
config_is_switch(size_t i)
{
	return keys[i].kind == &switch_kind;
}

bool
config_set(struct config *c, size_t i, const char *value, struct buffer *error)
{
	const struct key *key = &keys[i];

	if (key->kind->set((char *)c + key->offset, key, value))
		return true;
	buffer_append_string(error, key->name);
	buffer_append_string(error, " is ");
	buffer_append_string(error, key->allowed);
	buffer_append_string(error, ", not \"");
	buffer_append_printable(error, value, strnlen(value, 80));
	buffer_append_string(error, "\"");
	return false;
}

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
	buffer_append_string(error, "there is no key \"");
	buffer_append_printable(error, name, strnlen(name, 80));
	buffer_append_string(error, "\"; there are ");
	for (size_t i = 0; i < N_KEYS; i++) {
		if (i > 0)
			buffer_append_string(
			    error, i + 1 < N_KEYS ? ", " : " and ");
		buffer_append_string(error, keys[i].name);
	}
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
		    error, "a line is written \"key = value\"");
		return false;
	}
	*equals = '\0';
	name = trim(name);
	for (size_t i = 0; i < N_KEYS; i++)
		if (strcmp(keys[i].name, name) == 0)
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
		buffer_append_string(error, "the line is too long");
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
	    "the line is not UTF-8 text, or has control characters in it");
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

static bool
write_key(const struct config *c, const struct key *key, struct buffer *out)
{
	struct buffer value = { 0 };
	bool is_written;

	key->kind->write((const char *)c + key->offset, key, &value);
	buffer_append_string(out, "# ");
	buffer_append_string(out, key->about);
	buffer_append_string(out, "\n");
	buffer_append_string(out, key->name);
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
	for (size_t i = 0; i < N_KEYS; i++) {
		if (i > 0)
			buffer_append_string(out, "\n");
		if (!write_key(c, &keys[i], out)) {
			buffer_append_string(error, keys[i].name);
			buffer_append_string(error,
			    " is not UTF-8 text, or has control characters in "
			    "it, and cannot be written in a file");
			return false;
		}
	}
	return true;
}
