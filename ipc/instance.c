/* instance.c - run directories and the names of instances.
 *
 * The master creates and removes, the last child removes after a master that
 * was killed, chat-who only looks.  The shared memory's contents are none of
 * this file's business. */
#include "ipc/instance.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Attempts at removing a directory in which late children still bind. */
#define REMOVE_TRIES 16

enum run_dir_result
run_dir_default(char *path, size_t size)
{
	const char *xdg = getenv("XDG_RUNTIME_DIR");
	int len;

	if (geteuid() == 0)
		len = snprintf(path, size, "/run/chatd");
	else if (xdg != NULL && xdg[0] == '/')
		len = snprintf(path, size, "%s/chatd", xdg);
	else
		/* In memory, where sockets come and go faster than in /tmp. */
		len = snprintf(
		    path, size, "/dev/shm/chatd-%u", (unsigned)geteuid());
	return (size_t)len < size ? RUN_DIR_OK : RUN_DIR_TOO_LONG;
}

/* The path without slashes at its end, which would have lstat follow a link. */
static bool
trim_slashes(const char *path, char trimmed[PATH_MAX])
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	if (len >= PATH_MAX)
		return false;
	memcpy(trimmed, path, len);
	trimmed[len] = '\0';
	return true;
}

static enum run_dir_result
resolve(const char *path, struct run_dir *out, struct stat *st)
{
	char resolved[PATH_MAX];

	if (realpath(path, resolved) == NULL || stat(resolved, st) == -1)
		return RUN_DIR_FAILED;
	if (!S_ISDIR(st->st_mode))
		return RUN_DIR_NOT_A_DIRECTORY;
	if (strlen(resolved) >= sizeof out->path)
		return RUN_DIR_TOO_LONG;
	memcpy(out->path, resolved, strlen(resolved) + 1);
	out->uid = st->st_uid;
	return RUN_DIR_OK;
}

enum run_dir_result
run_dir_create(const char *given, struct run_dir *out)
{
	enum run_dir_result result;
	char path[PATH_MAX];
	struct stat st;

	if (!trim_slashes(given, path))
		return RUN_DIR_TOO_LONG;
	if (mkdir(path, 0700) == -1 && errno != EEXIST)
		return RUN_DIR_FAILED;
	/* In /tmp anybody may have put a link where ours should be. */
	if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode) &&
	    st.st_uid != geteuid() && st.st_uid != 0)
		return RUN_DIR_FOREIGN;
	result = resolve(path, out, &st);
	if (result != RUN_DIR_OK)
		return result;
	if (st.st_uid != geteuid())
		return RUN_DIR_FOREIGN;
	return st.st_mode & (S_IWGRP | S_IWOTH) ? RUN_DIR_WRITABLE : RUN_DIR_OK;
}

enum run_dir_result
run_dir_open(const char *path, struct run_dir *out)
{
	struct stat st;

	return resolve(path, out, &st);
}

const char *
run_dir_result_text(enum run_dir_result result)
{
	switch (result) {
	case RUN_DIR_OK:
		return "fine";
	case RUN_DIR_FAILED:
		return strerror(errno);
	case RUN_DIR_NOT_A_DIRECTORY:
		return "it is not a directory";
	case RUN_DIR_FOREIGN:
		return "it belongs to another user; name one of your own with "
		       "--run-dir";
	case RUN_DIR_WRITABLE:
		return "others may write to it; take that away with chmod go-w";
	case RUN_DIR_TOO_LONG:
		return "its path is too long";
	}
	return "unknown";
}

bool
instance_name_is_valid(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > INSTANCE_MAX_BYTES || name[0] == '.')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)name[i]) &&
		    strchr("._-", name[i]) == NULL)
			return false;
	return true;
}

void
instance_shm_name(
    char name[INSTANCE_SHM_BYTES], uid_t uid, const char *instance)
{
	snprintf(
	    name, INSTANCE_SHM_BYTES, "/chatd-%u-%s", (unsigned)uid, instance);
}

