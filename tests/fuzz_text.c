/* fuzz_text.c - untrusted bytes made safe to print: ipc/text.
 *
 * What holds, beside a decoder of our own, written the long way:
 * - text is UTF-8 or safe when that decoder says so of all its characters;
 * - the printable form of anything is safe, is the text itself when that was
 *   safe, and making it printable once more changes nothing;
 * - cut off at any size, a form is ended, is never half a character, and is
 *   what fitted of the whole, whose length is told;
 * - what is seen of safe text is safe, has no blank at its ends and never two
 *   together, and nothing more is lost when it is looked at again. */
#include "tests/fuzz.h"

#include "ipc/text.h"

#include <stdlib.h>
#include <string.h>

/* A form is up to four times as long as what it is of, at \ooo. */
#define MAX_BYTES 4096
#define FORM_BYTES (4 * MAX_BYTES + 1)

/* Decoding ---------------------------------------------------------------- */

/* The length of the character at s, -1 for none: the table of well-formed UTF-8
 * in the Unicode standard, 3.9. */
static int
decode(const unsigned char *s, size_t len, uint32_t *c_out)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	int n = s[0] < 0x80             ? 1
		: (s[0] & 0xe0) == 0xc0 ? 2
		: (s[0] & 0xf0) == 0xe0 ? 3
		: (s[0] & 0xf8) == 0xf0 ? 4
					: -1;
	uint32_t c;

	if (n == -1 || (size_t)n > len)
		return -1;
	c = n == 1 ? s[0] : s[0] & (0xffu >> (n + 1));
	for (int i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return -1;
		c = c << 6 | (s[i] & 0x3fu);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return -1;
	*c_out = c;
	return n;
}

static bool
is_acted_upon(uint32_t c)
{
	static const uint32_t reorders[] = { 0x202a, 0x202b, 0x202c, 0x202d,
		0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x2028, 0x2029 };

	for (size_t i = 0; i < sizeof reorders / sizeof *reorders; i++)
		if (c == reorders[i])
			return true;
	return c < 0x20 || (c > 0x7e && c < 0xa0);
}

static void
check_judgement(const char *s, size_t len)
{
	bool is_utf8 = true, is_safe = true;
	size_t i = 0;

	while (i < len) {
		uint32_t expected = 0, c = 0;
		int n =
		    decode((const unsigned char *)s + i, len - i, &expected);

		FUZZ_HOLDS(text_decode(s + i, len - i, &c) == n);
		FUZZ_HOLDS(n == -1 || c == expected);
		is_utf8 = is_utf8 && n != -1;
		is_safe = is_safe && n != -1 && !is_acted_upon(c);
		i += n == -1 ? 1 : (size_t)n;
	}
	FUZZ_HOLDS(text_is_utf8(s, len) == is_utf8);
	FUZZ_HOLDS(text_is_safe(s, len) == is_safe);
}

/* Forms ------------------------------------------------------------------- */

typedef size_t form(char *dst, size_t size, const char *s, size_t len);

/* The whole form of `s`, in memory of its own; the caller frees. */
static char *
whole_form(form *make, const char *s, size_t len, size_t *len_out)
{
	size_t form_len = make(NULL, 0, s, len);
	char *whole = malloc(form_len + 1);

	FUZZ_HOLDS(whole != NULL && form_len < FORM_BYTES);
	FUZZ_HOLDS(make(whole, form_len + 1, s, len) == form_len);
	FUZZ_HOLDS(whole[form_len] == '\0');
	*len_out = form_len;
	return whole;
}

/* The same in `size` bytes, of which none behind the end is touched. */
static void
check_cut(form *make, const char *s, size_t len, size_t size)
{
	size_t whole_len, cut_len;
	char *whole = whole_form(make, s, len, &whole_len);
	char *cut = malloc(size);

	FUZZ_HOLDS(cut != NULL);
	memset(cut, 0xa5, size);
	FUZZ_HOLDS(make(cut, size, s, len) == whole_len);
	cut_len = strnlen(cut, size);
	FUZZ_HOLDS(cut_len < size && cut_len <= whole_len);
	FUZZ_HOLDS(memcmp(cut, whole, cut_len) == 0);
	FUZZ_HOLDS(text_is_safe(cut, cut_len));
	/* No piece is longer than "<U+2028>", so no more room is left. */
	FUZZ_HOLDS(cut_len == whole_len || size - cut_len <= 8);
	free(cut);
	free(whole);
}

static void
check_printable(const char *s, size_t len)
{
	size_t shown_len, again_len;
	char *shown = whole_form(text_printable, s, len, &shown_len);
	char *again = whole_form(text_printable, shown, shown_len, &again_len);

	FUZZ_HOLDS(strlen(shown) == shown_len);
	FUZZ_HOLDS(text_is_safe(shown, shown_len));
	FUZZ_HOLDS(again_len == shown_len && strcmp(again, shown) == 0);
	if (text_is_safe(s, len))
		FUZZ_HOLDS(shown_len == len && memcmp(shown, s, len) == 0);
	/* A column takes a byte at least. */
	FUZZ_HOLDS(text_width(shown, shown_len) <= shown_len);
	free(again);
	free(shown);
}

static void
check_seen(const char *s, size_t len)
{
	size_t seen_len, again_len;
	char *seen = whole_form(text_seen, s, len, &seen_len);
	char *again = whole_form(text_seen, seen, seen_len, &again_len);

	FUZZ_HOLDS(seen_len <= len);
	if (text_is_safe(s, len)) {
		FUZZ_HOLDS(text_is_safe(seen, seen_len));
		FUZZ_HOLDS(strlen(seen) == seen_len);
		FUZZ_HOLDS(again_len == seen_len && strcmp(again, seen) == 0);
		FUZZ_HOLDS(seen[0] != ' ');
		FUZZ_HOLDS(seen_len == 0 || seen[seen_len - 1] != ' ');
		FUZZ_HOLDS(strstr(seen, "  ") == NULL);
	}
	free(again);
	free(seen);
}

/* The first byte of the input is a size to cut at. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	size_t cut_at = fuzz_byte(&in) + 1u;
	size_t len;
	const char *s = fuzz_bytes(&in, MAX_BYTES, &len);

	check_judgement(s, len);
	check_printable(s, len);
	check_seen(s, len);
	check_cut(text_printable, s, len, cut_at);
	if (text_is_safe(s, len))
		check_cut(text_seen, s, len, cut_at);
	return 0;
}
