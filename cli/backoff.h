/* backoff.h - how long to wait before the next try. */
#ifndef CLI_BACKOFF_H
#define CLI_BACKOFF_H

#include <stdint.h>

#define BACKOFF_FIRST_MS 1000
#define BACKOFF_MAX_MS 60000

/* The pause after so many failures in a row.  It doubles with each, and is up
 * to a quarter shorter by `dice`, any number: everybody whom a server has lost
 * would come back at the same moment otherwise. */
static inline int64_t
backoff_ms(unsigned n_failures, uint32_t dice)
{
	int64_t pause = BACKOFF_FIRST_MS;

	while (n_failures-- > 0 && pause < BACKOFF_MAX_MS)
		pause *= 2;
	if (pause > BACKOFF_MAX_MS)
		pause = BACKOFF_MAX_MS;
	return pause - (int64_t)(dice % (uint32_t)(pause / 4));
}

#endif
