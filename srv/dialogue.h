/* dialogue.h - the client's lines, taken one by one and carried out.
 *
 * Between the bytes that child.c reads and the user who acts (user.c).  Knows
 * no descriptor and no timer.  Runs in a child. */
#ifndef SRV_DIALOGUE_H
#define SRV_DIALOGUE_H

#include "srv/line_reader.h"
#include "srv/session.h"
#include "srv/user.h"

#include <stdint.h>

struct dialogue {
	/* Large at its front, as the reader is at its end: what is always used
	 * is together between them. */
	struct request request;
	struct user *user;
	unsigned n_refused_names;
	/* refused lines since one was logged, and when the next may be */
	unsigned n_unlogged;
	int64_t log_next_at;
	/* since when the directory's lock has not come; 0: it has */
	int64_t busy_since;
	struct line_reader reader;
};

enum dialogue_result {
	/* every whole line was taken; what was said has been handed over */
	DIALOGUE_GOES_ON,
	/* the next line needs the directory's lock: call again soon */
	DIALOGUE_BUSY,
	/* too much waits, for others or for the client itself, or these lines
	 * have had their turn: call again in the next when there is room */
	DIALOGUE_PAUSED,
	/* the client asked to leave, or it has sent its last line */
	DIALOGUE_LEFT,
	/* it had its NAME_TRIES */
	DIALOGUE_NAMES_REFUSED,
	/* memory is lacking; this child cannot go on */
	DIALOGUE_FAILED,
};

/* Take the lines that d->reader holds.  What is said goes out together, and is
 * echoed, when no more is there. */
enum dialogue_result dialogue_take_lines(struct dialogue *d);

#endif
