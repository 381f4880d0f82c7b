/* capacity.c - reading the machine's limits, and holding them against the
 * options. */
#include "srv/capacity.h"

#include "ipc/limits.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* What runs on a machine beside us. */
#define OTHER_PROCESSES 256
/* Descriptors of a child that has no backlog, with some to spare. */
#define OWN_DESCRIPTORS 32
/* A busy child is behind by so many for a moment; fewer is a backlog each time,
 * which costs its senders a socket and system calls. */
#define MAILBOX_DATAGRAMS 10

/* Reading ----------------------------------------------------------------- */

/* The number in a file; without one, as for the word "max", no limit. */
static uint64_t
number_in(const char *path)
{
	FILE *file = fopen(path, "re");
	uint64_t n = CAPACITY_ANY;

	if (file == NULL)
		return CAPACITY_ANY;
	if (fscanf(file, "%" SCNu64, &n) != 1)
		n = CAPACITY_ANY;
	(void)fclose(file);
	return n;
}

static uint64_t
limit_of(int resource)
{
	struct rlimit limit;

	if (getrlimit((__rlimit_resource_t)resource, &limit) == -1 ||
	    limit.rlim_cur == RLIM_INFINITY)
		return CAPACITY_ANY;
	return limit.rlim_cur;
}

/* Of the control group that we are in, as systemd's TasksMax sets it; those
 * above it are not looked at. */
static uint64_t
group_limit(void)
{
	FILE *file = fopen("/proc/self/cgroup", "re");
	char line[PATH_MAX], path[PATH_MAX + 64];
	uint64_t n = CAPACITY_ANY;

	if (file == NULL)
		return CAPACITY_ANY;
	while (fgets(line, sizeof line, file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "0::/", 4) != 0)
			continue;
		(void)snprintf(
		    path, sizeof path, "/sys/fs/cgroup%s/pids.max", line + 3);
		n = number_in(path);
	}
	(void)fclose(file);
	return n;
}

void
capacity_read(struct capacity *out)
{
	*out = (struct capacity){
		/* which does not bind root */
		.user_processes =
		    geteuid() == 0 ? CAPACITY_ANY : limit_of(RLIMIT_NPROC),
		.pids = number_in("/proc/sys/kernel/pid_max"),
		.group_processes = group_limit(),
		.descriptors = limit_of(RLIMIT_NOFILE),
		.mailbox_datagrams =
		    number_in("/proc/sys/net/unix/max_dgram_qlen"),
		.waiting_connections =
		    number_in("/proc/sys/net/core/somaxconn"),
	};
}

/* Judging ----------------------------------------------------------------- */

static const char *
limit_text(char text[32], uint64_t limit)
{
	if (limit == CAPACITY_ANY)
		return "no limit";
	(void)snprintf(text, 32, "%" PRIu64, limit);
	return text;
}

static void
judge_processes(uint64_t limit, uint64_t needed, const char *what,
    const char *remedy, struct findings *findings)
{
	char text[32];

	if (limit < needed)
		findings_warn(findings,
		    "%s: %" PRIu64 ", and a process for every user takes "
		    "%" PRIu64 "; %s, or lower --max-users",
		    what, limit, needed, remedy);
	else
		findings_ok(findings,
		    "%s: %s, enough for a process for every "
		    "user",
		    what, limit_text(text, limit));
}

static void
judge_descriptors(uint64_t limit, unsigned max_users, struct findings *findings)
{
	uint64_t needed = (uint64_t)max_users + OWN_DESCRIPTORS;
	char text[32];

	if (limit < needed)
		findings_warn(findings,
		    "descriptors of a process: %" PRIu64 ", and one who writes "
		    "to a room full of stopped readers takes %" PRIu64
		    "; raise it with ulimit -Hn or LimitNOFILE",
		    limit, needed);
	else
		findings_ok(findings, "descriptors of a process: %s, enough",
		    limit_text(text, limit));
}

static void
judge_mailboxes(uint64_t datagrams, struct findings *findings)
{
	char text[32];

	if (datagrams < MAILBOX_DATAGRAMS)
		findings_warn(findings,
		    "datagrams in a mailbox: %" PRIu64 ", which makes a busy "
		    "room slow; raise the sysctl net.unix.max_dgram_qlen to "
		    "%d or more",
		    datagrams, MAILBOX_DATAGRAMS);
	else
		findings_ok(findings, "datagrams in a mailbox: %s, enough",
		    limit_text(text, datagrams));
}

/* Beyond it the kernel lets no more handshakes be finished, and may reset who
 * believes that his is. */
static void
judge_queue(uint64_t limit, unsigned max_users, struct findings *findings)
{
	char text[32];

	if (limit < max_users)
		findings_warn(findings,
		    "connections that may wait to be accepted: %" PRIu64
		    ", and of %u users who come in the same moment some are "
		    "cut off; raise the sysctl net.core.somaxconn",
		    limit, max_users);
	else
		findings_ok(findings,
		    "connections that may wait to be accepted: %s, enough",
		    limit_text(text, limit));
}

void
capacity_judge(const struct capacity *capacity, const struct options *options,
    struct findings *findings)
{
	uint64_t needed = (uint64_t)options->max_users + 1;

	judge_processes(capacity->user_processes, needed,
	    "processes of this user", "raise it with ulimit -u or LimitNPROC",
	    findings);
	judge_processes(capacity->group_processes, needed,
	    "processes of this control group", "raise it with TasksMax",
	    findings);
	judge_processes(capacity->pids, needed + OTHER_PROCESSES,
	    "process numbers of this machine",
	    "raise the sysctl kernel.pid_max", findings);
	judge_descriptors(capacity->descriptors, options->max_users, findings);
	judge_mailboxes(capacity->mailbox_datagrams, findings);
	judge_queue(
	    capacity->waiting_connections, options->max_users, findings);
}
