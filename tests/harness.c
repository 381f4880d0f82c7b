/* harness.c - processes, names and waiting, for tests.
 *
 * Linked into every test program.  What a test makes through it is remembered
 * in this process and undone by harness_clean; a test that crashes leaves that
 * to tests/run, which says what was left. */
#include "tests/harness.h"

#include "ipc/clock.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Between two looks at a condition. */
#define LOOK_MS 2

/* Cleaning up ------------------------------------------------------------- */

struct cleaning {
	void (*fn)(void *);
	void *arg;
	struct cleaning *next;
};

static struct cleaning *cleanings;

void
harness_on_clean(void (*fn)(void *), void *arg)
{
	struct cleaning *c = malloc(sizeof *c);

	cr_assert_not_null(c);
	*c = (struct cleaning){ fn, arg, cleanings };
	cleanings = c;
}

void
harness_clean(void)
{
	while (cleanings != NULL) {
		struct cleaning *c = cleanings;

		cleanings = c->next;
		c->fn(c->arg);
		free(c);
	}
}

/* Names ------------------------------------------------------------------- */

static unsigned
next_number(void)
{
	static unsigned n;

	return ++n;
}

const char *
test_root(void)
{
	const char *dir = getenv("TMPDIR");

	return dir != NULL && *dir != '\0' ? dir : "/dev/shm";
}

void
test_name(char name[TEST_NAME_BYTES])
{
	snprintf(name, TEST_NAME_BYTES, "t%d-%u", (int)getpid(), next_number());
}

/* Only tests/run makes the file; a test that is run by hand has none. */
static void
tell_run(const char *file, const char *text)
{
	char path[TEST_PATH_BYTES];
	int fd;

	snprintf(path, sizeof path, "%s/%s", test_root(), file);
	fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd == -1)
		return;
	(void)dprintf(fd, "%s\n", text);
	close(fd);
}

void
harness_record_name(const char *shm_name)
{
	tell_run("names", shm_name);
}

void
harness_complain(const char *format, ...)
{
	char text[8192];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	fprintf(stderr, "%s\n", text);
	tell_run("complaints", text);
}

static void
unlink_shm(void *arg)
{
	(void)shm_unlink(arg);
	free(arg);
}

void
test_shm_name(char name[TEST_NAME_BYTES])
{
	snprintf(name, TEST_NAME_BYTES, "/chatd-test-%d-%u", (int)getpid(),
	    next_number());
	harness_record_name(name);
	harness_on_clean(unlink_shm, strdup(name));
}

static int
remove_entry(
    const char *path, const struct stat *st, int type, struct FTW *place)
{
	(void)st;
	(void)type;
	(void)place;
	return remove(path);
}

static void
remove_tree(void *arg)
{
	(void)nftw(arg, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	free(arg);
}

void
test_dir(char path[TEST_PATH_BYTES])
{
	char name[TEST_NAME_BYTES];

	test_name(name);
	snprintf(path, TEST_PATH_BYTES, "%s/%s", test_root(), name);
	cr_assert_eq(
	    mkdir(path, 0700), 0, "mkdir %s: %s", path, strerror(errno));
	harness_on_clean(remove_tree, strdup(path));
}

int
test_words(const char *line, char ***words_out)
{
	static char copy[512];
	static char *words[32];
	int n = 0;

	cr_assert_lt(strlen(line), sizeof copy);
	strcpy(copy, line);
	for (char *word = strtok(copy, " "); word != NULL;
	     word = strtok(NULL, " ")) {
		cr_assert_lt(n, 31);
		words[n++] = word;
	}
	words[n] = NULL;
	*words_out = words;
	return n;
}

/* Processes --------------------------------------------------------------- */

static void
die_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
}

pid_t
spawn(int (*body)(void *), void *arg)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == 0) {
		die_with(parent);
		_exit(body(arg));
	}
	cr_assert_neq(pid, -1, "fork: %s", strerror(errno));
	return pid;
}

struct ending {
	pid_t pid;
	int status;
};

static bool
has_ended(void *arg)
{
	struct ending *e = arg;

	return waitpid(e->pid, &e->status, WNOHANG) == e->pid;
}

int
await(pid_t pid)
{
	struct ending e = { .pid = pid };

	if (!wait_until(has_ended, &e, PATIENCE_MS)) {
		char state = process_state(pid);

		(void)kill(pid, SIGKILL);
		(void)waitpid(pid, NULL, 0);
		cr_assert_fail("process %d did not end; its state was %c",
		    (int)pid, state == 0 ? '-' : state);
	}
	return WIFSIGNALED(e.status) ? 128 + WTERMSIG(e.status)
				     : WEXITSTATUS(e.status);
}

