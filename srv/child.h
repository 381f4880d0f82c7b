/* child.h - the process that serves one client, from its fork to its _exit.
 *
 * In three files: child.c begins it and runs its loop, waiting.c is where the
 * loop waits, leaving.c ends it. */
#ifndef SRV_CHILD_H
#define SRV_CHILD_H

#include "ipc/directory.h"
#include "ipc/instance.h"
#include "srv/dialogue.h"
#include "srv/ending.h"
#include "srv/loop.h"
#include "srv/outbuf.h"
#include "srv/pace.h"
#include "srv/user.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
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

/* In the order in which they come; some are left out. */
enum stage {
	/* the client is read */
	STAGE_TALKING,
	/* what the client said is handed over to all, then it leaves */
	STAGE_HANDING_OVER,
	/* the server stops: out of the room, but others still hand over */
	STAGE_HEARING,
	/* out of the room for good; the client takes what waits for it */
	STAGE_WRITING_OUT,
	/* all is written; the client may read it before we close */
	STAGE_LINGERING,
	STAGE_DONE,
};

/* What is waited for; behind these the backlogs. */
enum child_row {
	ROW_SIGNAL,
	ROW_LIFELINE,
	ROW_MAIL,
	ROW_CLIENT_IN,
	ROW_CLIENT_OUT,
	N_ROWS,
};

#define FIRST_ROWS (N_ROWS + 3)

struct child {
	const struct child_start *start;
	struct directory *dir;
	int in_fd, out_fd, signal_fd;
	enum stage stage;
	enum ending ending;
	/* the stage is given up then */
	int64_t stage_until;
	/* a name must have come by then */
	int64_t name_until;
	/* the directory's lock did not come: try again then */
	int64_t retry_at;
	/* it says much while somebody is behind: ask again then */
	int64_t held_until;
	/* after a burst, memory is given back then */
	int64_t tidy_at;
	/* SIGTERM has come: for this user alone if the server runs then */
	int64_t removed_at;
	/* lines that were read wait until there is room for them */
	bool lines_wait;
	/* the master has let go of the children, or it is dead */
	bool lifeline_ended;
	/* nothing more will be read from the client */
	bool client_ended;
	struct pace pace;
	struct lag lag;
	/* first_rows, until backlogs need more */
	struct pollfd *rows;
	unsigned rows_capacity;
	struct pollfd first_rows[FIRST_ROWS];
	/* those of a client that is read, and not behind */
	struct loop_kept kept;
	struct outbuf out;
	/* The large ones last, so that what is always used is together. */
	struct user user;
	struct dialogue dialogue;
};

/* Serve the client and end the process.  Signals are blocked on entry. */
_Noreturn void child_run(const struct child_start *start);

/* waiting.c: what there is to wait for at the beginning is so nearly always. */
void child_prepare_waiting(struct child *c);

enum child_wait_result {
	/* the rows tell what is ready, if anything: it may be time */
	CHILD_READY,
	CHILD_INTERRUPTED,
	CHILD_WITHOUT_MEMORY,
};

/* waiting.c: wait until there is something to do. */
enum child_wait_result child_wait(struct child *c);

/* waiting.c: whether the client is to be read now. */
bool child_wants_input(const struct child *c);

/* leaving.c: stop reading the client, and leave for this reason. */
void child_end(struct child *c, enum ending ending);

/* leaving.c: the server stops, hand over what the client has said. */
void child_hand_over(struct child *c);

/* leaving.c: the end of the lifeline, or the master's death. */
void child_on_lifeline(struct child *c);

/* leaving.c: put the last word of c->ending into the client's queue. */
void child_put_last_word(struct child *c);

/* leaving.c: the directory's lock did not come, for leaving or for a line. */
void child_retry_soon(struct child *c);

/* leaving.c: past STAGE_TALKING, what time has made due. */
void child_leave_further(struct child *c, int64_t now);

/* leaving.c: at the end of a turn, when all that the client takes is written.
 */
void child_has_written(struct child *c);

#endif
