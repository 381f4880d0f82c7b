/* harness_pty.c - a program on a bare pseudo-terminal, with the test as the
 * terminal.
 *
 * The test keeps the near end open as well, to look at its modes, and so that
 * what the program has written can be read after its end. */
#include "tests/harness_pty.h"

#include "ipc/clock.h"
#include "tests/harness_condition.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

struct pty {
	int terminal_fd;
	int program_fd;
	/* 0 once it has been awaited */
	pid_t pid;
	/* what has been seen, with a NUL behind it */
	char *seen;
	size_t len;
	size_t size;
};

static void
dispose(void *arg)
{
	struct pty *p = arg;

	if (p->pid > 0)
		kill_and_await(p->pid);
	close(p->terminal_fd);
	close(p->program_fd);
	free(p->seen);
	free(p);
}

struct pty *
pty_run(const char *const argv[], int columns, int rows)
{
	struct winsize size = { .ws_col = (unsigned short)columns,
		.ws_row = (unsigned short)rows };
	struct pty *p = calloc(1, sizeof *p);
	pid_t parent = getpid();

	cr_assert_not_null(p);
	cr_assert_eq(
	    openpty(&p->terminal_fd, &p->program_fd, NULL, NULL, &size), 0,
	    "openpty: %s", strerror(errno));
	cr_assert_neq(fcntl(p->terminal_fd, F_SETFD, FD_CLOEXEC), -1);
	cr_assert_neq(fcntl(p->program_fd, F_SETFD, FD_CLOEXEC), -1);
	p->pid = fork();
	if (p->pid == 0) {
		(void)setsid();
		(void)ioctl(p->program_fd, TIOCSCTTY, 0);
		program_prepare(
		    parent, p->program_fd, p->program_fd, p->program_fd);
		program_exec(argv);
	}
	cr_assert_neq(p->pid, -1, "fork: %s", strerror(errno));
	harness_on_clean(dispose, p);
	pty_forgets(p);
	return p;
}

pid_t
pty_pid(const struct pty *p)
{
	return p->pid;
}

int
pty_status(struct pty *p)
{
	int status = await(p->pid);

	p->pid = 0;
	return status;
}

/* Keys -------------------------------------------------------------------- */

static unsigned long
count(const struct pty *p, const char *what)
{
	return condition_number(p->pid, "io", what);
}

struct reading {
	const struct pty *p;
	unsigned long until;
};

static bool
has_read(void *arg)
{
	const struct reading *r = arg;

	return count(r->p, "rchar:") >= r->until;
}

void
pty_sends(struct pty *p, const char *keys)
{
	size_t len = strlen(keys);

	cr_assert_eq(write(p->terminal_fd, keys, len), (ssize_t)len);
}

static bool
is_asleep(void *arg)
{
	const struct pty *p = arg;

	return process_state(p->pid) == 'S';
}

void
pty_signals(struct pty *p, int number)
{
	struct reading r = { p,
		count(p, "rchar:") + sizeof(struct signalfd_siginfo) };

	cr_assert_eq(kill(p->pid, number), 0);
	cr_assert(wait_until(has_read, &r, PATIENCE_MS), "not read");
	cr_assert(wait_until(is_asleep, p, PATIENCE_MS));
}

void
pty_types(struct pty *p, const char *keys)
{
	struct reading r = { p, count(p, "rchar:") + strlen(keys) };

	pty_sends(p, keys);
	cr_assert(wait_until(has_read, &r, PATIENCE_MS), "not read: %s", keys);
}

void
pty_resizes(struct pty *p, int columns, int rows)
{
	struct winsize size = { .ws_col = (unsigned short)columns,
		.ws_row = (unsigned short)rows };

	cr_assert_eq(ioctl(p->terminal_fd, TIOCSWINSZ, &size), 0);
}

void
pty_holds(struct pty *p, bool is_held)
{
	cr_assert_eq(tcflow(p->program_fd, is_held ? TCOOFF : TCOON), 0);
}

/* What is shown ----------------------------------------------------------- */

/* Returns whether something has come by then. */
static bool
take(struct pty *p, size_t most, int64_t deadline)
{
	struct pollfd fd = { p->terminal_fd, POLLIN, 0 };
	ssize_t n;

	if (poll(&fd, 1, clock_poll_timeout(deadline, clock_ms())) != 1)
		return false;
	if (p->size - p->len <= most) {
		p->size = 2 * (p->size + most);
		p->seen = realloc(p->seen, p->size);
		cr_assert_not_null(p->seen);
	}
	n = read(p->terminal_fd, p->seen + p->len, most);
	cr_assert_gt(n, 0, "read: %s", strerror(errno));
	p->len += (size_t)n;
	p->seen[p->len] = '\0';
	return true;
}

void
pty_sees_at(const char *file, int line, struct pty *p, const char *text)
{
	int64_t deadline = clock_ms() + PATIENCE_MS;

	while (strstr(p->seen, text) == NULL)
		if (!take(p, 4096, deadline))
			cr_assert_fail("%s:%d: '%s' does not come; but:\n%s",
			    file, line, text, p->seen);
}

void
pty_reads(struct pty *p, size_t most)
{
	(void)take(p, most, clock_ms() + PATIENCE_MS);
}

const char *
pty_seen(const struct pty *p)
{
	return p->seen;
}

void
pty_forgets(struct pty *p)
{
	if (p->seen == NULL) {
		p->size = 4096;
		p->seen = malloc(p->size);
		cr_assert_not_null(p->seen);
	}
	p->len = 0;
	p->seen[0] = '\0';
}

/* What it costs ----------------------------------------------------------- */

/* What is written can be seen before it is counted. */
struct pty_cost
pty_cost(struct pty *p)
{
	cr_assert(wait_until(is_asleep, p, PATIENCE_MS));
	return (struct pty_cost){
		.writes = count(p, "syscw:"),
		.bytes = count(p, "wchar:"),
	};
}

/* Who rests takes next to no processor time for so long. */
#define REST_MS 500
#define RESTLESS_NS 20000000

struct resting {
	const struct pty *p;
	int64_t cpu_ns;
};

static int64_t
cpu_ns(const struct pty *p)
{
	clockid_t clock;
	struct timespec used;

	cr_assert_eq(clock_getcpuclockid(p->pid, &clock), 0);
	cr_assert_eq(clock_gettime(clock, &used), 0);
	return used.tv_sec * INT64_C(1000000000) + used.tv_nsec;
}

/* On a busy machine, who would not sleep may be long in getting so far. */
static bool
has_worked(void *arg)
{
	const struct resting *r = arg;

	return cpu_ns(r->p) > r->cpu_ns + RESTLESS_NS;
}

void
pty_rests(struct pty *p)
{
	struct resting r = { .p = p };

	cr_assert(wait_until(is_asleep, p, PATIENCE_MS));
	r.cpu_ns = cpu_ns(p);
	cr_assert_not(wait_until(has_worked, &r, REST_MS), "it does not rest");
}

struct termios
pty_modes(const struct pty *p)
{
	struct termios modes;

	cr_assert_eq(tcgetattr(p->program_fd, &modes), 0);
	return modes;
}
