/* slice.h - bytes within something longer, as a line that was taken apart; not
 * NUL-terminated. */
#ifndef CLI_SLICE_H
#define CLI_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

struct slice {
	const char *s;
	size_t len;
};

static inline bool
slice_equals(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.s, b.s, a.len) == 0);
}

static inline bool
slice_is(struct slice s, const char *text)
{
	return slice_equals(s, (struct slice){ text, strlen(text) });
}

static inline bool
slice_begins(struct slice s, const char *text)
{
	size_t len = strlen(text);

	return s.len >= len && memcmp(s.s, text, len) == 0;
}

/* Words are apart by blanks and tabs, as the server takes a line apart. */
static inline bool
slice_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static inline struct slice
slice_trim_front(struct slice s)
{
	while (s.len > 0 && slice_is_blank(s.s[0]))
		s = (struct slice){ s.s + 1, s.len - 1 };
	return s;
}

static inline struct slice
slice_trim(struct slice s)
{
	s = slice_trim_front(s);
	while (s.len > 0 && slice_is_blank(s.s[s.len - 1]))
		s.len--;
	return s;
}

/* The first word of a line, which is empty if that begins with a blank; what
 * follows behind the blanks goes to *rest_out. */
static inline struct slice
slice_take_word(struct slice line, struct slice *rest_out)
{
	size_t len = 0;

	while (len < line.len && !slice_is_blank(line.s[len]))
		len++;
	*rest_out =
	    slice_trim_front((struct slice){ line.s + len, line.len - len });
	return (struct slice){ line.s, len };
}

/* Whether a word is this verb, in any case. */
static inline bool
slice_is_verb(struct slice word, const char *verb)
{
	return word.len == strlen(verb) &&
	       strncasecmp(word.s, verb, word.len) == 0;
}

/* Whether a line's first word is. */
static inline bool
slice_has_verb(struct slice line, const char *verb)
{
	struct slice rest;

	return slice_is_verb(slice_take_word(line, &rest), verb);
}

#endif
