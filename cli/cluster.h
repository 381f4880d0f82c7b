/* cluster.h - several characters that are seen as one.  Pure. */
#ifndef CLI_CLUSTER_H
#define CLI_CLUSTER_H

#include <stddef.h>

/* How many of the `len` bytes, at least one, are seen as one character: what
 * Unicode calls a grapheme cluster.  A byte that is not UTF-8 is one. */
size_t cluster_len(const char *s, size_t len);

/* Where the one begins that the byte before `point` belongs to; 0 < point. */
size_t cluster_before(const char *s, size_t point);

#endif
