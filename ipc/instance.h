/* instance.h - where a server keeps its things, so that two of them never meet.
 *
 * A run directory holds one directory an instance, which holds the mailboxes;
 * the shared memory's name carries user and instance.
 *
 *	RUN_DIR/INSTANCE/SLOT.GENERATION   mailboxes
 *	/dev/shm/chatd-UID-INSTANCE        the directory
 *
 * No lock; any process. */
#ifndef IPC_INSTANCE_H
#define IPC_INSTANCE_H

#include "ipc/directory_layout.h"
#include "ipc/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct run_dir {
	/* absolute, without links */
	char path[DIR_RUN_DIR_BYTES];
	/* whose servers are in it */
	uid_t uid;
};

enum run_dir_result {
	RUN_DIR_OK,
	/* errno says why */
	RUN_DIR_FAILED,
	RUN_DIR_NOT_A_DIRECTORY,
	/* belongs to somebody else */
	RUN_DIR_FOREIGN,
	/* others may write to it and so replace what is in it */
	RUN_DIR_WRITABLE,
	RUN_DIR_TOO_LONG,
};

/* The run directory of this user when none is named: /run/chatd for root, else
 * chatd below $XDG_RUNTIME_DIR, else /dev/shm/chatd-UID.  RUN_DIR_OK, or
 * RUN_DIR_TOO_LONG when `path` holds a part of it. */
enum run_dir_result run_dir_default(char *path, size_t size);

/* Make sure that `path` is a directory of ours that nobody else can write to,
 * creating it (0700) when it is missing.  Not reached by another user's link;
 * the directories above it are taken on trust.  For the server. */
enum run_dir_result run_dir_create(const char *path, struct run_dir *out);

/* Look at an existing one, whoever owns it.  For inspectors. */
enum run_dir_result run_dir_open(const char *path, struct run_dir *out);

/* The reason as the end of a sentence, with errno's text where it tells. */
const char *run_dir_result_text(enum run_dir_result result);

/* 1 to INSTANCE_MAX_BYTES of A-Z a-z 0-9 . _ - not beginning with a dot. */
bool instance_name_is_valid(const char *name);

/* "/chatd-UID-INSTANCE" for shm_open. */
#define INSTANCE_SHM_BYTES (INSTANCE_MAX_BYTES + 32)
void instance_shm_name(
    char name[INSTANCE_SHM_BYTES], uid_t uid, const char *instance);

/* Make an empty directory for `instance` and make it the working directory, so
 * that mailbox paths are short whatever the run directory's is.  What a dead
 * server left there is removed; a directory that is in use by late children of
 * that server stays theirs, unlinked.  The caller owns the instance's directory
 * in shared memory.  -1 with errno. */
int instance_enter(const struct run_dir *run_dir, const char *instance);

/* Whether somebody has removed the working directory that instance_enter made:
 * then no mailbox can be opened or found any more. */
bool instance_is_lost(void);

/* Remove the mailboxes in the working directory and the directory itself. */
void instance_remove(const struct run_dir *run_dir, const char *instance);

/* Call fn for the name of every instance that has a directory in run_dir, in
 * no order, until it returns false.  -1 with errno. */
int instance_each(const struct run_dir *run_dir,
    bool (*fn)(const char *instance, void *arg), void *arg);

#endif
