/* harness_server.c - starts, inspects and ends a real chatd.
 *
 * Everything a test wants to know it learns as an operator would: from standard
 * output, the log, /proc, the files, and the directory mapped read-only. */
#include "tests/harness_server.h"

#include "ipc/clock.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_ARGS 64
#define MAX_CHILDREN 256
#define LOG_TAIL_BYTES 4096

/* Starting ---------------------------------------------------------------- */

static void
build_argv(const struct server *s, const char *const extra[],
    const char *argv[MAX_ARGS])
{
	const char *const ours[] = { BIN_DIR "/chatd", "--listen",
		"127.0.0.1:0", "--instance", s->instance, "--run-dir",
		s->run_dir };
	size_t n = 0;

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		argv[n++] = ours[i];
	for (size_t i = 0; extra != NULL && extra[i] != NULL; i++) {
		cr_assert_lt(n, MAX_ARGS - 1);
		argv[n++] = extra[i];
	}
	argv[n] = NULL;
}

/* One line of what the server prints, without its LF.  Returns false at the end
 * or past the deadline. */
static bool
read_line(int fd, char *line, size_t size, int64_t deadline)
{
	size_t len = 0;

	for (;;) {
		struct pollfd p = { fd, POLLIN, 0 };
		char c;

		if (poll(&p, 1, clock_poll_timeout(deadline, clock_ms())) <=
			0 ||
		    read(fd, &c, 1) != 1)
			return false;
		if (c == '\n')
			break;
		if (len < size - 1)
			line[len++] = c;
	}
	line[len] = '\0';
	return true;
}

static void
await_listening(struct server *s)
{
	int64_t deadline = clock_ms() + PATIENCE_MS;
	char line[512];

	while (read_line(s->out_fd, line, sizeof line, deadline))
		if (sscanf(line, "listening on 127.0.0.1:%u ", &s->port) == 1)
			return;
	cr_assert_fail(
	    "chatd does not listen; its log:\n%s", server_log_tail(s));
}

/* What a shell has a job do: be the process group that ^C is for. */
static bool
take_foreground(int terminal_fd)
{
	/* Or the request itself would stop us, in the background. */
	(void)signal(SIGTTOU, SIG_IGN);
	if (setpgid(0, 0) == -1 || tcsetpgrp(terminal_fd, getpid()) == -1)
		return false;
	(void)signal(SIGTTOU, SIG_DFL);
	return true;
}

