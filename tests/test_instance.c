/* test_instance.c - run directories, instance names, and working directories.
 */
#include "ipc/instance.h"

#include "ipc/mailbox.h"
#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char base[TEST_PATH_BYTES];

static void
set_up(void)
{
	test_dir(base);
}

TestSuite(
    instance, .init = set_up, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

#define PATH_BYTES (TEST_PATH_BYTES + 256)

/* base/name; valid until the fourth next call. */
static const char *
below(const char *name)
{
	static char paths[4][PATH_BYTES];
	static unsigned n;
	char *path = paths[n++ % 4];

	snprintf(path, PATH_BYTES, "%s/%s", base, name);
	return path;
}

static ino_t
inode_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? st.st_ino : 0;
}

static void
make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	cr_assert_neq(fd, -1, "%s: %s", path, strerror(errno));
	close(fd);
}

static void
make_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	cr_assert_lt(strlen(path), sizeof address.sun_path);
	strcpy(address.sun_path, path);
	cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0,
	    "%s: %s", path, strerror(errno));
	close(fd);
}

static struct run_dir
make_run_dir(void)
{
	struct run_dir run_dir;

	cr_assert_eq(run_dir_create(below("run"), &run_dir), RUN_DIR_OK);
	return run_dir;
}

/* The run directory ------------------------------------------------------- */

Test(instance, run_dir_is_created_for_its_owner_alone)
{
	struct run_dir run_dir;
	struct stat st;

	cr_assert_eq(run_dir_create(below("run"), &run_dir), RUN_DIR_OK);
	cr_assert_eq(stat(run_dir.path, &st), 0);
	cr_expect_eq(st.st_mode & 07777, 0700);
	cr_expect_eq(run_dir.uid, geteuid());
	cr_expect_eq(run_dir.path[0], '/');
	cr_expect_eq(run_dir_create(below("run"), &run_dir), RUN_DIR_OK,
	    "the second time it is there");
}

struct mode_case {
	mode_t mode;
	enum run_dir_result result;
};

