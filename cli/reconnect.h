/* reconnect.h - coming back by itself after the connection was lost. */
#ifndef CLI_RECONNECT_H
#define CLI_RECONNECT_H

#include "cli/dialer.h"
#include "ipc/limits.h"

#include <stdbool.h>
#include <stdint.h>

enum reconnect_state {
	/* there is a connection, and it is the person's */
	RECONNECT_IDLE,
	/* there is none: a pause, then a try */
	RECONNECT_WAITING,
	RECONNECT_DIALING,
	/* there is one again, and the name has been offered */
	RECONNECT_RETURNING,
};

struct reconnect {
	enum reconnect_state state;
	/* the end of the pause, or of patience with an answer */
	int64_t at;
	/* in a row; and how often the name was refused */
	unsigned n_failures;
	unsigned n_refusals;
	/* the name to take back; "" before the first welcome */
	char name[NAME_MAX_BYTES + 1];
	/* the operator wants nobody to come back */
	bool is_barred;
	struct dialer dialer;
};

#endif
