/* notices.c - the server's notices in the person's language; see the header.
 *
 * A form is a text with holes: {name} and {other} take what has no blank in
 * it, {n} and {m} digits, {text} anything.  {list} is {names}, or some of them,
 * {reason} one of the texts below, and {time} and {quiet} are durations; they
 * are translated in themselves.  A translation has the same holes in whatever
 * order, which a test sees to. */
#include "cli/notices.h"

#include "cli/language.h"

#include <assert.h>
#include <string.h>

#define MAX_HOLES 4

/* A hole that has been filled. */
struct filling {
	/* with its braces, within the form */
	struct slice hole;
	struct slice value;
};

struct match {
	struct filling fillings[MAX_HOLES];
	size_t n;
};

/* A form that is a special case of another stands before it. */
static const char *const forms[] = {
	/* Coming and going */
	N_("This is chatd; your first line is your name."),
	N_("Welcome, {name}! /help tells the commands, exit leaves."),
	N_("Goodbye!"),
	N_("server is shutting down"),
	N_("{n} person is here: {list}"),
	N_("{n} people are here: {list}"),
	N_("also here: {list}"),
	N_("{n} people joined: {list}"),
	N_("{n} people left: {list}"),
	N_("so many came and went that you were not told of all; /who tells "
	   "who is here"),
	N_("{name} joined"),
	N_("{name} left"),
	N_("{name} left ({reason})"),
	N_("{name} is now {other}"),
	/* Being away, whom one hears, who somebody is */
	N_("you are away"),
	N_("you are away: {text}"),
	N_("you are back"),
	N_("you are not away; /away shows others that you are"),
	N_("{name} is away"),
	N_("{name} is away: {text}"),
	N_("{name} has been here for {time}, has been quiet for {quiet}, and "
	   "has said {n} line"),
	N_("{name} has been here for {time}, has been quiet for {quiet}, and "
	   "has said {n} lines"),
	N_("you no longer hear {name}; /unignore {other} ends it"),
	N_("you hear {name} again"),
	N_("you ignore nobody"),
	N_("you ignore: {list}"),
	N_("you also ignore: {list}"),
	/* /help */
	N_("a line is said to everyone"),
	N_("@NAME TEXT - says TEXT to NAME alone"),
	N_("/help - this list"),
	N_("/who - who is here"),
	N_("/whois NAME - tells how long NAME has been here, and quiet"),
	N_("/me TEXT - says \"* you TEXT\" to everyone"),
	N_("/nick NAME - takes another name"),
	N_("/msg NAME TEXT - says TEXT to NAME alone, as @NAME"),
	N_("/ignore [NAME] - no longer hears NAME; alone: tells whom you "
	   "ignore"),
	N_("/unignore NAME - hears NAME again"),
	N_("/away [TEXT] - shows others that you are away, and why"),
	N_("/back - shows that you are back"),
	N_("/quit - leaves, as exit does"),
	N_("exit - leaves"),
	N_("@@TEXT says \"@TEXT\" to everyone, //TEXT says \"/TEXT\""),
	/* Refusals: names */
	N_("{text} cannot be a name: {reason}"),
	N_("the name {name} is taken; send another"),
	N_("the name {name} is taken; you are still {other}"),
	N_("you are {name} already"),
	N_("three names were refused; connect again with another"),
	N_("no name came within 30 seconds; connect again"),
	/* lines */
	N_("your line is longer than 4096 bytes; send it in pieces"),
	N_("your line is not UTF-8; set your program to UTF-8 and send it "
	   "again"),
	N_("your line has so many control characters that it is too long once "
	   "they are made visible; send fewer"),
	N_("your line begins with a blank, so it would be said to everyone; "
	   "take the blank away, or double the mark behind it"),
	/* commands */
	N_("there is no command {text}; /help lists them, and //text says "
	   "\"/text\""),
	N_("nobody named {text} is here, nothing was sent; /who tells who is"),
	N_("to whom, and what? write @name text; @@text says \"@text\" to "
	   "everyone"),
	N_("what do you do? write /me waves"),
	N_("that would read like a notice of the server; say it in other "
	   "words"),
	N_("which name? write /nick newname"),
	N_("about whom? write /whois name; /who tells who is here"),
	N_("whom? write /unignore name; /ignore tells whom you ignore"),
	N_("what you say about being away has more than {n} bytes; make it "
	   "shorter"),
	N_("that is you; nobody can ignore himself"),
	N_("you ignore {n} names, which is as many as can be; end one by "
	   "/unignore name"),
	N_("you do not ignore {text}"),
	N_("the directory is busy; try again in a while"),
	/* the door, and the way out */
	N_("the server is full; try again later"),
	N_("this is a one-to-one chat, and somebody is here"),
	N_("too many are connecting just now; try again"),
	N_("too many are here from your address; try again later"),
	N_("the server cannot start a process for you; try again later"),
	N_("the server is out of descriptors; try again later"),
	N_("the server cannot serve you now; try again later"),
	N_("the server has run out of resources; try again later"),
	N_("disconnected: you did not read, and too much was waiting"),
	N_("the operator has disconnected you"),
	/* with a name in it, and much like what others may say */
	N_("Goodbye, {name}!"),
};

#define N_FORMS (sizeof forms / sizeof *forms)

/* What {list} may be, besides names alone. */
static const char *const long_list = N_("{names} and {n} more");

/* What {time} and {quiet} may be. */
static const char *const durations[] = {
	N_("{n} s"),
	N_("{n} min"),
	N_("{n} h"),
	N_("{n} h {m} min"),
	N_("{n} d"),
	N_("{n} d {m} h"),
};

#define N_DURATIONS (sizeof durations / sizeof *durations)

