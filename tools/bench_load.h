/* bench_load.h - the clients of a run, and what all scenarios share: they come
 * in, say lines, and every line that they hear is checked. */
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

	/* What is said and heard, from bench_listen on: then whatever ends a
	 * client or is refused to it is a violation. */
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

/* Until the server has nothing to say for a while. */
void bench_settle(struct bench *b);

/* Deal with what comes, waiting for it at most ns. */
void bench_turn(struct bench *b, uint64_t ns);

/* Lines ------------------------------------------------------------------- */

/* Lines are checked from here on.  Those of a sender go to everybody, or with
 * `in_pairs` to the partner of an even or odd number. */
bool bench_listen(struct bench *b, bool in_pairs);

/* How many hear a line that is said to the room. */
uint32_t bench_n_hearers(const struct bench *b);

/* A line to be sent, but for its text. */
struct bench_line {
	char before[BENCH_WORDS_BYTES];
	size_t before_len, text_len, end_len;
	const char *end;
};

/* To the room, or to `to` alone unless NULL. */
struct bench_line bench_line_to(
    const struct bench *b, const struct bench_guest *to);
size_t bench_line_len(const struct bench_line *line);

/* Writes a line to `out` and returns its end. */
char *bench_line_write(
    const struct bench_line *line, char *out, const struct bench_text *text);

/* The next of this sender's lines is said. */
void bench_say(struct bench *b, const struct bench_line *line, uint32_t sender,
    uint64_t ns);

/* Until n texts have come in all; the run fails when they do not. */
void bench_drain(struct bench *b, uint64_t n);

/* Nothing more will come: report what was wrong. */
void bench_judge(struct bench *b);

/* Cost -------------------------------------------------------------------- */

struct bench_server bench_server(const struct bench *b);

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
