/* mapping.h - a table in shared memory that somebody has damaged, mapped as a
 * reader maps it, for fuzzers (fuzz.h).
 *
 * An input is the whole file, behind a first byte of 0, or else orders that
 * change a sound table of four slots; those behind the first MAPPING_LOOK are
 * carried out when it has been mapped, as a child that has been taken over
 * could.  The mapping stands between pages that nobody may touch, so that a
 * read beyond it is seen. */
#ifndef TESTS_MAPPING_H
#define TESTS_MAPPING_H

#include "ipc/directory.h"
#include "tests/fuzz.h"

enum mapping_order {
	/* number of a field, number of bytes, the bytes */
	MAPPING_CHANGE_FIELD,
	/* offset, number of bytes, the bytes */
	MAPPING_CHANGE_BYTES,
	/* map it, or, when it is mapped, look at all of it */
	MAPPING_LOOK,
	MAPPING_N_ORDERS
};

/* A reader's view, as directory_open gives it, and the same memory once more
 * for whoever changes it. */
struct mapping {
	struct directory *dir;
	char *writable;
	size_t len;
	/* pages without any access, in the middle of which the view stands */
	char *room;
	size_t room_len;
	/* of the view, in whole pages */
	size_t whole;
	/* as checked when it was opened */
	uint32_t n_slots, n_news;
};

/* Make the file and map it.  False when it is refused; else close it with
 * mapping_close. */
bool mapping_open(struct mapping *m, struct fuzz_input *in);
void mapping_close(struct mapping *m);

/* Carry out the changes up to the next look.  False when the input has come to
 * its end. */
bool mapping_change(struct mapping *m, struct fuzz_input *in);

#endif
