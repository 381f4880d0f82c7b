/* paste.h - many lines at once are sent only when asked for twice: a clipboard
 * may hold more than one thinks. */
#ifndef CLI_PASTE_H
#define CLI_PASTE_H

#include <stddef.h>

/* More lines than this are asked about. */
#define PASTE_LINES 3

/* All zero is the beginning. */
struct paste {
	/* what has been asked about; NULL: nothing */
	char *asked;
};

/* Somebody wants to send this text.  Returns 0 if it may go, as it has few
 * lines or is what was asked about last; else of how many lines to ask. */
size_t paste_ask(struct paste *p, const char *text);

/* What was asked about will not be sent; also the end of it all. */
void paste_forget(struct paste *p);

#endif
