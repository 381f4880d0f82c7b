/* pace.c - both halves of the flow control between children. */
#include "srv/pace.h"

#include "ipc/clock.h"
#include "ipc/limits.h"

/* Two lines of the greatest length, lest a long line takes two turns. */
#define FIRST_QUANTUM (2 * LINE_MAX_BYTES)
/* Less than this costs more system calls than it is worth. */
#define MIN_SHARE 512

void
pace_init(struct pace *pace, int64_t now)
{
	*pace = (struct pace){
		.quantum = FIRST_QUANTUM,
		.allowance = PACE_BURST_BYTES,
		.allowance_at = now,
	};
}

static int64_t
rate_of(uint32_t n_flooding)
{
	int64_t rate = FLOOD_BYTES_PER_S / (n_flooding == 0 ? 1 : n_flooding);

	if (rate > PACE_BYTES_PER_S)
		return PACE_BYTES_PER_S;
	return rate < PACE_MIN_BYTES_PER_S ? PACE_MIN_BYTES_PER_S : rate;
}

static void
refill(struct pace *pace, int64_t rate, int64_t now)
{
	int64_t earned = (now - pace->allowance_at) * rate / 1000;

	/* Nothing is earned in less than it takes to earn a byte. */
	if (earned <= 0)
		return;
	pace->allowance_at = now;
	if (earned > PACE_BURST_BYTES ||
	    pace->allowance + (size_t)earned > PACE_BURST_BYTES)
		pace->allowance = PACE_BURST_BYTES;
	else
		pace->allowance += (size_t)earned;
}

/* An equal part of what all that flood may bring at once. */
static size_t
share_of(uint32_t n_flooding)
{
	size_t share = n_flooding == 0 ? FLOOD_BYTES_PER_TURN
				       : FLOOD_BYTES_PER_TURN / n_flooding;

	return share < MIN_SHARE ? MIN_SHARE : share;
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t
pace_may_read(struct pace *pace, const struct dir_traffic *traffic, int64_t now)
{
	size_t share = share_of(traffic->n_flooding);

	refill(pace, rate_of(traffic->n_flooding), now);
	if (traffic->somebody_is_behind) {
		pace->quantum = FIRST_QUANTUM;
		pace->allowed = pace->allowance < MIN_SHARE
				    ? 0
				    : smaller(pace->allowance, share);
	} else {
		pace->allowed = smaller(pace->quantum, share);
	}
	return pace->allowed;
}

void
pace_has_read(struct pace *pace, size_t n)
{
	pace->is_flooding = n == pace->allowed;
	pace->allowance -= smaller(n, pace->allowance);
	if (n == pace->quantum && pace->quantum < CLIENT_READ_BYTES)
		pace->quantum *= 2;
	else if (n < FIRST_QUANTUM && !pace->is_flooding)
		pace->quantum = FIRST_QUANTUM;
}

static void
judge(struct lag *lag, uint64_t written, int64_t now)
{
	if (written == lag->written_before ||
	    now - lag->behind_since >= LAG_MAX_MS) {
		lag->is_behind = false;
		lag->is_stalled = true;
	}
	lag->judged_at = now + LAG_JUDGE_MS;
	lag->written_before = written;
}

void
lag_update(struct lag *lag, size_t waiting, uint64_t written, int64_t now)
{
	if (waiting < OUTBUF_PAUSE_BYTES / 4) {
		lag->is_behind = lag->is_stalled = false;
	} else if (lag->is_behind) {
		if (now >= lag->judged_at)
			judge(lag, written, now);
	} else if (waiting >= OUTBUF_PAUSE_BYTES && !lag->is_stalled) {
		lag->is_behind = true;
		lag->behind_since = now;
		lag->judged_at = now + LAG_JUDGE_MS;
		lag->written_before = written;
	}
}

int64_t
lag_next_at(const struct lag *lag)
{
	return lag->is_behind ? lag->judged_at : CLOCK_NEVER;
}
