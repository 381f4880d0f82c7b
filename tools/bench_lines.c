/* bench_lines.c - saying lines and judging what came of them; see the header.
 */
#include "tools/bench_lines.h"

#include <stdlib.h>
#include <string.h>

#define NS_PER_MS UINT64_C(1000000)
/* After the last line, for one that comes twice. */
#define DRAIN_QUIET_NS (50 * NS_PER_MS)

/* Listening --------------------------------------------------------------- */

/* What comes before a sender's lines at those who hear them. */
static void
write_before(struct bench *b, uint32_t sender, bool in_pairs)
{
	const struct bench_guest *to = in_pairs ? &b->guests[sender ^ 1] : NULL;
	struct bench_before *before = &b->before[sender];

	b->protocol->before_received(
	    before->bytes, &b->guests[sender], to, b->options->text_len);
	before->len = strlen(before->bytes);
}

static void
exclude_own(struct bench *b)
{
	for (uint32_t i = 0; i < b->options->n_senders; i++)
		bench_check_exclude(b->check, i, i);
}

static void
exclude_others(struct bench *b)
{
	uint32_t n = b->options->n_clients;

	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < n; k++)
			if (k != i && k != (i ^ 1))
				bench_check_exclude(b->check, i, k);
}

bool
bench_listen(struct bench *b, bool in_pairs)
{
	uint32_t n_senders = b->options->n_senders;

	b->before = calloc(n_senders, sizeof *b->before);
	b->n_said = calloc(n_senders, sizeof *b->n_said);
	b->check = bench_check_new(b->options->n_clients, n_senders);
	if (b->before == NULL || b->n_said == NULL || b->check == NULL) {
		bench_fail(b, "out of memory");
		return false;
	}
	for (uint32_t i = 0; i < n_senders; i++)
		write_before(b, i, in_pairs);
	if (in_pairs ? !b->protocol->echoes_private : !b->protocol->echoes)
		exclude_own(b);
	if (in_pairs)
		exclude_others(b);
	b->scan.before = b->before;
	b->scan.n_senders = n_senders;
	b->scan.in_pairs = in_pairs;
	b->is_listening = true;
	return true;
}

uint32_t
bench_n_hearers(const struct bench *b)
{
	return b->options->n_clients - (b->protocol->echoes ? 0 : 1);
}

/* Saying ------------------------------------------------------------------ */

struct bench_line
bench_line_to(const struct bench *b, const struct bench_guest *to)
{
	struct bench_line line = {
		.text_len = b->options->text_len,
		.end = b->protocol->end_sent,
		.end_len = strlen(b->protocol->end_sent),
	};

	b->protocol->before_sent(line.before, to, line.text_len);
	line.before_len = strlen(line.before);
	return line;
}

size_t
bench_line_len(const struct bench_line *line)
{
	return line->before_len + line->text_len + line->end_len;
}

char *
bench_line_write(
    const struct bench_line *line, char *out, const struct bench_text *text)
{
	memcpy(out, line->before, line->before_len);
	out += line->before_len;
	bench_text_write(out, line->text_len, text);
	out += line->text_len;
	memcpy(out, line->end, line->end_len);
	return out + line->end_len;
}

void
bench_say(struct bench *b, const struct bench_line *line, uint32_t sender,
    uint64_t ns)
{
	char bytes[BENCH_WORDS_BYTES + BENCH_TEXT_MAX + 8];
	const struct bench_text text = {
		.sender = sender,
		.number = b->n_said[sender]++,
		.ns = ns,
	};
	const char *end = bench_line_write(line, bytes, &text);

	swarm_send(
	    swarm_client(b->swarm, sender), bytes, (size_t)(end - bytes));
}

/* The end ----------------------------------------------------------------- */

void
bench_drain(struct bench *b, uint64_t n)
{
	uint64_t n_before = bench_check_count(b->check);
	uint64_t last_ns = bench_ns(b);

	while (!b->is_over && bench_check_count(b->check) < n) {
		bench_turn(b, 100 * NS_PER_MS);
		if (bench_check_count(b->check) > n_before) {
			n_before = bench_check_count(b->check);
			last_ns = bench_ns(b);
		} else if (bench_patience_is_gone(b, last_ns)) {
			break;
		}
	}
	bench_await_quiet(b, DRAIN_QUIET_NS);
}

void
bench_judge(struct bench *b)
{
	const char *first = bench_check_first_fault(b->check);

	/* After a failure it is not known what would have come yet. */
	if (b->is_over)
		return;
	b->report->faults = bench_check_finish(b->check, b->n_said);
	if (bench_faults_any(&b->report->faults))
		bench_fail(b, "%s",
		    first[0] != '\0' ? first
				     : "lines that were said last never came");
}
