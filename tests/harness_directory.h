/* harness_directory.h - a directory of the test's own, and users in it.
 *
 * The test is the master.  A user is either a view of the same memory in the
 * test's own process (user_view), which is enough for most, or a process. */
#ifndef TESTS_HARNESS_DIRECTORY_H
#define TESTS_HARNESS_DIRECTORY_H

#include "ipc/directory.h"
#include "tests/harness.h"

#include <sys/types.h>

/* A new table; removed and closed when cleaning. */
struct directory *test_directory(uint32_t max_users);

/* The same, and under which name. */
struct directory *test_directory_named(
    uint32_t max_users, char shm_name[TEST_NAME_BYTES]);

/* A valid name; fails the test otherwise. */
struct name test_parse(const char *text);

/* Claim a slot; fails the test when there is none. */
struct user_ref test_claim(struct directory *dir);

/* The table as the user `ref` has it.  Not to be closed. */
struct directory user_view(const struct directory *dir, struct user_ref ref);

/* Claim a slot and join as `name`, in this process. */
struct user_ref test_join(struct directory *dir, const char *name);

/* Sweep until the lock comes. */
struct dir_row test_sweep(struct directory *dir, struct user_ref ref);

/* The slot of the user `name`, or DIR_NO_SLOT. */
uint32_t test_find(const struct directory *dir, const char *name);

/* Everybody who is JOINED, in slot order, at most max.  Returns how many. */
uint32_t test_list(
    const struct directory *dir, struct user_ref *refs, uint32_t max);

/* The news from `position` on, as clients are told it, one line each. */
const char *test_news(const struct directory *dir, uint64_t position);

/* Fails the test unless the lock is free, every JOINED user is found by his
 * name, each chain ends and holds nobody else, and the counts agree. */
void test_directory_is_sound(const struct directory *dir);

#endif
