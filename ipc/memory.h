/* memory.h - giving pages of large buffers back after a burst.
 *
 * Every user is a process, so what one of them has touched once and does not
 * need is there as many times as there are users. */
#ifndef IPC_MEMORY_H
#define IPC_MEMORY_H

#include <stddef.h>

/* The content of [start, start + len) is of no use any more: the whole pages in
 * it take no memory until they are written to again, and read as zeros, or as
 * they were.  The memory is private, of the heap or anonymous. */
void memory_give_back(void *start, size_t len);

#endif