void
kill_and_await(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	(void)await(pid);
}

void
process_hold(pid_t pid)
{
	int status;

	cr_assert_eq(
	    ptrace(PTRACE_SEIZE, pid, NULL, NULL), 0, "%s", strerror(errno));
	cr_assert_eq(ptrace(PTRACE_INTERRUPT, pid, NULL, NULL), 0);
	cr_assert_eq(waitpid(pid, &status, __WALL), pid);
	cr_assert(WIFSTOPPED(status));
}

/* State and parent of a process, from the fields after "(name)", since a name
 * can hold anything.  Returns false when there is no such process. */
static bool
read_stat(pid_t pid, char *state_out, pid_t *parent_out)
{
	char path[64], text[512];
	const char *after;
	int fd, parent;
	ssize_t n;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return false;
	n = read(fd, text, sizeof text - 1);
	close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	after = strrchr(text, ')');
	if (after == NULL || sscanf(after, ") %c %d", state_out, &parent) != 2)
		return false;
	*parent_out = parent;
	return true;
}

char
process_state(pid_t pid)
{
	pid_t parent;
	char state;

	return read_stat(pid, &state, &parent) ? state : 0;
}

bool
process_is_gone(pid_t pid)
{
	char state = process_state(pid);

	return state == 0 || state == 'Z' || state == 'X';
}

bool
is_gone(void *pid)
{
	return process_is_gone(*(pid_t *)pid);
}

size_t
process_children(pid_t parent, pid_t *pids, size_t max)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	size_t n = 0;

	cr_assert_not_null(proc);
	while (n < max && (entry = readdir(proc)) != NULL) {
		pid_t pid = (pid_t)atoi(entry->d_name), its_parent;
		char state;

		if (isdigit((unsigned char)entry->d_name[0]) &&
		    read_stat(pid, &state, &its_parent) &&
		    its_parent == parent && state != 'Z' && state != 'X')
			pids[n++] = pid;
	}
	closedir(proc);
	return n;
}

/* Waiting ----------------------------------------------------------------- */

bool
wait_until(bool (*cond)(void *), void *arg, int ms)
{
	const struct timespec pause = clock_timespec(LOOK_MS);
	int64_t deadline = clock_ms() + ms;

	while (!cond(arg)) {
		if (clock_ms() >= deadline)
			return cond(arg);
		(void)ppoll(NULL, 0, &pause, NULL);
	}
	return true;
}

/* Programs ---------------------------------------------------------------- */

void
program_prepare(pid_t parent, int in_fd, int out_fd, int err_fd)
{
	sigset_t none;

	die_with(parent);
	/* Each is above 2 or in its place already; see callers. */
	if (dup2(in_fd, 0) == -1 || dup2(out_fd, 1) == -1 ||
	    dup2(err_fd, 2) == -1)
		_exit(126);
	(void)close_range(3, ~0U, 0);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	/* SIGKILL and SIGSTOP cannot be set, and need not be. */
	for (int number = 1; number < NSIG; number++)
		(void)signal(number, SIG_DFL);
	/* Nobody's own settings or language, unless a test names some. */
	(void)setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	(void)setenv("LC_ALL", "C.UTF-8", 1);
	(void)unsetenv("LANGUAGE");
}

_Noreturn void
program_exec(const char *const argv[])
{
	(void)execv(argv[0], (char *const *)(uintptr_t)argv);
	dprintf(2, "cannot run %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static int
memory_file(const char *name, const char *content)
{
	int fd = memfd_create(name, MFD_CLOEXEC);
	size_t len = content == NULL ? 0 : strlen(content);

	cr_assert_neq(fd, -1, "memfd_create: %s", strerror(errno));
	cr_assert_eq(pwrite(fd, content, len, 0), (ssize_t)len);
	return fd;
}

static void
read_back(int fd, char *text, size_t size)
{
	ssize_t n = pread(fd, text, size - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	close(fd);
}

void
program_run(
    struct program_result *result, const char *input, const char *const argv[])
{
	int in_fd = memory_file("input", input == NULL ? "" : input);
	int out_fd = memory_file("output", "");
	int err_fd = memory_file("errors", "");
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid == 0) {
		program_prepare(parent, in_fd, out_fd, err_fd);
		program_exec(argv);
	}
	cr_assert_neq(pid, -1, "fork: %s", strerror(errno));
	result->status = await(pid);
	close(in_fd);
	read_back(out_fd, result->out, sizeof result->out);
	read_back(err_fd, result->err, sizeof result->err);
}
