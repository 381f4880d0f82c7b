/* text.h - untrusted bytes, and what a terminal or a log may be shown of them.
 *
 * "Safe" text is valid UTF-8 without anything a terminal acts upon: no C0, C1
 * or DEL, no line or paragraph separator, none of the controls that reorder
 * text (U+202A..202E, U+2066..2069).  The idea of one function between every
 * untrusted byte and every terminal is util-linux's carefulputc.h.
 * No state, no lock; any process. */
#ifndef IPC_TEXT_H
#define IPC_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decode the character that begins at s[0]; len > 0.  Returns the bytes it
 * takes, or -1 when they are not the shortest form of a Unicode scalar value.
 */
int text_decode(const char *s, size_t len, uint32_t *codepoint_out);

bool text_is_utf8(const char *s, size_t len);

/* Whether `s` may be shown as it is.  Fast for ASCII: every datagram passes. */
bool text_is_safe(const char *s, size_t len);

/* Write the visible form of `s` to dst, as snprintf does: at most size bytes
 * with the NUL, never half a character, and return the length that the whole
 * would have had.  A tab becomes a space, a control ^X, another unwelcome
 * character <U+XXXX>, and a byte that is not UTF-8 becomes \ooo. */
size_t text_printable(char *dst, size_t size, const char *s, size_t len);

/* Write to dst what is seen of safe text: without invisible characters, any
 * number of spaces of any kind as one blank, none at the beginning or the end.
 * As text_printable otherwise. */
size_t text_seen(char *dst, size_t size, const char *s, size_t len);

/* Terminal columns of safe text: wide characters are 2, combining ones 0. */
size_t text_width(const char *s, size_t len);

#endif
