/* suspects.c - finding out whether a child still runs, and ending it if not. */
#include "srv/suspects.h"

#include "ipc/clock.h"
#include "ipc/limits.h"
#include "ipc/log.h"
#include "ipc/mailbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A suspect that is runnable but has used less processor time than this since
 * the ping has not been given any: the machine is busy, not the child stuck. */
#define STARVED_CPU_MS 500

/* PF_EXITING of the kernel's task flags: on its way out, not yet a zombie. */
#define PROCESS_IS_EXITING 0x4u

struct process {
	char state;
	unsigned flags;
	uint64_t cpu_ms;
};

/* Look at /proc/PID/stat; false when it cannot be read. */
static bool
process_look(pid_t pid, struct process *out)
{
	char path[64], text[1024];
	unsigned long user = 0, system = 0;
	const char *after_name;
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return false;
	n = read(fd, text, sizeof text - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	/* The name is in brackets and may hold some itself; then fields 3, 9,
	 * 14 and 15 of proc(5). */
	after_name = strrchr(text, ')');
	if (after_name == NULL ||
	    sscanf(after_name + 1,
		" %c %*d %*d %*d %*d %*d %u %*u %*u %*u %*u %lu %lu",
		&out->state, &out->flags, &user, &system) != 4)
		return false;
	out->cpu_ms =
	    (user + system) * 1000 / (unsigned long)sysconf(_SC_CLK_TCK);
	return true;
}

static void
ping(struct children *children, struct directory *dir,
    struct child_entry *entry, int64_t now)
{
	struct process process;

	entry->cpu_ms_when_pinged =
	    process_look(entry->pid, &process) ? process.cpu_ms : 0;
	entry->turns_when_pinged = directory_turns(dir, entry->ref);
	children_watch_answer(children, entry, now + PING_ANSWER_MS);
	(void)kill(entry->pid, SIGUSR1);
}

void
suspects_ping(struct children *children, struct directory *dir,
    struct user_ref who, int64_t now)
{
	struct child_entry *entry = children_at(children, who);

	if (entry == NULL || entry->killed != KILL_NONE ||
	    entry->answer_until != CLOCK_NEVER)
		return;
	log_debug("pid %d is said to be stuck", (int)entry->pid);
	ping(children, dir, entry, now);
}

void
suspects_ping_lock_holder(
    struct children *children, struct directory *dir, int64_t now)
{
	uint64_t holder = lock_holder(&dir->header->lock);

	if (holder == LOCK_FREE)
		return;
	/* The master itself does not hold it here. */
	if (children_at(children, dir_identity_ref(holder)) == NULL) {
		log_error("the directory's lock was held by nobody");
		directory_free_lock(dir, holder);
		return;
	}
	suspects_ping(children, dir, dir_identity_ref(holder), now);
}

/* It is counted when it is reaped. */
static void
evict(struct children *children, struct child_entry *entry,
    enum kill_reason reason)
{
	log_warn(
	    "pid %d %s; killing it", (int)entry->pid, kill_reason_text(reason));
	entry->killed = reason;
	children_watch_stopped(children, entry, CLOCK_NEVER);
	children_watch_answer(children, entry, CLOCK_NEVER);
	/* Not reaped yet, so the pid is still this child's. */
	(void)kill(entry->pid, SIGKILL);
}

/* Runnable, and not run: let it have its time. */
static bool
is_starved(const struct child_entry *entry)
{
	struct process process;

	return process_look(entry->pid, &process) && process.state == 'R' &&
	       process.cpu_ms < entry->cpu_ms_when_pinged + STARVED_CPU_MS;
}

void
suspects_check_mailbox(
    struct children *children, struct directory *dir, struct user_ref who)
{
	struct child_entry *entry = children_at(children, who);
	struct process process;
	int fd;

	if (entry == NULL || entry->killed != KILL_NONE)
		return;
	fd = mailbox_connect(who);
	if (fd != -1) {
		close(fd);
		return;
	}
	/* A child that dies closes its mailbox and is reaped in a moment; one
	 * that leaves is no longer in the room. */
	if (mailbox_answer(errno) == MAILBOX_GONE &&
	    dir_presence_state(dir_presence_load(dir, who.slot)) ==
		DIR_JOINED &&
	    process_look(entry->pid, &process) && process.state != 'Z' &&
	    (process.flags & PROCESS_IS_EXITING) == 0)
		evict(children, entry, KILL_NO_MAILBOX);
}

static void
check_answer(struct children *children, struct directory *dir,
    struct child_entry *entry, int64_t now)
{
	/* That a stopped child does not answer is no news. */
	if (directory_turns(dir, entry->ref) != entry->turns_when_pinged ||
	    entry->stopped_at != CLOCK_NEVER)
		children_watch_answer(children, entry, CLOCK_NEVER);
	else if (is_starved(entry))
		children_watch_answer(children, entry, now + PING_ANSWER_MS);
	else
		evict(children, entry, KILL_WEDGED);
}

void
suspects_check(struct children *children, struct directory *dir, int64_t now)
{
	struct child_entry *entry = NULL;

	if (children->n_watched == 0)
		return;
	while ((entry = children_next(children, entry)) != NULL) {
		if (entry->stopped_at != CLOCK_NEVER &&
		    now >= entry->stopped_at + STOPPED_MS)
			evict(children, entry, KILL_STOPPED);
		else if (now >= entry->answer_until)
			check_answer(children, dir, entry, now);
	}
}

int64_t
suspects_next_at(struct children *children)
{
	struct child_entry *entry = NULL;
	int64_t at = CLOCK_NEVER;

	if (children->n_watched == 0)
		return CLOCK_NEVER;
	while ((entry = children_next(children, entry)) != NULL) {
		at = clock_earlier(at, entry->answer_until);
		if (entry->stopped_at != CLOCK_NEVER)
			at = clock_earlier(at, entry->stopped_at + STOPPED_MS);
	}
	return at;
}
