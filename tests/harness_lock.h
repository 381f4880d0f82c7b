/* harness_lock.h - the directory's lock in the hands of somebody who does not
 * give it back. */
#ifndef TESTS_HARNESS_LOCK_H
#define TESTS_HARNESS_LOCK_H

#include "tests/harness_server.h"

/* From here on the user `name` holds it, as if his child had been stopped right
 * after taking it; it must not take it meanwhile, so stop it first. */
void lock_is_held_by(const struct server *s, const char *name);

#endif
