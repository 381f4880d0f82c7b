/* who_watch.h - the same look again, once a second.
 *
 * On a terminal it is drawn in place, on the alternate screen, and the terminal
 * is given back however the watching ends or pauses (but for SIGKILL).
 * There keys are read too, if standard input is a terminal.  Elsewhere one
 * frame follows the other, an empty line between two. */
#ifndef TOOLS_WHO_WATCH_H
#define TOOLS_WHO_WATCH_H

#include "tools/who_draw.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* How much can be seen at once; SIZE_MAX for no limit. */
struct who_size {
	size_t columns, lines;
};

/* The width of the terminal that standard output is; else $COLUMNS if that is
 * set; else without limit.  Lines are limited only where it is drawn in place:
 * elsewhere they scroll. */
struct who_size who_size_now(bool in_place);

/* Where a look is written to. */
struct who_frame {
	/* the look, what was wrong with it, a line each, and what is asked */
	FILE *out, *why, *question;
	/* what of `out` can be scrolled; nothing unless it is set */
	struct who_rows rows;
};

/* Writes one look; false when that was not even possible. */
typedef bool who_frame_fn(
    void *arg, struct who_size size, struct who_frame *frame);

/* A key was pressed, of who_input.h; the next look comes at once.  False ends
 * the watching. */
typedef bool who_key_fn(void *arg, int key);

struct who_watch {
	who_frame_fn *frame;
	who_key_fn *key;
	void *arg;
	/* which rows are drawn; moved by `key` */
	struct who_scroll *scroll;
	/* draw in place; standard output is a terminal */
	bool in_place;
	/* what stands between two frames that are not drawn in place */
	const char *separator;
};

/* Watch until a signal or a key ends it.  Returns false when a frame could not
 * be made or written, with errno. */
bool who_watch_run(const struct who_watch *watch);

#endif
