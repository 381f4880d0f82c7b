/* cluster.c - several characters that are seen as one. */
#include "cli/cluster.h"

#include "ipc/text.h"

#include <utf8proc.h>

size_t
cluster_len(const char *s, size_t len)
{
	utf8proc_int32_t state = 0;
	uint32_t before = 0, c;
	size_t i = 0;

	while (i < len) {
		int n = text_decode(s + i, len - i, &c);

		if (n == -1)
			return i > 0 ? i : 1;
		if (i > 0 &&
		    utf8proc_grapheme_break_stateful(
			(utf8proc_int32_t)before, (utf8proc_int32_t)c, &state))
			break;
		before = c;
		i += (size_t)n;
	}
	return i;
}

/* From the front: whether a flag ends here depends on all the flags before. */
size_t
cluster_before(const char *s, size_t point)
{
	size_t start = 0, end = 0;

	while (end < point) {
		start = end;
		end += cluster_len(s + start, point - start);
	}
	return start;
}
