/* master.h - the process that listens, forks, reaps and sweeps.
 *
 * It reads no client byte and waits for nobody.  In four files: startup.c and
 * listening.c make what is shared, master.c runs the loop, reaper.c buries
 * children. */
#ifndef SRV_MASTER_H
#define SRV_MASTER_H

#include "ipc/directory.h"
#include "ipc/instance.h"
#include "srv/children.h"
#include "srv/door.h"
#include "srv/findings.h"
#include "srv/options.h"
#include "srv/sender.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The orderly end, in the order in which it goes; master_stop_further moves it.
 */
enum stopping {
	NOT_STOPPING,
	/* nobody is accepted; children hand over what their clients said */
	DRAINING,
	/* all is said; children write out, tell their clients, and leave */
	FINISHING,
	/* who is still there is killed */
	KILLING,
};

/* The order in which descriptors are polled. */
enum { FD_SIGNAL, FD_REPORTS, FD_FIRST_LISTENER };

struct master {
	const struct options *options;
	struct run_dir run_dir;
	/* it was missing */
	bool made_run_dir;
	/* the first listener's, or that it should have had */
	unsigned first_port;
	char instance[INSTANCE_MAX_BYTES + 1];
	/* what is made for it is called by: the same, but in a check */
	char place[INSTANCE_MAX_BYTES + 1];
	char shm_name[INSTANCE_SHM_BYTES];
	/* the working directory is the instance's */
	bool has_entered;
	struct findings findings;
	struct directory *dir;
	struct door door;
	struct children children;
	/* for ringing the bell */
	struct sender sender;
	int send_fd;
	int signal_fd;
	/* [1] is held open by the master alone: its end is ours */
	int lifeline[2];
	/* what children report; the master reads [0] */
	int reports[2];
	enum stopping stopping;
	/* it stops for want of something, not because it was told to */
	bool has_failed;
	/* a signal to stop is a second one from then on */
	int64_t hurry_from;
	/* the next step of stopping is taken then at the latest */
	int64_t stopping_until;
	/* when all children are looked at again, and were the last time */
	int64_t reap_at, reaped_at;
	/* as the process title tells it */
	uint32_t n_in_title;
	struct pollfd rows[FD_FIRST_LISTENER + MAX_LISTENERS];
};

/* Run the server until it is told to end.  Returns the exit status: 0 after an
 * orderly end, 1 when it could not start or go on, which it has logged. */
int master_run(const struct options *options);

/* Try what a start would do, say on standard output what is fine and what is
 * not, and leave nothing.  No server that runs is touched.  Returns the exit
 * status: 0 when the server could start, else 1. */
int master_check(const struct options *options);

/* startup.c: make run directory, listeners, directory and descriptors.  -1 when
 * that cannot be, told in m->findings. */
int master_start(struct master *m);

/* listening.c: open the listeners; the same. */
int master_listen(struct master *m);

/* startup.c: remove and close what master_start made, as far as it came. */
void master_cleanup(struct master *m);

/* reaper.c: see to all children that have died, stopped or continued. */
void master_reap(struct master *m);

/* reaper.c: SIGCHLD came, and names this child: see to all, or if that was done
 * just now to this one, and to all a little later. */
void master_reap_soon(struct master *m, pid_t pid);

/* master.c: the next step of stopping. */
void master_stop_further(struct master *m);

#endif
