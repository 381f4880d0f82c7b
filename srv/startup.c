/* startup.c - what the master makes before it serves, and removes when it ends.
 *
 * The order matters: listeners first, since their port names the instance; then
 * the shared memory, whose ownership is the claim on the instance; and only the
 * owner touches the instance's directory. */
#include "srv/master.h"

#include "ipc/clock.h"
#include "ipc/log.h"
#include "ipc/mailbox.h"
#include "srv/capacity.h"
#include "srv/report.h"
#include "srv/scheduling.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Descriptors are few in every process of ours, but backlogs have some. */
static void
raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* nohup(1) has it ignored. */
static bool
hangup_is_ignored(void)
{
	struct sigaction action;

	return sigaction(SIGHUP, NULL, &action) == 0 &&
	       action.sa_handler == SIG_IGN;
}

static int
open_signals(void)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGQUIT, SIGCHLD,
		SIGUSR1 };
	sigset_t set;

	/* A console in the background is refused its terminal, and nobody is
	 * stopped for it. */
	(void)signal(SIGTTIN, SIG_IGN);
	(void)signal(SIGTTOU, SIG_IGN);
	sigemptyset(&set);
	if (!hangup_is_ignored())
		sigaddset(&set, SIGHUP);
	/* Whatever the starter ignored, as a shell does SIGINT in what a script
	 * runs in the background: children would vanish unseen, and ^C would
	 * end nothing. */
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		(void)signal(signals[i], SIG_DFL);
		sigaddset(&set, signals[i]);
	}
	/* Children inherit the mask: the terminal's ^C reaches them too, and is
	 * the master's to act on. */
	if (sigprocmask(SIG_BLOCK, &set, NULL) == -1)
		return -1;
	(void)signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

/* What is shared ---------------------------------------------------------- */

/* What the files are called by.  A check makes its own, so as to meet no server
 * of the instance: no instance can have such a name. */
static void
name_instance(struct master *m)
{
	if (m->options->instance != NULL)
		snprintf(m->instance, sizeof m->instance, "%s",
		    m->options->instance);
	else
		snprintf(m->instance, sizeof m->instance, "%u", m->first_port);
	if (m->findings.is_check)
		snprintf(m->place, sizeof m->place, "~check-%d", (int)getpid());
	else
		snprintf(m->place, sizeof m->place, "%s", m->instance);
	instance_shm_name(m->shm_name, geteuid(), m->place);
}

static int
open_run_dir(struct master *m)
{
	char standard[DIR_RUN_DIR_BYTES];
	const char *path = m->options->run_dir;
	enum run_dir_result result = RUN_DIR_OK;
	bool is_missing;

	if (path == NULL) {
		result = run_dir_default(standard, sizeof standard);
		path = standard;
	}
	is_missing = access(path, F_OK) == -1 && errno == ENOENT;
	if (result == RUN_DIR_OK)
		result = run_dir_create(path, &m->run_dir);
	m->made_run_dir = is_missing && result == RUN_DIR_OK;
	if (result == RUN_DIR_OK) {
		findings_ok(&m->findings, "the run directory %s %s",
		    m->run_dir.path,
		    is_missing ? "can be made"
			       : "is ours, and nobody else may write to it");
		return 0;
	}
	findings_error(&m->findings, "cannot use the run directory %s: %s",
	    path, run_dir_result_text(result));
	m->run_dir.path[0] = '\0';
	return -1;
}

static void
tell_directory_failure(
    struct master *m, enum dir_open_result result, pid_t holder)
{
	char shm_name[INSTANCE_SHM_BYTES];
	size_t kib = directory_size(m->options->max_users) / 1024;

	/* What it would be called, in a check too. */
	instance_shm_name(shm_name, geteuid(), m->instance);
	if (result == DIR_OPEN_HELD)
		findings_error(&m->findings,
		    "instance %s is run by pid %d already; stop that, or "
		    "name another with --instance",
		    m->instance, (int)holder);
	else if (result == DIR_OPEN_FOREIGN)
		findings_error(&m->findings,
		    "/dev/shm%s is not ours; remove it, or name another "
		    "instance with --instance",
		    shm_name);
	else if (errno == ENOSPC)
		findings_error_errno(&m->findings,
		    "cannot create the directory /dev/shm%s of %zu KiB; make "
		    "room there, or lower --max-users",
		    shm_name, kib);
	else
		findings_error_errno(&m->findings,
		    "cannot create the directory /dev/shm%s", shm_name);
}

/* In a check: whether the instance could be ours. */
static void
look_for_server(struct master *m)
{
	char shm_name[INSTANCE_SHM_BYTES];
	enum dir_open_result result;
	bool is_stale;
	pid_t holder;

	instance_shm_name(shm_name, geteuid(), m->instance);
	result = directory_probe(shm_name, &holder, &is_stale);
	if (result != DIR_OPENED)
		tell_directory_failure(m, result, holder);
	else
		findings_ok(&m->findings, "no server of instance %s runs%s",
		    m->instance,
		    is_stale ? ", and what a dead one left will be removed"
			     : "");
}

