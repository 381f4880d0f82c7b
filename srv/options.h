/* options.h - what the operator asked for on the command line. */
#ifndef SRV_OPTIONS_H
#define SRV_OPTIONS_H

#include "ipc/limits.h"
#include "ipc/log.h"
#include "srv/listener.h"
#include "srv/network.h"

#include <stdbool.h>

/* Clients that have not given a name: when `begin` of them have had NAMELESS_MS
 * for it one more is turned away with a chance of `percent`, which grows to
 * certainty at `full`; at `full` of any age everybody is. */
struct nameless_limit {
	unsigned begin, percent, full;
};

#define MAX_EXEMPT 16

struct options {
	/* none: the loopback addresses, port 5310 */
	struct listen_spec listen[MAX_LISTENERS];
	unsigned n_listen;
	/* NULL: the first port */
	const char *instance;
	unsigned max_users;
	/* clients from one address, but for those of this machine */
	unsigned max_per_address;
	/* whose clients do not count for that either */
	struct network exempt[MAX_EXEMPT];
	unsigned n_exempt;
	struct nameless_limit nameless;
	/* NULL: run_dir_default */
	const char *run_dir;
	enum log_level log_level;
	/* the operator's name in the room; NULL: he is not a user */
	const char *console;
	bool one_to_one;
	/* say whether the server could start, and do not */
	bool check;
};

enum options_result {
	OPTIONS_RUN,
	/* help or version was asked for and printed */
	OPTIONS_DONE,
	/* a sentence about it is on standard error */
	OPTIONS_USAGE,
};

/* Strings in *out point into argv. */
enum options_result options_parse(
    int argc, char *const argv[], struct options *out);

#endif
