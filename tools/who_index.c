/* who_index.c - whether a directory's index by name is sound.
 *
 * A chain is left at the first slot that has been seen before, so that all
 * chains together take no more steps than there are slots and buckets, whatever
 * has become of them. */
#include "tools/who_index.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Looks at an index that changes meanwhile. */
#define TRIES 8
/* Lines about what is wrong; more tell no more. */
#define MAX_FAULTS 20

struct check {
	const struct directory *dir;
	/* for each slot, one more than the bucket that it was found in */
	uint32_t *seen;
	uint32_t n_joined, n_faults;
	/* the first faults, as text */
	FILE *out;
};

__attribute__((format(printf, 2, 3))) static void
fault(struct check *check, const char *format, ...)
{
	va_list args;

	if (check->n_faults++ >= MAX_FAULTS)
		return;
	(void)fputs("  ", check->out);
	va_start(args, format);
	(void)vfprintf(check->out, format, args);
	va_end(args);
	(void)fputc('\n', check->out);
}

static enum dir_state
state_of(const struct directory *dir, uint32_t slot)
{
	return dir_presence_state(dir_presence_load(dir, slot));
}

/* The bucket of the name in a slot, by a copy whose length was checked. */
static uint32_t
bucket_of(const struct directory *dir, uint32_t slot)
{
	struct name name;

	memcpy(&name, dir_slot_name(&dir->slots[slot]), sizeof name);
	if (name.key_len > NAME_KEY_MAX_BYTES)
		name.key_len = NAME_KEY_MAX_BYTES;
	return name_hash(&name) % dir->n_buckets;
}

/* One slot of a chain.  Returns false when the chain is to be left. */
static bool
check_link(struct check *check, uint32_t bucket, uint32_t slot)
{
	const struct directory *dir = check->dir;
	enum dir_state state;

	if (slot >= dir->n_slots) {
		fault(check,
		    "chain %" PRIu32 " leads out of the table, to "
		    "slot %" PRIu32,
		    bucket, slot);
		return false;
	}
	if (check->seen[slot] != 0) {
		fault(check,
		    "chain %" PRIu32 " comes to slot %" PRIu32
		    ", which is in chain %" PRIu32,
		    bucket, slot, check->seen[slot] - 1);
		return false;
	}
	check->seen[slot] = bucket + 1;
	state = state_of(dir, slot);
	if (state != DIR_JOINED)
		fault(check,
		    "chain %" PRIu32 " holds slot %" PRIu32 ", which is %s",
		    bucket, slot, directory_state_text(state));
	else if (bucket_of(dir, slot) != bucket)
		fault(check,
		    "chain %" PRIu32 " holds slot %" PRIu32
		    ", whose name is one for chain %" PRIu32,
		    bucket, slot, bucket_of(dir, slot));
	return true;
}

static void
check_chains(struct check *check)
{
	const struct directory *dir = check->dir;

	for (uint32_t i = 0; i < dir->n_buckets; i++) {
		uint32_t slot = atomic_load(&dir->buckets[i]);

		while (slot != DIR_NO_SLOT && check_link(check, i, slot))
			slot = atomic_load(&dir->slots[slot].next);
	}
}

static void
check_users(struct check *check)
{
	const struct directory *dir = check->dir;

	for (uint32_t i = 0; i < dir->n_slots; i++) {
		if (state_of(dir, i) != DIR_JOINED)
			continue;
		check->n_joined++;
		if (check->seen[i] == 0)
			fault(check, "slot %" PRIu32 " is here and in no chain",
			    i);
	}
	if (check->n_joined != directory_n_joined(dir))
		fault(check,
		    "n_joined is %" PRIu32 ", but %" PRIu32 " are here",
		    directory_n_joined(dir), check->n_joined);
}

/* One look at all.  -1 when memory ran out; else *faults_out, which the caller
 * frees, and whether the index stood still meanwhile. */
static int
check_once(struct check *check, char **faults_out, bool *is_still_out)
{
	uint64_t roster = directory_roster(check->dir);
	size_t len;

	memset(check->seen, 0, check->dir->n_slots * sizeof *check->seen);
	check->n_joined = check->n_faults = 0;
	check->out = open_memstream(faults_out, &len);
	if (check->out == NULL)
		return -1;
	check_chains(check);
	check_users(check);
	*is_still_out = directory_roster(check->dir) == roster;
	/* Closing is what sets the text. */
	return fclose(check->out) == EOF ? -1 : 0;
}

static void
put_result(
    const struct check *check, bool is_still, const char *faults, FILE *out)
{
	if (check->n_faults == 0)
		(void)fprintf(out,
		    "  sound: %" PRIu32 " are here, each in the chain of the "
		    "name\n",
		    check->n_joined);
	else if (!is_still)
		(void)fputs("  changed all the while, so this may mean "
			    "nothing:\n",
		    out);
	(void)fputs(faults, out);
	if (check->n_faults > MAX_FAULTS)
		(void)fprintf(out, "  ... and %" PRIu32 " more\n",
		    check->n_faults - MAX_FAULTS);
}

int
who_index_report(const struct directory *dir, FILE *out)
{
	struct check check = {
		.dir = dir,
		.seen = calloc((size_t)dir->n_slots + 1, sizeof *check.seen),
	};
	int result = check.seen == NULL ? -1 : 0;
	bool is_still = false;
	char *faults = NULL;

	for (int i = 0; result == 0 && !is_still && i < TRIES; i++) {
		free(faults);
		faults = NULL;
		result = check_once(&check, &faults, &is_still);
	}
	if (result == 0)
		put_result(&check, is_still, faults, out);
	free(faults);
	free(check.seen);
	return result;
}
