/* name.c - what is a user name.
 *
 * Runs in children and in chat.  Which characters are letters and how case
 * folds is utf8proc's knowledge; which of them make a name is decided here. */
#include "ipc/name.h"

#include "ipc/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

/* More code points than fit a key, as bytes, are too many; before they are put
 * together again there may be some more. */
#define FOLDED_MAX_CHARS (2 * NAME_KEY_MAX_BYTES)

static bool
is_mark(const utf8proc_property_t *p)
{
	return p->category == UTF8PROC_CATEGORY_MN ||
	       p->category == UTF8PROC_CATEGORY_MC;
}

static bool
is_name_char(uint32_t c, const utf8proc_property_t *p)
{
	/* Invisible letters (the Hangul fillers) would make two names that look
	 * the same; folding drops them, so they are not part of a name. */
	if (p->ignorable)
		return false;
	switch (p->category) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_ND:
		return true;
	default:
		return is_mark(p) || c == '_' || c == '-' || c == '.';
	}
}

/* How utf8proc is told to make NFKC_Casefold. */
static const utf8proc_option_t fold_options =
    UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
    UTF8PROC_IGNORE;

/* NFKC_Casefold is defined as the NFC form of the folded, compatibility
 * decomposed text; folding can undo composition, so composing comes last.
 * utf8proc_map would do the same with memory of the heap. */
static enum name_result
fold(struct name *name)
{
	/* Code points first, then bytes and a NUL. */
	utf8proc_int32_t folded[FOLDED_MAX_CHARS + 1];
	utf8proc_ssize_t n =
	    utf8proc_decompose((const utf8proc_uint8_t *)name->text, name->len,
		folded, FOLDED_MAX_CHARS, fold_options);

	if (n > FOLDED_MAX_CHARS)
		return NAME_TOO_LONG;
	if (n > 0)
		n = utf8proc_reencode(folded, n, fold_options);
	if (n <= 0)
		return NAME_BAD_CHARACTER;
	if (n > NAME_KEY_MAX_BYTES)
		return NAME_TOO_LONG;
	memcpy(name->key, folded, (size_t)n);
	name->key_len = (unsigned char)n;
	return NAME_OK;
}

static enum name_result
check_characters(const char *s, size_t len)
{
	size_t i = 0, n_chars = 0;

	if (len == 0)
		return NAME_EMPTY;
	while (i < len) {
		const utf8proc_property_t *p;
		uint32_t c;
		int n = text_decode(s + i, len - i, &c);

		if (n == -1)
			return NAME_NOT_UTF8;
		p = utf8proc_get_property((utf8proc_int32_t)c);
		if (!is_name_char(c, p))
			return NAME_BAD_CHARACTER;
		if (n_chars == 0 && is_mark(p))
			return NAME_BAD_START;
		if (++n_chars > NAME_MAX_CHARS)
			return NAME_TOO_LONG;
		i += (size_t)n;
	}
	return NAME_OK;
}

enum name_result
name_parse(const char *s, size_t len, struct name *out)
{
	enum name_result result = check_characters(s, len);

	memset(out, 0, sizeof *out);
	if (result != NAME_OK)
		return result;
	memcpy(out->text, s, len);
	out->len = (unsigned char)len;
	result = fold(out);
	if (result != NAME_OK)
		memset(out, 0, sizeof *out);
	return result;
}

const char *
name_result_text(enum name_result result)
{
	switch (result) {
	case NAME_OK:
		break;
	case NAME_EMPTY:
		return "it is empty; a name has 1 to 32 letters and digits";
	case NAME_NOT_UTF8:
		return "it is not UTF-8; set your program to UTF-8";
	case NAME_TOO_LONG:
		return "it is too long; a name has at most 32 characters";
	case NAME_BAD_CHARACTER:
		return "a name is made of letters, digits and _ - . only, "
		       "without spaces";
	case NAME_BAD_START:
		return "it begins with a combining mark; begin with a letter "
		       "or a digit";
	}
	return "no reason";
}

bool
name_same(const struct name *a, const struct name *b)
{
	return a->key_len == b->key_len &&
	       memcmp(a->key, b->key, a->key_len) == 0;
}

unsigned
name_hash(const struct name *name)
{
	uint32_t h = 2166136261u;

	for (unsigned i = 0; i < name->key_len; i++)
		h = (h ^ (unsigned char)name->key[i]) * 16777619u;
	return h;
}

char *
name_fold_text(const char *s, size_t len, size_t *len_out)
{
	utf8proc_uint8_t *folded = NULL;
	utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)s,
	    (utf8proc_ssize_t)len, &folded, fold_options);

	if (n < 0)
		return NULL;
	*len_out = (size_t)n;
	return (char *)folded;
}
