/* ending.h - the ways in which a session ends, from one list. */
#ifndef SRV_ENDING_H
#define SRV_ENDING_H

#include "srv/user.h"

/* Why a session ended: exit status, its name in the log, what the others are
 * told behind "left" (NULL: nothing, it never is one leaving alone), and the
 * last line that the client gets, as a notice or as a refusal. */
#define ENDINGS(X)                                                             \
	X(LEFT, 0, "left", "", NOTICE, "Goodbye!")                             \
	X(NAMES_REFUSED, 10, "names refused", "", REFUSED,                     \
	    "three names were refused; connect again with another")            \
	X(NAME_LATE, 11, "no name came", "", REFUSED,                          \
	    "no name came within 30 seconds; connect again")                   \
	X(TOO_SLOW, 12, "too slow", "too slow", REFUSED,                       \
	    "disconnected: you did not read, and too much was waiting")        \
	X(CLIENT_LOST, 13, "connection lost", "connection lost", NOTICE, "")   \
	X(TIMED_OUT, 18, "timed out", "timed out", NOTICE, "")                 \
	X(REMOVED, 14, "removed by the operator", "removed by the operator",   \
	    REFUSED, "the operator has disconnected you")                      \
	X(SERVER_STOPPED, 15, "server stopped", NULL, NOTICE,                  \
	    "server is shutting down")                                         \
	X(SERVER_DIED, 16, "server died", NULL, NOTICE,                        \
	    "server is shutting down")                                         \
	X(FAILED, 17, "out of resources", "server error", REFUSED,             \
	    "the server has run out of resources; try again later")

enum ending {
#define X(id, status, name, reason, kind, word) ENDING_##id,
	ENDINGS(X)
#undef X
	    N_ENDINGS
};

/* The exit status of the child, and its name for the log. */
int ending_status(enum ending ending);
const char *ending_status_text(int status);

/* The ending's own name for the log. */
const char *ending_text(enum ending ending);

/* What the others are told; NULL: nothing. */
const char *ending_reason(enum ending ending);

/* Put the last line that the client gets into its queue. */
void ending_put_word(enum ending ending, struct user *user);

#endif
