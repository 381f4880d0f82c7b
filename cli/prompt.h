/* prompt.h - the prompt of the input line, which tells how things stand:
 *
 *	alice@lab (12 here, 2 private)>
 *
 * It leaves half of the window to type in, and says less in a narrow one. */
#ifndef CLI_PROMPT_H
#define CLI_PROMPT_H

#include "cli/address.h"
#include "ipc/limits.h"

#include <stdbool.h>
#include <stddef.h>

/* Of the longest name and the longest host. */
#define PROMPT_BYTES (NAME_MAX_BYTES + sizeof(struct address) + 64)

struct prompt {
	const char *name;
	const struct address *server;
	/* 0: not known */
	size_t n_here;
	/* private messages that have not been answered in any way */
	unsigned n_private;
	/* there is no connection */
	bool is_offline;
	/* the name is all that is wanted, and whether there is a connection */
	bool is_bare;
};

/* Write the longest form that fits a window of so many columns; the shortest
 * one is written in any case. */
void prompt_compose(
    const struct prompt *p, int columns, char *out, size_t size);

#endif
