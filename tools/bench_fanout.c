/* bench_fanout.c - lines said to the whole room, as fast as may be or at a
 * fixed rate. */
#include "tools/bench_histogram.h"
#include "tools/bench_lines.h"
#include "tools/bench_scenario.h"

#include <stdlib.h>

#define MS 1000000
/* What a sender hands to its socket at a time. */
#define CHUNK_BYTES (64 * 1024)
#define WAIT_NS (100 * (uint64_t)MS)

/* What the server has used for what it delivered, of all that was said in the
 * run, warm-up and all. */
static void
report_cost(struct bench *b, uint64_t cpu_before_ns)
{
	uint64_t cpu_ns = bench_server_cpu_ns(b) - cpu_before_ns;

	if (b->options->n_pids == 0 || bench_check_count(b->check) == 0)
		return;
	bench_report_add(b->report, "server_cpu_us_per_delivery",
	    "us of the server's CPU time a delivery",
	    (double)cpu_ns / 1000 / (double)bench_check_count(b->check), 3);
}

/* Wait for what is under way, and judge. */
static void
finish(struct bench *b, uint64_t cpu_before_ns)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < b->options->n_senders; i++)
		n += b->n_said[i];
	bench_drain(b, n * bench_n_hearers(b));
	report_cost(b, cpu_before_ns);
	bench_judge(b);
}

/* Throughput -------------------------------------------------------------- */

/* Senders that may say something are kept in a list, so that a turn looks at no
 * others. */
struct flood {
	struct bench_line line;
	char *chunk;
	uint32_t *ready;
	uint32_t n_ready;
	bool *is_ready;
};

static void
make_ready(struct flood *f, uint32_t sender)
{
	if (f->is_ready[sender])
		return;
	f->is_ready[sender] = true;
	f->ready[f->n_ready++] = sender;
}

/* The other client whose hearing of a sender's lines opens the window. */
static uint32_t
listener_of(const struct bench *b, uint32_t sender)
{
	return (sender + 1) % b->options->n_clients;
}

static uint32_t
n_allowed(const struct bench *b, uint32_t sender)
{
	uint32_t heard, under_way;

	if (swarm_waiting(swarm_client(b->swarm, sender)) > 0)
		return 0;
	if (b->options->window == 0)
		return UINT32_MAX;
	heard = bench_check_next(b->check, listener_of(b, sender), sender);
	/* One that heard what nobody has said yet hears wrong. */
	under_way = b->n_said[sender] > heard ? b->n_said[sender] - heard : 0;
	return under_way < b->options->window ? b->options->window - under_way
					      : 0;
}

static void
say_some(struct bench *b, struct flood *f, uint32_t sender, uint64_t now_ns)
{
	struct bench_text text = {
		.sender = sender,
		.number = b->n_said[sender],
		.ns = now_ns,
	};
	uint32_t n = n_allowed(b, sender);
	uint32_t n_fitting = (uint32_t)(CHUNK_BYTES / bench_line_len(&f->line));
	char *at = f->chunk;

	if (n > n_fitting)
		n = n_fitting;
	for (uint32_t i = 0; i < n; i++) {
		at = bench_line_write(&f->line, at, &text);
		text.number++;
	}
	b->n_said[sender] = text.number;
	if (n > 0)
		swarm_send(swarm_client(b->swarm, sender), f->chunk,
		    (size_t)(at - f->chunk));
}

/* Every ready sender says something; those who may say more stay ready. */
static void
say_round(struct bench *b, struct flood *f)
{
	uint64_t now_ns = bench_ns(b);
	uint32_t n = f->n_ready;

	f->n_ready = 0;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t sender = f->ready[i];

		f->is_ready[sender] = false;
		say_some(b, f, sender, now_ns);
		if (n_allowed(b, sender) > 0)
			make_ready(f, sender);
	}
}

static void
on_flood_room(struct bench *b, uint32_t id)
{
	if (id < b->options->n_senders)
		make_ready(b->state, id);
}

static void
on_flood_read(struct bench *b, uint32_t recipient)
{
	uint32_t n = b->options->n_clients;
	uint32_t sender = (recipient + n - 1) % n;

	if (b->options->window > 0 && sender < b->options->n_senders)
		make_ready(b->state, sender);
}

static void
flood_until(struct bench *b, struct flood *f, uint64_t end_ns)
{
	while (!b->is_over && bench_ns(b) < end_ns) {
		say_round(b, f);
		bench_turn(b, f->n_ready > 0 ? 0 : WAIT_NS);
	}
}

static void
measure_flood(struct bench *b, struct flood *f)
{
	const struct bench_options *options = b->options;
	uint64_t now_ns = bench_ns(b), n;
	struct bench_span span;
	double seconds;

	flood_until(
	    b, f, now_ns + (uint64_t)(options->warm_up * BENCH_NS_PER_S));
	span = bench_span_begin(b);
	n = bench_check_count(b->check);
	flood_until(b, f,
	    span.begun_ns + (uint64_t)(options->seconds * BENCH_NS_PER_S));
	n = bench_check_count(b->check) - n;
	seconds = (double)bench_span_end(b, &span, true) / BENCH_NS_PER_S;
	bench_report_add(b->report, "deliveries_per_s", "deliveries a second",
	    (double)n / seconds, 0);
	bench_report_add(b->report, "lines_per_s", "lines a second",
	    (double)n / seconds / bench_n_hearers(b), 0);
	b->on_read = NULL;
	b->on_room = NULL;
}

