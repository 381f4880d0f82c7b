/* harness_witness.h - what everybody in a room has heard, and whether it is
 * true.
 *
 * Users sit in numbered seats and come again and again; each time is another
 * incarnation, and a name tells both: "s12-3" is the third time of seat 12,
 * "s12-3r1" the same under another name.  What a user says is numbered from 0
 * in each incarnation.  A witness reads every line that every seat is sent and
 * holds it against the promises of ipc/README.md: each line once, the lines of
 * one sender in their order and without a gap, nothing of somebody who has
 * left, each arrival and each departure told once.  Of a crowd that comes or
 * goes some are told without their names; they are taken for those who were not
 * told by name.  Pure: no descriptors, no time. */
#ifndef TESTS_HARNESS_WITNESS_H
#define TESTS_HARNESS_WITNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WITNESS_NAME_BYTES 32

/* A user, at one time. */
struct incarnation {
	uint32_t seat, number;
};

struct witness;

struct witness *witness_new(uint32_t n_seats);
void witness_free(struct witness *w);

/* The name of an incarnation after `n_renames`. */
void witness_name(
    char name[WITNESS_NAME_BYTES], struct incarnation who, unsigned n_renames);

/* The seat is about to send its name, for the first time or again. */
struct incarnation witness_comes(struct witness *w, uint32_t seat);

/* The seat was welcomed: from here on it must hear everything. */
void witness_is_here(struct witness *w, uint32_t seat);

/* The seat says its next line, of which this is the number. */
uint32_t witness_says(struct witness *w, uint32_t seat);
/* How many it has said. */
uint32_t witness_n_said(const struct witness *w, uint32_t seat);
/* The same to another seat alone. */
uint32_t witness_whispers(struct witness *w, uint32_t seat, uint32_t to);

/* The seat hears no more: it has left, or its process was killed.  What it said
 * and has not got back may never have been read by the server. */
void witness_is_gone(struct witness *w, uint32_t seat);

/* Its process may be killed from here on: whatever it has said and not got back
 * may be lost with it, also when it had begun to leave. */
void witness_is_doomed(struct witness *w, uint32_t seat);

/* A line that the seat was sent, without its end.  Returns false when it breaks
 * a promise; the first time, witness_complaint says which. */
bool witness_hears(
    struct witness *w, uint32_t seat, const char *line, size_t len);

/* Whether everybody who is here has heard everything that everybody who is here
 * has said.  When nobody says any more, and each has said something since the
 * last arrival, it must come to be true. */
bool witness_is_settled(const struct witness *w);

/* What was wrong first; NULL when nothing was. */
const char *witness_complaint(const struct witness *w);

/* Whether everybody who is here and has heard of the seat's present life has
 * heard that it is over. */
bool witness_all_heard_it_leave(const struct witness *w, uint32_t seat);

/* Whether of each of the seats [first, end) all of them have heard the same
 * lines as it has got back itself: no line reached some and not others. */
bool witness_all_heard_the_same(
    const struct witness *w, uint32_t first, uint32_t end);

/* For a message: who has not heard what, if the room is not settled. */
const char *witness_unsettled(const struct witness *w);

/* Lines that have been heard, by all together. */
uint64_t witness_n_heard(const struct witness *w);

#endif
