/* directory_map.c - the memory that the directory lives in.
 *
 * Creating, mapping, recognising and removing the file; what stands in it is
 * directory.c.  A living master owns its table by an fcntl(2) write lock: it
 * goes with the process however that dies, is not inherited by children, and
 * F_GETLK names its holder.  (It also goes when the owner closes any descriptor
 * of the file, so the master opens it once.) */
#include "ipc/directory.h"

#include "ipc/clock.h"
#include "ipc/memory.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Attempts at creating while others create or remove the same name. */
#define CREATE_TRIES 64
#define CREATE_PAUSE_MS 5

/* More slots than users: those who are leaving have theirs for a while yet, and
 * a freed slot rests before it is somebody else's. */
static uint32_t
slots_for(uint32_t max_users)
{
	return max_users + max_users / 4 + 64;
}

static uint32_t
news_for(uint32_t max_users)
{
	return max_users > NEWS_KEPT_MIN ? max_users : NEWS_KEPT_MIN;
}

static size_t
presence_offset(void)
{
	return sizeof(struct dir_header);
}

static size_t
align64(size_t n)
{
	return (n + 63) & ~(size_t)63;
}

static size_t
buckets_offset(uint32_t n_slots)
{
	return presence_offset() + align64(n_slots * sizeof(dir_presence));
}

static size_t
slots_offset(uint32_t n_slots, uint32_t n_buckets)
{
	return buckets_offset(n_slots) +
	       align64(n_buckets * sizeof(_Atomic uint32_t));
}

static size_t
news_offset(uint32_t n_slots, uint32_t n_buckets)
{
	return slots_offset(n_slots, n_buckets) +
	       n_slots * sizeof(struct dir_slot);
}

static size_t
table_size(uint32_t n_slots, uint32_t n_buckets, uint32_t n_news)
{
	return news_offset(n_slots, n_buckets) +
	       n_news * sizeof(struct dir_news);
}

size_t
directory_size(uint32_t max_users)
{
	uint32_t n_slots = slots_for(max_users);

	return table_size(n_slots, n_slots, news_for(max_users));
}

/* Point the view, whose sizes have been set, into the mapping. */
static void
view_set(struct directory *dir, void *map)
{
	char *base = map;

	dir->header = map;
	dir->presence = (dir_presence *)(void *)(base + presence_offset());
	dir->buckets =
	    (_Atomic uint32_t *)(void *)(base + buckets_offset(dir->n_slots));
	dir->slots =
	    (struct dir_slot *)(void *)(base + slots_offset(dir->n_slots,
						   dir->n_buckets));
	dir->news = (struct dir_news *)(void *)(base + news_offset(dir->n_slots,
							   dir->n_buckets));
}

static struct directory *
view_new(void)
{
	struct directory *dir = calloc(1, sizeof *dir);

	if (dir == NULL)
		return NULL;
	dir->fd = -1;
	dir->own_slot = DIR_NO_SLOT;
	dir->self = LOCK_FREE;
	return dir;
}

static size_t
free_size(uint32_t n_slots)
{
	return sizeof(struct dir_free) + n_slots * sizeof(uint32_t);
}

void
directory_close(struct directory *dir)
{
	if (dir == NULL)
		return;
	if (dir->header != NULL)
		(void)munmap(dir->header, dir->map_len);
	if (dir->fd != -1)
		close(dir->fd);
	if (dir->free != NULL)
		memory_unmap(dir->free, free_size(dir->n_slots));
	free(dir);
}

/* Owning the file --------------------------------------------------------- */

static struct flock
whole_file(short type)
{
	return (struct flock){ .l_type = type, .l_whence = SEEK_SET };
}

/* The pid of the process that owns the file, other than this one; 0. */
static pid_t
file_owner(int fd)
{
	struct flock lock = whole_file(F_RDLCK);

	if (fcntl(fd, F_GETLK, &lock) == -1 || lock.l_type == F_UNLCK)
		return 0;
	/* An owner in a pid namespace that we do not see is -1 or 0. */
	return lock.l_pid > 0 ? lock.l_pid : -1;
}

