/* master.c - the master's loop: accept, fork, watch over children, stop.
 *
 * Making and removing what is shared is startup.c, burying children reaper.c.
 * The master reads no client byte, so no client byte can harm it, and it waits
 * for no child and no lock without a deadline. */
#include "srv/master.h"

#include "ipc/clock.h"
#include "ipc/descriptor.h"
#include "ipc/limits.h"
#include "ipc/log.h"
#include "srv/admission.h"
#include "srv/bell.h"
#include "srv/child.h"
#include "srv/loop.h"
#include "srv/report.h"
#include "srv/suspects.h"
#include "srv/title.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Clients accepted in a row before the other descriptors are looked at. */
#define ACCEPTS_PER_TURN 64
#define REPORTS_PER_TURN 64
/* While draining, how often to look whether everybody has left the room. */
#define DRAIN_LOOK_MS 5

/* Forking ----------------------------------------------------------------- */

/* In the child: give up what is the master's. */
static void
child_after_fork(struct master *m)
{
	/* The write end first: while we hold it our siblings cannot see the
	 * master die. */
	close(m->lifeline[1]);
	door_close(&m->door);
	close(m->reports[0]);
	close(m->signal_fd);
	sender_free(&m->sender);
	close(m->send_fd);
}

/* Fork a child for a client; its descriptors stay open here, for the caller to
 * close.  Returns NULL, errno set, when that cannot be. */
static struct child_entry *
fork_child(struct master *m, struct user_ref ref, int in_fd, int out_fd,
    const char *name)
{
	struct child_start start = {
		.dir = m->dir,
		.run_dir = &m->run_dir,
		.instance = m->instance,
		.self = ref,
		.master_pid = getpid(),
		.in_fd = in_fd,
		.out_fd = out_fd,
		.lifeline_fd = m->lifeline[0],
		.report_fd = m->reports[1],
		.name = name,
	};
	/* The master has one thread and no handlers for a fork, which would
	 * only dirty pages in every child. */
	pid_t pid = _Fork();

	if (pid == 0) {
		/* child */
		child_after_fork(m);
		child_run(&start);
	}
	/* master */
	if (pid == -1)
		return NULL;
	directory_count(m->dir, DIR_COUNT_accepted, 1);
	return children_add(&m->children, ref, pid);
}

/* Somebody has removed our directory, or the user has logged out and with him
 * went what is below XDG_RUNTIME_DIR.  No child can be reached any more. */
static bool
instance_is_gone(struct master *m)
{
	if (!instance_is_lost())
		return false;
	if (m->stopping == NOT_STOPPING) {
		log_error("%s/%s has been removed; ending", m->run_dir.path,
		    m->instance);
		m->has_failed = true;
		master_stop_further(m);
	}
	return true;
}

/* Serve the client by a child of its own; -1 when one cannot be had. */
static int
serve(struct master *m, const struct arrival *arrival)
{
	struct child_entry *entry;
	struct dir_row row;
	struct user_ref ref;

	if (!directory_claim(m->dir, arrival->from, &ref))
		return -1;
	entry = fork_child(m, ref, arrival->fd, arrival->fd, NULL);
	if (entry == NULL) {
		log_line_errno(LOG_DEBUG, "fork");
		(void)directory_sweep(m->dir, ref, NULL, &row);
		return -1;
	}
	children_set_address(&m->children, entry, arrival->address_key);
	close(arrival->fd);
	return 0;
}

/* Let the client in, or tell it why not. */
static void
receive(struct master *m, const struct arrival *arrival)
{
	const char *why =
	    admission_refuse(m->options, m->dir, &m->children, arrival);

	if (why != NULL) {
		door_refuse(&m->door, arrival, why);
	} else if (serve(m, arrival) == -1) {
		directory_count(m->dir, DIR_COUNT_refused_resources, 1);
		door_refuse(&m->door, arrival,
		    "the server cannot start a process for you; try again "
		    "later");
		door_pause(&m->door);
	}
}

static void
accept_clients(struct master *m, size_t listener)
{
	struct arrival arrival;

	for (int i = 0; i < ACCEPTS_PER_TURN && !instance_is_gone(m); i++)
		switch (door_accept(&m->door, listener, &arrival)) {
		case DOOR_CLIENT:
			receive(m, &arrival);
			break;
		case DOOR_SHORTAGE:
			directory_count(m->dir, DIR_COUNT_refused_resources, 1);
			return;
		case DOOR_NOBODY:
			return;
		}
}

