/* e2e_check.c - chatd --check: what it says of each thing it looks at, whether
 * the exit status is that of a start, and that it leaves everything as it was.
 */
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHATD BIN_DIR "/chatd"
#define NOBODY 65534

TestSuite(check, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* Too large for the stack of a test. */
static struct program_result result;

/* Asking ------------------------------------------------------------------- */

static void
asks(const char *run_dir, const char *instance, const char *const extra[])
{
	const char *argv[24] = { CHATD, "--check", "--run-dir", run_dir,
		"--instance", instance };

	for (int i = 6; *extra != NULL; extra++)
		argv[i++] = *extra;
	program_run(&result, NULL, argv);
	cr_assert_str_eq(result.err, "");
}

/* One line that begins so. */
static void
says(const char *start)
{
	const char *at = strstr(result.out, start);

	cr_assert_not_null(at, "no \"%s\" in\n%s", start, result.out);
	cr_assert(at == result.out || at[-1] == '\n');
	cr_assert_null(strstr(at + 1, start), "twice:\n%s", result.out);
}

static unsigned
n_said(const char *part)
{
	unsigned n = 0;

	for (const char *at = result.out; (at = strstr(at, part)) != NULL; at++)
		n++;
	return n;
}

/* Whether each line is one of the three. */
static void
is_a_line_each(void)
{
	char *text = strdup(result.out);

	for (char *line = strtok(text, "\n"); line != NULL;
	     line = strtok(NULL, "\n"))
		cr_assert(strncmp(line, "ok: ", 4) == 0 ||
			      strncmp(line, "warning: ", 9) == 0 ||
			      strncmp(line, "error: ", 7) == 0,
		    "%s", line);
	free(text);
}

static void
is_fine(void)
{
	is_a_line_each();
	cr_assert_eq(result.status, 0, "%d:\n%s", result.status, result.out);
	cr_assert_eq(n_said("error: "), 0, "%s", result.out);
}

/* It has only this against a start. */
static void
only_complains(const char *error)
{
	is_a_line_each();
	cr_assert_eq(result.status, 1, "%d:\n%s", result.status, result.out);
	says(error);
	cr_assert_eq(n_said("error: "), 1, "%s", result.out);
}

/* Nothing of a check is in /dev/shm; tests beside this one have theirs there
 * for a moment, hence the wait. */
static bool
shm_has_no_check(void *unused)
{
	DIR *shm = opendir("/dev/shm");
	struct dirent *entry;
	bool has_none = true;

	(void)unused;
	cr_assert_not_null(shm);
	while ((entry = readdir(shm)) != NULL)
		has_none &= strstr(entry->d_name, "~check") == NULL;
	(void)closedir(shm);
	return has_none;
}

static void
leaves_nothing_in_shm(void)
{
	cr_assert(wait_until(shm_has_no_check, NULL, PATIENCE_MS));
}

static unsigned
n_entries(const char *path)
{
	DIR *dir = opendir(path);
	unsigned n = 0;

	cr_assert_not_null(dir, "%s", path);
	while (readdir(dir) != NULL)
		n++;
	(void)closedir(dir);
	return n - 2;
}

static const char *const free_port[] = { "--listen", "127.0.0.1:0", NULL };

/* What is fine ------------------------------------------------------------- */

Test(check, of_what_is_fine_says_so_and_leaves_nothing)
{
	char base[TEST_PATH_BYTES], run_dir[TEST_PATH_BYTES + 8];
	char name[TEST_NAME_BYTES], line[512];

	test_dir(base);
	test_name(name);
	snprintf(run_dir, sizeof run_dir, "%s/run", base);
	asks(run_dir, name, free_port);
	is_fine();
	snprintf(
	    line, sizeof line, "ok: the run directory %s can be made", run_dir);
	says(line);
	says("ok: can listen on 127.0.0.1:");
	snprintf(
	    line, sizeof line, "ok: no server of instance %s runs\n", name);
	says(line);
	says("ok: /dev/shm has the ");
	says("ok: mailboxes can be made in ");
	cr_assert_eq(n_said(" processes of this user: "), 1);
	cr_assert_eq(n_said(" processes of this control group: "), 1);
	cr_assert_eq(n_said(" process numbers of this machine: "), 1);
	cr_assert_eq(n_said(" descriptors of a process: "), 1);
	cr_assert_eq(n_said(" datagrams in a mailbox: "), 1);
	cr_assert_eq(n_said(" connections that may wait to be accepted: "), 1);
	cr_assert_eq(n_entries(base), 0);
	leaves_nothing_in_shm();
}

Test(check, keeps_a_run_directory_that_was_there)
{
	char run_dir[TEST_PATH_BYTES], name[TEST_NAME_BYTES];

	test_dir(run_dir);
	test_name(name);
	asks(run_dir, name, free_port);
	is_fine();
	cr_assert_eq(n_said("is ours, and nobody else may write to it"), 1);
	cr_assert_eq(n_entries(run_dir), 0);
}

Test(check, is_called_by_the_port_that_cannot_be_had)
{
	struct server *s = server_start(NULL);
	char address[32], line[64];

	snprintf(address, sizeof address, "127.0.0.1:%u", s->port);
	program_run(&result, NULL,
	    (const char *const[]){ CHATD, "--check", "--run-dir", s->run_dir,
		"--listen", address, NULL });
	cr_assert_eq(result.status, 1);
	snprintf(
	    line, sizeof line, "ok: no server of instance %u runs", s->port);
	says(line);
}

/* Addresses ---------------------------------------------------------------- */

Test(check, tells_of_every_address_not_only_the_first_that_is_wrong)
{
	char run_dir[TEST_PATH_BYTES], name[TEST_NAME_BYTES];

	test_dir(run_dir);
	test_name(name);
	asks(run_dir, name,
	    (const char *const[]){ "--listen", "192.0.2.77:0", "--listen",
		"127.0.0.1:0", "--listen", "127.0.0.1:0", "--listen",
		"no.such.host.invalid:0", NULL });
	cr_assert_eq(result.status, 1);
	is_a_line_each();
	says("error: cannot listen on 192.0.2.77:");
	cr_assert_eq(n_said("; take an address that this machine has"), 1);
	says("ok: can listen on 127.0.0.1:");
	cr_assert_eq(n_said(" twice; name it once"), 1);
	says("error: cannot listen on no.such.host.invalid:0: ");
	cr_assert_eq(n_said("; take a name that can be looked up"), 1);
	cr_assert_eq(n_said("error: "), 3, "%s", result.out);
	says("ok: mailboxes can be made in ");
}

Test(check, says_which_server_has_the_address_and_does_not_touch_it)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	char address[32], name[TEST_NAME_BYTES], line[256];

	snprintf(address, sizeof address, "127.0.0.1:%u", s->port);
	test_name(name);
	asks(s->run_dir, name,
	    (const char *const[]){ "--listen", address, NULL });
	snprintf(line, sizeof line,
	    "error: cannot listen on %s: chatd instance %s (pid %d) does",
	    address, s->instance, (int)s->pid);
	only_complains(line);
	guest_says(alice, "still here");
	guest_sees(alice, "alice: still here");
	(void)guest_join(s, "bob");
	cr_assert_eq(server_stop(s), 0);
}

