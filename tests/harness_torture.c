/* harness_torture.c - the length of a torture, and its dice. */
#include "tests/harness_torture.h"

#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t state;

bool
torture_is_long(void)
{
	const char *value = getenv("TORTURE");

	return value != NULL && *value != '\0' && *value != '0';
}

unsigned
torture_rounds(unsigned brief, unsigned full)
{
	return torture_is_long() ? full : brief;
}

uint64_t
torture_seed(void)
{
	const char *value = getenv("TORTURE_SEED");
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	state = value != NULL ? strtoull(value, NULL, 0)
			      : (uint64_t)ts.tv_sec * 1000000 +
				    (uint64_t)ts.tv_nsec / 1000;
	/* In the output whether it fails or not. */
	fprintf(stderr, "TORTURE_SEED=%" PRIu64 "\n", state);
	return state;
}

/* splitmix64, of Steele, Lea and Flood (2014). */
uint32_t
torture_dice(uint32_t n)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ z >> 31) % n);
}

void
torture_deed(struct crowd *c, uint32_t n)
{
	uint32_t seat = torture_dice(n), to = torture_dice(n);
	uint32_t what = torture_dice(100);

	if (crowd_state(c, seat) == CROWD_AWAY) {
		crowd_comes(c, seat);
	} else if (crowd_state(c, seat) == CROWD_HERE) {
		if (what < 70)
			crowd_says(c, seat, torture_dice(200));
		else if (what < 85 && *crowd_name(c, to) != '\0')
			crowd_whispers(c, seat, to);
		else if (what < 93)
			crowd_renames(c, seat);
		else if (what < 97)
			crowd_leaves(c, seat);
		else
			crowd_breaks_off(c, seat);
	}
}
