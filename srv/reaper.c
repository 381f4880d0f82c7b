/* reaper.c - the master's care for children that died, stopped or went on.
 *
 * A child is looked at with WNOWAIT, its slot is swept, and only then is it
 * really reaped: until then its pid cannot be given to another process. */
#include "srv/master.h"

#include "ipc/clock.h"
#include "ipc/limits.h"
#include "ipc/log.h"
#include "ipc/mailbox.h"
#include "ipc/news.h"
#include "srv/bell.h"
#include "srv/obituary.h"
#include "srv/suspects.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define REAP_RETRY_MS 20
/* To look for the dead among all children, the kernel walks over the living. */
#define REAP_APART_MS 20

static const char *
reason_of(const struct child_entry *entry, const siginfo_t *info)
{
	if (entry->killed != KILL_NONE)
		return kill_reason_text(entry->killed);
	return info->si_code == CLD_EXITED ? "server error" : "crashed";
}

static void
bury(struct master *m, struct child_entry *entry, const siginfo_t *info,
    const struct dir_row *row)
{
	bool ends_one_to_one = m->options->one_to_one &&
			       (entry->is_console || row->joined_at != 0);
	siginfo_t reaped;

	obituary_write(m->dir, row, info, entry->killed);
	mailbox_remove(entry->ref);
	if (entry->is_console && !m->options->one_to_one)
		log_info("the console has left; the server goes on");
	children_remove(&m->children, entry);
	(void)waitid(P_PID, (id_t)info->si_pid, &reaped, WEXITED | WNOHANG);
	if (ends_one_to_one && m->stopping == NOT_STOPPING)
		master_stop_further(m);
}

/* Returns false when the child's slot could not be swept yet. */
static bool
reap(struct master *m, const siginfo_t *info)
{
	struct child_entry *entry = children_find(&m->children, info->si_pid);
	const char *reason = NULL;
	struct dir_row row;
	siginfo_t reaped;

	if (entry == NULL) {
		/* somebody's orphan that became ours; nothing of it is here */
		(void)waitid(
		    P_PID, (id_t)info->si_pid, &reaped, WEXITED | WNOHANG);
		return true;
	}
	if (m->stopping == NOT_STOPPING)
		reason = reason_of(entry, info);
	if (directory_sweep(m->dir, entry->ref, reason, &row) == DIR_BUSY)
		return false;
	bury(m, entry, info, &row);
	return true;
}

/* The lock is held while a dead child waits to be swept.  A holder that is dead
 * as well goes first; one that lives must show that it runs.  Returns whether
 * there is a point in trying again at once. */
static bool
reap_lock_holder(struct master *m)
{
	uint64_t holder = lock_holder(&m->dir->header->lock);
	struct child_entry *entry;
	siginfo_t info = { 0 };

	if (holder == LOCK_FREE)
		return false;
	entry = children_at(&m->children, dir_identity_ref(holder));
	if (entry != NULL &&
	    waitid(P_PID, (id_t)entry->pid, &info,
		WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    info.si_pid != 0)
		return reap(m, &info);
	suspects_ping_lock_holder(&m->children, m->dir, clock_ms());
	return entry == NULL;
}

static void
note_stopped(struct master *m, struct child_entry *entry, bool is_stopped)
{
	children_watch_stopped(
	    &m->children, entry, is_stopped ? clock_ms() : CLOCK_NEVER);
	directory_show_stopped(m->dir, entry->ref, is_stopped);
}

static void
note_stopped_and_continued(struct master *m)
{
	siginfo_t info = { 0 };

	while (waitid(P_ALL, 0, &info, WSTOPPED | WCONTINUED | WNOHANG) == 0 &&
	       info.si_pid != 0) {
		struct child_entry *entry =
		    children_find(&m->children, info.si_pid);

		if (entry != NULL && entry->killed == KILL_NONE)
			note_stopped(m, entry, info.si_code == CLD_STOPPED);
		info.si_pid = 0;
	}
}

static void
tell_news_since(struct master *m, uint64_t head)
{
	if (news_head(m->dir) != head)
		(void)bell_news(m->dir, USER_MASTER, &m->sender);
}

/* Modelled in tests/model/lock.pml and slots.pml. */
void
master_reap(struct master *m)
{
	uint64_t head = news_head(m->dir);
	siginfo_t info = { 0 };

	note_stopped_and_continued(m);
	m->reap_at = CLOCK_NEVER;
	m->reaped_at = clock_ms();
	while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid != 0) {
		if (!reap(m, &info) && !reap_lock_holder(m)) {
			m->reap_at = clock_ms() + REAP_RETRY_MS;
			break;
		}
		info.si_pid = 0;
	}
	tell_news_since(m, head);
}

static void
reap_named(struct master *m, pid_t pid)
{
	uint64_t head = news_head(m->dir);
	siginfo_t info = { 0 };

	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    info.si_pid != 0)
		(void)reap(m, &info);
	tell_news_since(m, head);
}

void
master_reap_soon(struct master *m, pid_t pid)
{
	int64_t next = m->reaped_at + REAP_APART_MS;

	if (clock_ms() >= next) {
		master_reap(m);
		return;
	}
	reap_named(m, pid);
	/* One SIGCHLD may stand for many deaths. */
	m->reap_at = clock_earlier(m->reap_at, next);
}