static bool
file_own(int fd)
{
	struct flock lock = whole_file(F_WRLCK);

	return fcntl(fd, F_SETLK, &lock) == 0;
}

/* Whether the name still means the file that `st` is of.  By stat, since
 * opening and closing the file once more would give up the ownership. */
static bool
name_means(const char *shm_name, const struct stat *st)
{
	char path[PATH_MAX];
	struct stat now;

	snprintf(path, sizeof path, "/dev/shm%s", shm_name);
	return lstat(path, &now) == 0 && now.st_dev == st->st_dev &&
	       now.st_ino == st->st_ino;
}

/* Whether the file may be removed as chatd's own leftover: of our user and a
 * directory of any version, or not yet filled in by a starter that died. */
static bool
is_our_leftover(int fd, const struct stat *st)
{
	uint64_t magic = 0;

	if (st->st_uid != geteuid() || !S_ISREG(st->st_mode))
		return false;
	if (st->st_size == 0)
		return true;
	return pread(fd, &magic, sizeof magic, 0) == (ssize_t)sizeof magic &&
	       (magic == DIR_MAGIC || magic == 0);
}

/* The master that serves from the file which `owner` owns; 0 if that is another
 * starter, who looks at a leftover as we do, or has not filled in its own file
 * yet. */
static pid_t
master_of(int fd, pid_t owner)
{
	struct dir_header header;

	if (pread(fd, &header, sizeof header, 0) != (ssize_t)sizeof header ||
	    header.magic != DIR_MAGIC ||
	    (owner != -1 && owner != header.master_pid))
		return 0;
	return header.master_pid;
}

/* Something may have our name.  DIR_OPENED means that it is a leftover, which
 * goes unless it is only to be looked at, or soon will be somebody's for
 * certain: try again. */
static enum dir_open_result
look_at_leftover(const char *shm_name, bool goes, pid_t *master_pid_out,
    bool *is_leftover_out)
{
	enum dir_open_result result = DIR_OPENED;
	struct stat st;
	int fd = shm_open(shm_name, O_RDWR | O_CLOEXEC, 0);

	if (fd == -1)
		return errno == ENOENT   ? DIR_OPENED
		       : errno == EACCES ? DIR_OPEN_FOREIGN
					 : DIR_OPEN_FAILED;
	if (fstat(fd, &st) == -1) {
		result = DIR_OPEN_FAILED;
	} else if (goes ? !file_own(fd) : file_owner(fd) != 0) {
		*master_pid_out = master_of(fd, file_owner(fd));
		result = *master_pid_out != 0 ? DIR_OPEN_HELD : DIR_OPENED;
	} else if (!is_our_leftover(fd, &st)) {
		result = DIR_OPEN_FOREIGN;
	} else if (name_means(shm_name, &st)) {
		*is_leftover_out = !goes || shm_unlink(shm_name) == 0;
	}
	close(fd);
	return result;
}

enum dir_open_result
directory_probe(const char *shm_name, pid_t *master_pid_out, bool *is_stale_out)
{
	*master_pid_out = 0;
	*is_stale_out = false;
	return look_at_leftover(shm_name, false, master_pid_out, is_stale_out);
}

/* Creating ---------------------------------------------------------------- */

static void
copy_string(char *dst, size_t size, const char *src)
{
	snprintf(dst, size, "%s", src);
}

static void
fill_header(const struct directory *dir, struct dir_header *h,
    const struct dir_config *config)
{
	h->layout_version = DIR_LAYOUT_VERSION;
	h->header_size = sizeof *h;
	h->slot_size = sizeof(struct dir_slot);
	h->n_slots = dir->n_slots;
	h->n_buckets = dir->n_buckets;
	h->n_news = dir->n_news;
	h->max_users = dir->max_users;
	h->master_pid = getpid();
	h->started_realtime_s = time(NULL);
	h->started_at = clock_ms();
	copy_string(h->instance, sizeof h->instance, config->instance);
	copy_string(h->run_dir, sizeof h->run_dir, config->run_dir);
}

