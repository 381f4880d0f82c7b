/* startup.c - what the master makes before it serves, and removes when it ends.
 *
 * The order matters: listeners first, since their port names the instance; then
 * the shared memory, whose ownership is the claim on the instance; and only the
 * owner touches the instance's directory. */
#include "srv/master.h"

#include "ipc/clock.h"
#include "ipc/log.h"
#include "ipc/mailbox.h"
#include "srv/report.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* When one free port has to serve several addresses and is taken on one. */
#define FREE_PORT_TRIES 16

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

/* Listening --------------------------------------------------------------- */

struct port_search {
	const struct run_dir *run_dir;
	unsigned port;
	char instance[INSTANCE_MAX_BYTES + 1];
	pid_t pid;
};

static bool
listens_on(const struct directory *dir, unsigned port)
{
	char address[DIR_ADDRESS_BYTES];

	for (uint32_t i = 0; directory_listener(dir, i, address); i++) {
		const char *colon = strrchr(address, ':');

		if (colon != NULL && (unsigned)atoi(colon + 1) == port)
			return true;
	}
	return false;
}

static bool
look_for_port(const char *instance, void *arg)
{
	struct port_search *search = arg;
	char shm_name[INSTANCE_SHM_BYTES];
	struct directory *dir;
	pid_t pid;

	instance_shm_name(shm_name, search->run_dir->uid, instance);
	if (directory_open(shm_name, search->run_dir->uid, &dir) != DIR_OPENED)
		return true;
	pid = directory_master_pid(dir);
	if (pid != 0 && listens_on(dir, search->port)) {
		search->pid = pid;
		snprintf(
		    search->instance, sizeof search->instance, "%s", instance);
	}
	directory_close(dir);
	return search->pid == 0;
}

static bool
is_named_twice(const struct door *door, const struct listener *failed)
{
	return listener_is_among(failed, door->listeners, door->n_listeners);
}

static void
log_listen_failure(
    const struct master *m, const struct listener *failed, const char *why)
{
	struct port_search search = {
		.run_dir = &m->run_dir,
		.port = failed->port,
	};

	if (why == NULL && errno == EADDRINUSE &&
	    is_named_twice(&m->door, failed)) {
		log_error(
		    "cannot listen on %s twice; name it once", failed->address);
		return;
	}
	if (why == NULL && errno == EADDRINUSE) {
		(void)instance_each(&m->run_dir, look_for_port, &search);
		if (search.pid != 0)
			log_error("cannot listen on %s: chatd instance %s (pid "
				  "%d) does; take another port with --listen",
			    failed->address, search.instance, (int)search.pid);
		else
			log_error("cannot listen on %s: another program does; "
				  "take another port with --listen",
			    failed->address);
		return;
	}
	log_error("cannot listen on %s: %s", failed->address,
	    why != NULL ? why : strerror(errno));
}

/* Add the listeners of one spec.  *free_port is what port 0 has become, 0 if
 * that is still open.  -1 with errno or *why_out. */
static int
add_listeners(struct door *door, const struct listen_spec *spec,
    unsigned *free_port, const char **why_out, struct listener *failed_out)
{
	struct listener *first = door->listeners + door->n_listeners;
	int n = listener_open(spec, *free_port, first,
	    MAX_LISTENERS - door->n_listeners, why_out, failed_out);

	if (n == -1)
		return -1;
	door->n_listeners += (size_t)n;
	if (atoi(spec->port) == 0)
		*free_port = first->port;
	return 0;
}

static void
close_listeners(struct door *door)
{
	while (door->n_listeners > 0)
		listener_close(&door->listeners[--door->n_listeners]);
}

/* Open all that was asked for, or none.  `optional`: the machine may be without
 * an address (::1 where IPv6 is off). */
static int
open_listeners(struct master *m, const struct listen_spec *specs, unsigned n,
    bool optional)
{
	struct listener failed = { .fd = -1 };
	const char *why = NULL;

	for (int try = 1;; try++) {
		unsigned i = 0, free_port = 0;

		for (; i < n; i++)
			if (add_listeners(&m->door, &specs[i], &free_port, &why,
				&failed) == -1 &&
			    !(optional && i > 0 &&
				(why != NULL || errno != EADDRINUSE)))
				break;
		if (i == n)
			return 0;
		if (why != NULL || errno != EADDRINUSE ||
		    failed.port != free_port ||
		    is_named_twice(&m->door, &failed) || try == FREE_PORT_TRIES)
			break;
		close_listeners(&m->door);
	}
	log_listen_failure(m, &failed, why);
	return -1;
}

