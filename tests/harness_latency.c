/* harness_latency.c - said when, heard when. */
#include "tests/harness_latency.h"

#include "tests/harness_torture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MAX_USERS 128
#define MAX_LINES 4096
/* All windows together are over before a stopped child is evicted. */
#define LINES_PER_WINDOW 80
#define N_WINDOWS 5
#define MAX_ROUNDS 32
#define BETWEEN_LINES_US 2000
/* For the last lines of a window to be heard. */
#define AFTER_WINDOW_US 100000

static struct {
	struct crowd *crowd;
	uint32_t first, end;
	/* how many each has said */
	uint32_t numbers[MAX_USERS];
	int64_t said_at_us[MAX_USERS][MAX_LINES];
	/* of the window */
	uint32_t latencies_us[MAX_USERS * LINES_PER_WINDOW * 2];
	size_t n;
} clocks;

static int64_t
clock_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void
note(void *arg, uint32_t seat, const char *line, size_t len)
{
	unsigned from, number, incarnation;
	char text[64];

	(void)arg;
	snprintf(text, sizeof text, "%.*s", len < 60 ? (int)len : 60, line);
	if (seat < clocks.first || seat >= clocks.end ||
	    sscanf(text, "s%u-%u: %u", &from, &incarnation, &number) != 3 ||
	    from >= clocks.end || number >= MAX_LINES ||
	    clocks.said_at_us[from][number] == 0)
		return;
	cr_assert_lt(clocks.n, sizeof clocks.latencies_us / sizeof(uint32_t));
	clocks.latencies_us[clocks.n++] =
	    (uint32_t)(clock_us() - clocks.said_at_us[from][number]);
}

void
latency_begin(struct crowd *c, uint32_t first, uint32_t end)
{
	cr_assert_leq(end, MAX_USERS);
	clocks.crowd = c;
	clocks.first = first;
	clocks.end = end;
	/* What has been said before is not measured. */
	for (uint32_t i = first; i < end; i++)
		clocks.numbers[i] = crowd_n_said(c, i);
	crowd_on_line(c, note, NULL);
}

static int
compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static uint32_t
window_p99(void)
{
	uint32_t n_users = clocks.end - clocks.first;
	int64_t next_at = clock_us();

	clocks.n = 0;
	for (unsigned i = 0; i < LINES_PER_WINDOW;) {
		uint32_t seat = clocks.first + torture_dice(n_users);

		crowd_turn(clocks.crowd, 1);
		if (clock_us() < next_at)
			continue;
		next_at += BETWEEN_LINES_US;
		cr_assert_lt(clocks.numbers[seat], MAX_LINES);
		clocks.said_at_us[seat][clocks.numbers[seat]++] = clock_us();
		crowd_says(clocks.crowd, seat, 40);
		i++;
	}
	for (int64_t until = clock_us() + AFTER_WINDOW_US; clock_us() < until;)
		crowd_turn(clocks.crowd, 1);
	cr_assert_gt(clocks.n, LINES_PER_WINDOW);
	qsort(clocks.latencies_us, clocks.n, sizeof(uint32_t), compare);
	return clocks.latencies_us[clocks.n * 99 / 100];
}

uint32_t
latency_p99_us(void)
{
	uint32_t p99[N_WINDOWS];

	for (int i = 0; i < N_WINDOWS; i++)
		p99[i] = window_p99();
	qsort(p99, N_WINDOWS, sizeof *p99, compare);
	return p99[N_WINDOWS / 2];
}

uint32_t
latency_p99_of_us(unsigned n)
{
	uint32_t p99[MAX_ROUNDS];

	cr_assert_leq(n, MAX_ROUNDS);
	for (unsigned i = 0; i < n; i++)
		p99[i] = latency_p99_us();
	qsort(p99, n, sizeof *p99, compare);
	fprintf(stderr, "p99 us: median %u of %u to %u\n", p99[n / 2], p99[0],
	    p99[n - 1]);
	return p99[n / 2];
}