static void
start_process(struct server *s, const char *const extra[],
    const struct server_wiring *wiring)
{
	const char *argv[MAX_ARGS];
	pid_t parent = getpid();
	int in_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int log_fd =
	    open(s->log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	int out[2];

	cr_assert(in_fd != -1 && log_fd != -1, "%s: %s", s->log_path,
	    strerror(errno));
	cr_assert_eq(pipe2(out, O_CLOEXEC), 0);
	build_argv(s, extra, argv);
	s->pid = fork();
	if (s->pid == 0) {
		if (wiring->has_terminal && !take_foreground(wiring->in_fd))
			_exit(126);
		if (wiring->shortage != NULL)
			shortage_enter(wiring->shortage);
		program_prepare(parent,
		    wiring->in_fd != -1 ? wiring->in_fd : in_fd,
		    wiring->out_fd != -1 ? wiring->out_fd : out[1],
		    wiring->err_fd != -1 ? wiring->err_fd : log_fd);
		if (wiring->ignored_signal != 0)
			(void)signal(wiring->ignored_signal, SIG_IGN);
		program_exec(argv);
	}
	cr_assert_neq(s->pid, -1, "fork: %s", strerror(errno));
	close(in_fd);
	close(log_fd);
	close(out[1]);
	s->out_fd = out[0];
	if (wiring->out_fd != -1) {
		close(s->out_fd);
		s->out_fd = wiring->read_fd;
	}
}

/* Whether a sanitizer or bug() has spoken. */
static bool
has_alarm(const struct server *s)
{
	static const char *const alarms[] = { "Sanitizer",
		"runtime error:", "this cannot happen" };

	for (size_t i = 0; i < sizeof alarms / sizeof *alarms; i++)
		if (server_log_contains(s, alarms[i]))
			return true;
	return false;
}

static bool
has_left_nothing(void *arg)
{
	return *server_leftovers(arg) == '\0';
}

static bool
has_no_process(void *arg)
{
	return process_is_gone(((struct server *)arg)->pid);
}

/* Behind the end of a test an assertion does not count: harness_complain. */
static void
dispose(void *arg)
{
	struct server *s = arg;

	if (s->pid > 0) {
		(void)kill(s->pid, SIGTERM);
		/* Only to one that a test has stopped: LeakSanitizer stops a
		 * process that ends, and waits for ever when it is continued
		 * at that moment. */
		if (process_state(s->pid) == 'T')
			(void)kill(s->pid, SIGCONT);
		if (!wait_until(has_no_process, s, PATIENCE_MS)) {
			harness_complain("chatd does not end; its log:\n%s",
			    server_log_tail(s));
			(void)kill(s->pid, SIGKILL);
		}
		(void)server_await(s);
	}
	if (!wait_until(has_left_nothing, s, PATIENCE_MS))
		harness_complain("chatd has left\n%s", server_leftovers(s));
	if (has_alarm(s))
		harness_complain(
		    "in the log of chatd:\n%s", server_log_tail(s));
	server_remove_leftovers(s);
	(void)unlink(s->log_path);
	(void)rmdir(s->base_dir);
	free(s);
}

struct server *
server_prepare(void)
{
	struct server *s = calloc(1, sizeof *s);

	cr_assert_not_null(s);
	s->out_fd = -1;
	test_name(s->instance);
	instance_shm_name(s->shm_name, geteuid(), s->instance);
	harness_record_name(s->shm_name);
	snprintf(
	    s->base_dir, sizeof s->base_dir, "%s/%s", test_root(), s->instance);
	snprintf(s->run_dir, sizeof s->run_dir, "%s/run", s->base_dir);
	snprintf(s->log_path, sizeof s->log_path, "%s/log", s->base_dir);
	cr_assert_eq(mkdir(s->base_dir, 0700), 0, "mkdir %s: %s", s->base_dir,
	    strerror(errno));
	harness_on_clean(dispose, s);
	return s;
}

struct server *
server_start_wired(
    const char *const extra[], const struct server_wiring *wiring)
{
	struct server *s = server_prepare();

	start_process(s, extra, wiring);
	await_listening(s);
	return s;
}

int
server_runs_to_its_end(struct server *s, const char *const extra[],
    const struct server_wiring *wiring)
{
	cr_assert_eq(s->pid, 0, "it runs");
	start_process(s, extra, wiring);
	return server_await(s);
}

struct server *
server_start(const char *const extra[])
{
	return server_start_wired(extra, &SERVER_WIRING);
}

void
server_restart(struct server *s, const char *const extra[])
{
	cr_assert_eq(s->pid, 0, "it still runs");
	start_process(s, extra, &SERVER_WIRING);
	await_listening(s);
}

/* Ending ------------------------------------------------------------------ */

int
server_await(struct server *s)
{
	pid_t pid = s->pid;

	s->pid = 0;
	close(s->out_fd);
	s->out_fd = -1;
	return await(pid);
}

int
server_stop(struct server *s)
{
	cr_assert_gt(s->pid, 0, "it does not run");
	(void)kill(s->pid, SIGTERM);
	return server_await(s);
}

void
server_kill(struct server *s)
{
	cr_assert_gt(s->pid, 0, "it does not run");
	(void)kill(s->pid, SIGKILL);
	(void)server_await(s);
}

void
server_kill_all(struct server *s)
{
	pid_t pids[MAX_CHILDREN];
	size_t n;

	/* Stopped first, so that none is born or leaves while we look. */
	cr_assert_gt(s->pid, 0, "it does not run");
	(void)kill(s->pid, SIGSTOP);
	n = server_children(s, pids, MAX_CHILDREN);
	for (size_t i = 0; i < n; i++)
		(void)kill(pids[i], SIGSTOP);
	for (size_t i = 0; i < n; i++)
		(void)kill(pids[i], SIGKILL);
	server_kill(s);
	for (size_t i = 0; i < n; i++)
		cr_assert(wait_until(is_gone, &pids[i], PATIENCE_MS));
}

/* The log ----------------------------------------------------------------- */

/* The whole log, to be freed. */
static char *
read_log(const struct server *s, size_t *len_out)
{
	int fd = open(s->log_path, O_RDONLY | O_CLOEXEC);
	size_t len = 0, size = 0;
	char *text = NULL;
	ssize_t n;

	do {
		if (size - len < 4096) {
			size = size * 2 + 8192;
			text = realloc(text, size);
			cr_assert_not_null(text);
		}
		n = fd == -1 ? 0 : read(fd, text + len, size - len - 1);
		len += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	if (fd != -1)
		close(fd);
	text[len] = '\0';
	*len_out = len;
	return text;
}

unsigned
server_log_count(const struct server *s, const char *text)
{
	size_t len;
	char *log = read_log(s, &len);
	unsigned n = 0;

	for (const char *at = strstr(log, text); at != NULL;
	     at = strstr(at + 1, text))
		n++;
	free(log);
	return n;
}

bool
server_log_contains(const struct server *s, const char *text)
{
	return server_log_count(s, text) > 0;
}

struct log_wait {
	const struct server *server;
	const char *text;
};

static bool
log_has_come(void *arg)
{
	const struct log_wait *w = arg;

	return server_log_contains(w->server, w->text);
}

void
server_logs(const struct server *s, const char *text)
{
	struct log_wait w = { s, text };

	cr_assert(wait_until(log_has_come, &w, PATIENCE_MS),
	    "\"%s\" does not come into the log:\n%s", text, server_log_tail(s));
}

const char *
server_log_tail(const struct server *s)
{
	static char tail[LOG_TAIL_BYTES + 1];
	size_t len;
	char *log = read_log(s, &len);
	size_t from = len > LOG_TAIL_BYTES ? len - LOG_TAIL_BYTES : 0;

	memcpy(tail, log + from, len - from + 1);
	free(log);
	return tail;
}

/* Looking at it ----------------------------------------------------------- */

size_t
server_children(const struct server *s, pid_t *pids, size_t max)
{
	return process_children(s->pid, pids, max);
}

struct directory *
server_directory(const struct server *s)
{
	struct directory *dir = NULL;

	cr_assert_eq(directory_open(s->shm_name, geteuid(), &dir), DIR_OPENED,
	    "cannot open %s: %s", s->shm_name, strerror(errno));
	return dir;
}

bool
server_find(const struct server *s, const char *name, struct dir_row *row_out)
{
	struct directory *dir = server_directory(s);
	struct name parsed;
	bool found;

	cr_assert_eq(name_parse(name, strlen(name), &parsed), NAME_OK);
	found = directory_find(dir, &parsed, row_out) == DIR_OK;
	directory_close(dir);
	return found;
}

struct find_wait {
	const struct server *server;
	const char *name;
	struct dir_row row;
};

static bool
is_here(void *arg)
{
	struct find_wait *w = arg;

	return server_find(w->server, w->name, &w->row);
}

pid_t
server_child_pid(const struct server *s, const char *name)
{
	struct find_wait w = { .server = s, .name = name };

	cr_assert(wait_until(is_here, &w, PATIENCE_MS), "%s is not here", name);
	return w.row.pid;
}

struct count_wait {
	const struct directory *dir;
	unsigned n;
};

static bool
are_here(void *arg)
{
	const struct count_wait *w = arg;

	return directory_n_joined(w->dir) == w->n;
}

void
server_awaits_users(const struct server *s, unsigned n)
{
	struct directory *dir = server_directory(s);
	struct count_wait w = { dir, n };

	cr_assert(wait_until(are_here, &w, PATIENCE_MS),
	    "%u users are here, not %u; the log:\n%s", directory_n_joined(dir),
	    n, server_log_tail(s));
	directory_close(dir);
}

unsigned long
server_counter(const struct server *s, enum dir_counter counter)
{
	struct directory *dir = server_directory(s);
	unsigned long n = atomic_load(&dir->header->counters[counter]);

	directory_close(dir);
	return n;
}

unsigned long
server_n_ended(const struct server *s)
{
	unsigned long n = 0;

	for (int i = 0; i < DIR_N_COUNTERS; i++) {
		enum dir_counter_group group =
		    counter_group((enum dir_counter)i);

		if (group == DIR_GROUP_ended || group == DIR_GROUP_evicted ||
		    group == DIR_GROUP_crashed)
			n += server_counter(s, (enum dir_counter)i);
	}
	return n;
}

/* What is left ------------------------------------------------------------ */

static char leftovers[4096];

static void
add_leftover(const char *path)
{
	size_t len = strlen(leftovers);

	snprintf(leftovers + len, sizeof leftovers - len, "%s\n", path);
}

static int
list_entry(const char *path, const struct stat *st, int type, struct FTW *place)
{
	(void)st;
	(void)type;
	/* The run directory itself is the operator's, and stays. */
	if (place->level > 0)
		add_leftover(path);
	return 0;
}

const char *
server_leftovers(const struct server *s)
{
	char path[INSTANCE_SHM_BYTES + 16];

	leftovers[0] = '\0';
	(void)nftw(s->run_dir, list_entry, 16, FTW_PHYS);
	snprintf(path, sizeof path, "/dev/shm%s", s->shm_name);
	if (access(path, F_OK) == 0)
		add_leftover(path);
	return leftovers;
}

void
server_leaves_nothing(const struct server *s)
{
	struct server copy = *s;

	cr_assert(wait_until(has_left_nothing, &copy, PATIENCE_MS),
	    "chatd has left\n%s", server_leftovers(s));
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

void
server_remove_leftovers(struct server *s)
{
	(void)nftw(s->run_dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	(void)shm_unlink(s->shm_name);
}
