/* roll.h - "3 people are here: ann, bob (away), carol": lists of names, told to
 * a client.  Runs in a child. */
#ifndef SRV_ROLL_H
#define SRV_ROLL_H

#include "srv/user.h"

/* Put the notices into the client's queue, the user himself first, at most
 * `max` names. */
void roll_call(struct user *user, uint32_t max);

/* The same with those whom the user ignores. */
void roll_ignored(struct user *user);

#endif
