/* departures.c - a short list of leavers; see the header.
 *
 * Most of them are out of their slot a moment later and are dropped when the
 * list is full; it grows only while many are leaving at once. */
#include "srv/departures.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 32
/* Who stays in it is one whose slot was freed by the master or claimed anew
 * since: of these the oldest half is dropped at last. */
#define MAX_CAPACITY 4096

void
departures_free(struct departures *d)
{
	free(d->refs);
	*d = (struct departures){ 0 };
}

/* He has told everybody and gone: the master will not speak of him. */
static bool
has_gone_by_himself(const struct directory *dir, struct user_ref who)
{
	return dir_presence_load(dir, who.slot) ==
	       dir_presence_make(who.generation, DIR_FREE);
}

static void
drop_those_gone(struct departures *d, const struct directory *dir)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < d->n; i++)
		if (!has_gone_by_himself(dir, d->refs[i]))
			d->refs[n++] = d->refs[i];
	d->n = n;
}

static void
drop_oldest_half(struct departures *d)
{
	uint32_t n = d->n / 2;

	memmove(d->refs, d->refs + (d->n - n), n * sizeof *d->refs);
	d->n = n;
}

/* Returns false without memory. */
static bool
grow(struct departures *d)
{
	uint32_t capacity = d->capacity == 0 ? FIRST_CAPACITY : 2 * d->capacity;
	struct user_ref *refs = realloc(d->refs, capacity * sizeof *d->refs);

	if (refs == NULL)
		return false;
	d->refs = refs;
	d->capacity = capacity;
	return true;
}

void
departures_add(
    struct departures *d, const struct directory *dir, struct user_ref who)
{
	if (who.slot >= dir->header->n_slots)
		return;
	if (d->n == d->capacity) {
		drop_those_gone(d, dir);
		/* More than half full, it would soon have us look at all again.
		 */
		if (d->n >= d->capacity / 2 && d->capacity < MAX_CAPACITY)
			(void)grow(d);
		if (d->n == d->capacity)
			drop_oldest_half(d);
	}
	if (d->n < d->capacity)
		d->refs[d->n++] = who;
}

bool
departures_take(struct departures *d, struct user_ref who)
{
	for (uint32_t i = 0; i < d->n; i++) {
		if (!user_ref_equal(d->refs[i], who))
			continue;
		d->n--;
		memmove(
		    d->refs + i, d->refs + i + 1, (d->n - i) * sizeof *d->refs);
		return false;
	}
	return true;
}
