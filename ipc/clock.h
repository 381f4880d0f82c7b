/* clock.h - the one clock of every timeout: CLOCK_MONOTONIC, in milliseconds.
 * It is the same in every process of a machine, so times may be compared across
 * the directory.  Never fails. */
#ifndef IPC_CLOCK_H
#define IPC_CLOCK_H

#include <stdint.h>
#include <time.h>

/* A time that never comes. */
#define CLOCK_NEVER INT64_MAX

static inline int64_t
clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static inline struct timespec
clock_timespec(int64_t ms)
{
	return (struct timespec){
		.tv_sec = (time_t)(ms / 1000),
		.tv_nsec = (long)(ms % 1000) * 1000000,
	};
}

/* The timeout argument of poll(2) that wakes at `at`; -1 for CLOCK_NEVER. */
static inline int
clock_poll_timeout(int64_t at, int64_t now)
{
	if (at == CLOCK_NEVER)
		return -1;
	if (at <= now)
		return 0;
	return at - now > 1000000 ? 1000000 : (int)(at - now);
}

static inline int64_t
clock_earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

#endif
