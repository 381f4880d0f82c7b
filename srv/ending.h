/* ending.h - the ways in which a session ends, from one list. */
#ifndef SRV_ENDING_H
#define SRV_ENDING_H

#include "ipc/counters.h"
#include "srv/user.h"

/* Why a session ended: exit status, its name in the log, the counter
 * (ipc/counters.h), what the others are told behind "left" (NULL: nothing, it
 * never is one leaving alone), and the last line that the client gets, as a
 * notice or as a refusal.  Statuses and names stand in chatd.8, and stay. */
#define ENDINGS(X)                                                             \
	X(LEFT, 0, "left", ended_left, "", NOTICE, "Goodbye!")                 \
	X(NAMES_REFUSED, 10, "names refused", ended_names_refused, "",         \
	    REFUSED, "three names were refused; connect again with another")   \
	X(NAME_LATE, 11, "no name came", ended_name_late, "", REFUSED,         \
	    "no name came within 30 seconds; connect again")                   \
	X(TOO_SLOW, 12, "too slow", evicted_slow, "too slow", REFUSED,         \
	    "disconnected: you did not read, and too much was waiting")        \
	X(CLIENT_LOST, 13, "connection lost", ended_lost, "connection lost",   \
	    NOTICE, "")                                                        \
	X(REMOVED, 14, "removed by the operator", ended_removed,               \
	    "removed by the operator", REFUSED,                                \
	    "the operator has disconnected you")                               \
	X(SERVER_STOPPED, 15, "server stopped", ended_server_stopped, NULL,    \
	    NOTICE, "server is shutting down")                                 \
	X(SERVER_DIED, 16, "server died", ended_server_stopped, NULL, NOTICE,  \
	    "server is shutting down")                                         \
	X(FAILED, 17, "out of resources", ended_resources, "server error",     \
	    REFUSED, "the server has run out of resources; try again later")   \
	X(TIMED_OUT, 18, "timed out", ended_timed_out, "timed out", NOTICE, "")

enum ending {
#define X(id, status, name, counter, reason, kind, word) ENDING_##id,
	ENDINGS(X)
#undef X
	    N_ENDINGS,
	/* no child of ours exits so */
	ENDING_UNKNOWN = N_ENDINGS
};

/* The exit status of the child, and back; ENDING_UNKNOWN when it is none. */
int ending_status(enum ending ending);
enum ending ending_of_status(int status);

/* Its name for the log. */
const char *ending_text(enum ending ending);

/* Where it is counted; of ENDING_UNKNOWN too. */
enum dir_counter ending_counter(enum ending ending);

/* What the others are told; NULL: nothing. */
const char *ending_reason(enum ending ending);

/* Put the last line that the client gets into its queue. */
void ending_put_word(enum ending ending, struct user *user);

#endif
