/* fuzz_name.c - what may be a name: ipc/name.
 *
 * The input is two names with a LF between them.  What holds:
 * - a name is taken as it is or refused with a reason, and then nothing of it
 *   is left behind;
 * - a name is 1 to NAME_MAX_CHARS characters that may be shown, wherever a line
 *   of the server has it;
 * - folding what is folded changes nothing, nor does the case of ASCII letters
 *   make another name;
 * - two names are the same when their keys are, and then have one hash. */
#include "tests/fuzz.h"

#include "ipc/name.h"
#include "ipc/text.h"

#include <ctype.h>
#include <string.h>

static bool
is_zero(const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len > 0 && *at == '\0') {
		at++;
		len--;
	}
	return len == 0;
}

static size_t
count_characters(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return n;
}

static void
check_parts(const struct name *name)
{
	size_t n_chars = count_characters(name->text, name->len);

	FUZZ_HOLDS(n_chars >= 1 && n_chars <= NAME_MAX_CHARS);
	FUZZ_HOLDS(name->key_len >= 1 && name->key_len <= NAME_KEY_MAX_BYTES);
	FUZZ_HOLDS(
	    is_zero(name->text + name->len, sizeof name->text - name->len));
	FUZZ_HOLDS(is_zero(
	    name->key + name->key_len, sizeof name->key - name->key_len));
	FUZZ_HOLDS(text_is_safe(name->text, name->len));
	FUZZ_HOLDS(text_is_safe(name->key, name->key_len));
	/* The marks of the line protocol, and what parts words. */
	for (size_t i = 0; i < name->len; i++)
		FUZZ_HOLDS((unsigned char)name->text[i] > ' ' &&
			   strchr("*![]():,<>@/", name->text[i]) == NULL);
}

static void
check_folding(const struct name *name)
{
	struct name folded, other = *name;

	if (name_parse(name->key, name->key_len, &folded) == NAME_OK)
		FUZZ_HOLDS(name_same(&folded, name));
	for (size_t i = 0; i < other.len; i++)
		if (isascii((unsigned char)other.text[i]))
			other.text[i] ^=
			    isalpha((unsigned char)other.text[i]) ? 0x20 : 0;
	FUZZ_HOLDS(name_parse(other.text, other.len, &folded) == NAME_OK);
	FUZZ_HOLDS(name_same(&folded, name));
}

static bool
check_name(const char *s, size_t len, struct name *out)
{
	enum name_result result;

	memset(out, 0xa5, sizeof *out);
	result = name_parse(s, len, out);
	if (result != NAME_OK) {
		FUZZ_HOLDS(is_zero(out, sizeof *out));
		FUZZ_HOLDS(strcmp(name_result_text(result), "no reason") != 0);
		FUZZ_HOLDS((result == NAME_EMPTY) == (len == 0));
		/* The first fault is told, so the text may still be UTF-8. */
		FUZZ_HOLDS(result != NAME_NOT_UTF8 || !text_is_utf8(s, len));
		return false;
	}
	FUZZ_HOLDS(out->len == len && memcmp(out->text, s, len) == 0);
	check_parts(out);
	check_folding(out);
	return true;
}

static void
check_two(const struct name *a, const struct name *b)
{
	bool is_same = strcmp(a->key, b->key) == 0;

	FUZZ_HOLDS(name_same(a, b) == is_same && name_same(b, a) == is_same);
	if (is_same)
		FUZZ_HOLDS(name_hash(a) == name_hash(b));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;
	const char *lf = size > 0 ? memchr(s, '\n', size) : NULL;
	size_t len = lf != NULL ? (size_t)(lf - s) : size;
	struct name a, b;

	if (check_name(s, len, &a) && lf != NULL &&
	    check_name(lf + 1, size - len - 1, &b))
		check_two(&a, &b);
	return 0;
}
