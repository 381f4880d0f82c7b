/* session.c - lines of the line protocol, read as requests. */
#include "srv/session.h"

#include "ipc/text.h"
#include "srv/command.h"
#include "srv/line_protocol.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Longest piece of a client's own line that a refusal repeats. */
#define QUOTE_BYTES 80

void
session_refuse(
    struct request *out, enum dir_counter counter, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	text_printable(out->shown, sizeof out->shown, text, strlen(text));
	out->kind = REQUEST_REFUSE;
	out->counter = counter;
	out->text = (struct span){ out->shown, strlen(out->shown) };
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct span
trim_front(struct span s)
{
	while (s.len > 0 && is_blank(*s.bytes))
		s = (struct span){ s.bytes + 1, s.len - 1 };
	return s;
}

static struct span
trim(struct span s)
{
	s = trim_front(s);
	while (s.len > 0 && is_blank(s.bytes[s.len - 1]))
		s.len--;
	return s;
}

/* The first word; the rest without the blanks between them goes to rest_out. */
static struct span
take_word(struct span s, struct span *rest_out)
{
	struct span word = { s.bytes, 0 };

	while (word.len < s.len && !is_blank(s.bytes[word.len]))
		word.len++;
	*rest_out =
	    trim_front((struct span){ s.bytes + word.len, s.len - word.len });
	return word;
}

static bool
equals(struct span s, const char *text)
{
	return s.len == strlen(text) && memcmp(s.bytes, text, s.len) == 0;
}

/* The text of a request: shown as it is, or in its visible form. */
static void
set_text(struct request *out, struct span text)
{
	size_t len;

	out->text = text;
	if (text_is_safe(text.bytes, text.len))
		return;
	len =
	    text_printable(out->shown, sizeof out->shown, text.bytes, text.len);
	if (len > LINE_MAX_BYTES)
		session_refuse(out, DIR_COUNT_rejected_too_long,
		    "your line has so many control characters that it is too "
		    "long once they are made visible; send fewer");
	else
		out->text = (struct span){ out->shown, len };
}

static void
read_whisper(struct span words, struct request *out)
{
	struct span text;
	struct span name = take_word(words, &text);

	if (name.len == 0 || text.len == 0) {
		session_refuse(out, DIR_COUNT_rejected_command,
		    "to whom, and what? write @name text; "
		    "@@text says \"@text\" "
		    "to everyone");
		return;
	}
	out->kind = REQUEST_WHISPER;
	out->name = name;
	set_text(out, text);
}

static void
read_me(struct span text, struct request *out)
{
	if (text.len == 0) {
		session_refuse(out, DIR_COUNT_rejected_command,
		    "what do you do? write /me waves");
		return;
	}
	out->kind = REQUEST_ACT;
	set_text(out, text);
	if (out->kind == REQUEST_ACT && line_protocol_mimics_notice(out->text))
		session_refuse(out, DIR_COUNT_rejected_command,
		    "that would read like a notice of the server; say it in "
		    "other words");
}

/* A command that is nothing without a name: else that is asked for. */
static void
read_name(enum request_kind kind, struct span name, const char *question,
    struct request *out)
{
	if (name.len == 0) {
		session_refuse(out, DIR_COUNT_rejected_command, "%s", question);
		return;
	}
	out->kind = kind;
	out->name = name;
}

static void
read_nick(struct span name, struct request *out)
{
	read_name(REQUEST_NAME, name, "which name? write /nick newname", out);
}

static void
read_whois(struct span name, struct request *out)
{
	read_name(REQUEST_WHOIS, name,
	    "about whom? write /whois name; /who tells who is here", out);
}

static void
read_ignore(struct span name, struct request *out)
{
	out->kind = REQUEST_IGNORE;
	out->name = name;
}

static void
read_unignore(struct span name, struct request *out)
{
	read_name(REQUEST_UNIGNORE, name,
	    "whom? write /unignore name; /ignore tells whom you ignore", out);
}

static void
read_away(struct span text, struct request *out)
{
	out->kind = REQUEST_AWAY;
	set_text(out, text);
	if (out->kind == REQUEST_AWAY && out->text.len > AWAY_MAX_BYTES)
		session_refuse(out, DIR_COUNT_rejected_command,
		    "what you say about being away has more than %d bytes; "
		    "make it shorter",
		    AWAY_MAX_BYTES);
}

static void
refuse_verb(struct span verb, struct request *out)
{
	char quoted[QUOTE_BYTES + 1];

	text_printable(quoted, sizeof quoted, verb.bytes, verb.len);
	session_refuse(out, DIR_COUNT_rejected_command,
	    "there is no command %s; /help lists them, and //text says "
	    "\"/text\"",
	    quoted);
}

/* `line` begins with a slash. */
static void
read_command(struct span line, struct request *out)
{
	struct span rest;
	struct span verb = take_word(line, &rest);

	switch (command_find(verb)) {
	case COMMAND_HELP:
		out->kind = REQUEST_HELP;
		return;
	case COMMAND_WHO:
		out->kind = REQUEST_WHO;
		return;
	case COMMAND_WHOIS:
		read_whois(trim(rest), out);
		return;
	case COMMAND_ME:
		read_me(rest, out);
		return;
	case COMMAND_NICK:
		read_nick(trim(rest), out);
		return;
	case COMMAND_MSG:
		read_whisper(rest, out);
		return;
	case COMMAND_IGNORE:
		read_ignore(trim(rest), out);
		return;
	case COMMAND_UNIGNORE:
		read_unignore(trim(rest), out);
		return;
	case COMMAND_AWAY:
		read_away(trim(rest), out);
		return;
	case COMMAND_BACK:
		out->kind = REQUEST_BACK;
		return;
	case COMMAND_QUIT:
		/* session_read has seen to it */
	case COMMAND_NONE:
		break;
	}
	refuse_verb(verb, out);
}

/* The marks that make of a line more than something said to everyone. */
static bool
is_mark(char c)
{
	return c == '@' || c == '/';
}

/* `line` is not blank. */
static void
read_named(struct span line, struct request *out)
{
	bool doubled = line.len >= 2 && line.bytes[0] == line.bytes[1];

	if (is_mark(*line.bytes) && doubled) {
		out->kind = REQUEST_SAY;
		set_text(out, (struct span){ line.bytes + 1, line.len - 1 });
	} else if (*line.bytes == '@') {
		read_whisper(
		    (struct span){ line.bytes + 1, line.len - 1 }, out);
	} else if (*line.bytes == '/') {
		read_command(line, out);
	} else if (is_blank(*line.bytes) && is_mark(*trim_front(line).bytes)) {
		session_refuse(out, DIR_COUNT_rejected_command,
		    "your line begins with a blank, so it would be said to "
		    "everyone; take the blank away, or double the mark behind "
		    "it");
	} else {
		out->kind = REQUEST_SAY;
		set_text(out, line);
	}
}

void
session_read(bool is_named, struct span line, struct request *out)
{
	struct span trimmed = trim(line), rest;

	out->kind = REQUEST_NOTHING;
	out->name = out->text = (struct span){ 0 };
	if (is_named && trimmed.len == 0)
		return;
	if (equals(trimmed, "exit") ||
	    command_find(take_word(trimmed, &rest)) == COMMAND_QUIT) {
		out->kind = REQUEST_LEAVE;
	} else if (!text_is_utf8(line.bytes, line.len)) {
		session_refuse(out, DIR_COUNT_rejected_not_utf8,
		    "your line is not UTF-8; set your program to UTF-8 and "
		    "send it again");
	} else if (!is_named) {
		out->kind = REQUEST_NAME;
		out->name = trimmed;
	} else {
		read_named(line, out);
	}
}
