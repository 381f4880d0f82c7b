/* harness_lock.h - a living server's directory, written to from outside: above
 * all its lock in the hands of somebody who does not give it back. */
#ifndef TESTS_HARNESS_LOCK_H
#define TESTS_HARNESS_LOCK_H

#include "tests/harness_server.h"

/* The head of the directory, writable, which is no reader's business; unmapped
 * when cleaning. */
struct dir_header *server_header(const struct server *s);

/* The child of the user `name` as a holder of the lock. */
uint64_t lock_identity_of(const struct server *s, const char *name);

/* Fails the test unless the lock was free, or held by `identity`. */
void lock_hold(struct dir_header *header, uint64_t identity);
void lock_free(struct dir_header *header, uint64_t identity);

/* From here on the user `name` holds it, as if his child had been stopped right
 * after taking it; it must not take it meanwhile, so stop it first. */
void lock_is_held_by(const struct server *s, const char *name);

/* The same, and nobody puts it right: his child and the master are stopped, for
 * the test to let go on.  Returns the child's pid. */
pid_t lock_is_stuck_with(const struct server *s, const char *name);

#endif
