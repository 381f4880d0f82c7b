/* harness_lock.c - writing the lock word from outside. */
#include "tests/harness_lock.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

void
lock_is_held_by(const struct server *s, const char *name)
{
	int fd = shm_open(s->shm_name, O_RDWR | O_CLOEXEC, 0);
	struct dir_header *header = mmap(
	    NULL, sizeof *header, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	uint64_t nobody = LOCK_FREE;
	struct dir_row row;

	cr_assert_neq(header, MAP_FAILED);
	cr_assert(server_find(s, name, &row));
	cr_assert(atomic_compare_exchange_strong(&header->lock.holder, &nobody,
	    dir_identity(row.ref.slot, row.ref.generation)));
	(void)munmap(header, sizeof *header);
	close(fd);
}
