/* test_directory_map.c - the shared memory: created by one, recognised by the
 * next, removed by whoever may.
 *
 * A master owns its table as a process, so other masters are processes: one
 * that is spawned creates the table, tells so, and waits to be killed. */
#include "ipc/directory.h"

#include "ipc/instance.h"
#include "tests/harness_directory.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define N_STARTERS 8
#define N_STARTS 200

struct shared {
	pthread_barrier_t barrier;
	_Atomic bool is_up;
	_Atomic unsigned n_opened, n_held, n_other, n_removed;
	/* who opened; and whom each other one was told, who may be another
	 * starter that looked at it in the same moment */
	_Atomic pid_t opened_by;
	_Atomic pid_t told[N_STARTERS];
};

static char shm_name[TEST_NAME_BYTES];
static struct shared *shared;

static void
set_up(void)
{
	test_shm_name(shm_name);
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cr_assert_neq(shared, MAP_FAILED);
}

TestSuite(directory_map, .init = set_up, .fini = harness_clean,
    .timeout = SUITE_TIMEOUT);

struct creation {
	enum dir_open_result result;
	struct directory *dir;
	pid_t master_pid;
	bool removed_stale;
};

static struct creation
create(void)
{
	const struct dir_config config = {
		.shm_name = shm_name,
		.instance = "test",
		.run_dir = "/run/test",
		.max_users = 10,
	};
	struct creation c = { .dir = NULL };

	c.result =
	    directory_create(&config, &c.dir, &c.master_pid, &c.removed_stale);
	return c;
}

static enum dir_open_result
open_it(void)
{
	struct directory *dir = NULL;
	enum dir_open_result result = directory_open(shm_name, geteuid(), &dir);

	directory_close(dir);
	return result;
}

static bool
exists(void)
{
	char path[TEST_NAME_BYTES + 16];

	snprintf(path, sizeof path, "/dev/shm%s", shm_name);
	return access(path, F_OK) == 0;
}

/* A file of `len` bytes under our name, as somebody else might leave it. */
static int
make_file(const void *bytes, size_t len)
{
	int fd = shm_open(shm_name, O_RDWR | O_CREAT | O_EXCL, 0600);

	cr_assert_neq(fd, -1, "%s", strerror(errno));
	cr_assert_eq(write(fd, bytes, len), (ssize_t)len);
	return fd;
}

/* A master that is killed ------------------------------------------------- */

static int
be_master(void *spoil)
{
	struct creation c = create();

	if (c.result != DIR_OPENED)
		return 1;
	if (spoil != NULL)
		c.dir->header->layout_version++;
	atomic_store(&shared->is_up, true);
	for (;;)
		(void)pause();
	return 0;
}

static bool
is_up(void *arg)
{
	(void)arg;
	return atomic_load(&shared->is_up);
}

static pid_t
start_master(void *spoil)
{
	pid_t pid;

	atomic_store(&shared->is_up, false);
	pid = spawn(be_master, spoil);
	cr_assert(wait_until(is_up, NULL, PATIENCE_MS));
	return pid;
}

#define OF_ANOTHER_VERSION ((void *)1)

/* Creating ---------------------------------------------------------------- */