static int
create_directory(struct master *m)
{
	enum dir_open_result result;
	struct dir_header *header;
	bool removed_stale;
	pid_t holder;
	struct dir_config config = {
		.shm_name = m->shm_name,
		.instance = m->instance,
		.run_dir = m->run_dir.path,
		.max_users = m->options->max_users,
	};

	result = directory_create(&config, &m->dir, &holder, &removed_stale);
	if (result != DIR_OPENED) {
		tell_directory_failure(m, result, holder);
		return -1;
	}
	findings_ok(&m->findings, "/dev/shm has the %zu KiB for %u users",
	    m->dir->map_len / 1024, m->options->max_users);
	if (removed_stale)
		log_warn("removed what a dead server left of instance %s",
		    m->instance);
	header = m->dir->header;
	for (size_t i = 0; i < m->door.n_listeners; i++)
		memcpy(header->listeners[i], m->door.listeners[i].address,
		    DIR_ADDRESS_BYTES);
	header->n_listeners = (uint32_t)m->door.n_listeners;
	return 0;
}

static int
enter_instance(struct master *m)
{
	/* which has been complained of */
	if (m->run_dir.path[0] == '\0')
		return -1;
	m->has_entered = instance_enter(&m->run_dir, m->place) == 0;
	if (m->has_entered)
		return 0;
	findings_error_errno(&m->findings,
	    "cannot make a directory in %s, which must be writable to us and "
	    "have room",
	    m->run_dir.path);
	return -1;
}

/* No child has this generation; the file systems of some run directories hold
 * no sockets, and better the operator learns it than every client. */
static int
try_mailbox(struct master *m)
{
	const struct user_ref nobody = { 0, 0 };
	int fd = mailbox_open(nobody);

	if (fd == -1 && errno == EMSGSIZE) {
		findings_error(&m->findings,
		    "the system's sockets are too small: raise the sysctl "
		    "net.core.wmem_max to %d or more",
		    SEND_BUFFER_BYTES);
		return -1;
	}
	if (fd == -1) {
		findings_error_errno(&m->findings,
		    "cannot make a mailbox in %s; name another run directory "
		    "with --run-dir",
		    m->run_dir.path);
		return -1;
	}
	close(fd);
	mailbox_remove(nobody);
	findings_ok(
	    &m->findings, "mailboxes can be made in %s", m->run_dir.path);
	return 0;
}

static int
open_descriptors(struct master *m)
{
	m->send_fd = mailbox_open_sender();
	if (m->send_fd == -1 ||
	    pipe2(m->lifeline, O_CLOEXEC | O_NONBLOCK) == -1 ||
	    report_pipe(m->reports) == -1 ||
	    children_init(&m->children, m->dir->n_slots) == -1) {
		findings_error_errno(&m->findings, "cannot start");
		return -1;
	}
	sender_init(&m->sender, m->send_fd);
	return 0;
}

static void
judge_capacity(struct master *m)
{
	struct capacity capacity;

	capacity_read(&capacity);
	capacity_judge(&capacity, m->options, &m->findings);
}

/* A check goes on behind an error, as far as there is something to look at. */
int
master_start(struct master *m)
{
	bool goes_on = m->findings.is_check;

	raise_descriptor_limit();
	scheduling_forgo_rseq();
	door_init(&m->door);
	m->door.exempt = m->options->exempt;
	m->door.n_exempt = m->options->n_exempt;
	m->signal_fd = open_signals();
	if (m->signal_fd == -1) {
		findings_error_errno(&m->findings, "signalfd");
		return -1;
	}
	if (open_run_dir(m) == -1 && !goes_on)
		return -1;
	if (master_listen(m) == -1 && !goes_on)
		return -1;
	name_instance(m);
	if (goes_on)
		look_for_server(m);
	if (create_directory(m) == -1 && !goes_on)
		return -1;
	if (enter_instance(m) == 0 && try_mailbox(m) == 0 && m->dir != NULL)
		(void)open_descriptors(m);
	if (m->findings.has_error && !goes_on)
		return -1;
	judge_capacity(m);
	return m->findings.has_error ? -1 : 0;
}

static void
close_pair(int fds[2])
{
	for (int i = 0; i < 2; i++)
		if (fds[i] != -1)
			close(fds[i]);
}

void
master_cleanup(struct master *m)
{
	door_close(&m->door);
	sender_free(&m->sender);
	close_pair(m->lifeline);
	close_pair(m->reports);
	if (m->send_fd != -1)
		close(m->send_fd);
	if (m->signal_fd != -1)
		close(m->signal_fd);
	/* The memory last: who has it owns the instance. */
	if (m->has_entered)
		instance_remove(&m->run_dir, m->place);
	if (m->findings.is_check && m->made_run_dir)
		(void)rmdir(m->run_dir.path);
	if (m->dir != NULL) {
		directory_remove(m->dir, m->shm_name);
		directory_close(m->dir);
	}
	children_free(&m->children);
}
