/* who_figures.h - numbers and times as a person reads them.
 *
 * Pure; only the time zone comes from the environment. */
#ifndef TOOLS_WHO_FIGURES_H
#define TOOLS_WHO_FIGURES_H

#include <stdint.h>

/* Room for any figure with its unit. */
#define FIGURE_BYTES 32

/* A figure that is not known. */
#define FIGURE_UNKNOWN "-"

/* The whole seconds from `at` to `now`, both ms; 0 if that is still to come. */
int64_t figure_seconds_since(int64_t at, int64_t now);

/* "5s", "3m", "2h", "1d" */
void figure_idle(char text[FIGURE_BYTES], int64_t s);

/* "12s", "5m 12s", "1h 5m", "3d 4h" */
void figure_uptime(char text[FIGURE_BYTES], int64_t s);

/* "0", "512", "3.4K", "2.1M" */
void figure_bytes(char text[FIGURE_BYTES], uint64_t n);

/* "14:05" by the local clock; older than a day, "2031-12-24". */
void figure_clock(char text[FIGURE_BYTES], int64_t at_s, int64_t now_s);

/* "0", "0.5", "7.3", "25", "130000" */
void figure_rate(char text[FIGURE_BYTES], double per_s);

#endif
