/* undertaker.c - the last one out, after the master's death by SIGKILL.
 *
 * Runs in children only.  An orphan may be stopped or wedged, and nobody is
 * left to reap it, so pids are handled with care: a signal is only sent through
 * a pidfd, to a process that runs our own program in our own directory. */
#include "srv/undertaker.h"

#include "ipc/clock.h"
#include "ipc/log.h"
#include "srv/obituary.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Siblings get this long to go by themselves, and the undertaker a little
 * longer to see to it. */
#define SIBLINGS_MS 600
#define UNDERTAKER_MS (SIBLINGS_MS + 150)
/* In undertaker_pid, when all is done. */
#define ALL_REMOVED (-1)
#define LOOK_EVERY_MS 5
/* Between claim and the child's first steps, also on a busy machine. */
#define BIRTH_MS 100

/* Whether /proc has the same file under `what` for pid as for ourselves. */
static bool
has_same(pid_t pid, const char *what)
{
	struct stat ours, theirs;
	char own_path[64], path[64];

	snprintf(own_path, sizeof own_path, "/proc/self/%s", what);
	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, what);
	return stat(own_path, &ours) == 0 && stat(path, &theirs) == 0 &&
	       ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

/* The program alone would not tell another server's child from ours. */
static bool
is_sibling(pid_t pid)
{
	return has_same(pid, "exe") && has_same(pid, "cwd");
}

/* A pidfd; -1 when it is gone. */
static int
open_sibling(pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	/* Looked at after the pidfd is open, so this is the process we signal.
	 */
	if (pidfd == -1 || is_sibling(pid))
		return pidfd;
	close(pidfd);
	return -1;
}

static bool
send_signal(int pidfd, int signal)
{
	return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) == 0;
}

/* Returns whether it got the signal. */
static bool
signal_sibling(pid_t pid, int signal)
{
	int pidfd = open_sibling(pid);
	bool is_sent;

	if (pidfd == -1)
		return false;
	is_sent = send_signal(pidfd, signal);
	close(pidfd);
	return is_sent;
}

/* As the master would have when it had reaped it. */
static void
speak_for(struct directory *dir, const struct dir_row *row)
{
	siginfo_t info = { .si_code = CLD_KILLED };

	info.si_pid = row->pid;
	info.si_status = SIGKILL;
	obituary_write(dir, row, &info, KILL_LATE);
}

/* A child that the master forked as its last act has no pid here yet. */
static bool
is_being_born(const struct dir_row *row)
{
	return row->state == DIR_CLAIMED && row->pid == 0 &&
	       clock_ms() - row->claimed_at < BIRTH_MS;
}

/* Signal (0: none) every sibling that still has a slot; returns how many. */
static unsigned
each_sibling(struct directory *dir, int signal)
{
	uint32_t n_used = dir_n_slots_used(dir);
	unsigned n = 0;

	for (uint32_t i = 0; i < n_used; i++) {
		struct dir_row row;

		(void)directory_read(dir, i, &row);
		n += is_being_born(&row);
		if (row.state == DIR_FREE || row.pid <= 0 ||
		    row.pid == getpid() || kill(row.pid, 0) == -1)
			continue;
		n++;
		if (signal != 0 && signal_sibling(row.pid, signal) &&
		    signal == SIGKILL)
			speak_for(dir, &row);
	}
	return n;
}

static void
wait_for_siblings(struct directory *dir, int64_t deadline)
{
	(void)each_sibling(dir, SIGCONT);
	while (each_sibling(dir, 0) > 0 && clock_ms() < deadline)
		(void)poll(NULL, 0, LOOK_EVERY_MS);
	(void)each_sibling(dir, SIGKILL);
}

static void
remove_files(
    struct directory *dir, const struct run_dir *run_dir, const char *instance)
{
	char shm_name[INSTANCE_SHM_BYTES];

	instance_shm_name(shm_name, geteuid(), instance);
	if (!directory_inherit(dir, shm_name))
		return;
	log_warn("the server was killed; its last process removes its files");
	/* The memory last: who has it owns the instance. */
	instance_remove(run_dir, instance);
	directory_remove(dir, shm_name);
}

/* Then the undertaker does not wait for us. */
static bool
has_left(const struct directory *dir)
{
	return dir_presence_state(dir_presence_load(dir, dir->own_slot)) ==
	       DIR_FREE;
}

/* Returns when it is gone, for which it is killed after UNDERTAKER_MS. */
static void
wait_for_undertaker(pid_t pid)
{
	struct pollfd row = { open_sibling(pid), POLLIN, 0 };

	if (row.fd == -1)
		return;
	if (poll(&row, 1, UNDERTAKER_MS) == 0 && send_signal(row.fd, SIGKILL))
		(void)poll(&row, 1, UNDERTAKER_MS);
	close(row.fd);
}

void
undertaker_run(
    struct directory *dir, const struct run_dir *run_dir, const char *instance)
{
	_Atomic int32_t *undertaker = &dir->header->undertaker_pid;
	int64_t deadline = clock_ms() + SIBLINGS_MS;
	int32_t pid = 0;

	while (!atomic_compare_exchange_strong(undertaker, &pid, getpid())) {
		if (pid == ALL_REMOVED || !has_left(dir))
			return;
		wait_for_undertaker(pid);
	}
	wait_for_siblings(dir, deadline);
	remove_files(dir, run_dir, instance);
	atomic_store(undertaker, ALL_REMOVED);
}
