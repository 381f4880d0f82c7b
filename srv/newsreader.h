/* newsreader.h - what a client is told of those who join, leave and are
 * renamed, from the directory's news (ipc/news.h).
 *
 * What is found together and is little is told line by line; many who joined or
 * left make one line of each, and who came and went in between none.  Runs in a
 * child. */
#ifndef SRV_NEWSREADER_H
#define SRV_NEWSREADER_H

#include "ipc/directory.h"
#include "ipc/limits.h"
#include "srv/event.h"
#include "srv/ignoring.h"
#include "srv/outbuf.h"

#include <stdbool.h>
#include <stdint.h>

/* As many are looked through for one who came and went. */
#define GATHERED_MAX 256
#define REASON_BYTES (NAME_MAX_BYTES + 1)

struct person {
	struct user_ref who;
	uint32_t name_hash;
};

/* The name of one of the first, and why he left. */
struct mention {
	struct user_ref who;
	char name[NAME_MAX_BYTES + 1];
	char reason[REASON_BYTES];
};

/* People of whom there is the same to tell. */
struct gathering {
	enum event_kind kind;
	/* "214 people joined: " */
	const char *verb;
	unsigned n;
	struct person people[GATHERED_MAX];
	unsigned n_mentions;
	struct mention mentions[NEWS_NAMES];
};

struct gathered {
	struct gathering joined, left;
};

struct newsreader {
	const struct directory *dir;
	/* of whom nothing is told */
	struct user_ref self;
	struct outbuf *out;
	/* learns who comes, goes and takes another name */
	struct ignoring *ignoring;
	/* position of the next entry to read */
	uint64_t next;
	/* what stands before this is to be told before any line that follows */
	uint64_t due;
	/* only touched for a crowd */
	struct gathered gathered;
};

/* The news begins at `next`: what was before does not concern the user. */
void newsreader_init(struct newsreader *reader, const struct directory *dir,
    struct user_ref self, struct outbuf *out, struct ignoring *ignoring,
    uint64_t next);

/* The bell was heard, for what stands before `end`: tell it when something else
 * is to be told, so that what comes until then is told together. */
void newsreader_hear(struct newsreader *reader, uint64_t end);

/* Tell all that has not been told yet and stands before `end`, or is due.
 * Returns whether it was a crowd, which takes memory: newsreader_tidy. */
bool newsreader_tell(struct newsreader *reader, uint64_t end);

/* Give back the memory that a crowd has taken. */
void newsreader_tidy(struct newsreader *reader);

#endif
