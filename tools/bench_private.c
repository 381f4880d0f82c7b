/* bench_private.c - pairs of clients, of which one says a line to the other,
 * who answers with one; the next follows at once. */
#include "tools/bench_histogram.h"
#include "tools/bench_lines.h"
#include "tools/bench_scenario.h"

#include <stdlib.h>

#define US 1000
#define WAIT_NS UINT64_C(100000000)

struct pairs {
	uint64_t measured_from_ns;
	bool stops;
	uint64_t n_answers;
	struct bench_histogram trips;
};

/* The first of a pair has an even number. */
static bool
asks(uint32_t id)
{
	return id % 2 == 0;
}

static void
say_to_partner(struct bench *b, uint32_t sender, uint64_t ns)
{
	struct bench_line line = bench_line_to(b, &b->guests[sender ^ 1]);

	bench_say(b, &line, sender, ns);
}

/* An answer carries the time of its question.  Lines of one's own, which some
 * servers repeat, are only checked. */
static void
on_private_text(
    struct bench *b, uint32_t recipient, const struct bench_text *text)
{
	struct pairs *p = b->state;

	if (text->sender == recipient)
		return;
	if (!asks(recipient)) {
		say_to_partner(b, recipient, text->ns);
		return;
	}
	if (text->ns >= p->measured_from_ns && !p->stops) {
		bench_histogram_add(&p->trips, b->now_ns - text->ns);
		p->n_answers++;
	}
	if (!p->stops)
		say_to_partner(b, recipient, b->now_ns);
}

static void
trips_until(struct bench *b, uint64_t end_ns)
{
	uint64_t now_ns = bench_ns(b);

	while (!b->is_over && now_ns < end_ns) {
		uint64_t left_ns = end_ns - now_ns;

		bench_turn(b, left_ns < WAIT_NS ? left_ns : WAIT_NS);
		now_ns = bench_ns(b);
	}
}

static void
measure_pairs(struct bench *b, struct pairs *p)
{
	const struct bench_options *options = b->options;
	uint64_t begun_ns = bench_ns(b);
	struct bench_span span;
	double seconds;

	p->measured_from_ns =
	    begun_ns + (uint64_t)(options->warm_up * BENCH_NS_PER_S);
	for (uint32_t i = 0; i < options->n_clients; i += 2)
		say_to_partner(b, i, bench_ns(b));
	trips_until(b, p->measured_from_ns);
	span = bench_span_begin(b);
	trips_until(
	    b, span.begun_ns + (uint64_t)(options->seconds * BENCH_NS_PER_S));
	p->stops = true;
	seconds = (double)bench_span_end(b, &span, true) / BENCH_NS_PER_S;
	bench_report_add(b->report, "round_trips_per_s", "round trips a second",
	    (double)p->n_answers / seconds, 0);
	bench_report_add(b->report, "round_trip_us_p50",
	    "us: half of all within",
	    (double)bench_histogram_percentile(&p->trips, 50) / US, 1);
	bench_report_add(b->report, "round_trip_us_p99", "us: 99 of 100 within",
	    (double)bench_histogram_percentile(&p->trips, 99) / US, 1);
	bench_report_add(b->report, "round_trip_us_max", "us: all within",
	    (double)p->trips.max / US, 1);
}

/* What is asked last is still answered. */
static void
finish(struct bench *b)
{
	uint64_t n = 0;

	do {
		n = 0;
		for (uint32_t i = 0; i < b->options->n_clients; i++)
			n += b->n_said[i];
		if (b->protocol->echoes_private)
			n *= 2;
		bench_drain(b, n);
	} while (!b->is_over && bench_check_count(b->check) < n &&
		 b->n_said[0] > b->n_said[1]);
	bench_judge(b);
}

void
bench_private(struct bench *b)
{
	struct pairs *p = calloc(1, sizeof *p);

	if (p == NULL) {
		bench_fail(b, "out of memory");
	} else if (bench_arrive(b, true) && bench_listen(b, true)) {
		bench_settle(b);
		b->state = p;
		b->on_text = on_private_text;
		measure_pairs(b, p);
		finish(b);
	}
	free(p);
}
