/* who_figures.c - numbers and times as a person reads them. */
#include "tools/who_figures.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#define SECOND_MS 1000
#define DAY_S 86400

static const struct unit {
	int64_t s;
	char letter;
} units[] = { { DAY_S, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };

#define N_UNITS (sizeof units / sizeof units[0])

/* The largest unit that there is a whole one of. */
static size_t
unit_for(int64_t s)
{
	size_t i = 0;

	while (i < N_UNITS - 1 && s < units[i].s)
		i++;
	return i;
}

int64_t
figure_seconds_since(int64_t at, int64_t now)
{
	return now > at ? (now - at) / SECOND_MS : 0;
}

void
figure_idle(char text[FIGURE_BYTES], int64_t s)
{
	const struct unit *unit = &units[unit_for(s)];

	snprintf(
	    text, FIGURE_BYTES, "%" PRId64 "%c", s / unit->s, unit->letter);
}

void
figure_uptime(char text[FIGURE_BYTES], int64_t s)
{
	size_t i = unit_for(s);
	int len = snprintf(text, FIGURE_BYTES, "%" PRId64 "%c", s / units[i].s,
	    units[i].letter);

	if (i + 1 < N_UNITS)
		snprintf(text + len, FIGURE_BYTES - (size_t)len,
		    " %" PRId64 "%c", s % units[i].s / units[i + 1].s,
		    units[i + 1].letter);
}

void
figure_bytes(char text[FIGURE_BYTES], uint64_t n)
{
	static const char letters[] = "KMGTPE";
	double scaled = (double)n / 1024;
	size_t i = 0;

	if (n < 1024) {
		snprintf(text, FIGURE_BYTES, "%" PRIu64, n);
		return;
	}
	/* What would be rounded to 1024.0 belongs to the next unit. */
	for (; scaled >= 1023.95; i++)
		scaled /= 1024;
	snprintf(text, FIGURE_BYTES, "%.1f%c", scaled, letters[i]);
}

void
figure_clock(char text[FIGURE_BYTES], int64_t at_s, int64_t now_s)
{
	time_t at = (time_t)at_s;
	struct tm tm;

	if (localtime_r(&at, &tm) == NULL ||
	    strftime(text, FIGURE_BYTES,
		now_s - at_s < DAY_S ? "%H:%M" : "%Y-%m-%d", &tm) == 0)
		snprintf(text, FIGURE_BYTES, FIGURE_UNKNOWN);
}

/* What is slow is told to a tenth: it is where one line more is much. */
void
figure_rate(char text[FIGURE_BYTES], double per_s)
{
	int n_decimals = per_s > 0 && per_s < 9.95 ? 1 : 0;

	snprintf(text, FIGURE_BYTES, "%.*f", n_decimals, per_s);
}
