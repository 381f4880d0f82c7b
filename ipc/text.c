/* text.c - untrusted bytes made safe to print.
 *
 * Runs everywhere: in children on every line, in the log, in chat and chat-who
 * before anything reaches a terminal.  It never allocates and knows nothing of
 * lines or names; what a name may be is name.c. */
#include "ipc/text.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

int
text_decode(const char *s, size_t len, uint32_t *codepoint_out)
{
	utf8proc_int32_t codepoint;
	utf8proc_ssize_t n = utf8proc_iterate(
	    (const utf8proc_uint8_t *)s, (utf8proc_ssize_t)len, &codepoint);

	if (n <= 0)
		return -1;
	*codepoint_out = (uint32_t)codepoint;
	return (int)n;
}

static bool
is_unwelcome(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 ||
	       c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

/* Bytes at the front of `s` that are plain ASCII, counted a word at a time.
 * A byte b is plain when 0x20 <= b < 0x7f; the three terms below set a byte's
 * top bit when it is below 0x20, above 0x7f, or 0x7f.  A borrow can only mark
 * too much, and then the bytes are looked at one by one. */
static size_t
plain_ascii(const char *s, size_t len)
{
	const uint64_t ones = 0x0101010101010101u;
	size_t i = 0;

	for (; i + sizeof(uint64_t) <= len; i += sizeof(uint64_t)) {
		uint64_t w;

		memcpy(&w, s + i, sizeof w);
		if (((w - ones * 0x20) | w | (w + ones)) & ones * 0x80)
			break;
	}
	while (i < len && s[i] >= 0x20 && s[i] < 0x7f)
		i++;
	return i;
}

/* Length of the longest prefix that is UTF-8 and, if asked, safe. */
static size_t
good_prefix(const char *s, size_t len, bool safe)
{
	size_t i = 0;

	for (;;) {
		uint32_t c;
		int n;

		i += plain_ascii(s + i, len - i);
		if (i == len)
			return len;
		n = text_decode(s + i, len - i, &c);
		if (n == -1 || (safe && is_unwelcome(c)))
			return i;
		i += (size_t)n;
	}
}

bool
text_is_utf8(const char *s, size_t len)
{
	return good_prefix(s, len, false) == len;
}

bool
text_is_safe(const char *s, size_t len)
{
	return good_prefix(s, len, true) == len;
}

/* Where a printable text goes, as far as it has room. */
struct shown {
	char *dst;
	size_t size;
	/* what all of it takes, and what has been written of that */
	size_t len, written;
};

/* Whole or not at all; once a piece did not fit, nothing after it is written.
 */
static void
show_piece(struct shown *out, const char *piece, size_t len)
{
	if (out->written == out->len && out->len + len < out->size) {
		memcpy(out->dst + out->written, piece, len);
		out->written += len;
	}
	out->len += len;
}

/* Cut short anywhere. */
static void
show_plain(struct shown *out, const char *s, size_t len)
{
	size_t room = out->len < out->size ? out->size - 1 - out->len : 0;
	size_t fitting = len < room ? len : room;

	show_piece(out, s, fitting);
	show_piece(out, s + fitting, len - fitting);
}

/* Returns how many bytes of `s` the character takes. */
static size_t
show_character(struct shown *out, const char *s, size_t len)
{
	char told[16];
	uint32_t c;
	int n = text_decode(s, len, &c);

	if (n == -1)
		(void)snprintf(told, sizeof told, "\\%03o", (unsigned char)*s);
	else if (c == '\t')
		(void)snprintf(told, sizeof told, " ");
	else if (c < 0x20 || c == 0x7f)
		(void)snprintf(told, sizeof told, "^%c", (char)(c ^ 0x40));
	else if (is_unwelcome(c))
		(void)snprintf(told, sizeof told, "<U+%04X>", (unsigned)c);
	else {
		show_piece(out, s, (size_t)n);
		return (size_t)n;
	}
	show_piece(out, told, strlen(told));
	return n == -1 ? 1 : (size_t)n;
}

size_t
text_printable(char *dst, size_t size, const char *s, size_t len)
{
	struct shown out = { .dst = dst, .size = size };
	size_t i = 0;

	while (i < len) {
		size_t n = plain_ascii(s + i, len - i);

		show_plain(&out, s + i, n);
		i += n;
		if (i < len)
			i += show_character(&out, s + i, len - i);
	}
	if (size > 0)
		dst[out.written] = '\0';
	return out.len;
}

static bool
is_invisible(uint32_t c)
{
	return utf8proc_get_property((utf8proc_int32_t)c)->ignorable;
}

static bool
is_space(uint32_t c)
{
	return utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_ZS;
}

size_t
text_seen(char *dst, size_t size, const char *s, size_t len)
{
	size_t used = 0, written = 0, i = 0;
	bool is_blank = false, fits = true;

	while (i < len) {
		uint32_t c;
		int n = text_decode(s + i, len - i, &c);
		const char *piece = s + i;
		size_t piece_len = n == -1 ? 1 : (size_t)n;

		i += piece_len;
		if (n != -1 && is_invisible(c))
			continue;
		if (n != -1 && is_space(c)) {
			/* written before what comes behind it, if anything */
			is_blank = used > 0;
			continue;
		}
		fits = fits && used + is_blank + piece_len < size;
		if (fits) {
			if (is_blank)
				dst[written++] = ' ';
			memcpy(dst + written, piece, piece_len);
			written += piece_len;
		}
		used += is_blank + piece_len;
		is_blank = false;
	}
	if (size > 0)
		dst[written] = '\0';
	return used;
}

size_t
text_width(const char *s, size_t len)
{
	size_t columns = 0, i = 0;

	for (;;) {
		size_t n_plain = plain_ascii(s + i, len - i);
		uint32_t c;
		int n;

		columns += n_plain;
		i += n_plain;
		if (i == len)
			return columns;
		n = text_decode(s + i, len - i, &c);
		if (n == -1) {
			n = 1;
			columns++;
		} else {
			int w = utf8proc_charwidth((utf8proc_int32_t)c);

			columns += w > 0 ? (size_t)w : 0;
		}
		i += (size_t)n;
	}
}
