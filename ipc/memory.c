/* memory.c - mmap(2) and madvise(2). */
#include "ipc/memory.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

void *
memory_map(size_t size)
{
	const int prot = PROT_READ | PROT_WRITE;
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
	/* cppcheck knows mmap for files only. */
	/* cppcheck-suppress invalidFunctionArg */
	void *start = mmap(NULL, size, prot, flags, -1, 0);

	/* cppcheck-suppress memleak */
	return start == MAP_FAILED ? NULL : start;
}

void *
memory_map_unforked(size_t size)
{
	void *start = memory_map(size);

	/* If not, the fork only has more than it needs. */
	if (start != NULL)
		(void)madvise(start, size, MADV_DONTFORK);
	return start;
}

void
memory_unmap(void *start, size_t size)
{
	(void)munmap(start, size);
}

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
