/* who_screen.h - the screen that a watch is drawn on in place: the alternate
 * one, without cursor and line wrapping.  Standard output; one in a process. */
#ifndef TOOLS_WHO_SCREEN_H
#define TOOLS_WHO_SCREEN_H

#include <stdbool.h>

/* Take it, unless it is taken; what is printed from now on goes there.  False:
 * not now, for this process is in the background, or the screen is held (^S);
 * then print nothing. */
bool who_screen_take(void);

/* Give it back, unless it is not taken.  Does not wait, for there may be nobody
 * who lets a held screen go. */
void who_screen_give(void);

#endif