static void
flood_free(struct flood *f)
{
	if (f == NULL)
		return;
	free(f->chunk);
	free(f->ready);
	free(f->is_ready);
	free(f);
}

/* NULL without memory for it. */
static struct flood *
flood_new(uint32_t n_senders)
{
	struct flood *f = calloc(1, sizeof *f);

	if (f == NULL)
		return NULL;
	f->chunk = malloc(CHUNK_BYTES);
	f->ready = calloc(n_senders, sizeof *f->ready);
	f->is_ready = calloc(n_senders, sizeof *f->is_ready);
	if (f->chunk != NULL && f->ready != NULL && f->is_ready != NULL)
		return f;
	flood_free(f);
	return NULL;
}

void
bench_throughput(struct bench *b)
{
	uint32_t n = b->options->n_senders;
	struct flood *f = flood_new(n);
	uint64_t cpu_ns;

	if (f == NULL) {
		bench_fail(b, "out of memory");
	} else if (bench_arrive(b, true) && bench_listen(b, false)) {
		bench_settle(b);
		f->line = bench_line_to(b, NULL);
		b->state = f;
		b->on_read = on_flood_read;
		b->on_room = on_flood_room;
		for (uint32_t i = 0; i < n; i++)
			make_ready(f, i);
		cpu_ns = bench_server_cpu_ns(b);
		measure_flood(b, f);
		finish(b, cpu_ns);
	}
	flood_free(f);
}

/* Latency ----------------------------------------------------------------- */

/* Line k of all is due at begin_ns + k periods, whatever became of the ones
 * before, and that is the time from which its way is measured: a stall counts
 * for every line that it held up. */
struct schedule {
	struct bench_line line;
	uint64_t begin_ns, measured_from_ns, end_ns;
	uint64_t k;
	struct bench_histogram delays, lateness;
};

static void
on_timed_text(
    struct bench *b, uint32_t recipient, const struct bench_text *text)
{
	struct schedule *s = b->state;

	(void)recipient;
	if (text->ns >= s->measured_from_ns && b->now_ns >= text->ns)
		bench_histogram_add(&s->delays, b->now_ns - text->ns);
}

static uint64_t
due_ns(const struct bench *b, const struct schedule *s)
{
	return s->begin_ns +
	       (uint64_t)((double)s->k * BENCH_NS_PER_S / b->options->rate);
}

static void
say_what_is_due(struct bench *b, struct schedule *s)
{
	uint64_t now_ns = bench_ns(b), due = due_ns(b, s);

	while (due <= now_ns && due < s->end_ns) {
		bench_say(
		    b, &s->line, (uint32_t)(s->k % b->options->n_senders), due);
		if (due >= s->measured_from_ns)
			bench_histogram_add(&s->lateness, now_ns - due);
		s->k++;
		due = due_ns(b, s);
		now_ns = bench_ns(b);
	}
	if (due < s->end_ns)
		bench_turn(b, due - now_ns);
}

static void
report_percentiles(struct bench *b, const struct bench_histogram *delays)
{
	bench_report_add(b->report, "latency_ms_p50", "ms: half of all within",
	    (double)bench_histogram_percentile(delays, 50) / MS, 3);
	bench_report_add(b->report, "latency_ms_p99", "ms: 99 of 100 within",
	    (double)bench_histogram_percentile(delays, 99) / MS, 3);
	bench_report_add(b->report, "latency_ms_max", "ms: all within",
	    (double)delays->max / MS, 3);
}

static void
measure_schedule(struct bench *b, struct schedule *s)
{
	struct bench_span span = bench_span_begin(b);

	s->begin_ns = bench_ns(b);
	s->measured_from_ns =
	    s->begin_ns + (uint64_t)(b->options->warm_up * BENCH_NS_PER_S);
	s->end_ns = s->measured_from_ns +
		    (uint64_t)(b->options->seconds * BENCH_NS_PER_S);
	while (!b->is_over && due_ns(b, s) < s->end_ns)
		say_what_is_due(b, s);
	(void)bench_span_end(b, &span, true);
}

void
bench_latency(struct bench *b)
{
	struct schedule *s = calloc(1, sizeof *s);
	uint64_t cpu_ns;

	if (s == NULL) {
		bench_fail(b, "out of memory");
	} else if (bench_arrive(b, true) && bench_listen(b, false)) {
		bench_settle(b);
		s->line = bench_line_to(b, NULL);
		b->state = s;
		b->on_text = on_timed_text;
		cpu_ns = bench_server_cpu_ns(b);
		measure_schedule(b, s);
		finish(b, cpu_ns);
		report_percentiles(b, &s->delays);
		bench_report_add(b->report, "late_ms_p99",
		    "ms: 99 of 100 lines were said at most so late",
		    (double)bench_histogram_percentile(&s->lateness, 99) / MS,
		    3);
	}
	free(s);
}
