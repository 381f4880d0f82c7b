/* peer_msg.h - what children say to each other, and the bell.
 *
 * One datagram is a header, the author's name, and records of text:
 *
 *	offset  bytes  field
 *	0       4      kind, enum peer_kind
 *	4       4      slot of the sender, DIR_NO_SLOT for the master
 *	8       4      generation of the sender
 *	12      2      number of records
 *	14      1      length of the author's name
 *	15      1      zero
 *	16      8      position in the news (ipc/news.h) up to which it is to be
 *	               told before this: who the author is, or what is rung for
 *	24      ...    the author's name, then the records, each 2 bytes
 *	               of length and as many of text, unaligned
 *
 * in the machine's byte order: peers are forks of one binary.  The name is the
 * author's at the moment of writing, since he may be renamed or gone when it
 * arrives; the directory vouches for slot and generation (directory_vouches),
 *and so for whoever may use that name.  Everything is checked on receipt all
 *the same: a child may have been taken over. */
#ifndef IPC_PEER_MSG_H
#define IPC_PEER_MSG_H

#include "ipc/directory.h"
#include "ipc/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* kind, records it may have */
#define PEER_KINDS(X)                                                          \
	/* lines said to everyone */                                           \
	X(SAID, 1, UINT16_MAX)                                                 \
	/* the author is described: /me */                                     \
	X(ACTED, 1, UINT16_MAX)                                                \
	/* lines to the receiver alone */                                      \
	X(WHISPERED, 1, UINT16_MAX)                                            \
	/* there is news: srv/bell.h */                                        \
	X(BELL, 0, 0)

enum peer_kind {
#define X(name, min, max) PEER_##name,
	PEER_KINDS(X)
#undef X
	    PEER_N_KINDS
};

struct peer_header {
	uint32_t kind;
	uint32_t slot;
	uint32_t generation;
	uint16_t n_records;
	uint8_t name_len;
	uint8_t zero;
	uint64_t news;
};

static_assert(sizeof(struct peer_header) == 24, "as in the table above");

/* The shortest message. */
#define PEER_MIN_BYTES sizeof(struct peer_header)
static_assert(LINE_MAX_BYTES <= UINT16_MAX, "a record's length fits");

/* Of many short lines what they are on a client's wire is a lot more than what
 * they are in the datagram: each has the author's name before it, and marks.
 * The sum is bounded by BATCH_WIRE_BYTES, unless it is a single line. */
#define PEER_LINE_MARKS 4

/* Writing: begin, add records, then send bytes[0, len). */
struct peer_writer {
	size_t len;
	/* what the records will be on a client's wire, about */
	size_t wire_len;
	char bytes[PEER_MSG_MAX_BYTES];
};

/* `name` has at most NAME_MAX_BYTES. */
void peer_begin(struct peer_writer *w, enum peer_kind kind,
    struct user_ref author, uint64_t news, const char *name, size_t name_len);

/* Write a bell of `author` for the news up to there; returns its length. */
size_t peer_bell(
    char bytes[PEER_MIN_BYTES], struct user_ref author, uint64_t news);

/* Returns false, and changes nothing, when the datagram has no room for it. */
bool peer_add(struct peer_writer *w, const char *text, size_t len);

/* Reading: the datagram stays the caller's, the message points into it. */
struct peer_msg {
	enum peer_kind kind;
	struct user_ref author;
	uint64_t news;
	const char *name;
	size_t name_len;
	unsigned n_records;
	/* the records not yet taken */
	const char *rest;
	size_t rest_len;
};

/* Check the whole datagram: kind, counts, lengths to the byte, and that every
 * text is safe to show.  Returns false for anything else. */
bool peer_read(const char *bytes, size_t len, struct peer_msg *out);

/* Take the next record.  Returns false when there is none left. */
bool peer_next(struct peer_msg *msg, const char **text_out, size_t *len_out);

#endif