/* Size, map and fill the file at dir->fd, the magic last. */
static int
fill(struct directory *dir, const struct dir_config *config)
{
	void *map;
	int error;

	dir->max_users = config->max_users;
	dir->n_slots = dir->n_buckets = slots_for(dir->max_users);
	dir->n_news = news_for(dir->max_users);
	assert(dir->n_slots > 0);
	dir->map_len = directory_size(dir->max_users);
	/* Backed now, or every later touch of a full /dev/shm is a SIGBUS. */
	error = posix_fallocate(dir->fd, 0, (off_t)dir->map_len);
	if (error != 0) {
		errno = error;
		return -1;
	}
	map = mmap(
	    NULL, dir->map_len, PROT_READ | PROT_WRITE, MAP_SHARED, dir->fd, 0);
	if (map == MAP_FAILED)
		return -1;
	fill_header(dir, map, config);
	view_set(dir, map);
	for (uint32_t i = 0; i < dir->n_buckets; i++)
		atomic_init(&dir->buckets[i], DIR_NO_SLOT);
	if (lock_init(&dir->header->lock) == -1)
		return -1;

	dir->self = DIR_MASTER_IDENTITY;
	dir->free = memory_map_unforked(free_size(dir->n_slots));
	if (dir->free == NULL)
		return -1;
	dir->free->n = dir->n_slots;
	for (uint32_t i = 0; i < dir->n_slots; i++)
		dir->free->slots[i] = i;
	atomic_thread_fence(memory_order_release);
	dir->header->magic = DIR_MAGIC;
	return 0;
}

/* Own the file that was just created, unless a second starter took it for a
 * leftover in between. */
static bool
own_created(struct directory *dir, const char *shm_name)
{
	struct stat st;

	if (!file_own(dir->fd) || fstat(dir->fd, &st) == -1 ||
	    !name_means(shm_name, &st))
		return false;
	dir->dev = st.st_dev;
	dir->ino = st.st_ino;
	return true;
}

