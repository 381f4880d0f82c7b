/* who_screen.h - the screen that a watch is drawn on in place: the alternate
 * one, without cursor and line wrapping; and the keyboard before it, whose keys
 * come at once and unseen.  Standard output and input; one in a process. */
#ifndef TOOLS_WHO_SCREEN_H
#define TOOLS_WHO_SCREEN_H

#include <stdbool.h>

/* Take it, unless it is taken; what is printed from now on goes there.  False:
 * not now, for this process is in the background, or the screen is held (^S);
 * then print nothing. */
bool who_screen_take(void);

/* Where keys can be read, if the screen is taken and standard input is a
 * terminal that is ours at the moment; else -1. */
int who_screen_key_fd(void);

/* Keys have come to their end: who_screen_key_fd is -1 from here. */
void who_screen_end_keys(void);

/* Give it back, unless it is not taken.  Does not wait, for there may be nobody
 * who lets a held screen go.  Async-signal-safe. */
void who_screen_give(void);

#endif
