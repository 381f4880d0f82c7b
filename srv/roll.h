/* roll.h - "3 people are here: ann, bob, carol": who is here, told to a client.
 * Runs in a child. */
#ifndef SRV_ROLL_H
#define SRV_ROLL_H

#include "srv/user.h"

/* Put the notices into the client's queue, the user himself first, at most
 * `max` names. */
void roll_call(struct user *user, uint32_t max);

#endif
