/* bench_presence.c - clients that come in and are there, and say nothing. */
#include "tools/bench_scenario.h"

#include <errno.h>
#include <string.h>

/* Until the processes of former clients have ended. */
#define QUIET_NS 300000000
#define QUIET_TRIES 30

void
bench_storm(struct bench *b)
{
	bool joins = b->options->scenario == BENCH_JOIN;
	uint64_t cpu_ns = bench_server_cpu_ns(b);
	struct bench_span span = bench_span_begin(b);
	uint32_t n = b->options->n_clients;
	double seconds;

	if (!bench_arrive(b, joins))
		return;
	seconds = (double)bench_span_end(b, &span, true) / BENCH_NS_PER_S;
	bench_report_add(b->report, joins ? "joins_per_s" : "connects_per_s",
	    joins ? "joins a second" : "connects a second", n / seconds, 0);
	bench_report_add(
	    b->report, "seconds", "seconds until all were welcome", seconds, 3);
	if (b->options->n_pids == 0)
		return;
	bench_settle(b);
	bench_report_add(b->report, "server_cpu_us_per_client",
	    "us of the server's CPU time a client",
	    (double)(bench_server_cpu_ns(b) - cpu_ns) / 1000 / n, 1);
}

/* Memory ------------------------------------------------------------------ */

struct memory {
	struct bench_memory server;
	uint64_t own_kib;
};

static bool
look(struct bench *b, struct memory *out)
{
	struct bench_server server = bench_server(b);

	if (bench_cost_memory(&server, &out->server) == -1) {
		bench_fail(b,
		    "the server's memory cannot be read: %s; run chat-bench "
		    "as the server's user or as root",
		    strerror(errno));
		return false;
	}
	if (out->server.n_processes == 0) {
		bench_fail(b, "there is no process with the pid of --pid");
		return false;
	}
	out->own_kib = bench_cost_own_pss_kib();
	return true;
}

/* Those who left before are gone when there are no fewer processes than a
 * moment ago. */
static bool
look_when_quiet(struct bench *b, struct memory *out)
{
	unsigned n_before = 0;

	for (int tries = 0; tries < QUIET_TRIES; tries++) {
		if (!look(b, out))
			return false;
		if (out->server.n_processes == n_before)
			break;
		n_before = out->server.n_processes;
		bench_turn(b, QUIET_NS);
	}
	return true;
}

static double
grown(uint64_t before, uint64_t after)
{
	return (double)after - (double)before;
}

static void
report_memory(
    struct bench *b, const struct memory *before, const struct memory *after)
{
	uint32_t n = b->options->n_clients;
	double pss = grown(before->server.pss_kib, after->server.pss_kib);
	double taken =
	    grown(after->server.available_kib, before->server.available_kib) -
	    grown(before->own_kib, after->own_kib);

	bench_report_add(b->report, "pss_kib_per_client",
	    "KiB PSS of the server a client", pss / n, 1);
	bench_report_add(b->report, "machine_kib_per_client",
	    "KiB of the machine's memory a client, but for chat-bench's own",
	    taken / n, 1);
	bench_report_add(b->report, "pss_kib", "KiB PSS of the server",
	    (double)after->server.pss_kib, 0);
	bench_report_add(b->report, "processes", "processes of the server",
	    after->server.n_processes, 0);
}

void
bench_idle(struct bench *b)
{
	uint64_t end_ns, now_ns;
	struct memory before, after;

	if (!look_when_quiet(b, &before) || !bench_arrive(b, true))
		return;
	bench_settle(b);
	now_ns = bench_ns(b);
	end_ns = now_ns + (uint64_t)(b->options->seconds * BENCH_NS_PER_S);
	for (; !b->is_over && now_ns < end_ns; now_ns = bench_ns(b))
		bench_turn(b, end_ns - now_ns);
	if (!b->is_over && look(b, &after))
		report_memory(b, &before, &after);
}
