/* bench_scenario.h - what is measured; each fills in the report of the run,
 * which has failed when bench_load.h says that it is over. */
#ifndef TOOLS_BENCH_SCENARIO_H
#define TOOLS_BENCH_SCENARIO_H

#include "tools/bench_load.h"

/* Deliveries a second when senders say lines as fast as they may. */
void bench_throughput(struct bench *b);

/* How long a line takes that is said at a fixed rate. */
void bench_latency(struct bench *b);

/* How long a private line and its answer take. */
void bench_private(struct bench *b);

/* How fast clients come in, with or without joining the room. */
void bench_storm(struct bench *b);

/* What clients cost that say nothing. */
void bench_idle(struct bench *b);

#endif
