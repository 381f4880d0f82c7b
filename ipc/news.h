/* news.h - who joined, left and took another name, in the order in which it
 * happened: a ring of the latest entries in the directory's memory.
 *
 * An entry is written under the directory's lock by whoever changes the table,
 * together with the change itself, so what happened is told once, whatever dies
 * in between.  Each child reads on from where it was, without the lock, and
 * tells its own client.  One who is too far behind learns that he has missed
 * something.  (The shape is a log with consumers that keep their own offsets,
 * as Kafka's and the kernel's /dev/kmsg.) */
#ifndef IPC_NEWS_H
#define IPC_NEWS_H

#include "ipc/directory.h"

#include <stdbool.h>
#include <stdint.h>

/* One entry, copied out. */
struct news {
	enum dir_news_kind kind;
	struct user_ref who;
	/* name_hash of the name: the same for names that are the same */
	uint32_t name_hash;
	/* Safe to show.  `other` is why he left, empty when it was his own
	 * choice, or his new name. */
	uint8_t name_len, other_len;
	char name[NAME_MAX_BYTES + 1];
	char other[NAME_MAX_BYTES + 1];
};

/* Positions count up from 0 and never come back.  All that is before the head
 * has happened. */
uint64_t news_head(const struct directory *dir);

enum news_result {
	NEWS_READ,
	/* it has been overwritten */
	NEWS_MISSED,
	/* not to be shown: who wrote it was taken over */
	NEWS_BAD,
};

/* Copy the entry at `position`, which is before the head. */
enum news_result news_read(
    const struct directory *dir, uint64_t position, struct news *out);

/* The same but for its texts, which stay empty and are most of the work. */
enum news_result news_glance(
    const struct directory *dir, uint64_t position, struct news *out);

/* Position of the oldest entry that can still be read. */
uint64_t news_oldest(const struct directory *dir);

/* The writers' side, under the lock.  Write what is about to happen behind the
 * head, make the change, then publish: an entry whose change was not made is
 * never seen, and one whose change was made is published by the repair. */
void news_write_locked(struct directory *dir, enum dir_news_kind kind,
    struct user_ref who, const struct name *name, const char *other);
void news_publish_locked(struct directory *dir);

/* The entry behind the head if `who` wrote it. */
bool news_unpublished_locked(
    const struct directory *dir, struct user_ref who, struct news *out);

#endif
