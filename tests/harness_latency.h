/* harness_latency.h - how long what is said takes to be heard, in a crowd. */
#ifndef TESTS_HARNESS_LATENCY_H
#define TESTS_HARNESS_LATENCY_H

#include "tests/harness_crowd.h"

#include <stdint.h>

/* From here on measure among the seats [first, end) of the crowd, at most 128,
 * who must be and stay HERE. */
void latency_begin(struct crowd *c, uint32_t first, uint32_t end);

/* Have some of them say a line each 2 ms, for about a second and a half in all;
 * the 99th percentile of the time until each of them hears one, in
 * microseconds. It is the median of several windows, since machines have
 * hiccups of their own.
 */
uint32_t latency_p99_us(void);

/* The median of n such, at most 32, which is printed with the best and worst.
 */
uint32_t latency_p99_of_us(unsigned n);

#endif
