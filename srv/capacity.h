/* capacity.h - whether the machine lets as many users in as the options do.
 *
 * Every user is a process; the machine's limits on those, on descriptors and on
 * mailboxes can be lower than --max-users.  Then the server starts all the same
 * and turns away who is too many, so each is a warning.  Master only. */
#ifndef SRV_CAPACITY_H
#define SRV_CAPACITY_H

#include "srv/findings.h"
#include "srv/options.h"

/* What the machine allows; CAPACITY_ANY where it does not say. */
#define CAPACITY_ANY UINT64_MAX

struct capacity {
	/* processes of this user, of the machine, of our control group */
	uint64_t user_processes, pids, group_processes;
	/* descriptors that one process may have */
	uint64_t descriptors;
	/* datagrams that a mailbox holds */
	uint64_t mailbox_datagrams;
	/* connections that may wait to be accepted */
	uint64_t waiting_connections;
};

void capacity_read(struct capacity *out);

/* Compare with the options. */
void capacity_judge(const struct capacity *capacity,
    const struct options *options, struct findings *findings);

#endif
