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

size_t
text_printable(char *dst, size_t size, const char *s, size_t len)
{
	size_t used = 0, written = 0, i = 0;

	while (i < len) {
		char shown[16];
		const char *piece = shown;
		size_t piece_len;
		uint32_t c;
		int n = text_decode(s + i, len - i, &c);

		if (n == -1) {
			n = 1;
			piece_len = (size_t)snprintf(
			    shown, sizeof shown, "\\%03o", (unsigned char)s[i]);
		} else if (c == '\t') {
			piece = " ";
			piece_len = 1;
		} else if (c < 0x20 || c == 0x7f) {
			piece_len = (size_t)snprintf(
			    shown, sizeof shown, "^%c", (char)(c ^ 0x40));
		} else if (is_unwelcome(c)) {
			piece_len = (size_t)snprintf(
			    shown, sizeof shown, "<U+%04X>", (unsigned)c);
		} else {
			piece = s + i;
			piece_len = (size_t)n;
		}
		/* Once a piece did not fit, nothing after it is written. */
		if (written == used && used + piece_len < size) {
			memcpy(dst + used, piece, piece_len);
			written += piece_len;
		}
		used += piece_len;
		i += (size_t)n;
	}
	if (size > 0)
		dst[written] = '\0';
	return used;
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

	while (i < len) {
		uint32_t c;
		int n = text_decode(s + i, len - i, &c);

		if (n == -1) {
			n = 1;
			columns++;
		} else {
			int w = utf8proc_charwidth((utf8proc_int32_t)c);

			columns += w > 0 ? (size_t)w : 0;
		}
		i += (size_t)n;
	}
	return columns;
}
