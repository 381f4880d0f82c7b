/* bench_load.h - the clients of a run, and what all scenarios share: they come
 * in and hear; what they say is in bench_lines.h. */
#ifndef TOOLS_BENCH_LOAD_H
#define TOOLS_BENCH_LOAD_H

#include "tools/bench_check.h"
#include "tools/bench_cost.h"
#include "tools/bench_options.h"
#include "tools/bench_protocol.h"
#include "tools/bench_report.h"
#include "tools/bench_scan.h"
#include "tools/swarm.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BENCH_NS_PER_S 1e9

struct bench {
	const struct bench_options *options;
	const struct bench_protocol *protocol;
	struct bench_report *report;
	struct swarm *swarm;
	struct bench_guest *guests;
	/* the zero of all times here */
	int64_t epoch_ns;
	/* when the lines came that are being dealt with */
	uint64_t now_ns;

	/* How clients come in. */
	bool joins;
	uint32_t n_begun, n_arrived;
	/* of whatever kind, from the server */
	uint64_t n_reads;

	/* What is said and heard, from bench_listen (bench_lines.h) on: then
	 * whatever ends a client or is refused to it is a violation. */
	bool is_listening;
	struct bench_before *before;
	struct bench_scan scan;
	struct bench_check *check;
	uint32_t *n_said;

	/* The run cannot go on; the report says why. */
	bool is_over;

	/* The scenario's, each may be NULL: a text has come and been checked; a
	 * client's lines have been dealt with; the socket of a client that was
	 * full has taken all. */
	void (*on_text)(
	    struct bench *b, uint32_t recipient, const struct bench_text *text);
	void (*on_read)(struct bench *b, uint32_t recipient);
	void (*on_room)(struct bench *b, uint32_t id);
	void *state;
};

/* Without any client yet.  Raises the limit on descriptors; false, with the
 * reason in the report, when there cannot be so many or not so much memory. */
bool bench_open(struct bench *b, const struct bench_options *options,
    struct bench_report *report);
void bench_close(struct bench *b);

/* Nanoseconds since bench_open. */
uint64_t bench_ns(const struct bench *b);

/* End the run for this reason; the first one stays. */
__attribute__((format(printf, 2, 3))) void bench_fail(
    struct bench *b, const char *format, ...);

/* All clients come; with `joins` into the room, else until they are welcome.
 * Returns when they are; false when they are not let in. */
bool bench_arrive(struct bench *b, bool joins);

/* Until the server has nothing to say for a while; or for this long. */
void bench_settle(struct bench *b);
void bench_await_quiet(struct bench *b, uint64_t quiet_ns);

/* Whether the server has done nothing for too long. */
bool bench_patience_is_gone(const struct bench *b, uint64_t last_ns);

/* Deal with what comes, waiting for it at most ns. */
void bench_turn(struct bench *b, uint64_t ns);

/* Cost -------------------------------------------------------------------- */

struct bench_server bench_server(const struct bench *b);

/* CPU time of the server so far; 0 when no process of it is known. */
uint64_t bench_server_cpu_ns(const struct bench *b);

/* What chat-bench itself has used at the beginning of what is measured. */
struct bench_span {
	uint64_t begun_ns;
	struct bench_own own;
};

struct bench_span bench_span_begin(const struct bench *b);

/* Report what it has used since, and whether it was the limit; with
 * `is_flat_out` alone, since where a load is given time left over says nothing.
 * Returns the nanoseconds. */
uint64_t bench_span_end(
    struct bench *b, const struct bench_span *span, bool is_flat_out);

#endif
