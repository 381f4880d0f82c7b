/* who_scroll.h - which of many rows are on the screen.
 *
 * A place, not a user: rows may come, leave and be sorted under it.  Pure. */
#ifndef TOOLS_WHO_SCROLL_H
#define TOOLS_WHO_SCROLL_H

#include <stdbool.h>
#include <stddef.h>

/* All zero: at the top. */
struct who_scroll {
	/* the first row that is shown */
	size_t first;
	/* how many there were last time, and how many there was room for */
	size_t n_rows, n_room;
};

/* There are so many rows, and room for so many: stay, but for leaving room free
 * below the last of them. */
void who_scroll_fit(struct who_scroll *scroll, size_t n_rows, size_t n_room);

/* A key of who_input.h.  Returns whether it is one that scrolls. */
bool who_scroll_press(struct who_scroll *scroll, int key);

#endif
