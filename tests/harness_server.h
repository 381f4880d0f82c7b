/* harness_server.h - a real chatd of the test's own: start, look at, stop.
 *
 * Each server has an instance name and a run directory that no other has, and
 * listens on a port that the kernel picks.  It dies with the test at the
 * latest; harness_clean stops it as SIGTERM does, and complains (harness.h)
 * when it does not end, has left anything, or when a sanitizer or bug() has
 * spoken in its log. */
#ifndef TESTS_HARNESS_SERVER_H
#define TESTS_HARNESS_SERVER_H

#include "ipc/directory.h"
#include "ipc/instance.h"
#include "tests/harness.h"
#include "tests/harness_shortage.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct server {
	/* the master's; 0 once it has been reaped */
	pid_t pid;
	unsigned port;
	char instance[TEST_NAME_BYTES];
	char shm_name[INSTANCE_SHM_BYTES];
	/* base_dir holds the run directory and the log */
	char base_dir[TEST_PATH_BYTES];
	char run_dir[TEST_PATH_BYTES + 8];
	char log_path[TEST_PATH_BYTES + 8];
	/* the read end of its standard output, -1 when it does not run */
	int out_fd;
};

/* Start chatd --listen 127.0.0.1:0 with names of its own and, unless NULL, the
 * arguments in `extra` (ends with NULL).  Returns when it listens; fails the
 * test, showing the log, when it does not. */
struct server *server_start(const char *const extra[]);

/* What it inherits.  Where its standard descriptors lead, if not where the
 * harness has them: to nothing, to a pipe whose read end is server->out_fd, and
 * to the log. */
struct server_wiring {
	/* -1: the harness's.  The caller closes them after the start. */
	int in_fd, out_fd, err_fd;
	/* with out_fd, and the server's from here: what is written there */
	int read_fd;
	/* in_fd is the terminal of the test's session, and the server its
	 * foreground, as when a shell starts it */
	bool has_terminal;
	/* started as by somebody who ignores this signal; 0: none */
	int ignored_signal;
	/* what it may run short of; NULL: nothing */
	struct shortage *shortage;
};

#define SERVER_WIRING ((struct server_wiring){ -1, -1, -1, -1, false, 0, NULL })

struct server *server_start_wired(
    const char *const extra[], const struct server_wiring *wiring);

/* Names for one that is started later, by server_restart; and one that ends by
 * itself at once: its exit status. */
struct server *server_prepare(void);
int server_runs_to_its_end(struct server *s, const char *const extra[],
    const struct server_wiring *wiring);

/* Start it once more under the same names, after it has ended. */
void server_restart(struct server *s, const char *const extra[]);

/* SIGTERM the master and wait for it.  Returns its exit status, as await(). */
int server_stop(struct server *s);

/* SIGKILL the master and reap it.  Its children leave by themselves and the
 * last one cleans up; where there is none, a restart or server_remove_leftovers
 * has to. */
void server_kill(struct server *s);

/* SIGKILL the master and all its children at the same moment, so that nobody
 * is left to clean up. */
void server_kill_all(struct server *s);

/* Wait for a master that ends for another reason; its exit status. */
int server_await(struct server *s);

/* Looking at it ----------------------------------------------------------- */

/* Whether `text` stands in what it has logged so far. */
bool server_log_contains(const struct server *s, const char *text);

/* Wait until it does; fails the test when it does not come to. */
void server_logs(const struct server *s, const char *text);

/* How often. */
unsigned server_log_count(const struct server *s, const char *text);

/* The end of the log, for a message; valid until the next call. */
const char *server_log_tail(const struct server *s);

/* Its living children, one a client.  Returns how many. */
size_t server_children(const struct server *s, pid_t *pids, size_t max);

/* Map its directory read-only; the caller closes.  Fails the test if not. */
struct directory *server_directory(const struct server *s);

/* The entry of the user `name`; false when nobody has that name. */
bool server_find(
    const struct server *s, const char *name, struct dir_row *row_out);

/* The pid of the child that serves `name`; waits until he is there, since one
 * who was just welcomed may only be joining.  Fails the test otherwise. */
pid_t server_child_pid(const struct server *s, const char *name);

/* Wait until `n` users are in the room. */
void server_awaits_users(const struct server *s, unsigned n);

/* A counter of the directory; and all together that count sessions which have
 * ended, each of which is in exactly one of them. */
unsigned long server_counter(const struct server *s, enum dir_counter counter);
unsigned long server_n_ended(const struct server *s);

/* What it has in its run directory and in /dev/shm, one path a line; empty
 * when there is nothing.  Valid until the next call. */
const char *server_leftovers(const struct server *s);

/* Wait until nothing is left; fails the test with the list otherwise. */
void server_leaves_nothing(const struct server *s);

/* Remove what is left, where a test has killed all that could have. */
void server_remove_leftovers(struct server *s);

#endif
