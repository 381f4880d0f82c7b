/* bench_options.h - what the command line of chat-bench asks for. */
#ifndef TOOLS_BENCH_OPTIONS_H
#define TOOLS_BENCH_OPTIONS_H

#include "tools/bench_protocol.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#define BENCH_PIDS_MAX 16
#define BENCH_CLIENTS_MAX 100000
/* Pairs of recipient and sender that are kept account of: 1 GiB. */
#define BENCH_PAIRS_MAX (UINT64_C(1) << 28)

enum bench_scenario {
	BENCH_THROUGHPUT,
	BENCH_LATENCY,
	BENCH_PRIVATE,
	BENCH_CONNECT,
	BENCH_JOIN,
	BENCH_IDLE,
};

struct bench_options {
	enum bench_scenario scenario;
	const char *scenario_name;
	const struct bench_protocol *protocol;
	struct sockaddr_storage server;
	socklen_t server_len;
	uint32_t n_clients;
	uint32_t n_senders;
	/* lines of a sender that may be under way; 0: any number */
	uint32_t window;
	/* lines a second, of all senders together */
	double rate;
	uint32_t text_len;
	double seconds, warm_up;
	/* the server may do nothing for so long, before what is missing is
	 * lost */
	double patience;
	/* connections being made at a time; 0: all */
	uint32_t under_way;
	pid_t pids[BENCH_PIDS_MAX];
	size_t n_pids;
	bool json;
};

enum bench_request {
	BENCH_RUN,
	BENCH_HELP,
	BENCH_VERSION,
	/* standard error has been told what is wrong */
	BENCH_USAGE,
};

enum bench_request bench_options_parse(
    int argc, char **argv, struct bench_options *out);

/* The text of --help. */
extern const char bench_options_help[];

#endif
