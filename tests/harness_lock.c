/* harness_lock.c - writing the lock word from outside. */
#include "tests/harness_lock.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

static void
unmap_header(void *header)
{
	(void)munmap(header, sizeof(struct dir_header));
}

struct dir_header *
server_header(const struct server *s)
{
	int fd = shm_open(s->shm_name, O_RDWR | O_CLOEXEC, 0);
	struct dir_header *header;

	cr_assert_neq(fd, -1);
	header = mmap(
	    NULL, sizeof *header, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	cr_assert_neq(header, MAP_FAILED);
	close(fd);
	harness_on_clean(unmap_header, header);
	return header;
}

uint64_t
lock_identity_of(const struct server *s, const char *name)
{
	struct dir_row row;

	cr_assert(server_find(s, name, &row));
	return dir_identity(row.ref.slot, row.ref.generation);
}

void
lock_hold(struct dir_header *header, uint64_t identity)
{
	uint64_t nobody = LOCK_FREE;

	cr_assert(atomic_compare_exchange_strong(
		      &header->lock.holder, &nobody, identity),
	    "somebody holds the lock");
}

void
lock_free(struct dir_header *header, uint64_t identity)
{
	cr_assert(atomic_compare_exchange_strong(
		      &header->lock.holder, &identity, LOCK_FREE),
	    "the lock was taken from a holder that lives");
}

void
lock_is_held_by(const struct server *s, const char *name)
{
	lock_hold(server_header(s), lock_identity_of(s, name));
}

pid_t
lock_is_stuck_with(const struct server *s, const char *name)
{
	pid_t child = server_child_pid(s, name);

	(void)kill(s->pid, SIGSTOP);
	(void)kill(child, SIGSTOP);
	lock_is_held_by(s, name);
	return child;
}
