/* fuzz.c - inputs taken apart, and promises that are broken. */
#include "tests/fuzz.h"

#include "ipc/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
fuzz_broken(const char *file, int line, const char *promise)
{
	(void)fprintf(stderr, "%s:%d: broken: %s\n", file, line, promise);
	abort();
}

bool
fuzz_within(const char *bytes, size_t len, const char *in, size_t in_len)
{
	uintptr_t at = (uintptr_t)bytes, from = (uintptr_t)in;

	return len == 0 ||
	       (at >= from && len <= in_len && at - from <= in_len - len);
}

/* Output ------------------------------------------------------------------ */

size_t
fuzz_safe_lines(const char *text, size_t len)
{
	size_t n = 0;

	while (len > 0) {
		const char *lf = memchr(text, '\n', len);

		FUZZ_HOLDS(lf != NULL);
		FUZZ_HOLDS(text_is_safe(text, (size_t)(lf - text)));
		len -= (size_t)(lf - text) + 1;
		text = lf + 1;
		n++;
	}
	return n;
}

/* Inputs ------------------------------------------------------------------ */

uint8_t
fuzz_byte(struct fuzz_input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->at++;
}

uint32_t
fuzz_u16(struct fuzz_input *in)
{
	uint32_t low = fuzz_byte(in);

	return low | (uint32_t)fuzz_byte(in) << 8;
}

uint32_t
fuzz_u32(struct fuzz_input *in)
{
	uint32_t low = fuzz_u16(in);

	return low | fuzz_u16(in) << 16;
}

const char *
fuzz_bytes(struct fuzz_input *in, size_t len, size_t *len_out)
{
	const char *bytes = (const char *)in->at;

	*len_out = len < in->left ? len : in->left;
	in->at += *len_out;
	in->left -= *len_out;
	return bytes;
}

/* Streams ----------------------------------------------------------------- */

static void
repeat(struct fuzz_stream *s, size_t n, uint8_t byte, size_t max)
{
	size_t room = max - s->len;

	if (n > room)
		n = room;
	memset(s->bytes + s->len, byte, n);
	s->len += n;
}

void
fuzz_stream(struct fuzz_input *in, struct fuzz_stream *out, size_t max)
{
	out->len = out->n_cuts = 0;
	while (in->left > 0) {
		uint8_t byte = fuzz_byte(in);

		if (byte == FUZZ_REPEAT) {
			size_t n = fuzz_byte(in);

			byte = fuzz_byte(in);
			if (byte != '\n')
				n *= FUZZ_REPEAT_BYTES;
			repeat(out, n == 0 ? 1 : n, byte, max);
		} else if (byte != FUZZ_CUT) {
			repeat(out, 1, byte, max);
		} else if (out->n_cuts < FUZZ_STREAM_CUTS - 1) {
			out->cuts[out->n_cuts++] = out->len;
		}
	}
	out->cuts[out->n_cuts++] = out->len;
}

bool
fuzz_stream_line(const struct fuzz_stream *stream, size_t *at,
    const char **line_out, size_t *len_out)
{
	size_t left = stream->len - *at;
	const char *begin = stream->bytes + *at;
	const char *lf = memchr(begin, '\n', left);
	size_t len = lf != NULL ? (size_t)(lf - begin) : left;

	if (left == 0)
		return false;
	*at += len + (lf != NULL);
	if (len > 0 && begin[len - 1] == '\r')
		len--;
	*line_out = begin;
	*len_out = len;
	return true;
}
