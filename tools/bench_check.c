/* bench_check.c - each line once and in order; see the header.
 *
 * A pair of recipient and sender has the number that is to come next.  When a
 * later one comes, those between are kept as a gap, where a line that comes
 * late is found: it was reordered.  One that is in no gap was doubled, and gaps
 * that stay are losses. */
#include "tools/bench_check.h"

#include <stdio.h>
#include <stdlib.h>

/* Lines are numbered below 2^30. */
#define EXCLUDED UINT32_MAX
#define GAPS_FIRST 64
/* More gaps than this are not remembered: their lines count as lost. */
#define GAPS_MAX 65536

struct gap {
	uint32_t recipient, sender;
	/* [from, to) */
	uint32_t from, to;
};

struct bench_check {
	uint32_t n_recipients, n_senders;
	uint32_t *next;
	uint64_t n_came;
	/* lost are counted only in the end */
	struct bench_faults faults;
	struct gap *gaps;
	size_t n_gaps, max_gaps;
	uint64_t n_forgotten;
	char first[160];
};

struct bench_check *
bench_check_new(uint32_t n_recipients, uint32_t n_senders)
{
	struct bench_check *check = calloc(1, sizeof *check);

	if (check == NULL)
		return NULL;
	check->n_recipients = n_recipients;
	check->n_senders = n_senders;
	check->next =
	    calloc((size_t)n_recipients * n_senders, sizeof *check->next);
	if (check->next == NULL) {
		free(check);
		return NULL;
	}
	return check;
}

void
bench_check_free(struct bench_check *check)
{
	if (check == NULL)
		return;
	free(check->next);
	free(check->gaps);
	free(check);
}

static uint32_t *
next_of(const struct bench_check *check, uint32_t recipient, uint32_t sender)
{
	return &check->next[(size_t)recipient * check->n_senders + sender];
}

void
bench_check_exclude(
    struct bench_check *check, uint32_t recipient, uint32_t sender)
{
	*next_of(check, recipient, sender) = EXCLUDED;
}

/* What goes wrong --------------------------------------------------------- */

static void
note(struct bench_check *check, uint32_t recipient, uint32_t sender,
    uint32_t number, const char *what)
{
	if (check->first[0] == '\0')
		snprintf(check->first, sizeof check->first,
		    "client %u: line %u of client %u %s", recipient, number,
		    sender, what);
}

static void
remember(struct bench_check *check, struct gap gap)
{
	size_t max = check->max_gaps == 0 ? GAPS_FIRST : check->max_gaps * 2;
	struct gap *gaps;

	if (check->n_gaps == check->max_gaps) {
		gaps = max > GAPS_MAX
			   ? NULL
			   : reallocarray(check->gaps, max, sizeof *gaps);
		if (gaps == NULL) {
			check->n_forgotten += gap.to - gap.from;
			return;
		}
		check->gaps = gaps;
		check->max_gaps = max;
	}
	check->gaps[check->n_gaps++] = gap;
}

/* Take the number out of the gap that it lies in, if there is one. */
static bool
came_late(struct bench_check *check, uint32_t recipient, uint32_t sender,
    uint32_t number)
{
	for (size_t i = 0; i < check->n_gaps; i++) {
		struct gap *gap = &check->gaps[i];
		struct gap rest = *gap;

		if (gap->recipient != recipient || gap->sender != sender ||
		    number < gap->from || number >= gap->to)
			continue;
		gap->to = number;
		rest.from = number + 1;
		if (gap->from == gap->to)
			*gap = check->gaps[--check->n_gaps];
		if (rest.from < rest.to)
			remember(check, rest);
		return true;
	}
	return false;
}

static void
came_otherwise(struct bench_check *check, uint32_t recipient, uint32_t sender,
    uint32_t number)
{
	uint32_t *next = next_of(check, recipient, sender);

	if (number > *next) {
		note(check, recipient, sender, number,
		    "came before an earlier one");
		remember(
		    check, (struct gap){ recipient, sender, *next, number });
		*next = number + 1;
		check->n_came++;
	} else if (came_late(check, recipient, sender, number)) {
		check->faults.reordered++;
		check->n_came++;
	} else {
		note(check, recipient, sender, number,
		    *next == EXCLUDED ? "was not for it" : "came twice");
		check->faults.doubled++;
	}
}

void
bench_check_damaged(struct bench_check *check, uint32_t recipient)
{
	if (check->first[0] == '\0')
		snprintf(check->first, sizeof check->first,
		    "client %u: got what nobody said", recipient);
	check->faults.damaged++;
}

/* ------------------------------------------------------------------------- */

void
bench_check_came(struct bench_check *check, uint32_t recipient, uint32_t sender,
    uint32_t number)
{
	uint32_t *next;

	if (sender >= check->n_senders) {
		bench_check_damaged(check, recipient);
		return;
	}
	next = next_of(check, recipient, sender);
	if (*next != number) {
		came_otherwise(check, recipient, sender, number);
		return;
	}
	*next = number + 1;
	check->n_came++;
}

uint32_t
bench_check_next(
    const struct bench_check *check, uint32_t recipient, uint32_t sender)
{
	return *next_of(check, recipient, sender);
}

uint64_t
bench_check_count(const struct bench_check *check)
{
	return check->n_came;
}

struct bench_faults
bench_check_finish(const struct bench_check *check, const uint32_t *n_said)
{
	struct bench_faults faults = check->faults;

	for (uint32_t r = 0; r < check->n_recipients; r++)
		for (uint32_t s = 0; s < check->n_senders; s++) {
			uint32_t next = bench_check_next(check, r, s);

			if (next == EXCLUDED)
				continue;
			if (next < n_said[s])
				faults.lost += n_said[s] - next;
			else
				faults.damaged += next - n_said[s];
		}
	for (size_t i = 0; i < check->n_gaps; i++)
		faults.lost += check->gaps[i].to - check->gaps[i].from;
	faults.lost += check->n_forgotten;
	return faults;
}

bool
bench_faults_any(const struct bench_faults *faults)
{
	return faults->lost + faults->doubled + faults->reordered +
		   faults->damaged >
	       0;
}

const char *
bench_check_first_fault(const struct bench_check *check)
{
	return check->first;
}
