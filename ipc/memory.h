/* memory.h - large buffers: pages that nobody has touched, and giving them back
 * after a burst.
 *
 * Every user is a process, so what one of them has touched once and does not
 * need is there as many times as there are users. */
#ifndef IPC_MEMORY_H
#define IPC_MEMORY_H

#include <stddef.h>

/* Zeros, a mapping by itself: pages that are never touched take no memory, and
 * no page of an allocator's is touched.  NULL with errno; memory_unmap. */
void *memory_map(size_t size);
/* The same, of which a fork has nothing: neither the content nor, after the
 * parent has written to it, an old copy for itself alone. */
void *memory_map_unforked(size_t size);
void memory_unmap(void *start, size_t size);

/* The content of [start, start + len) is of no use any more: the whole pages in
 * it take no memory until they are written to again, and read as zeros, or as
 * they were.  The memory is private, of the heap or anonymous. */
void memory_give_back(void *start, size_t len);

#endif
