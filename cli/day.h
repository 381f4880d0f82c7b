/* day.h - another day has begun: the time before a line no longer tells when.
 */
#ifndef CLI_DAY_H
#define CLI_DAY_H

#include <stdbool.h>
#include <time.h>

/* All zero is the beginning. */
struct day {
	bool is_known;
	int year, day_of_year;
};

/* Whether it is another day than at the last call. */
static inline bool
day_is_another(struct day *day, const struct tm *now)
{
	struct day before = *day;

	*day = (struct day){ true, now->tm_year, now->tm_yday };
	return before.is_known && (before.year != day->year ||
				      before.day_of_year != day->day_of_year);
}

#endif
