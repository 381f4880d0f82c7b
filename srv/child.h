/* child.h - the process that serves one client, from its fork to its _exit. */
#ifndef SRV_CHILD_H
#define SRV_CHILD_H

#include "ipc/directory.h"
#include "ipc/instance.h"

#include <stdbool.h>
#include <sys/types.h>

/* What a child gets from the master.  The descriptors are the child's. */
struct child_start {
	struct directory *dir;
	const struct run_dir *run_dir;
	const char *instance;
	struct user_ref self;
	pid_t master_pid;
	/* where the client reads and writes; the same for TCP, and both
	 * non-blocking */
	int in_fd, out_fd;
	/* its read end: end of file means that the master is gone */
	int lifeline_fd;
	int report_fd;
	/* a name that is taken without asking: the operator's; or NULL */
	const char *name;
};

/* Serve the client and end the process.  Signals are blocked on entry. */
_Noreturn void child_run(const struct child_start *start);

#endif
