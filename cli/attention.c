/* attention.c - which messages are for the person at the screen.
 *
 * Pure.  How they are marked is render.c's. */
#include "cli/attention.h"

#include "ipc/name.h"
#include "ipc/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* Words ------------------------------------------------------------------ */

static bool
is_of_a_word(uint32_t c)
{
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);

	return category >= UTF8PROC_CATEGORY_LU &&
	       category <= UTF8PROC_CATEGORY_NO;
}

static bool
is_mark(uint32_t c)
{
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);

	return category >= UTF8PROC_CATEGORY_MN &&
	       category <= UTF8PROC_CATEGORY_ME;
}

/* Han and Kana are written without blanks between the words, and Hangul hangs
 * its particles on them: any character there may begin a word. */
static bool
is_wide(uint32_t c)
{
	return utf8proc_charwidth((utf8proc_int32_t)c) == 2;
}

/* Of names, but also what a sentence puts behind one: they join a word only to
 * another. */
static bool
is_joint(uint32_t c)
{
	return c == '_' || c == '-' || c == '.';
}

/* The character that begins at, or ends before, `at`; 0 at the ends of the
 * text.  *next_out is its other end. */
static uint32_t
char_from(struct slice text, size_t at, size_t *next_out)
{
	uint32_t c = 0;
	int n = at < text.len ? text_decode(text.s + at, text.len - at, &c) : 0;

	*next_out = at + (n > 0 ? (size_t)n : 0);
	return n > 0 ? c : 0;
}

static uint32_t
char_before(struct slice text, size_t at, size_t *next_out)
{
	size_t start = at, end;

	while (start > 0 && ((unsigned char)text.s[--start] & 0xc0) == 0x80)
		;
	*next_out = start;
	return at > 0 ? char_from(text, start, &end) : 0;
}

typedef uint32_t step_function(struct slice, size_t, size_t *);

/* Whether a word whose last character in this direction is `edge` ends at `at`.
 */
static bool
is_end(struct slice text, size_t at, uint32_t edge, step_function *step)
{
	size_t next;
	uint32_t c = step(text, at, &next);

	if (is_mark(c))
		return false;
	if (is_joint(c))
		c = step(text, next, &next);
	return c == 0 || !is_of_a_word(c) || is_wide(c) || is_wide(edge);
}

static bool
is_word(struct slice text, size_t start, size_t len)
{
	size_t unused;
	uint32_t first = char_from(text, start, &unused);
	uint32_t last = char_before(text, start + len, &unused);

	return is_end(text, start, first, char_before) &&
	       is_end(text, start + len, last, char_from);
}

/* Both in the form that names are compared in. */
static bool
has_word(struct slice text, const struct name *name)
{
	size_t at = 0;

	while (at < text.len) {
		const char *found = memmem(
		    text.s + at, text.len - at, name->key, name->key_len);

		if (found == NULL)
			return false;
		at = (size_t)(found - text.s);
		if (is_word(text, at, name->key_len))
			return true;
		at++;
	}
	return false;
}

/* Messages --------------------------------------------------------------- */

/* What is not UTF-8, or cannot be folded for want of memory, mentions nobody.
 */
static bool
mentions(struct slice text, const struct name *name)
{
	size_t len = 0;
	char *folded = name_fold_text(text.s, text.len, &len);
	bool does =
	    folded != NULL && has_word((struct slice){ folded, len }, name);

	free(folded);
	return does;
}

static bool
is_named(struct slice s, const struct name *name)
{
	struct name other;

	return name_parse(s.s, s.len, &other) == NAME_OK &&
	       name_same(&other, name);
}

/* "* bob waves to alice": whether somebody else does something, and not the
 * server explains something. */
static bool
is_deed_of_another(const struct message *m, const struct name *name)
{
	const char *blank = memchr(m->text.s, ' ', m->text.len);
	struct name doer;

	return blank != NULL &&
	       name_parse(m->text.s, (size_t)(blank - m->text.s), &doer) ==
		   NAME_OK &&
	       !name_same(&doer, name);
}

enum attention
attention_of(const struct message *m, const char *me)
{
	struct name name;

	if (name_parse(me, strlen(me), &name) != NAME_OK)
		return ATTENTION_NONE;
	switch (m->kind) {
	case MESSAGE_SAID:
		if (!is_named(m->author, &name) && mentions(m->text, &name))
			return ATTENTION_MENTION;
		break;
	case MESSAGE_PRIVATE:
		if (!is_named(m->author, &name) &&
		    is_named(m->recipient, &name))
			return ATTENTION_PRIVATE;
		break;
	case MESSAGE_NOTICE:
		if (is_deed_of_another(m, &name) && mentions(m->text, &name))
			return ATTENTION_MENTION;
		break;
	case MESSAGE_REFUSED:
	case MESSAGE_WELCOME:
	case MESSAGE_GOODBYE:
	case MESSAGE_PRESENT:
	case MESSAGE_ALSO_PRESENT:
	case MESSAGE_JOINED:
	case MESSAGE_LEFT:
	case MESSAGE_RENAMED:
	case MESSAGE_CROWD_JOINED:
	case MESSAGE_CROWD_LEFT:
	case MESSAGE_UNKNOWN:
		break;
	}
	return ATTENTION_NONE;
}

bool
attention_rings(enum attention_bell bell, enum attention attention,
    const struct message *m, const char *me)
{
	struct name name;

	switch (bell) {
	case BELL_NEVER:
		return false;
	case BELL_PRIVATE:
		return attention == ATTENTION_PRIVATE;
	case BELL_MENTION:
		return attention != ATTENTION_NONE;
	case BELL_ALL:
		break;
	}
	if (m->kind != MESSAGE_SAID && m->kind != MESSAGE_PRIVATE)
		return attention != ATTENTION_NONE;
	return name_parse(me, strlen(me), &name) == NAME_OK &&
	       !is_named(m->author, &name);
}
