/* who_rates.h - how fast things go: one look compared with one before it.
 *
 * A rate is taken over half a second or longer, so that a look that comes soon
 * after another does not make one line a crowd. */
#ifndef TOOLS_WHO_RATES_H
#define TOOLS_WHO_RATES_H

#include "tools/who_view.h"

/* What is kept of a look; all zero before the first. */
struct who_seen {
	int64_t taken_at, started_at;
	pid_t master_pid;
	uint64_t counters[DIR_N_COUNTERS];
	/* by slot */
	struct who_seen_user {
		struct user_ref ref;
		uint64_t n_said;
	} * users;
	size_t n_users;
};

struct who_rates {
	struct who_seen earlier, latest;
};

/* Set the rates of `view` by what was seen before, and remember it.  What was
 * seen of another server, or of the same before a restart, does not count. */
void who_rates_apply(struct who_rates *rates, struct who_view *view);

void who_rates_free(struct who_rates *rates);

#endif