static enum dir_open_result
create_once(
    struct directory *dir, const struct dir_config *config, bool *try_again_out)
{
	*try_again_out = false;
	dir->fd = shm_open(
	    config->shm_name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (dir->fd == -1) {
		*try_again_out = errno == EEXIST;
		return DIR_OPEN_FAILED;
	}
	if (!own_created(dir, config->shm_name)) {
		close(dir->fd);
		dir->fd = -1;
		*try_again_out = true;
		return DIR_OPEN_FAILED;
	}
	if (fill(dir, config) == -1) {
		int saved = errno;

		(void)shm_unlink(config->shm_name);
		errno = saved;
		return DIR_OPEN_FAILED;
	}
	return DIR_OPENED;
}

enum dir_open_result
directory_create(const struct dir_config *config, struct directory **dir_out,
    pid_t *master_pid_out, bool *removed_stale_out)
{
	struct directory *dir = view_new();
	enum dir_open_result result = DIR_OPEN_FAILED;
	bool try_again = true;

	*master_pid_out = 0;
	*removed_stale_out = false;
	if (dir == NULL)
		return DIR_OPEN_FAILED;
	for (int i = 0; i < CREATE_TRIES && try_again; i++) {
		result = create_once(dir, config, &try_again);
		if (!try_again)
			break;
		result = look_at_leftover(
		    config->shm_name, true, master_pid_out, removed_stale_out);
		if (result != DIR_OPENED)
			break;
		(void)poll(NULL, 0, CREATE_PAUSE_MS);
		errno = EBUSY;
		result = DIR_OPEN_FAILED;
	}
	if (result == DIR_OPENED) {
		*dir_out = dir;
	} else {
		int saved = errno;

		directory_close(dir);
		errno = saved;
	}
	return result;
}

/* Reading ----------------------------------------------------------------- */

/* Take the sizes over and check each that the view relies on against that of
 * the file. */
static enum dir_open_result
check_header(struct directory *dir, const struct dir_header *h)
{
	if (h->magic != DIR_MAGIC)
		return DIR_OPEN_FOREIGN;
	if (h->layout_version != DIR_LAYOUT_VERSION ||
	    h->header_size != sizeof *h ||
	    h->slot_size != sizeof(struct dir_slot))
		return DIR_OPEN_VERSION;
	dir->n_slots = h->n_slots;
	dir->n_buckets = h->n_buckets;
	dir->n_news = h->n_news;
	dir->max_users = h->max_users;
	if (dir->n_slots > UINT32_MAX / 2 || dir->n_buckets == 0 ||
	    dir->n_buckets > UINT32_MAX / 2 || dir->n_news == 0 ||
	    dir->n_news > UINT32_MAX / 2 ||
	    table_size(dir->n_slots, dir->n_buckets, dir->n_news) >
		dir->map_len ||
	    atomic_load(&h->n_slots_used) > dir->n_slots)
		return DIR_OPEN_FOREIGN;
	return DIR_OPENED;
}

static enum dir_open_result
map_readonly(struct directory *dir, uid_t owner)
{
	enum dir_open_result result;
	struct stat st;
	void *map;

	if (fstat(dir->fd, &st) == -1)
		return DIR_OPEN_FAILED;
	/* Before anything of it is read: another user could cut it short under
	 * our eyes, which is a SIGBUS. */
	if (!S_ISREG(st.st_mode) || st.st_uid != owner ||
	    (size_t)st.st_size < sizeof(struct dir_header))
		return DIR_OPEN_FOREIGN;
	dir->map_len = (size_t)st.st_size;
	dir->dev = st.st_dev;
	dir->ino = st.st_ino;
	map = mmap(NULL, dir->map_len, PROT_READ, MAP_SHARED, dir->fd, 0);
	if (map == MAP_FAILED)
		return DIR_OPEN_FAILED;
	result = check_header(dir, map);
	if (result == DIR_OPENED)
		view_set(dir, map);
	else
		(void)munmap(map, dir->map_len);
	return result;
}

enum dir_open_result
directory_open(const char *shm_name, uid_t owner, struct directory **dir_out)
{
	struct directory *dir = view_new();
	enum dir_open_result result = DIR_OPEN_FAILED;

	if (dir == NULL)
		return DIR_OPEN_FAILED;
	/* Not waiting for somebody to write into a FIFO of that name. */
	dir->fd = shm_open(shm_name, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
	if (dir->fd != -1)
		result = map_readonly(dir, owner);
	if (result == DIR_OPENED) {
		*dir_out = dir;
	} else {
		int saved = errno;

		directory_close(dir);
		errno = saved;
	}
	return result;
}

pid_t
directory_master_pid(const struct directory *dir)
{
	pid_t owner = file_owner(dir->fd);

	/* Seen from another pid namespace: the header knows its own number. */
	return owner == -1 ? dir->header->master_pid : owner;
}

/* Removing ---------------------------------------------------------------- */

bool
directory_inherit(struct directory *dir, const char *shm_name)
{
	const struct stat st = { .st_dev = dir->dev, .st_ino = dir->ino };

	dir->fd = shm_open(shm_name, O_RDWR | O_CLOEXEC, 0);
	return dir->fd != -1 && file_own(dir->fd) && name_means(shm_name, &st);
}

void
directory_remove(const struct directory *dir, const char *shm_name)
{
	const struct stat st = { .st_dev = dir->dev, .st_ino = dir->ino };

	if (name_means(shm_name, &st))
		(void)shm_unlink(shm_name);
}