/* The instance ------------------------------------------------------------- */

Test(check, says_that_a_server_of_the_instance_runs_and_does_not_touch_it)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	char line[256];

	asks(s->run_dir, s->instance, free_port);
	snprintf(line, sizeof line,
	    "error: instance %s is run by pid %d already; stop that, or name "
	    "another with --instance",
	    s->instance, (int)s->pid);
	only_complains(line);
	(void)guest_join(s, "bob");
	guest_sees(alice, "* bob joined");
	guest_says(alice, "still here");
	guest_sees(alice, "alice: still here");
	cr_assert_eq(server_stop(s), 0);
}

Test(check, leaves_what_a_dead_server_left)
{
	struct server *s = server_start(NULL);
	char before[4096];

	(void)guest_join(s, "alice");
	server_kill_all(s);
	snprintf(before, sizeof before, "%s", server_leftovers(s));
	cr_assert_str_not_empty(before);
	asks(s->run_dir, s->instance, free_port);
	is_fine();
	cr_assert_eq(n_said("and what a dead one left will be removed"), 1);
	cr_assert_str_eq(server_leftovers(s), before);
	server_restart(s, NULL);
	cr_assert_eq(server_stop(s), 0);
}

Test(check, says_that_the_memory_is_not_ours)
{
	char run_dir[TEST_PATH_BYTES], name[TEST_NAME_BYTES];
	char shm_name[INSTANCE_SHM_BYTES], line[256];
	int fd;

	test_dir(run_dir);
	test_name(name);
	instance_shm_name(shm_name, geteuid(), name);
	harness_record_name(shm_name);
	fd = shm_open(shm_name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	cr_assert_neq(fd, -1);
	cr_assert_eq(write(fd, "something else", 14), 14);
	asks(run_dir, name, free_port);
	cr_assert_eq(shm_unlink(shm_name), 0);
	close(fd);
	snprintf(line, sizeof line, "error: /dev/shm%s is not ours; remove it",
	    shm_name);
	only_complains(line);
}

/* The run directory -------------------------------------------------------- */

Test(check, says_that_others_may_write_to_the_run_directory)
{
	char run_dir[TEST_PATH_BYTES], name[TEST_NAME_BYTES], line[512];

	test_dir(run_dir);
	test_name(name);
	cr_assert_eq(chmod(run_dir, 0770), 0);
	asks(run_dir, name, free_port);
	snprintf(line, sizeof line,
	    "error: cannot use the run directory %s: others may write to it; "
	    "take that away with chmod go-w",
	    run_dir);
	only_complains(line);
	leaves_nothing_in_shm();
}

Test(check, says_that_the_run_directory_is_somebody_else_s)
{
	char run_dir[TEST_PATH_BYTES], name[TEST_NAME_BYTES];

	test_dir(run_dir);
	test_name(name);
	/* root's, for everybody but root */
	if (geteuid() == 0)
		cr_assert_eq(chown(run_dir, NOBODY, NOBODY), 0);
	asks(geteuid() == 0 ? run_dir : "/usr", name, free_port);
	only_complains("error: cannot use the run directory ");
	cr_assert_eq(n_said("it belongs to another user; name one of"), 1);
}

Test(check, says_that_the_run_directory_is_a_file)
{
	char name[TEST_NAME_BYTES];

	test_name(name);
	asks("/dev/null", name, free_port);
	only_complains("error: cannot use the run directory /dev/null: it is "
		       "not a directory");
}

Test(check, says_that_the_run_directory_cannot_be_written_to)
{
	char run_dir[TEST_PATH_BYTES], name[TEST_NAME_BYTES], line[512];

	if (geteuid() == 0)
		cr_skip_test("root may write anywhere");
	test_dir(run_dir);
	test_name(name);
	cr_assert_eq(chmod(run_dir, 0500), 0);
	asks(run_dir, name, free_port);
	cr_assert_eq(chmod(run_dir, 0700), 0);
	snprintf(line, sizeof line,
	    "error: cannot make a directory in %s, which must be writable",
	    run_dir);
	only_complains(line);
}

/* What runs short ---------------------------------------------------------- */

/* As asks(), with system calls that fail. */
static void
asks_short_of(enum shortage_kind kind, int error)
{
	struct server_wiring wiring = SERVER_WIRING;
	struct server *s = server_prepare();
	int out_fd = memfd_create("out", MFD_CLOEXEC);
	ssize_t n;

	wiring.shortage = shortage_new();
	wiring.out_fd = out_fd;
	wiring.read_fd = dup(out_fd);
	cr_assert(out_fd != -1 && wiring.read_fd != -1);
	shortage_set(wiring.shortage, kind, error);
	result.status = server_runs_to_its_end(
	    s, (const char *const[]){ "--check", NULL }, &wiring);
	n = pread(out_fd, result.out, sizeof result.out - 1, 0);
	cr_assert_geq(n, 0);
	result.out[n] = '\0';
	close(out_fd);
	cr_assert_str_eq(server_leftovers(s), "");
	leaves_nothing_in_shm();
}

Test(check, says_that_shared_memory_is_full)
{
	asks_short_of(SHORTAGE_OF_SHARED_MEMORY, ENOSPC);
	only_complains("error: cannot create the directory /dev/shm/chatd-");
	cr_assert_eq(n_said("make room there, or lower --max-users: No space"),
	    1, "%s", result.out);
	says("ok: mailboxes can be made in ");
}

Test(check, says_that_the_run_directory_is_full)
{
	asks_short_of(SHORTAGE_OF_DIRECTORIES, ENOSPC);
	only_complains("error: cannot use the run directory ");
	cr_assert_eq(n_said("No space left on device"), 1);
}

Test(check, says_that_nothing_can_be_bound)
{
	asks_short_of(SHORTAGE_AT_BIND, EACCES);
	cr_assert_eq(result.status, 1);
	says("error: cannot listen on 127.0.0.1:0: Permission denied; take a "
	     "port from 1024 on with --listen");
	says("error: cannot make a mailbox in ");
	cr_assert_eq(n_said("error: "), 2, "%s", result.out);
}

Test(check, warns_of_a_limit_and_says_that_the_server_could_start)
{
	const struct rlimit few = { 256, 256 };
	char run_dir[TEST_PATH_BYTES], name[TEST_NAME_BYTES];

	test_dir(run_dir);
	test_name(name);
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	asks(run_dir, name, free_port);
	is_fine();
	says("warning: descriptors of a process: 256, and one who writes");
}

/* A start says the same, in the log. */
Test(check, a_start_warns_of_a_limit_too)
{
	const struct rlimit few = { 256, 256 };
	struct server *s;

	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	s = server_start(NULL);
	server_logs(s, "warning: descriptors of a process: 256, and");
	cr_assert_not(server_log_contains(s, "can be made"));
}

/* The command line --------------------------------------------------------- */

Test(check, refuses_wrong_options_as_a_start_does)
{
	program_run(&result, NULL,
	    (const char *const[]){ CHATD, "--check", "--max-users=0", NULL });
	cr_assert_eq(result.status, 64);
	cr_assert_str_eq(result.out, "");
	cr_assert_not_null(strstr(result.err, "1 to 30000"));
}

Test(check, that_cannot_be_written_is_an_error)
{
	char command[3 * TEST_PATH_BYTES], run_dir[TEST_PATH_BYTES];

	test_dir(run_dir);
	snprintf(command, sizeof command,
	    "exec " CHATD " --check -l 127.0.0.1:0 --run-dir %s >/dev/full",
	    run_dir);
	program_run(&result, NULL,
	    (const char *const[]){ "/bin/sh", "-c", command, NULL });
	cr_assert_eq(result.status, 1);
	cr_assert_not_null(strstr(result.err, "standard output"));
}
