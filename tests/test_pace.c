/* test_pace.c - the agreement between those who say much and those behind. */
#include "srv/pace.h"

#include "ipc/clock.h"
#include "ipc/limits.h"

#include <criterion/criterion.h>

TestSuite(pace, .timeout = 30);

static size_t
may_read(struct pace *pace, bool somebody_is_behind, int64_t now)
{
	const struct dir_traffic traffic = {
		.somebody_is_behind = somebody_is_behind,
	};

	return pace_may_read(pace, &traffic, now);
}

/* Take all that may be read, as a flood does; returns it. */
static size_t
flood_once(struct pace *pace, bool behind, int64_t now)
{
	size_t n = may_read(pace, behind, now);

	pace_has_read(pace, n);
	return n;
}

Test(pace, a_flood_alone_soon_reads_full_batches)
{
	struct pace pace;

	pace_init(&pace, 0);
	for (int i = 0; i < 8; i++)
		(void)flood_once(&pace, false, 0);
	cr_assert_eq(may_read(&pace, false, 0), CLIENT_READ_BYTES);
}

Test(pace, a_flood_begins_with_small_batches)
{
	struct pace pace;

	pace_init(&pace, 0);
	cr_assert_lt(may_read(&pace, false, 0), CLIENT_READ_BYTES / 4);
}

Test(pace, a_flood_is_held_to_the_pace_while_somebody_is_behind)
{
	struct pace pace;
	size_t n = 0;

	pace_init(&pace, 0);
	for (int64_t now = 0; now <= 10000; now += PACE_LOOK_MS)
		n += flood_once(&pace, true, now);
	cr_assert_leq(n, 10 * PACE_BYTES_PER_S + PACE_BURST_BYTES);
	cr_assert_geq(n, 9 * PACE_BYTES_PER_S);
}

Test(pace, looking_often_earns_no_less)
{
	struct pace pace;
	size_t n = 0;

	pace_init(&pace, 0);
	for (int64_t now = 0; now <= 10000; now++)
		n += flood_once(&pace, true, now);
	cr_assert_geq(n, 9 * PACE_BYTES_PER_S);
}

Test(pace, who_says_little_is_never_held_up)
{
	struct pace pace;

	pace_init(&pace, 0);
	for (int64_t now = 0; now < 60000; now += 100) {
		cr_assert_geq(may_read(&pace, true, now), 200);
		pace_has_read(&pace, 200);
	}
}

Test(pace, a_long_rest_earns_no_more_than_the_burst)
{
	struct pace pace;

	pace_init(&pace, 0);
	(void)flood_once(&pace, true, 0);
	cr_assert_eq(
	    may_read(&pace, true, INT64_C(1000000000)), PACE_BURST_BYTES);
}

Test(pace, floods_at_the_same_time_share_a_turn)
{
	static const uint32_t numbers[] = { 1, 10, 100, 500 };
	struct pace pace;

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		const struct dir_traffic traffic = { false, numbers[i] };
		size_t n = 0;

		pace_init(&pace, 0);
		for (int turn = 0; turn < 8; turn++) {
			n = pace_may_read(&pace, &traffic, 0);
			pace_has_read(&pace, n);
			cr_expect(pace.is_flooding);
		}
		cr_expect_leq(n, CLIENT_READ_BYTES);
		cr_expect_leq(n * numbers[i], FLOOD_BYTES_PER_TURN);
		cr_expect_geq(n, (size_t)512);
	}
}

Test(pace, floods_share_what_somebody_who_is_behind_can_take)
{
	static const uint32_t numbers[] = { 1, 16, 100, 256 };

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		const struct dir_traffic traffic = { true, numbers[i] };
		struct pace pace;
		size_t n = 0;

		pace_init(&pace, 0);
		for (int64_t now = 0; now <= 10000; now += PACE_LOOK_MS) {
			size_t may = pace_may_read(&pace, &traffic, now);

			pace_has_read(&pace, may);
			n += may;
		}
		cr_expect_leq(numbers[i] * (n - PACE_BURST_BYTES),
		    10 * (size_t)FLOOD_BYTES_PER_S);
		cr_expect_geq(n, 9 * (size_t)PACE_MIN_BYTES_PER_S);
	}
}

