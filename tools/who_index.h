/* who_index.h - whether a directory's index by name is sound, for post-mortems.
 *
 * Reads shared memory without the lock and takes nothing in it on trust. */
#ifndef TOOLS_WHO_INDEX_H
#define TOOLS_WHO_INDEX_H

#include "ipc/directory.h"

#include <stdio.h>

/* Write whether every user who is here is in the chain of his name, once, and
 * nobody else in any; else what is wrong, a line each, the first of them.  -1
 * when memory ran out. */
int who_index_report(const struct directory *dir, FILE *out);

#endif
