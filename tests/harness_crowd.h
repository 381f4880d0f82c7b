/* harness_crowd.h - a crowd of users of one server, all in this process, that
 * come, talk, rename themselves, whisper, leave and are killed, while a witness
 * (harness_witness.h) reads everything that every one of them is sent.
 *
 * Nothing happens but in crowd_turn and what calls it.  Where a user may be is
 * for the test to decide; what it is told that is not true fails
 * crowd_is_sound, and so does a connection that ends although nobody had it
 * end. */
#ifndef TESTS_HARNESS_CROWD_H
#define TESTS_HARNESS_CROWD_H

#include "tests/harness_server.h"
#include "tests/harness_witness.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum crowd_state {
	CROWD_AWAY,
	/* the name is sent, the welcome awaited */
	CROWD_COMING,
	CROWD_HERE,
	/* "exit" is sent, the goodbye awaited */
	CROWD_LEAVING,
};

struct crowd;

/* n users, all away; freed when cleaning, or before. */
struct crowd *crowd_new(const struct server *s, uint32_t n);
void crowd_free(struct crowd *c);

/* All come; returns when all are here. */
void crowd_all_come(struct crowd *c);

enum crowd_state crowd_state(const struct crowd *c, uint32_t seat);
uint32_t crowd_n_here(const struct crowd *c);
/* Lines that he has said since he came. */
uint32_t crowd_n_said(const struct crowd *c, uint32_t seat);
/* The user's present name. */
const char *crowd_name(const struct crowd *c, uint32_t seat);

/* What an AWAY user does: connect and give a name, at once or one after the
 * other.  He counts as COMING from the connection on. */
void crowd_comes(struct crowd *c, uint32_t seat);
void crowd_connects(struct crowd *c, uint32_t seat);
void crowd_gives_name(struct crowd *c, uint32_t seat);

/* What a user who is HERE does.  `fill` bytes are put behind the number. */
void crowd_says(struct crowd *c, uint32_t seat, size_t fill);
void crowd_whispers(struct crowd *c, uint32_t seat, uint32_t to);
void crowd_renames(struct crowd *c, uint32_t seat);
void crowd_leaves(struct crowd *c, uint32_t seat);
/* Without a word: a reset of the connection. */
void crowd_breaks_off(struct crowd *c, uint32_t seat);
/* Read nothing more, for which the kernel keeps little, or go on. */
void crowd_stops_reading(struct crowd *c, uint32_t seat, bool stops);

/* Whether this is the name, at present or before a rename, of somebody in his
 * present incarnation. */
bool crowd_find(
    const struct crowd *c, const char *name, struct incarnation *who_out);

/* The pid of the child that serves a user who is HERE; 0 when the directory has
 * none. */
pid_t crowd_pid(const struct crowd *c, uint32_t seat);

/* His process may end from here on, whatever he is doing.  He does as he does
 * until it has. */
void crowd_is_doomed(struct crowd *c, uint32_t seat);

/* So may that of any of those who are COMING now: it is not known which. */
void crowd_newcomers_are_doomed(struct crowd *c);

/* Everybody's may: the server ends. */
void crowd_all_are_doomed(struct crowd *c);

/* Have fn called for every line that anybody is sent. */
void crowd_on_line(struct crowd *c,
    void (*fn)(void *arg, uint32_t seat, const char *line, size_t len),
    void *arg);

/* Bytes that the server has not taken from this user. */
size_t crowd_unsent(struct crowd *c, uint32_t seat);

/* Deal with what has come, waiting for it at most ms. */
void crowd_turn(struct crowd *c, int ms);

/* Turn until cond(arg) holds; whether it came to hold in ms. */
bool crowd_turn_until(struct crowd *c, bool (*cond)(void *), void *arg, int ms);

/* Turn until everybody who comes or goes has come or gone; fails the test when
 * that does not happen in PATIENCE_MS. */
void crowd_comes_to_rest(struct crowd *c);

/* Everybody who is here says one more line, and all must hear all; fails the
 * test when they do not in a minute. */
void crowd_settles(struct crowd *c);

/* Fails the test when a promise was broken so far. */
void crowd_is_sound(const struct crowd *c);

/* How often a user was told "! ..." and cut off or refused. */
unsigned crowd_n_refused(const struct crowd *c);

struct witness *crowd_witness(struct crowd *c);

#endif
