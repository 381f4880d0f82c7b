/* config.c - what can be set: the table of keys.
 *
 * Pure, but for gettext(3).  The form of a file is config_text.c. */
#include "cli/config.h"

#include "cli/language.h"
#include "ipc/text.h"

#include <string.h>

struct key;

/* How a value is written and read. */
struct kind {
	/* False: the key has no such value. */
	bool (*set)(void *field, const struct key *key, const char *value);
	/* What is wrong with the value, of which this can be shown. */
	void (*refuse)(
	    const struct key *key, const char *shown, struct buffer *error);
	void (*write)(
	    const void *field, const struct key *key, struct buffer *out);
};

struct key {
	const char *name;
	/* a comment of the dump, in lines */
	const char *about;
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
refuse_text(const struct key *key, const char *shown, struct buffer *error)
{
	(void)shown;
	buffer_append_format(
	    error, _("%s has at most %zu bytes"), key->name, key->size - 1);
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
refuse_server(const struct key *key, const char *shown, struct buffer *error)
{
	buffer_append_format(error,
	    _("%s is HOST, HOST:PORT or [ADDRESS]:PORT with a port from 1 to "
	      "65535, not \"%s\""),
	    key->name, shown);
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
refuse_switch(const struct key *key, const char *shown, struct buffer *error)
{
	buffer_append_format(
	    error, _("%s is yes or no, not \"%s\""), key->name, shown);
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
refuse_bell(const struct key *key, const char *shown, struct buffer *error)
{
	buffer_append_format(error,
	    _("%s is mention, private, all or never, not \"%s\""), key->name,
	    shown);
}

static void
write_bell(const void *field, const struct key *key, struct buffer *out)
{
	(void)key;
	buffer_append_string(out, bells[*(const enum attention_bell *)field]);
}

static const struct kind text_kind = { set_text, refuse_text, write_text };
static const struct kind server_kind = { set_server, refuse_server,
	write_server };
static const struct kind switch_kind = { set_switch, refuse_switch,
	write_switch };
static const struct kind bell_kind = { set_bell, refuse_bell, write_bell };

/* The keys --------------------------------------------------------------- */

#define FIELD(name)                                                            \
	offsetof(struct config, name), sizeof((struct config *)0)->name

static const struct key keys[] = {
	{ "server", N_("The server: HOST, HOST:PORT or [ADDRESS]:PORT."),
	    &server_kind, FIELD(server) },
	{ "name", N_("The name to be called; empty: chat asks for one."),
	    &text_kind, FIELD(name) },
	{ "timestamps",
	    N_("Each line on a screen begins with the time: yes or no."),
	    &switch_kind, FIELD(timestamps) },
	{ "bell",
	    N_("What rings the terminal's bell: mention (your name, and "
	       "private messages),\n"
	       "private, all (whatever others say) or never."),
	    &bell_kind, FIELD(bell) },
	{ "quiet",
	    N_("Joins, leaves and renames are hidden, until /quiet: yes or "
	       "no."),
	    &switch_kind, FIELD(quiet) },
	{ "status",
	    N_("The prompt tells where you are and how many are here: yes or "
	       "no."),
	    &switch_kind, FIELD(status) },
	{ "reconnect",
	    N_("A connection that was lost is made again: yes or no."),
	    &switch_kind, FIELD(reconnect) },
	{ "log", N_("A file to append all that is shown to; empty: none."),
	    &text_kind, FIELD(log) },
};

#define N_KEYS (sizeof keys / sizeof *keys)

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

const char *
config_about(size_t i)
{
	return _(keys[i].about);
}

void
config_write(const struct config *c, size_t i, struct buffer *out)
{
	const struct key *key = &keys[i];

	key->kind->write((const char *)c + key->offset, key, out);
}

bool
config_set(struct config *c, size_t i, const char *value, struct buffer *error)
{
	const struct key *key = &keys[i];
	/* as much as it takes to find it by */
	char shown[81];

	if (key->kind->set((char *)c + key->offset, key, value))
		return true;
	(void)text_printable(shown, sizeof shown, value, strlen(value));
	key->kind->refuse(key, shown, error);
	return false;
}