/* The console ------------------------------------------------------------- */

/* The terminal once more, with a non-blocking flag of our own: the shell's must
 * stay as it is.  After su(1) it is another user's and cannot be opened; then a
 * write may block, which hurts this one child alone. */
static int
reopen(int fd, int flags)
{
	int again = descriptor_reopen(fd, flags);

	return again != -1 ? again : fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

static int
start_console(struct master *m)
{
	struct child_entry *entry = NULL;
	struct user_ref ref;
	int in_fd = reopen(STDIN_FILENO, O_RDONLY);
	int out_fd = reopen(STDOUT_FILENO, O_WRONLY | O_APPEND);

	if (in_fd != -1 && out_fd != -1 &&
	    directory_claim(m->dir, "console", &ref))
		entry = fork_child(m, ref, in_fd, out_fd, m->options->console);
	if (entry == NULL)
		log_error_errno("cannot chat from this terminal");
	else
		entry->is_console = true;
	if (in_fd != -1)
		close(in_fd);
	if (out_fd != -1)
		close(out_fd);
	return entry == NULL ? -1 : 0;
}

/* Stopping ---------------------------------------------------------------- */

static void
signal_children(struct master *m, int signal)
{
	struct child_entry *entry = NULL;

	while ((entry = children_next(&m->children, entry)) != NULL)
		(void)kill(entry->pid, signal);
}

/* Who is still there at the end. */
static void
kill_children(struct master *m)
{
	struct child_entry *entry = NULL;

	while ((entry = children_next(&m->children, entry)) != NULL)
		if (entry->killed == KILL_NONE) {
			entry->killed = KILL_LATE;
			(void)kill(entry->pid, SIGKILL);
		}
}

static void
set_phase(struct master *m, enum dir_phase phase)
{
	atomic_store(&m->dir->header->phase, (uint32_t)phase);
}

/* How long a step of the end may take. */
static int64_t
step_ms(const struct master *m, int64_t ms)
{
	return ms + m->children.n / STOP_USERS_PER_MS;
}

void
master_stop_further(struct master *m)
{
	int64_t now = clock_ms();

	switch (m->stopping) {
	case NOT_STOPPING:
		log_info("ending, with %u users", directory_n_joined(m->dir));
		m->stopping = DRAINING;
		m->stopping_until = now + step_ms(m, DRAIN_MS);
		door_close(&m->door);
		set_phase(m, DIR_DRAINING);
		signal_children(m, SIGTERM);
		break;
	case DRAINING:
		m->stopping = FINISHING;
		m->stopping_until =
		    now + step_ms(m, FINISH_MS + LINGER_STOP_MS);
		set_phase(m, DIR_FINISHING);
		/* the word to the children */
		close(m->lifeline[1]);
		m->lifeline[1] = -1;
		break;
	case FINISHING:
		m->stopping = KILLING;
		m->stopping_until = CLOCK_NEVER;
		if (m->children.n > 0)
			log_warn("killing %u processes that do not end",
			    m->children.n);
		kill_children(m);
		break;
	case KILLING:
		break;
	}
}

static void
check_stopping(struct master *m, int64_t now)
{
	bool room_is_empty = directory_n_joined(m->dir) == 0;

	if (m->stopping == NOT_STOPPING)
		return;
	if (now >= m->stopping_until ||
	    (m->stopping == DRAINING && room_is_empty))
		master_stop_further(m);
}

/* A second signal ends the waiting.  Not one that comes together with the
 * first: make(1) and timeout(1) send it once to us and once to all of our
 * group.  Nor a hangup, which the shell and the kernel both send. */
static void
stop_at_signal(struct master *m, int signal)
{
	int64_t now = clock_ms();

	log_info("got signal %d (%s)", signal, strsignal(signal));
	if (m->stopping == NOT_STOPPING) {
		m->hurry_from = now + SAME_STOP_MS;
		master_stop_further(m);
	} else if (signal != SIGHUP && now >= m->hurry_from) {
		while (m->stopping != KILLING)
			master_stop_further(m);
	}
}

/* The loop ---------------------------------------------------------------- */

static void
on_signals(struct master *m)
{
	struct signalfd_siginfo info;

	while (read(m->signal_fd, &info, sizeof info) == sizeof info) {
		int signal = (int)info.ssi_signo;

		if (signal == SIGCHLD)
			master_reap_soon(m, (pid_t)info.ssi_pid);
		else if (signal != SIGUSR1)
			stop_at_signal(m, signal);
	}
}

static void
look_into(struct master *m, const struct report *report, int64_t now)
{
	/* Any byte may stand in a report of a child that was taken over. */
	switch ((unsigned)report->kind) {
	case REPORT_STUCK_MAILBOX:
		suspects_ping(&m->children, m->dir, report->who, now);
		break;
	case REPORT_NO_MAILBOX:
		if (!instance_is_gone(m))
			suspects_check_mailbox(
			    &m->children, m->dir, report->who);
		break;
	case REPORT_STUCK_LOCK:
		suspects_ping_lock_holder(&m->children, m->dir, now);
		break;
	case REPORT_NEWS:
	default:
		break;
	}
}

static void
on_reports(struct master *m)
{
	struct report reports[REPORTS_PER_TURN];
	size_t n = report_receive(m->reports[0], reports, REPORTS_PER_TURN);
	int64_t now = clock_ms();

	for (size_t i = 0; i < n; i++)
		look_into(m, &reports[i], now);
}

static void
on_timers(struct master *m)
{
	int64_t now = clock_ms();

	bell_check(m->dir, &m->sender, now);
	suspects_check(&m->children, m->dir, now);
	if (now >= m->reap_at)
		master_reap(m);
	check_stopping(m, now);
}

static int64_t
next_timer(struct master *m, int64_t now)
{
	int64_t at = door_next_at(&m->door, now);

	at = clock_earlier(at, bell_next_at(m->dir));
	at = clock_earlier(at, suspects_next_at(&m->children));
	at = clock_earlier(at, m->reap_at);
	at = clock_earlier(at, m->stopping_until);
	if (m->stopping == DRAINING)
		at = clock_earlier(at, now + DRAIN_LOOK_MS);
	return at;
}

static void
set_title(struct master *m)
{
	uint32_t n = m->children.n;

	if (n == m->n_in_title)
		return;
	m->n_in_title = n;
	title_set("master %u/%u", n, m->dir->max_users);
}

/* Returns the number of rows. */
static unsigned
fill_rows(struct master *m, int64_t now)
{
	unsigned n = FD_FIRST_LISTENER;

	m->rows[FD_SIGNAL] = (struct pollfd){ m->signal_fd, POLLIN, 0 };
	m->rows[FD_REPORTS] = (struct pollfd){ m->reports[0], POLLIN, 0 };
	n += door_poll_rows(&m->door, now, m->rows + n);
	return n;
}

static void
turn(struct master *m)
{
	int64_t now = clock_ms();
	unsigned n = fill_rows(m, now);
	size_t n_listeners = m->door.n_listeners;

	if (!loop_wait(NULL, m->rows, n, next_timer(m, now)))
		return;
	if (m->rows[FD_SIGNAL].revents)
		on_signals(m);
	if (m->rows[FD_REPORTS].revents)
		on_reports(m);
	for (size_t i = 0; i < n_listeners; i++)
		if (m->rows[FD_FIRST_LISTENER + i].revents &&
		    i < m->door.n_listeners)
			accept_clients(m, i);
	on_timers(m);
	set_title(m);
}

static void
say_ready(const struct master *m)
{
	for (size_t i = 0; i < m->door.n_listeners; i++)
		printf("listening on %s (instance %s)\n",
		    m->door.listeners[i].address, m->instance);
	fflush(stdout);
}

static struct master
master_make(const struct options *options)
{
	return (struct master){
		.options = options,
		.send_fd = -1,
		.signal_fd = -1,
		.lifeline = { -1, -1 },
		.reports = { -1, -1 },
		.stopping_until = CLOCK_NEVER,
		.reap_at = CLOCK_NEVER,
		.n_in_title = UINT32_MAX,
	};
}

int
master_check(const struct options *options)
{
	struct master m = master_make(options);

	m.findings.is_check = true;
	(void)master_start(&m);
	master_cleanup(&m);
	return m.findings.has_error ? 1 : 0;
}

int
master_run(const struct options *options)
{
	struct master m = master_make(options);
	int status = 1;

	log_open("chatd", options->log_level);
	log_identify("master");
	if (master_start(&m) == -1)
		goto out;
	say_ready(&m);
	set_title(&m);
	if (options->console != NULL && start_console(&m) == -1)
		goto out;
	while (m.stopping == NOT_STOPPING || m.children.n > 0)
		turn(&m);
	log_info("ended");
	status = m.has_failed ? 1 : 0;
out:
	master_cleanup(&m);
	return status;
}
