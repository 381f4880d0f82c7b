/* memory.c - madvise(2), in whole pages. */
#include "ipc/memory.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

void
memory_give_back(void *start, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t before = (page - (uintptr_t)start % page) % page;

	if (len <= before)
		return;
	/* If not, it is taken all the same. */
	(void)madvise((char *)start + before, (len - before) / page * page,
	    MADV_DONTNEED);
}
