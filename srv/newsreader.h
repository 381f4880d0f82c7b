/* newsreader.h - what a client is told of those who join, leave and are
 * renamed, from the directory's news (ipc/news.h).
 *
 * What is found together and is little is told line by line; many who joined or
 * left make one line of each, and who came and went in between none.  Runs in a
 * child. */
#ifndef SRV_NEWSREADER_H
#define SRV_NEWSREADER_H

#include "ipc/directory.h"
#include "srv/outbuf.h"

#include <stdint.h>

struct newsreader {
	const struct directory *dir;
	/* of whom nothing is told */
	struct user_ref self;
	struct outbuf *out;
	/* position of the next entry to read */
	uint64_t next;
	/* what stands before this is to be told before any line that follows */
	uint64_t due;
};

/* The news begins at `next`: what was before does not concern the user. */
void newsreader_init(struct newsreader *reader, const struct directory *dir,
    struct user_ref self, struct outbuf *out, uint64_t next);

/* The bell was heard, for what stands before `end`: tell it when something else
 * is to be told, so that what comes until then is told together. */
void newsreader_hear(struct newsreader *reader, uint64_t end);

/* Tell all that has not been told yet and stands before `end`, or is due. */
void newsreader_tell(struct newsreader *reader, uint64_t end);

#endif
