/* pace.c - both halves of the flow control between children. */
#include "srv/pace.h"

#include "ipc/clock.h"
#include "ipc/limits.h"

/* Two lines of the greatest length, lest a long line takes two turns. */
#define FIRST_QUANTUM (2 * LINE_MAX_BYTES)

void
pace_init(struct pace *pace, int64_t now)
{
	*pace = (struct pace){
		.quantum = FIRST_QUANTUM,
		.allowance = PACE_BURST_BYTES,
		.allowance_at = now,
	};
}

static void
refill(struct pace *pace, int64_t now)
{
	int64_t earned = (now - pace->allowance_at) * PACE_BYTES_PER_S / 1000;

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

size_t
pace_may_read(struct pace *pace, bool somebody_is_behind, int64_t now)
{
	refill(pace, now);
	if (!somebody_is_behind)
		return pace->quantum;
	pace->quantum = FIRST_QUANTUM;
	return pace->allowance;
}

void
pace_has_read(struct pace *pace, size_t n)
{
	pace->allowance -= n < pace->allowance ? n : pace->allowance;
	if (n == pace->quantum && pace->quantum < CLIENT_READ_BYTES)
		pace->quantum *= 2;
	else if (n < FIRST_QUANTUM)
		pace->quantum = FIRST_QUANTUM;
}

static void
judge(struct lag *lag, uint64_t written, int64_t now)
{
	if (written - lag->written_before < LAG_PROGRESS_BYTES) {
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
		lag->judged_at = now + LAG_JUDGE_MS;
		lag->written_before = written;
	}
}

int64_t
lag_next_at(const struct lag *lag)
{
	return lag->is_behind ? lag->judged_at : CLOCK_NEVER;
}
