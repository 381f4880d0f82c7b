/* past.c - what the server has said lately, to be looked for. */
#include "cli/past.h"

#include "ipc/name.h"

#include <stdlib.h>
#include <string.h>

void
past_free(struct past *p)
{
	buffer_free(&p->lines);
}

static void
drop_first_line(struct buffer *lines)
{
	const char *s = buffer_data(lines);
	const char *lf = memchr(s, '\n', buffer_len(lines));

	buffer_drop(
	    lines, lf != NULL ? (size_t)(lf + 1 - s) : buffer_len(lines));
}

void
past_message(struct past *p, const struct look *look, const struct message *m)
{
	struct look plain = *look;

	plain.has_colours = false;
	render_message(&p->lines, &plain, m, ATTENTION_NONE);
	while (buffer_len(&p->lines) > PAST_BYTES)
		drop_first_line(&p->lines);
}

/* `text` is folded.  Without memory nothing is found. */
static bool
has_text(struct slice line, struct slice text)
{
	size_t len;
	char *folded = name_fold_text(line.s, line.len, &len);
	bool has =
	    folded != NULL && memmem(folded, len, text.s, text.len) != NULL;

	free(folded);
	return has;
}

size_t
past_find(
    const struct past *p, struct slice text, size_t most, struct buffer *out)
{
	const char *s = buffer_data(&p->lines),
		   *end = s + buffer_len(&p->lines);
	struct buffer found = { 0 };
	struct slice wanted;
	char *folded = name_fold_text(text.s, text.len, &wanted.len);
	size_t n = 0;

	wanted.s = folded;
	while (folded != NULL && s < end) {
		const char *lf = memchr(s, '\n', (size_t)(end - s));
		struct slice line;

		/* A line that memory was lacking for. */
		if (lf == NULL)
			break;
		line = (struct slice){ s, (size_t)(lf + 1 - s) };
		if (has_text(line, wanted)) {
			buffer_append(&found, line.s, line.len);
			n++;
		}
		s += line.len;
	}
	for (; n > most; n--)
		drop_first_line(&found);
	buffer_append(out, buffer_data(&found), buffer_len(&found));
	buffer_free(&found);
	free(folded);
	return n;
}
