/* harness_torture.h - how long a torture lasts, and its dice.
 *
 * Each torture has a short form, for every run of the tests, and a long one,
 * which `make torture` asks for by TORTURE=1 in the environment.  Its dice are
 * thrown from TORTURE_SEED, or a seed of its own that it prints. */
#ifndef TESTS_HARNESS_TORTURE_H
#define TESTS_HARNESS_TORTURE_H

#include "tests/harness_crowd.h"

#include <stdbool.h>
#include <stdint.h>

/* The .timeout of a suite of tortures, in seconds. */
#define TORTURE_TIMEOUT 3600

bool torture_is_long(void);

/* `brief` in the short form, `full` in the long one. */
unsigned torture_rounds(unsigned brief, unsigned full);

/* Start the dice; returns the seed, which has been printed. */
uint64_t torture_seed(void);

/* A number from 0 to n - 1. */
uint32_t torture_dice(uint32_t n);

/* Somebody of the first n in the crowd does something: comes if he is away, or
 * talks, whispers, renames himself, leaves, or breaks off. */
void torture_deed(struct crowd *c, uint32_t n);

#endif
