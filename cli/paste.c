/* paste.c - many lines at once are sent only when asked for twice.  Pure. */
#include "cli/paste.h"

#include <stdlib.h>
#include <string.h>

/* Empty ones are not sent. */
static size_t
count_lines(const char *text)
{
	size_t n = 0;

	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		n += len > 0;
		text += len + (text[len] == '\n');
	}
	return n;
}

size_t
paste_ask(struct paste *p, const char *text)
{
	size_t n = count_lines(text);
	int is_same = p->asked != NULL && strcmp(p->asked, text) == 0;

	paste_forget(p);
	if (n <= PASTE_LINES || is_same)
		return 0;
	/* Without memory it is asked again and again, and nothing is lost. */
	p->asked = strdup(text);
	return n;
}

void
paste_forget(struct paste *p)
{
	free(p->asked);
	p->asked = NULL;
}
