/* message.c - what a line of the server means.
 *
 * Pure: bytes in, a struct that points into them out.  What the kinds look like
 * on a screen is render.c; what follows from them is conversation.c. */
#include "cli/message.h"

#include "ipc/limits.h"
#include "ipc/name.h"

#include <string.h>

static bool
take_prefix(struct slice *rest, const char *prefix)
{
	size_t len = strlen(prefix);

	if (!slice_begins(*rest, prefix))
		return false;
	rest->s += len;
	rest->len -= len;
	return true;
}

static bool
take_suffix(struct slice *rest, const char *suffix)
{
	size_t len = strlen(suffix);

	if (rest->len < len ||
	    memcmp(rest->s + rest->len - len, suffix, len) != 0)
		return false;
	rest->len -= len;
	return true;
}

/* Which letters make a name the server knows.  The client only has to find
 * where a name stops: none holds a space, a control or punctuation that the
 * protocol or a sentence puts behind it. */
static bool
take_name(struct slice *rest, struct slice *name_out)
{
	size_t len = 0;

	while (len < rest->len && (unsigned char)rest->s[len] > ' ' &&
	       strchr(":!,*()[]<>", rest->s[len]) == NULL)
		len++;
	if (len == 0 || len > NAME_MAX_BYTES)
		return false;
	*name_out = (struct slice){ rest->s, len };
	rest->s += len;
	rest->len -= len;
	return true;
}

/* Who comes, goes or is renamed can be nobody, or somebody unseen, only where a
 * server lies. */
static bool
is_name(struct slice s)
{
	struct name name;

	return name_parse(s.s, s.len, &name) == NAME_OK;
}

static bool
take_number(struct slice *rest, unsigned *number_out)
{
	size_t len = 0;
	unsigned number = 0;

	/* Nine digits cannot overflow. */
	while (len < rest->len && len < 9 && rest->s[len] >= '0' &&
	       rest->s[len] <= '9')
		number = number * 10 + (unsigned)(rest->s[len++] - '0');
	rest->s += len;
	rest->len -= len;
	*number_out = number;
	return len > 0;
}

/* "[alice -> bob] text", without its first character. */
static bool
parse_private(struct slice rest, struct message *m)
{
	if (!take_name(&rest, &m->author) || !take_prefix(&rest, " -> ") ||
	    !take_name(&rest, &m->recipient) || !take_prefix(&rest, "] "))
		return false;
	m->kind = MESSAGE_PRIVATE;
	m->text = rest;
	return true;
}

static bool
parse_said(struct slice rest, struct message *m)
{
	if (!take_name(&rest, &m->author) || !take_prefix(&rest, ": "))
		return false;
	m->kind = MESSAGE_SAID;
	m->text = rest;
	return true;
}

/* "Welcome, alice! ..." */
static bool
parse_welcome(struct slice rest, struct message *m)
{
	if (!take_prefix(&rest, "Welcome, ") || !take_name(&rest, &m->author) ||
	    !take_prefix(&rest, "!"))
		return false;
	m->kind = MESSAGE_WELCOME;
	m->text = rest;
	return true;
}

/* "Goodbye, alice!"; who leaves before he has a name hears "Goodbye!" */
static bool
parse_goodbye(struct slice rest, struct message *m)
{
	if (!take_prefix(&rest, "Goodbye"))
		return false;
	if (take_prefix(&rest, ", ") && !take_name(&rest, &m->author))
		return false;
	if (!take_prefix(&rest, "!") || rest.len > 0)
		return false;
	m->kind = MESSAGE_GOODBYE;
	m->text = rest;
	return true;
}

/* "3 people are here: alice, bob, carol" and "also here: dave" */
static bool
parse_present(struct slice rest, struct message *m)
{
	if (take_prefix(&rest, "also here: ")) {
		m->kind = MESSAGE_ALSO_PRESENT;
	} else {
		if (!take_number(&rest, &m->n_people) ||
		    (!take_prefix(&rest, " people are here: ") &&
			!take_prefix(&rest, " person is here: ")))
			return false;
		m->kind = MESSAGE_PRESENT;
	}
	m->text = rest;
	return true;
}

/* "214 people joined: ann, bob and 212 more", "4 people left: ..." */
static bool
parse_crowd(struct slice rest, struct message *m)
{
	if (!take_number(&rest, &m->n_people))
		return false;
	if (take_prefix(&rest, " people joined: "))
		m->kind = MESSAGE_CROWD_JOINED;
	else if (take_prefix(&rest, " people left: "))
		m->kind = MESSAGE_CROWD_LEFT;
	else
		return false;
	m->text = rest;
	return true;
}

/* "bob joined", "bob left", "bob left (reason)", "bob is now rob" */
static bool
parse_movement(struct slice rest, struct message *m)
{
	struct slice name;

	if (!take_name(&rest, &name))
		return false;
	if (take_prefix(&rest, " is now ")) {
		if (!take_name(&rest, &m->recipient) || rest.len > 0 ||
		    !is_name(m->recipient))
			return false;
		m->kind = MESSAGE_RENAMED;
	} else if (take_prefix(&rest, " joined")) {
		if (rest.len > 0)
			return false;
		m->kind = MESSAGE_JOINED;
	} else if (take_prefix(&rest, " left")) {
		if (rest.len > 0 &&
		    (!take_prefix(&rest, " (") || !take_suffix(&rest, ")")))
			return false;
		m->kind = MESSAGE_LEFT;
	} else {
		return false;
	}
	m->author = name;
	m->text = rest;
	return is_name(name);
}

void
message_unknown(const char *line, size_t len, struct message *out)
{
	*out = (struct message){
		.kind = MESSAGE_UNKNOWN,
		.line = { line, len },
		.text = { line, len },
	};
}

/* A form that fits only halfway leaves parts behind: begin anew. */
static void
parse_notice(struct slice rest, struct message *m)
{
	struct message clean = *m;

	if (parse_welcome(rest, m))
		return;
	*m = clean;
	if (parse_goodbye(rest, m))
		return;
	*m = clean;
	if (parse_present(rest, m))
		return;
	*m = clean;
	if (parse_crowd(rest, m))
		return;
	*m = clean;
	if (parse_movement(rest, m))
		return;
	*m = clean;
	m->kind = MESSAGE_NOTICE;
	m->text = rest;
}

void
message_parse(const char *line, size_t len, struct message *out)
{
	struct slice rest = { line, len };

	message_unknown(line, len, out);
	if (take_prefix(&rest, "* ")) {
		parse_notice(rest, out);
	} else if (take_prefix(&rest, "! ")) {
		out->kind = MESSAGE_REFUSED;
		out->text = rest;
	} else if (take_prefix(&rest, "[") ? !parse_private(rest, out)
					   : !parse_said(rest, out)) {
		message_unknown(line, len, out);
	}
}

bool
message_next_name(struct slice *rest, struct slice *name_out)
{
	do {
		(void)take_prefix(rest, ", ");
		if (!take_name(rest, name_out))
			return false;
		(void)take_prefix(rest, " (away)");
	} while (!is_name(*name_out));
	return true;
}
