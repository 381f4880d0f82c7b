/* bench_cost.h - what a server and chat-bench itself cost: CPU time and memory,
 * as /proc tells. */
#ifndef TOOLS_BENCH_COST_H
#define TOOLS_BENCH_COST_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What is measured: these processes and all their descendants. */
struct bench_server {
	const pid_t *pids;
	size_t n_pids;
};

struct bench_memory {
	unsigned n_processes;
	uint64_t pss_kib;
	/* the machine's */
	uint64_t available_kib;
};

/* CPU time used so far, with that of descendants that have ended and have been
 * waited for; 0 when nothing can be read. */
uint64_t bench_cost_cpu_ns(const struct bench_server *server);

/* -1 with errno when a process's memory must not be read. */
int bench_cost_memory(
    const struct bench_server *server, struct bench_memory *out);

/* The memory of this process. */
uint64_t bench_cost_own_pss_kib(void);

struct bench_own {
	uint64_t cpu_ns;
	/* could have run, and had to wait for a processor */
	uint64_t waited_ns;
};

struct bench_own bench_cost_own(void);

#endif
