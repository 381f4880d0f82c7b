/* admission.h - who is let in: the limits on users, on those without a name,
 * and on those from one address.
 *
 * All of them are counted from what is alive when a client comes, so none can
 * latch.  Master only. */
#ifndef SRV_ADMISSION_H
#define SRV_ADMISSION_H

#include "ipc/directory.h"
#include "srv/children.h"
#include "srv/door.h"
#include "srv/options.h"

/* Why a client that has come in cannot be served, as a sentence; NULL if it
 * can. What is refused is counted in the directory. */
const char *admission_refuse(const struct options *options,
    struct directory *dir, struct children *children,
    const struct arrival *arrival);

/* Whether one more client without a name is turned away when there are n: never
 * before `begin`, with `percent` there, with certainty at `full`, and in
 * between more and more often.  `dice` is from 0 to 99.  As MaxStartups of
 * OpenSSH. */
bool admission_drops_early(
    const struct nameless_limit *limit, unsigned n, unsigned dice);

#endif