ParameterizedTestParameters(instance, run_dir_that_is_there)
{
	static struct mode_case cases[] = {
		{ 0700, RUN_DIR_OK },
		{ 0755, RUN_DIR_OK },
		{ 0750, RUN_DIR_OK },
		{ 0770, RUN_DIR_WRITABLE },
		{ 0702, RUN_DIR_WRITABLE },
		{ 0777, RUN_DIR_WRITABLE },
		{ 01777, RUN_DIR_WRITABLE },
	};

	return cr_make_param_array(
	    struct mode_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct mode_case *t, instance, run_dir_that_is_there)
{
	struct run_dir run_dir;

	cr_assert_eq(mkdir(below("run"), 0700), 0);
	cr_assert_eq(chmod(below("run"), t->mode), 0);
	cr_expect_eq(run_dir_create(below("run"), &run_dir), t->result, "%o",
	    (unsigned)t->mode);
	cr_expect_eq(run_dir_open(below("run"), &run_dir), RUN_DIR_OK,
	    "an inspector looks at it whatever its mode");
}

Test(instance, run_dir_is_no_file)
{
	struct run_dir run_dir;

	make_file(below("file"));
	cr_expect_eq(
	    run_dir_create(below("file"), &run_dir), RUN_DIR_NOT_A_DIRECTORY);
	cr_expect_eq(
	    run_dir_open(below("file"), &run_dir), RUN_DIR_NOT_A_DIRECTORY);
}

Test(instance, run_dir_may_be_our_own_link)
{
	struct run_dir run_dir, there;

	cr_assert_eq(mkdir(below("there"), 0700), 0);
	cr_assert_eq(symlink("there", below("link")), 0);
	cr_assert_eq(run_dir_create(below("there"), &there), RUN_DIR_OK);
	cr_assert_eq(run_dir_create(below("link"), &run_dir), RUN_DIR_OK);
	cr_expect_str_eq(run_dir.path, there.path, "told without links");
	cr_assert_eq(symlink("nowhere", below("dangling")), 0);
	cr_expect_eq(
	    run_dir_create(below("dangling"), &run_dir), RUN_DIR_FAILED);
}

/* Only root can make what belongs to another. */
Test(instance, run_dir_is_not_somebody_elses)
{
	struct run_dir run_dir;

	cr_assert_eq(mkdir(below("theirs"), 0755), 0);
	cr_assert_eq(mkdir(below("ours"), 0700), 0);
	cr_assert_eq(symlink("ours", below("link")), 0);
	if (geteuid() != 0)
		return;
	cr_assert_eq(chown(below("theirs"), 65534, 65534), 0);
	cr_assert_eq(lchown(below("link"), 65534, 65534), 0);
	cr_expect_eq(
	    run_dir_create(below("theirs"), &run_dir), RUN_DIR_FOREIGN);
	cr_expect_eq(run_dir_create(below("link"), &run_dir), RUN_DIR_FOREIGN,
	    "nor reached by another's link");
	cr_expect_eq(
	    run_dir_create(below("link//"), &run_dir), RUN_DIR_FOREIGN);
	cr_expect_eq(run_dir_open(below("theirs"), &run_dir), RUN_DIR_OK);
	cr_expect_eq(run_dir.uid, 65534);
}

Test(instance, run_dir_needs_a_place_to_be_and_a_short_path)
{
	struct run_dir run_dir;
	char name[200];

	cr_expect_eq(
	    run_dir_create(below("no/such"), &run_dir), RUN_DIR_FAILED);
	cr_expect_eq(errno, ENOENT);
	cr_expect_eq(run_dir_open(below("missing"), &run_dir), RUN_DIR_FAILED);
	cr_expect_eq(errno, ENOENT);
	cr_expect_eq(access(below("missing"), F_OK), -1,
	    "an inspector creates "
	    "nothing");
	memset(name, 'x', sizeof name);
	name[sizeof name - 1] = '\0';
	cr_assert_eq(mkdir(below(name), 0700), 0);
	cr_assert_eq(chdir(below(name)), 0);
	cr_expect_eq(run_dir_create(name, &run_dir), RUN_DIR_TOO_LONG);
}

Test(instance, run_dir_answers_have_reasons)
{
	for (int r = RUN_DIR_NOT_A_DIRECTORY; r <= RUN_DIR_TOO_LONG; r++)
		cr_expect_str_neq(
		    run_dir_result_text((enum run_dir_result)r), "unknown");
	errno = ENOSPC;
	cr_expect_str_eq(run_dir_result_text(RUN_DIR_FAILED), strerror(ENOSPC));
}

Test(instance, run_dir_by_default_is_the_users_own)
{
	char path[256], expected[64];

	cr_assert_eq(setenv("XDG_RUNTIME_DIR", "/run/user/7", 1), 0);
	run_dir_default(path, sizeof path);
	cr_expect_str_eq(
	    path, geteuid() == 0 ? "/run/chatd" : "/run/user/7/chatd");
	snprintf(expected, sizeof expected, "/dev/shm/chatd-%u",
	    (unsigned)geteuid());
	cr_assert_eq(setenv("XDG_RUNTIME_DIR", "relative", 1), 0);
	run_dir_default(path, sizeof path);
	cr_expect_str_eq(path, geteuid() == 0 ? "/run/chatd" : expected);
	cr_assert_eq(unsetenv("XDG_RUNTIME_DIR"), 0);
	run_dir_default(path, sizeof path);
	cr_expect_str_eq(path, geteuid() == 0 ? "/run/chatd" : expected);
}

/* Names ------------------------------------------------------------------- */

#define X16 "xxxxxxxxxxxxxxxx"

struct name_case {
	char name[80];
	bool valid;
};

ParameterizedTestParameters(instance, name)
{
	static struct name_case cases[] = {
		{ "5310", true },
		{ "a", true },
		{ "Team_A-2.test", true },
		{ "-x", true },
		{ "a..b", true },
		{ X16 X16 X16 X16, true },
		{ X16 X16 X16 X16 "x", false },
		{ "", false },
		{ ".", false },
		{ "..", false },
		{ ".hidden", false },
		{ "a/b", false },
		{ "/", false },
		{ "../x", false },
		{ "a b", false },
		{ "a\n", false },
		{ "a:b", false },
		{ "\xc3\xa9", false },
		{ "a\xff", false },
		{ "a%s", false },
		{ "a*", false },
	};

	return cr_make_param_array(
	    struct name_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct name_case *t, instance, name)
{
	cr_expect_eq(
	    instance_name_is_valid(t->name), t->valid, "\"%s\"", t->name);
}

Test(instance, has_user_and_name_in_shared_memory)
{
	char name[INSTANCE_SHM_BYTES];

	instance_shm_name(name, 1000, "5310");
	cr_expect_str_eq(name, "/chatd-1000-5310");
	instance_shm_name(name, (uid_t)-2, X16 X16 X16 X16);
	cr_expect_str_eq(name, "/chatd-4294967294-" X16 X16 X16 X16);
}

/* The working directory --------------------------------------------------- */

Test(instance, works_in_a_directory_of_its_own)
{
	struct run_dir run_dir = make_run_dir();
	struct stat st;

	cr_assert_eq(instance_enter(&run_dir, "a"), 0);
	cr_assert_eq(stat(".", &st), 0);
	cr_expect_eq(st.st_ino, inode_of(below("run/a")));
	cr_expect_eq(st.st_mode & 07777, 0700);
	instance_remove(&run_dir, "a");
	cr_expect_eq(access(below("run/a"), F_OK), -1);
	cr_expect_eq(access(below("run"), F_OK), 0, "the run directory stays");
}

Test(instance, replaces_what_a_dead_server_left)
{
	const struct user_ref ref = { 3, 4 };
	struct run_dir run_dir = make_run_dir();
	int old, fd;

	cr_assert_eq(instance_enter(&run_dir, "a"), 0);
	fd = mailbox_open(ref);
	cr_assert_neq(fd, -1);
	old = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert_eq(chdir("/"), 0);

	cr_assert_eq(instance_enter(&run_dir, "a"), 0);
	cr_expect_eq(access("3.4", F_OK), -1, "its mailboxes are gone");
	/* A late child of the dead server works where it did, and nothing that
	 * it does there reaches the new server. */
	cr_assert_eq(mailbox_open((struct user_ref){ 5, 6 }) == -1, false);
	cr_assert_eq(fchdir(old), 0);
	cr_expect_eq(mailbox_open((struct user_ref){ 5, 6 }), -1);
	mailbox_remove((struct user_ref){ 5, 6 });
	instance_remove(&run_dir, "a");
	cr_expect_eq(access(below("run/a/5.6"), F_OK), 0,
	    "only who works there removes it");
	cr_assert_eq(chdir(below("run/a")), 0);
	instance_remove(&run_dir, "a");
	cr_expect_eq(access(below("run/a"), F_OK), -1);
	close(old);
	close(fd);
}

Test(instance, leaves_alone_what_is_not_a_mailbox)
{
	/* The last would be one, if it were a socket. */
	static const char *const names[] = { "notes", "3", "3.", ".4", "3.4.5",
		"a.4", "3.b", "3.4" };
	struct run_dir run_dir = make_run_dir();

	cr_assert_eq(mkdir(below("run/a"), 0700), 0);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char name[32];

		snprintf(name, sizeof name, "run/a/%s", names[i]);
		make_file(below(name));
		make_socket(below("run/a/7.8"));
		cr_expect_eq(instance_enter(&run_dir, "a"), -1, "%s", names[i]);
		cr_expect_eq(access(below(name), F_OK), 0, "%s", names[i]);
		cr_expect_eq(access(below("run/a/7.8"), F_OK), -1);
		cr_assert_eq(unlink(below(name)), 0);
	}
	cr_expect_eq(instance_enter(&run_dir, "a"), 0);
}

Test(instance, follows_no_link)
{
	struct run_dir run_dir = make_run_dir();

	cr_assert_eq(mkdir(below("elsewhere"), 0700), 0);
	make_file(below("elsewhere/1.2"));
	cr_assert_eq(symlink("../elsewhere", below("run/a")), 0);
	cr_expect_eq(instance_enter(&run_dir, "a"), -1);
	cr_expect_eq(access(below("elsewhere/1.2"), F_OK), 0);
	instance_remove(&run_dir, "a");
	cr_expect_eq(access(below("elsewhere/1.2"), F_OK), 0);
}

Test(instance, is_not_a_file)
{
	struct run_dir run_dir = make_run_dir();

	make_file(below("run/a"));
	cr_expect_eq(instance_enter(&run_dir, "a"), -1);
	cr_expect_eq(access(below("run/a"), F_OK), 0);
}

Test(instance, removed_by_hand_is_noticed_and_no_trouble)
{
	struct run_dir run_dir = make_run_dir();

	cr_assert_eq(instance_enter(&run_dir, "a"), 0);
	cr_expect_not(instance_is_lost());
	cr_assert_eq(rmdir(below("run/a")), 0);
	cr_expect(instance_is_lost());
	instance_remove(&run_dir, "a");
	cr_assert_eq(chdir("/"), 0);
	cr_assert_eq(rmdir(below("run")), 0);
	instance_remove(&run_dir, "a");
	cr_expect_eq(instance_enter(&run_dir, "a"), -1);
}

/* All of them ------------------------------------------------------------- */

struct seen {
	char names[256];
	int n, max;
};

static bool
see(const char *name, void *arg)
{
	struct seen *seen = arg;

	strncat(seen->names, name,
	    sizeof seen->names - 1 - 2 - strlen(seen->names));
	strcat(seen->names, " ");
	return ++seen->n < seen->max;
}

Test(instance, each_is_told_once)
{
	struct run_dir run_dir = make_run_dir();
	struct seen seen = { .max = 100 }, one = { .max = 1 };

	cr_assert_eq(mkdir(below("run/a"), 0700), 0);
	cr_assert_eq(mkdir(below("run/5310"), 0700), 0);
	cr_assert_eq(mkdir(below("run/.hidden"), 0700), 0);
	cr_assert_eq(mkdir(below("run/no name"), 0700), 0);
	make_file(below("run/file"));
	cr_assert_eq(instance_each(&run_dir, see, &seen), 0);
	cr_expect_eq(seen.n, 2);
	cr_expect_not_null(strstr(seen.names, "a "));
	cr_expect_not_null(strstr(seen.names, "5310 "));
	cr_assert_eq(instance_each(&run_dir, see, &one), 0);
	cr_expect_eq(one.n, 1, "until it returns false");
	snprintf(run_dir.path, sizeof run_dir.path, "/no/such");
	cr_expect_eq(instance_each(&run_dir, see, &seen), -1);
}