Test(directory_map, is_created_for_its_owner_alone_and_backed)
{
	struct creation c = create();
	const struct dir_header *h;
	struct stat st;

	cr_assert_eq(c.result, DIR_OPENED);
	cr_expect_not(c.removed_stale);
	h = c.dir->header;
	cr_expect_eq(h->magic, DIR_MAGIC);
	cr_expect_eq(h->layout_version, DIR_LAYOUT_VERSION);
	cr_expect_eq(h->master_pid, getpid());
	cr_expect_eq(h->max_users, 10);
	cr_expect_geq(h->n_slots, 10);
	cr_expect_str_eq(h->instance, "test");
	cr_expect_str_eq(h->run_dir, "/run/test");
	cr_assert_eq(fstat(c.dir->fd, &st), 0);
	cr_expect_eq(st.st_mode & 07777, 0600);
	cr_expect_geq(st.st_blocks * 512, st.st_size, "a hole is a SIGBUS");
	cr_expect_geq((size_t)st.st_size, c.dir->map_len);
	cr_expect_eq(fcntl(c.dir->fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	test_directory_is_sound(c.dir);
	directory_remove(c.dir, shm_name);
	cr_expect_not(exists());
	directory_close(c.dir);
	directory_close(NULL);
}

Test(directory_map, that_is_held_is_not_created_again)
{
	pid_t master = start_master(NULL);
	struct creation c = create();

	cr_expect_eq(c.result, DIR_OPEN_HELD);
	cr_expect_eq(c.master_pid, master, "it says who holds it");
	cr_expect_not(c.removed_stale);
	cr_expect_eq(open_it(), DIR_OPENED, "and is as it was");
	kill_and_await(master);
}

Test(directory_map, of_another_version_that_is_held_is_left_alone)
{
	pid_t master = start_master(OF_ANOTHER_VERSION);
	struct creation c = create();

	cr_expect_eq(c.result, DIR_OPEN_HELD);
	cr_expect_eq(c.master_pid, master);
	cr_expect_eq(open_it(), DIR_OPEN_VERSION);
	kill_and_await(master);
}

Test(directory_map, of_a_dead_master_is_replaced)
{
	pid_t master = start_master(NULL);
	struct directory *old = NULL;
	struct creation c;

	cr_assert_eq(directory_open(shm_name, geteuid(), &old), DIR_OPENED);
	kill_and_await(master);
	c = create();
	cr_assert_eq(c.result, DIR_OPENED);
	cr_expect(c.removed_stale);
	cr_expect_eq(c.dir->header->master_pid, getpid());
	cr_expect_neq(c.dir->ino, old->ino,
	    "a new file: who has the old one "
	    "mapped is not in the way");
	directory_close(old);
	directory_close(c.dir);
}

Test(directory_map, of_another_version_is_replaced_when_its_master_is_dead)
{
	struct creation c;

	kill_and_await(start_master(OF_ANOTHER_VERSION));
	cr_expect_eq(open_it(), DIR_OPEN_VERSION);
	c = create();
	cr_expect_eq(c.result, DIR_OPENED);
	cr_expect(c.removed_stale);
	cr_expect_eq(open_it(), DIR_OPENED);
	directory_close(c.dir);
}

Test(directory_map, leaves_alone_what_is_not_chatds)
{
	static char foreign[65536];
	struct creation c;
	char back[16];
	int fd;

	memset(foreign, 'x', sizeof foreign);
	fd = make_file(foreign, sizeof foreign);
	c = create();
	cr_expect_eq(c.result, DIR_OPEN_FOREIGN);
	cr_expect_eq(open_it(), DIR_OPEN_FOREIGN);
	cr_expect(exists());
	cr_expect_eq(pread(fd, back, sizeof back, 0), (ssize_t)sizeof back);
	cr_expect_eq(memcmp(back, foreign, sizeof back), 0);
	close(fd);
}

Test(directory_map, leaves_alone_what_is_short_and_not_chatds)
{
	struct creation c;

	close(make_file("hi", 2));
	c = create();
	cr_expect_eq(c.result, DIR_OPEN_FOREIGN);
	cr_expect_eq(open_it(), DIR_OPEN_FOREIGN);
	cr_expect(exists());
}

Test(directory_map, of_another_user_is_not_read)
{
	struct creation c = create();
	struct directory *dir;

	cr_assert_eq(c.result, DIR_OPENED);
	cr_expect_eq(
	    directory_open(shm_name, geteuid() + 1, &dir), DIR_OPEN_FOREIGN);
	directory_remove(c.dir, shm_name);
	directory_close(c.dir);
}

/* Anybody may make one in /dev/shm, and never write to it. */
Test(directory_map, that_is_a_fifo_holds_nobody_up)
{
	char path[TEST_PATH_BYTES];

	snprintf(path, sizeof path, "/dev/shm%s", shm_name);
	cr_assert_eq(mkfifo(path, 0600), 0);
	cr_expect_eq(open_it(), DIR_OPEN_FOREIGN);
	cr_expect_eq(create().result, DIR_OPEN_FOREIGN);
	cr_expect(exists());
}

/* Only root can make what belongs to another. */
Test(directory_map, leaves_alone_what_is_another_users)
{
	int fd = make_file("", 0);
	struct creation c;

	if (geteuid() == 0) {
		cr_assert_eq(fchown(fd, 65534, 65534), 0);
		c = create();
		cr_expect_eq(c.result, DIR_OPEN_FOREIGN);
		cr_expect(exists());
	}
	close(fd);
}

Test(directory_map, replaces_what_a_starter_left_who_died_at_once)
{
	static const char zeros[65536];
	struct creation c;

	close(make_file("", 0));
	c = create();
	cr_assert_eq(c.result, DIR_OPENED, "no bytes yet");
	directory_remove(c.dir, shm_name);
	directory_close(c.dir);

	close(make_file(zeros, sizeof zeros));
	cr_expect_eq(open_it(), DIR_OPEN_FOREIGN);
	c = create();
	cr_assert_eq(c.result, DIR_OPENED, "no magic yet");
	directory_close(c.dir);
}

/* Looking whether it could be created -------------------------------------- */

static void
is_found_to_be(enum dir_open_result expected, pid_t master, bool is_stale)
{
	bool stale = !is_stale;
	pid_t pid = -1;

	cr_expect_eq(directory_probe(shm_name, &pid, &stale), expected);
	cr_expect_eq(pid, master);
	cr_expect_eq(stale, is_stale);
}

Test(directory_map, is_probed_without_being_touched)
{
	pid_t master;

	is_found_to_be(DIR_OPENED, 0, false);
	cr_expect_not(exists());
	master = start_master(NULL);
	is_found_to_be(DIR_OPEN_HELD, master, false);
	cr_expect_eq(create().result, DIR_OPEN_HELD, "still");
	kill_and_await(master);
	is_found_to_be(DIR_OPENED, 0, true);
	is_found_to_be(DIR_OPENED, 0, true);
	cr_expect_eq(open_it(), DIR_OPENED, "still there");
}

Test(directory_map, that_is_not_chatds_is_found_out_by_a_probe)
{
	close(make_file("hi", 2));
	is_found_to_be(DIR_OPEN_FOREIGN, 0, false);
	cr_expect(exists());
}

Test(directory_map, has_the_size_that_was_told)
{
	struct creation c = create();

	cr_assert_eq(c.result, DIR_OPENED);
	cr_expect_eq(c.dir->map_len, directory_size(c.dir->header->max_users));
	directory_remove(c.dir, shm_name);
	directory_close(c.dir);
}

/* Reading ----------------------------------------------------------------- */

Test(directory_map, that_does_not_exist_is_not_opened)
{
	cr_expect_eq(open_it(), DIR_OPEN_FAILED);
	cr_expect_eq(errno, ENOENT);
}

Test(directory_map, says_whether_its_master_lives)
{
	pid_t master = start_master(NULL);
	struct directory *dir = NULL;

	cr_assert_eq(directory_open(shm_name, geteuid(), &dir), DIR_OPENED);
	cr_expect_eq(directory_master_pid(dir), master);
	cr_expect_eq(dir->header->master_pid, master);
	kill_and_await(master);
	cr_expect_eq(directory_master_pid(dir), 0);
	directory_close(dir);
}

/* The ownership goes with the master and not with its children, however many
 * descriptors of the file they close. */
static int
be_child(void *dir)
{
	struct directory *view = dir;

	directory_become(view, (struct user_ref){ 0, 1 });
	for (;;)
		(void)pause();
	return 0;
}

static int
be_master_with_a_child(void *arg)
{
	struct creation c = create();
	struct user_ref ref;
	pid_t pid;

	(void)arg;
	if (c.result != DIR_OPENED || !directory_claim(c.dir, "x", &ref))
		return 1;
	pid = fork();
	if (pid == 0)
		_exit(be_child(c.dir));
	atomic_store(&shared->opened_by, pid);
	atomic_store(&shared->is_up, true);
	for (;;)
		(void)pause();
	return 0;
}

Test(directory_map, is_stale_although_a_child_outlives_its_master)
{
	pid_t master = spawn(be_master_with_a_child, NULL), child;
	struct directory *dir = NULL;
	struct creation c;

	cr_assert(wait_until(is_up, NULL, PATIENCE_MS));
	child = atomic_load(&shared->opened_by);
	cr_assert_eq(directory_open(shm_name, geteuid(), &dir), DIR_OPENED);
	cr_expect_eq(directory_master_pid(dir), master);
	kill_and_await(master);
	cr_expect_eq(directory_master_pid(dir), 0);
	c = create();
	cr_expect_eq(c.result, DIR_OPENED);
	cr_expect(c.removed_stale);
	(void)kill(child, SIGKILL);
	cr_expect(wait_until(is_gone, &child, PATIENCE_MS));
	directory_close(c.dir);
	directory_close(dir);
}

static int
write_to_it(void *dir)
{
	struct directory *view = dir;

	/* AddressSanitizer would tell of it at length. */
	close(STDERR_FILENO);
	view->header->n_joined = 7;
	return 0;
}

Test(directory_map, is_mapped_for_reading_only)
{
	pid_t master = start_master(NULL);
	struct directory *dir = NULL;
	int status;

	cr_assert_eq(directory_open(shm_name, geteuid(), &dir), DIR_OPENED);
	cr_expect_eq(dir->own_slot, DIR_NO_SLOT);
	status = await(spawn(write_to_it, dir));
	cr_expect_neq(status, 0);
	cr_expect_eq(dir->header->n_joined, 0);
	kill_and_await(master);
	directory_close(dir);
}

/* Set one field of a good table, and try to open that. */
static enum dir_open_result
open_with(size_t offset, uint32_t value)
{
	int fd = shm_open(shm_name, O_RDWR | O_CLOEXEC, 0);
	enum dir_open_result result;
	uint32_t old;

	cr_assert_neq(fd, -1);
	cr_assert_eq(pread(fd, &old, sizeof old, (off_t)offset), 4);
	cr_assert_eq(pwrite(fd, &value, sizeof value, (off_t)offset), 4);
	result = open_it();
	cr_assert_eq(pwrite(fd, &old, sizeof old, (off_t)offset), 4);
	close(fd);
	return result;
}

#define FIELD(name) offsetof(struct dir_header, name)

Test(directory_map, whose_sizes_do_not_fit_is_refused)
{
	struct creation c;
	uint32_t n;

	kill_and_await(start_master(NULL));
	cr_assert_eq(open_it(), DIR_OPENED);
	c.result = directory_open(shm_name, geteuid(), &c.dir);
	cr_assert_eq(c.result, DIR_OPENED);
	n = c.dir->header->n_slots;
	directory_close(c.dir);

	cr_expect_eq(open_with(FIELD(magic), 1), DIR_OPEN_FOREIGN);
	cr_expect_eq(open_with(FIELD(layout_version), 0), DIR_OPEN_VERSION);
	cr_expect_eq(open_with(FIELD(layout_version), DIR_LAYOUT_VERSION + 1),
	    DIR_OPEN_VERSION);
	cr_expect_eq(open_with(FIELD(header_size), 64), DIR_OPEN_VERSION);
	cr_expect_eq(open_with(FIELD(slot_size), 64), DIR_OPEN_VERSION);
	cr_expect_eq(open_with(FIELD(n_slots), n + 1), DIR_OPEN_FOREIGN);
	cr_expect_eq(open_with(FIELD(n_slots), UINT32_MAX), DIR_OPEN_FOREIGN);
	cr_expect_eq(
	    open_with(FIELD(n_slots), UINT32_MAX / 2), DIR_OPEN_FOREIGN);
	cr_expect_eq(open_with(FIELD(n_buckets), 0), DIR_OPEN_FOREIGN);
	cr_expect_eq(open_with(FIELD(n_buckets), UINT32_MAX), DIR_OPEN_FOREIGN);
	cr_expect_eq(open_with(FIELD(n_slots_used), n), DIR_OPENED);
	cr_expect_eq(open_with(FIELD(n_slots_used), n + 1), DIR_OPEN_FOREIGN);
	cr_expect_eq(open_it(), DIR_OPENED);
}

Test(directory_map, that_is_cut_short_is_refused)
{
	int fd;
	struct stat st;

	kill_and_await(start_master(NULL));
	fd = shm_open(shm_name, O_RDWR | O_CLOEXEC, 0);
	cr_assert_neq(fd, -1);
	cr_assert_eq(fstat(fd, &st), 0);
	cr_assert_eq(ftruncate(fd, st.st_size - 1), 0);
	cr_expect_eq(open_it(), DIR_OPEN_FOREIGN);
	cr_assert_eq(ftruncate(fd, sizeof(struct dir_header)), 0);
	cr_expect_eq(open_it(), DIR_OPEN_FOREIGN);
	cr_assert_eq(ftruncate(fd, sizeof(struct dir_header) - 1), 0);
	cr_expect_eq(open_it(), DIR_OPEN_FOREIGN);
	cr_assert_eq(ftruncate(fd, 8), 0);
	cr_expect_eq(open_it(), DIR_OPEN_FOREIGN);
	cr_assert_eq(ftruncate(fd, 0), 0);
	cr_expect_eq(open_it(), DIR_OPEN_FOREIGN);
	close(fd);
}

/* Removing ---------------------------------------------------------------- */

Test(directory_map, is_removed_only_while_the_name_means_it)
{
	struct creation c = create();
	int fd;

	cr_assert_eq(c.result, DIR_OPENED);
	cr_assert_eq(shm_unlink(shm_name), 0);
	fd = make_file("another's", 9);
	directory_remove(c.dir, shm_name);
	cr_expect(exists());
	close(fd);
	cr_assert_eq(shm_unlink(shm_name), 0);
	directory_remove(c.dir, shm_name);
	directory_close(c.dir);
}

/* 0 when it was ours to remove. */
static int
inherit_and_remove(void *dir)
{
	if (!directory_inherit(dir, shm_name))
		return 1;
	directory_remove(dir, shm_name);
	return 0;
}

static int
remove_as_a_child(void *dir)
{
	directory_become(dir, (struct user_ref){ 0, 1 });
	return inherit_and_remove(dir);
}

Test(directory_map, is_not_removed_by_a_child_while_the_master_lives)
{
	struct creation c = create();

	cr_assert_eq(c.result, DIR_OPENED);
	cr_assert_eq(await(spawn(remove_as_a_child, c.dir)), 1);
	cr_expect(exists());
	cr_expect_eq(open_it(), DIR_OPENED);
	directory_close(c.dir);
}

/* The last of a dead master's children. */
static int
outlive_and_remove(void *arg)
{
	struct creation c = create();
	pid_t pid;

	(void)arg;
	if (c.result != DIR_OPENED)
		return 1;
	pid = fork();
	if (pid != 0)
		return 0;
	while (directory_master_pid(c.dir) != 0)
		;
	(void)remove_as_a_child(c.dir);
	_exit(0);
}

static bool
is_removed(void *arg)
{
	(void)arg;
	return !exists();
}

Test(directory_map, is_removed_by_a_child_when_the_master_is_dead)
{
	cr_assert_eq(await(spawn(outlive_and_remove, NULL)), 0);
	cr_expect(wait_until(is_removed, NULL, PATIENCE_MS));
}

Test(directory_map, of_the_next_master_is_not_removed_by_a_late_child)
{
	pid_t master = spawn(be_master_with_a_child, NULL), child;
	struct directory *old = NULL;
	struct creation c;

	cr_assert(wait_until(is_up, NULL, PATIENCE_MS));
	child = atomic_load(&shared->opened_by);
	cr_assert_eq(directory_open(shm_name, geteuid(), &old), DIR_OPENED);
	kill_and_await(master);
	c = create();
	cr_assert_eq(c.result, DIR_OPENED);
	/* as the child would; with the old table in hand */
	cr_expect_eq(await(spawn(inherit_and_remove, old)), 1);
	cr_expect(exists());
	cr_expect_eq(open_it(), DIR_OPENED);
	(void)kill(child, SIGKILL);
	cr_expect(wait_until(is_gone, &child, PATIENCE_MS));
	directory_close(old);
	directory_close(c.dir);
}

/* Many at once ------------------------------------------------------------ */

static int
start_with_others(void *number)
{
	struct creation c;

	(void)pthread_barrier_wait(&shared->barrier);
	c = create();
	if (c.result == DIR_OPENED) {
		atomic_fetch_add(&shared->n_opened, 1);
		atomic_store(&shared->opened_by, getpid());
	} else if (c.result == DIR_OPEN_HELD) {
		atomic_fetch_add(&shared->n_held, 1);
		atomic_store(&shared->told[(uintptr_t)number], c.master_pid);
	} else {
		atomic_fetch_add(&shared->n_other, 1);
	}
	atomic_fetch_add(&shared->n_removed, c.removed_stale);
	/* The winner owns the table until all have had their answer. */
	(void)pthread_barrier_wait(&shared->barrier);
	directory_close(c.dir);
	return 0;
}

static void
start_many(bool on_a_stale_one)
{
	pthread_barrierattr_t attr;

	cr_assert_eq(pthread_barrierattr_init(&attr), 0);
	cr_assert_eq(
	    pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED), 0);
	cr_assert_eq(
	    pthread_barrier_init(&shared->barrier, &attr, N_STARTERS), 0);
	for (int start = 0; start < N_STARTS; start++) {
		pid_t pids[N_STARTERS];
		unsigned n_told;

		shared->n_opened = shared->n_held = shared->n_other = 0;
		shared->n_removed = 0;
		/* The winner of the time before has left its table. */
		if (!on_a_stale_one)
			(void)shm_unlink(shm_name);
		for (uintptr_t i = 0; i < N_STARTERS; i++) {
			shared->told[i] = 0;
			pids[i] = spawn(start_with_others, (void *)i);
		}
		for (int i = 0; i < N_STARTERS; i++)
			cr_assert_eq(await(pids[i]), 0);
		cr_assert_eq(shared->n_opened, 1,
		    "start %d: %u opened, %u were told who holds it, %u "
		    "something else",
		    start, shared->n_opened, shared->n_held, shared->n_other);
		cr_assert_eq(shared->n_held, N_STARTERS - 1,
		    "start %d: %u were told who holds it, %u something else",
		    start, shared->n_held, shared->n_other);
		n_told = 0;
		for (int i = 0; i < N_STARTERS; i++)
			n_told += shared->told[i] != 0;
		cr_assert_eq(n_told, N_STARTERS - 1, "start %d", start);
		cr_assert_eq(open_it(), DIR_OPENED);
	}
}

Test(directory_map, is_created_by_one_of_many)
{
	start_many(false);
}

Test(directory_map, of_a_dead_master_is_replaced_by_one_of_many)
{
	start_many(true);
}