/* "SLOT.GENERATION", what mailbox.c names its sockets. */
static bool
is_mailbox_name(const char *name)
{
	size_t slot = strspn(name, "0123456789");
	size_t generation;

	if (slot == 0 || name[slot] != '.')
		return false;
	generation = strspn(name + slot + 1, "0123456789");
	return generation > 0 && name[slot + 1 + generation] == '\0';
}

static bool
is_mailbox(int dir_fd, const char *name)
{
	struct stat st;

	return is_mailbox_name(name) &&
	       fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISSOCK(st.st_mode);
}

/* Remove every mailbox in the directory open at `dir_fd`, which is taken over.
 */
static void
remove_mailboxes(int dir_fd)
{
	DIR *stream = fdopendir(dir_fd);
	struct dirent *entry;

	if (stream == NULL) {
		close(dir_fd);
		return;
	}
	while ((entry = readdir(stream)) != NULL)
		if (is_mailbox(dirfd(stream), entry->d_name))
			(void)unlinkat(dirfd(stream), entry->d_name, 0);
	closedir(stream);
}

static int
try_remove_instance_dir(int run_fd, const char *instance)
{
	int fd = openat(
	    run_fd, instance, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	remove_mailboxes(fd);
	return unlinkat(run_fd, instance, AT_REMOVEDIR) == -1 && errno != ENOENT
		   ? -1
		   : 0;
}

/* 0 when the name is free or has become so. */
static int
remove_instance_dir(int run_fd, const char *instance)
{
	int result = -1;

	for (int i = 0; i < REMOVE_TRIES && result == -1; i++) {
		result = try_remove_instance_dir(run_fd, instance);
		if (result == -1 && errno != ENOTEMPTY && errno != EEXIST)
			break;
	}
	return result;
}

int
instance_enter(const struct run_dir *run_dir, const char *instance)
{
	int result = -1, saved;
	int run_fd = open(run_dir->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = -1;

	if (run_fd == -1)
		return -1;
	/* Removed and made anew, never emptied and kept: children of a dead
	 * server have the old one as their working directory, and there they
	 * cannot touch mailboxes that happen to have the names of theirs. */
	(void)remove_instance_dir(run_fd, instance);
	if (mkdirat(run_fd, instance, 0700) == -1)
		goto out;
	fd = openat(
	    run_fd, instance, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		goto out;
	result = fchdir(fd);
out:
	saved = errno;
	if (fd != -1)
		close(fd);
	close(run_fd);
	errno = saved;
	return result;
}

/* Whether RUN_DIR/INSTANCE is still the directory that we work in, and not one
 * that a later server made under the name. */
static bool
is_working_directory(int run_fd, const char *instance)
{
	struct stat here, there;

	return stat(".", &here) == 0 &&
	       fstatat(run_fd, instance, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	       here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

void
instance_remove(const struct run_dir *run_dir, const char *instance)
{
	int run_fd = open(run_dir->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (run_fd == -1)
		return;
	if (is_working_directory(run_fd, instance))
		(void)remove_instance_dir(run_fd, instance);
	close(run_fd);
}

bool
instance_is_lost(void)
{
	struct stat here;

	return stat(".", &here) == -1 || here.st_nlink == 0;
}

static bool
is_instance(int run_fd, const char *name)
{
	struct stat st;

	return instance_name_is_valid(name) &&
	       fstatat(run_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(st.st_mode);
}

int
instance_each(const struct run_dir *run_dir,
    bool (*fn)(const char *instance, void *arg), void *arg)
{
	DIR *stream = opendir(run_dir->path);
	struct dirent *entry;
	bool go_on = true;

	if (stream == NULL)
		return -1;
	while (go_on && (entry = readdir(stream)) != NULL)
		if (is_instance(dirfd(stream), entry->d_name))
			go_on = fn(entry->d_name, arg);
	closedir(stream);
	return 0;
}