/* What {reason} may be. */
static const char *const reasons[] = {
	/* of leaving */
	N_("too slow"),
	N_("connection lost"),
	N_("timed out"),
	N_("removed by the operator"),
	N_("server error"),
	N_("crashed"),
	N_("stopped for too long"),
	N_("not responding"),
	N_("mailbox lost"),
	/* why something cannot be a name */
	N_("it is empty; a name has 1 to 32 letters and digits"),
	N_("it is not UTF-8; set your program to UTF-8"),
	N_("it is too long; a name has at most 32 characters"),
	N_("a name is made of letters, digits and _ - . only, without spaces"),
	N_("it begins with a combining mark; begin with a letter or a digit"),
};

#define N_REASONS (sizeof reasons / sizeof *reasons)

/* Matching --------------------------------------------------------------- */

static bool
has_only_digits(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.s[i] < '0' || s.s[i] > '9')
			return false;
	return true;
}

static bool
may_fill(struct slice hole, struct slice value)
{
	if (value.len == 0)
		return false;
	if (slice_is(hole, "{n}") || slice_is(hole, "{m}"))
		return has_only_digits(value);
	if (slice_is(hole, "{name}") || slice_is(hole, "{other}"))
		return memchr(value.s, ' ', value.len) == NULL;
	return true;
}

/* How much of `text` comes before the words that end at the next hole or with
 * the form: before the first such, or if they are the last, before the end. */
static bool
find_words(struct slice text, const char *words, size_t len, size_t *at_out)
{
	const char *found;

	if (len > text.len)
		return false;
	if (words[len] == '\0') {
		*at_out = text.len - len;
		return memcmp(text.s + *at_out, words, len) == 0;
	}
	found = memmem(text.s, text.len, words, len);
	if (found == NULL)
		return false;
	*at_out = (size_t)(found - text.s);
	return true;
}

static bool
match_form(const char *form, struct slice text, struct match *out)
{
	size_t len = strcspn(form, "{"), at;

	out->n = 0;
	if (len > text.len || memcmp(text.s, form, len) != 0)
		return false;
	while (form[len] == '{') {
		struct filling *f = &out->fillings[out->n++];

		assert(out->n <= MAX_HOLES);
		text = (struct slice){ text.s + len, text.len - len };
		form += len;
		f->hole = (struct slice){ form, strcspn(form, "}") + 1 };
		form += f->hole.len;
		len = strcspn(form, "{");
		if (!find_words(text, form, len, &at))
			return false;
		f->value = (struct slice){ text.s, at };
		if (!may_fill(f->hole, f->value))
			return false;
		text = (struct slice){ text.s + at, text.len - at };
	}
	return text.len == len;
}

/* Which of `n` forms the text has, or NULL. */
static const char *
find_form(
    const char *const *some, size_t n, struct slice text, struct match *out)
{
	for (size_t i = 0; i < n; i++)
		if (match_form(some[i], text, out))
			return some[i];
	return NULL;
}

const char *
notices_form(size_t i)
{
	return i < N_FORMS ? forms[i] : NULL;
}

bool
notices_know(struct slice text)
{
	struct match match;

	return find_form(forms, N_FORMS, text, &match) != NULL;
}

/* Writing ---------------------------------------------------------------- */

static void fill_in(
    struct buffer *out, const char *form, const struct match *match);

static void
append_form(
    struct buffer *out, const char *const *some, size_t n, struct slice text)
{
	struct match match;
	const char *form = find_form(some, n, text, &match);

	if (form == NULL)
		buffer_append_printable(out, text.s, text.len);
	else
		fill_in(out, _(form), &match);
}

/* "alice, bob (away), carol" */
static void
append_names(struct buffer *out, struct slice names)
{
	static const char away[] = " (away)";
	const char *mark;

	while ((mark = memmem(names.s, names.len, away, sizeof away - 1)) !=
	       NULL) {
		size_t len = (size_t)(mark - names.s);

		buffer_append_printable(out, names.s, len);
		buffer_append_string(out, " ");
		buffer_append_string(out, _("(away)"));
		len += sizeof away - 1;
		names = (struct slice){ names.s + len, names.len - len };
	}
	buffer_append_printable(out, names.s, names.len);
}

static void
append_filling(struct buffer *out, const struct filling *f)
{
	struct match match;

	if (slice_is(f->hole, "{list}") &&
	    match_form(long_list, f->value, &match))
		fill_in(out, _(long_list), &match);
	else if (slice_is(f->hole, "{list}") || slice_is(f->hole, "{names}"))
		append_names(out, f->value);
	else if (slice_is(f->hole, "{reason}"))
		append_form(out, reasons, N_REASONS, f->value);
	else if (slice_is(f->hole, "{time}") || slice_is(f->hole, "{quiet}"))
		append_form(out, durations, N_DURATIONS, f->value);
	else
		buffer_append_printable(out, f->value.s, f->value.len);
}

static void
append_hole(struct buffer *out, struct slice hole, const struct match *match)
{
	for (size_t i = 0; i < match->n; i++) {
		const struct filling *f = &match->fillings[i];

		if (slice_equals(f->hole, hole)) {
			append_filling(out, f);
			return;
		}
	}
}

static void
fill_in(struct buffer *out, const char *form, const struct match *match)
{
	for (;;) {
		size_t len = strcspn(form, "{");
		struct slice hole;

		buffer_append(out, form, len);
		form += len;
		if (*form == '\0')
			return;
		hole = (struct slice){ form, strcspn(form, "}") + 1 };
		append_hole(out, hole, match);
		form += hole.len;
	}
}

void
notices_append(struct buffer *out, struct slice text)
{
	append_form(out, forms, N_FORMS, text);
}
