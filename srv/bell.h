/* bell.h - waking everybody in the room so that he looks at the news.
 *
 * News that comes alone is told at once, by whoever made it.  While a crowd
 * comes or goes everybody is woken now and then, by the master, and finds all
 * of it together: the cost of a crowd of n is a few times n wake-ups and not n
 * times n.  One who is woken by a message meanwhile reads the news as well.
 *
 * Rings are limited as cells are in the virtual scheduling form of the generic
 * cell rate algorithm (ITU-T I.371): BELL_CREDIT of them with bell_gap between
 * them, and on and on with bell_crowd_gap.
 *
 * Ringing is a datagram without lines to each mailbox; whose mailbox is full
 * will look anyway.  Any process of the server; no lock. */
#ifndef SRV_BELL_H
#define SRV_BELL_H

#include "ipc/directory.h"
#include "srv/sender.h"

#include <stdbool.h>
#include <stdint.h>

/* There is news, published by the caller: ring, or leave that to the master.
 * Returns true when the master is not yet awake to it: REPORT_NEWS. */
bool bell_news(
    struct directory *dir, struct user_ref self, struct sender *sender);

/* The master's side: when the bell must be rung, CLOCK_NEVER when all have been
 * told; and ring it if it is time. */
int64_t bell_next_at(const struct directory *dir);
void bell_check(struct directory *dir, struct sender *sender, int64_t now);

/* How far apart rings are, in ms: at least, and while a crowd comes or goes. */
int64_t bell_gap(const struct directory *dir);
int64_t bell_crowd_gap(const struct directory *dir);

#endif
