/* duration.c - days, hours, minutes or seconds; see the header. */
#include "srv/duration.h"

#include <inttypes.h>
#include <stdio.h>

#define MINUTE_S 60
#define HOUR_S (60 * MINUTE_S)
#define DAY_S (24 * HOUR_S)

/* `n` of the large unit, `rest` of the small one. */
static void
put(char text[DURATION_BYTES], int64_t n, const char *large, int64_t rest,
    const char *small)
{
	if (rest == 0)
		snprintf(text, DURATION_BYTES, "%" PRId64 " %s", n, large);
	else
		snprintf(text, DURATION_BYTES, "%" PRId64 " %s %" PRId64 " %s",
		    n, large, rest, small);
}

const char *
duration_text(int64_t ms, char text_out[DURATION_BYTES])
{
	int64_t s = ms > 0 ? ms / 1000 : 0;

	if (s < MINUTE_S)
		put(text_out, s, "s", 0, "");
	else if (s < HOUR_S)
		put(text_out, s / MINUTE_S, "min", 0, "");
	else if (s < DAY_S)
		put(text_out, s / HOUR_S, "h", s % HOUR_S / MINUTE_S, "min");
	else
		put(text_out, s / DAY_S, "d", s % DAY_S / HOUR_S, "h");
	return text_out;
}