Test(pace, who_says_less_than_it_may_does_not_flood)
{
	struct pace pace;

	pace_init(&pace, 0);
	pace_has_read(&pace, may_read(&pace, false, 0));
	cr_expect(pace.is_flooding);
	(void)may_read(&pace, false, 1);
	pace_has_read(&pace, 100);
	cr_expect_not(pace.is_flooding);
}

Test(pace, a_short_queue_is_not_behind)
{
	struct lag lag = { 0 };

	lag_update(&lag, OUTBUF_PAUSE_BYTES - 1, 0, 0);
	cr_assert_not(lag.is_behind);
	cr_assert_eq(lag_next_at(&lag), CLOCK_NEVER);
}

Test(pace, a_long_queue_is_behind_until_it_is_short_again)
{
	struct lag lag = { 0 };

	lag_update(&lag, OUTBUF_PAUSE_BYTES, 0, 0);
	cr_assert(lag.is_behind);
	lag_update(&lag, OUTBUF_PAUSE_BYTES / 2, 0, 1);
	cr_assert(lag.is_behind, "the way back is longer than the way there");
	lag_update(&lag, 0, 0, 2);
	cr_assert_not(lag.is_behind);
}

Test(pace, who_goes_on_reading_stays_behind)
{
	struct lag lag = { 0 };
	uint64_t written = 0;

	for (int64_t now = 0; now < 20000; now += 10) {
		written += now % 1000 == 0;
		lag_update(&lag, OUTBUF_PAUSE_BYTES, written, now);
		cr_assert(lag.is_behind, "at %d ms", (int)now);
	}
}

Test(pace, who_stops_reading_holds_up_nobody)
{
	struct lag lag = { 0 };

	lag_update(&lag, OUTBUF_PAUSE_BYTES, 0, 0);
	cr_assert_eq(lag_next_at(&lag), LAG_JUDGE_MS);
	lag_update(&lag, OUTBUF_PAUSE_BYTES, 0, LAG_JUDGE_MS);
	cr_assert_not(lag.is_behind);
	lag_update(&lag, 2 * OUTBUF_PAUSE_BYTES, 1, LAG_JUDGE_MS + 1);
	cr_assert_not(lag.is_behind, "not again while its queue is long");
}

/* A few bytes now and then would otherwise hold up everybody for good. */
Test(pace, who_reads_and_never_catches_up_holds_up_nobody)
{
	struct lag lag = { 0 };
	int64_t now = 0;

	for (uint64_t written = 0; now < LAG_MAX_MS; now += 10)
		lag_update(&lag, OUTBUF_PAUSE_BYTES, written++, now);
	cr_assert(lag.is_behind);
	lag_update(&lag, OUTBUF_PAUSE_BYTES, UINT64_MAX, now);
	cr_assert_not(lag.is_behind);
}

Test(pace, who_catches_up_now_and_then_may_be_behind_again)
{
	struct lag lag = { 0 };
	uint64_t written = 0;

	for (int64_t now = 0; now < 3 * LAG_MAX_MS; now += 10) {
		bool has_caught_up = now % (LAG_MAX_MS / 2) == 0;

		lag_update(&lag, has_caught_up ? 0 : OUTBUF_PAUSE_BYTES,
		    written++, now);
		cr_assert_eq(lag.is_behind, !has_caught_up);
	}
}

Test(pace, who_caught_up_counts_as_reading_again)
{
	struct lag lag = { 0 };

	lag_update(&lag, OUTBUF_PAUSE_BYTES, 0, 0);
	lag_update(&lag, OUTBUF_PAUSE_BYTES, 0, LAG_JUDGE_MS);
	lag_update(&lag, 0, 0, LAG_JUDGE_MS + 1);
	lag_update(&lag, OUTBUF_PAUSE_BYTES, 0, LAG_JUDGE_MS + 2);
	cr_assert(lag.is_behind);
}
