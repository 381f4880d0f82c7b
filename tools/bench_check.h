/* bench_check.h - whether every recipient has got every line once, in the order
 * of its sender.  No system calls.  One array look-up for a line that comes
 * when it should. */
#ifndef TOOLS_BENCH_CHECK_H
#define TOOLS_BENCH_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bench_faults {
	/* never came */
	uint64_t lost;
	uint64_t doubled;
	/* came after a later one of the same sender */
	uint64_t reordered;
	/* are not what anybody said, or not by whom they are said to be */
	uint64_t damaged;
};

struct bench_check;

/* For recipients and senders numbered from 0.  NULL without memory for it. */
struct bench_check *bench_check_new(uint32_t n_recipients, uint32_t n_senders);
void bench_check_free(struct bench_check *check);

/* This recipient is not to get lines of this sender, as who does not hear
 * himself: one that comes all the same counts as doubled. */
void bench_check_exclude(
    struct bench_check *check, uint32_t recipient, uint32_t sender);

/* The sender's line `number` has come, counted from 0. */
void bench_check_came(struct bench_check *check, uint32_t recipient,
    uint32_t sender, uint32_t number);

/* Something else has come. */
void bench_check_damaged(struct bench_check *check, uint32_t recipient);

/* The number after the highest that has come. */
uint32_t bench_check_next(
    const struct bench_check *check, uint32_t recipient, uint32_t sender);

/* How many have come once. */
uint64_t bench_check_count(const struct bench_check *check);

/* What is wrong when each sender has said n_said[sender] lines to each of its
 * recipients and no more will come. */
struct bench_faults bench_check_finish(
    const struct bench_check *check, const uint32_t *n_said);

bool bench_faults_any(const struct bench_faults *faults);

/* The first thing that went wrong, as a sentence; empty when nothing did.  A
 * line that is lost at the end shows only in the faults. */
const char *bench_check_first_fault(const struct bench_check *check);

#endif