static int
start_listening(struct master *m)
{
	static const struct listen_spec loopback[] = {
		{ "127.0.0.1", CHATD_PORT },
		{ "::1", CHATD_PORT },
	};

	if (m->options->n_listen > 0)
		return open_listeners(
		    m, m->options->listen, m->options->n_listen, false);
	return open_listeners(m, loopback, 2, true);
}

/* What is shared ---------------------------------------------------------- */

static int
open_run_dir(struct master *m)
{
	char standard[DIR_RUN_DIR_BYTES];
	const char *path = m->options->run_dir;
	enum run_dir_result result = RUN_DIR_OK;

	if (path == NULL) {
		result = run_dir_default(standard, sizeof standard);
		path = standard;
	}
	if (result == RUN_DIR_OK)
		result = run_dir_create(path, &m->run_dir);
	if (result == RUN_DIR_OK)
		return 0;
	log_error("cannot use the run directory %s: %s", path,
	    run_dir_result_text(result));
	return -1;
}

static void
log_directory_failure(const struct master *m, const char *shm_name,
    enum dir_open_result result, pid_t holder)
{
	if (result == DIR_OPEN_HELD)
		log_error("instance %s is run by pid %d already; stop that, or "
			  "name another with --instance",
		    m->instance, (int)holder);
	else if (result == DIR_OPEN_FOREIGN)
		log_error("/dev/shm%s is not ours; remove it, or name another "
			  "instance with --instance",
		    shm_name);
	else
		log_error_errno(
		    "cannot create the directory /dev/shm%s", shm_name);
}

static int
create_directory(struct master *m)
{
	char shm_name[INSTANCE_SHM_BYTES];
	enum dir_open_result result;
	struct dir_header *header;
	bool removed_stale;
	pid_t holder;
	struct dir_config config = {
		.shm_name = shm_name,
		.instance = m->instance,
		.run_dir = m->run_dir.path,
		.max_users = m->options->max_users,
	};

	instance_shm_name(shm_name, geteuid(), m->instance);
	result = directory_create(&config, &m->dir, &holder, &removed_stale);
	if (result != DIR_OPENED) {
		log_directory_failure(m, shm_name, result, holder);
		return -1;
	}
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
	if (instance_enter(&m->run_dir, m->instance) == 0)
		return 0;
	log_error_errno("cannot make %s/%s", m->run_dir.path, m->instance);
	return -1;
}

static int
open_descriptors(struct master *m)
{
	m->send_fd = mailbox_open_sender();
	if (m->send_fd == -1 && errno == EMSGSIZE) {
		log_error("the system's sockets are too small: raise the "
			  "sysctl net.core.wmem_max to %d or more",
		    SEND_BUFFER_BYTES);
		return -1;
	}
	if (m->send_fd == -1 ||
	    pipe2(m->lifeline, O_CLOEXEC | O_NONBLOCK) == -1 ||
	    report_pipe(m->reports) == -1 ||
	    children_init(&m->children, m->dir->n_slots) == -1) {
		log_error_errno("cannot start");
		return -1;
	}
	sender_init(&m->sender, m->send_fd);
	return 0;
}

int
master_start(struct master *m)
{
	raise_descriptor_limit();
	door_init(&m->door);
	m->door.exempt = m->options->exempt;
	m->door.n_exempt = m->options->n_exempt;
	m->signal_fd = open_signals();
	if (m->signal_fd == -1) {
		log_error_errno("signalfd");
		return -1;
	}
	if (open_run_dir(m) == -1 || start_listening(m) == -1)
		return -1;
	if (m->options->instance != NULL)
		snprintf(m->instance, sizeof m->instance, "%s",
		    m->options->instance);
	else
		snprintf(m->instance, sizeof m->instance, "%u",
		    m->door.listeners[0].port);
	if (create_directory(m) == -1 || enter_instance(m) == -1 ||
	    open_descriptors(m) == -1)
		return -1;
	return 0;
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
	char shm_name[INSTANCE_SHM_BYTES];

	door_close(&m->door);
	sender_free(&m->sender);
	close_pair(m->lifeline);
	close_pair(m->reports);
	if (m->send_fd != -1)
		close(m->send_fd);
	if (m->signal_fd != -1)
		close(m->signal_fd);
	if (m->dir != NULL) {
		/* The memory last: who has it owns the instance. */
		instance_remove(&m->run_dir, m->instance);
		instance_shm_name(shm_name, geteuid(), m->instance);
		directory_remove(m->dir, shm_name);
		directory_close(m->dir);
	}
	children_free(&m->children);
}
