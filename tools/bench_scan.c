/* bench_scan.c - from mark to mark; see the header.
 *
 * Nearly all bytes are texts with what belongs before them, so the scanner does
 * not look for line ends: it looks for the next mark, and what is behind a mark
 * says where it ends.  Only what does not fit is taken apart into lines. */
#include "tools/bench_scan.h"

#include <string.h>

/* Whether that which begins here is, as far as it has come, what belongs before
 * a text, perhaps with the beginning of one.  That may be several lines, of
 * protocols in which it is the same for all senders. */
static bool
is_beginning(const struct bench_scan *scan, uint32_t recipient, const char *at,
    const char *end)
{
	const struct bench_before *before =
	    &scan->before[scan->in_pairs ? recipient ^ 1 : 0];
	size_t len = (size_t)(end - at);

	if (scan->n_senders == 0)
		return false;
	if (len <= before->len)
		return memcmp(at, before->bytes, len) == 0;
	return memcmp(at, before->bytes, before->len) == 0 &&
	       memchr(at + before->len, '\n', len - before->len) == NULL;
}

/* Tell of whole lines.  Returns the end of the last. */
static const char *
tell_lines(const struct bench_scan *scan, uint32_t recipient, const char *at,
    const char *end)
{
	const char *feed;

	while ((feed = memchr(at, '\n', (size_t)(end - at))) != NULL &&
	       !is_beginning(scan, recipient, at, end)) {
		scan->on_line(
		    scan->arg, recipient, at, (size_t)(feed + 1 - at));
		at = feed + 1;
	}
	return at;
}

/* Whether there is a sound text at the mark, and where that which belongs
 * before it begins, which is not before `from`. */
static const char *
find_beginning(const struct bench_scan *scan, const char *from,
    const char *mark, struct bench_text *text)
{
	const struct bench_before *before;
	const char *beginning;

	if (memcmp(mark + scan->text_len, scan->end, scan->end_len) != 0 ||
	    !bench_text_read(mark, scan->text_len, text) ||
	    text->sender >= scan->n_senders)
		return NULL;
	before = &scan->before[text->sender];
	if ((size_t)(mark - from) < before->len)
		return NULL;
	beginning = mark - before->len;
	if (memcmp(beginning, before->bytes, before->len) != 0 ||
	    (beginning > from && beginning[-1] != '\n'))
		return NULL;
	return beginning;
}

/* Deal with all up to the end of what is at the mark, and return that; NULL
 * when its end has not come yet. */
static const char *
pass_mark(const struct bench_scan *scan, uint32_t recipient, const char *from,
    const char *mark, const char *end)
{
	size_t len = scan->text_len + scan->end_len;
	struct bench_text text;
	const char *beginning = NULL, *feed;

	if ((size_t)(end - mark) >= len)
		beginning = find_beginning(scan, from, mark, &text);
	if (beginning == NULL) {
		feed = memchr(mark, '\n', (size_t)(end - mark));
		return feed == NULL
			   ? NULL
			   : tell_lines(scan, recipient, from, feed + 1);
	}
	if (beginning > from)
		(void)tell_lines(scan, recipient, from, beginning);
	scan->on_text(scan->arg, recipient, &text);
	return mark + len;
}

size_t
bench_scan_bytes(const struct bench_scan *scan, uint32_t recipient,
    const char *bytes, size_t len)
{
	const char *at = bytes, *end = bytes + len;

	while (at < end) {
		const char *mark = memchr(at, BENCH_MARK, (size_t)(end - at));
		const char *next =
		    mark == NULL ? NULL
				 : pass_mark(scan, recipient, at, mark, end);

		if (next == NULL) {
			at = tell_lines(scan, recipient, at, end);
			break;
		}
		at = next;
	}
	return (size_t)(at - bytes);
}
