/* who_dump.h - everything that a directory holds, field by field.
 *
 * For post-mortems: of a living server or of what a dead one has left, sound or
 * not.  Reads shared memory without the lock, takes nothing in it on trust, and
 * prints safe text (ipc/text.h) only. */
#ifndef TOOLS_WHO_DUMP_H
#define TOOLS_WHO_DUMP_H

#include "ipc/directory.h"

#include <stdio.h>

/* -1 when memory ran out. */
int who_dump_print(const struct directory *dir, FILE *out);

#endif
