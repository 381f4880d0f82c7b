/* who_view.c - copies a directory into plain values.
 *
 * The only part of chat-who that touches shared memory: mapped read-only, read
 * without the lock and taken for damaged until shown otherwise, since it is
 * looked at most when something is wrong with it. */
#include "tools/who_view.h"

#include "ipc/clock.h"
#include "ipc/lock.h"
#include "ipc/text.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* Passes over the table in the hope of one during which nobody came, left or
 * changed a name: any pass shows every entry whole, but only such a one shows
 * all of them as they were at the same moment. */
#define PASSES 8

/* The last second of the calendar, as everybody writes it. */
#define YEAR_9999_S INT64_C(253402300799)

static void
copy_text(char *dst, size_t size, const char *src, size_t src_size)
{
	(void)text_printable(dst, size, src, strnlen(src, src_size));
}

/* Out of shared memory.  What is judged must be what is shown: a child that has
 * been taken over may write there meanwhile. */
static void
copy_shared_text(char *dst, size_t size, const char *src, size_t src_size)
{
	char copy[DIR_RUN_DIR_BYTES];

	assert(src_size <= sizeof copy);
	memcpy(copy, src, src_size);
	copy_text(dst, size, copy, src_size);
}

/* The header -------------------------------------------------------------- */

static int64_t
realtime_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void
copy_header(const struct directory *dir, struct who_view *view)
{
	const struct dir_header *h = dir->header;
	char address[DIR_ADDRESS_BYTES];

	view->master_pid = h->master_pid;
	view->phase = (enum dir_phase)atomic_load(&h->phase);
	view->max_users = dir->max_users;
	view->started_at = h->started_at;
	view->started_realtime_s = h->started_realtime_s;
	copy_shared_text(view->instance, sizeof view->instance, h->instance,
	    sizeof h->instance);
	copy_shared_text(
	    view->run_dir, sizeof view->run_dir, h->run_dir, sizeof h->run_dir);
	while (directory_listener(dir, view->n_listeners, address))
		copy_text(view->listeners[view->n_listeners++],
		    sizeof *view->listeners, address, sizeof address);
	for (int i = 0; i < DIR_N_COUNTERS; i++)
		view->counters[i] =
		    atomic_load_explicit(&h->counters[i], memory_order_relaxed);
}

static void
copy_holder(const struct directory *dir, struct who_view *view)
{
	struct who_holder *holder = &view->holder;
	uint64_t identity = lock_holder(&dir->header->lock);
	uint32_t slot = (uint32_t)(identity >> 32) - 1;
	struct dir_row row;

	holder->is_held = identity != LOCK_FREE;
	holder->is_master = identity == DIR_MASTER_IDENTITY;
	if (holder->is_master)
		holder->pid = view->master_pid;
	if (!holder->is_held || holder->is_master || slot >= dir->n_slots)
		return;
	/* Unreadable is no matter: then the name is empty and the pid true. */
	(void)directory_read(dir, slot, &row);
	if (dir_identity(slot, row.ref.generation) != identity)
		return;
	holder->pid = row.pid;
	copy_text(
	    holder->name, sizeof holder->name, row.name.text, row.name.len);
}

/* The rows ---------------------------------------------------------------- */

/* Returns false when the user left before he was read. */
static bool
copy_row(const struct directory *dir, uint32_t slot, struct who_row *row_out)
{
	struct dir_row row;
	enum dir_result result = directory_read(dir, slot, &row);

	if (row.state != DIR_JOINED)
		return false;
	*row_out = (struct who_row){ .ref = row.ref, .pid = row.pid };
	if (result != DIR_OK) {
		row_out->state = WHO_UNREADABLE;
		return true;
	}
	row_out->state = row.is_stopped ? WHO_STOPPED : WHO_HERE;
	row_out->joined_at = row.joined_at;
	row_out->active_at = row.active_at;
	row_out->n_said = row.n_said;
	row_out->queued_bytes = row.queued_bytes;
	copy_text(
	    row_out->name, sizeof row_out->name, row.name.text, row.name.len);
	memcpy(row_out->key, row.name.key, row.name.key_len);
	copy_text(
	    row_out->from, sizeof row_out->from, row.from, sizeof row.from);
	row_out->is_away = row.is_away;
	copy_text(
	    row_out->away, sizeof row_out->away, row.away, sizeof row.away);
	return true;
}

static void
copy_rows_once(
    const struct directory *dir, uint32_t n_slots, struct who_view *view)
{
	view->n_rows = 0;
	view->n_connecting = 0;
	for (uint32_t i = 0; i < n_slots; i++) {
		uint64_t presence = atomic_load(&dir->presence[i]);
		enum dir_state state = dir_presence_state(presence);

		if (state == DIR_JOINED &&
		    copy_row(dir, i, &view->rows[view->n_rows]))
			view->n_rows++;
		else if (state == DIR_CLAIMED)
			view->n_connecting++;
	}
}

static bool
is_here(const struct directory *dir, struct user_ref who)
{
	uint64_t presence = dir_presence_load(dir, who.slot);

	return dir_presence_state(presence) == DIR_JOINED &&
	       dir_presence_generation(presence) == who.generation;
}

/* Leave out who has left since he was read: he may stand further on in the
 * table again, and nobody is in the room twice. */
static void
drop_leavers(const struct directory *dir, struct who_view *view)
{
	size_t n = 0;

	for (size_t i = 0; i < view->n_rows; i++) {
		const struct who_row *row = &view->rows[i];

		if (is_here(dir, row->ref))
			view->rows[n++] = *row;
	}
	view->n_rows = n;
}

static int
copy_rows(const struct directory *dir, struct who_view *view)
{
	/* Whoever joins a slot beyond these has come after we looked. */
	uint32_t n_slots = dir_n_slots_used(dir);

	view->rows = calloc((size_t)n_slots + 1, sizeof *view->rows);
	if (view->rows == NULL)
		return -1;
	for (int i = 0; i < PASSES; i++) {
		view->roster = directory_roster(dir);
		copy_rows_once(dir, n_slots, view);
		/* Standing still and odd: its changer is dead or stopped, and
		 * waiting for him is what a reader must never do. */
		if (directory_roster(dir) == view->roster)
			return 0;
	}
	drop_leavers(dir, view);
	return 0;
}

static int
by_joining(const void *a, const void *b)
{
	const struct who_row *x = a, *y = b;
	bool x_unknown = x->state == WHO_UNREADABLE;
	bool y_unknown = y->state == WHO_UNREADABLE;

	if (x_unknown != y_unknown)
		return x_unknown - y_unknown;
	if (x->joined_at != y->joined_at)
		return x->joined_at < y->joined_at ? -1 : 1;
	return (x->ref.slot > y->ref.slot) - (x->ref.slot < y->ref.slot);
}

/* Times ------------------------------------------------------------------- */

static int64_t
clamp(int64_t at, int64_t last)
{
	return at < 0 ? 0 : at > last ? last : at;
}

/* A damaged table can hold any number, and these are reckoned with. */
static void
clamp_times(struct who_view *view)
{
	view->started_at = clamp(view->started_at, view->taken_at);
	view->started_realtime_s = clamp(view->started_realtime_s, YEAR_9999_S);
	for (size_t i = 0; i < view->n_rows; i++) {
		struct who_row *row = &view->rows[i];

		row->joined_at = clamp(row->joined_at, view->taken_at);
		row->active_at = clamp(row->active_at, view->taken_at);
	}
}

/* The whole --------------------------------------------------------------- */

/* A starter that is about to replace a dead server's table, or the last child
 * that is about to remove it, owns it for a moment: only its maker counts. */
static bool
is_live(const struct directory *dir)
{
	pid_t owner = directory_master_pid(dir);

	return owner != 0 && owner == dir->header->master_pid;
}

int
who_view_copy(const struct directory *dir, struct who_view *view_out)
{
	memset(view_out, 0, sizeof *view_out);
	copy_header(dir, view_out);
	copy_holder(dir, view_out);
	if (copy_rows(dir, view_out) == -1)
		return -1;
	view_out->taken_at = clock_ms();
	view_out->taken_realtime = realtime_ms();
	clamp_times(view_out);
	qsort(view_out->rows, view_out->n_rows, sizeof *view_out->rows,
	    by_joining);
	/* Asked last: whoever lives after the copy has lived during it. */
	view_out->is_live = is_live(dir);
	return 0;
}

static void
drop_ghosts(struct who_view *view)
{
	if (view->is_live)
		return;
	view->n_rows = 0;
	view->n_connecting = 0;
	view->holder = (struct who_holder){ 0 };
}

enum dir_open_result
who_view_take(const char *shm_name, uid_t owner, struct who_view *view_out)
{
	struct directory *dir;
	enum dir_open_result result = directory_open(shm_name, owner, &dir);

	if (result != DIR_OPENED)
		return result;
	if (who_view_copy(dir, view_out) == -1)
		result = DIR_OPEN_FAILED;
	else
		drop_ghosts(view_out);
	directory_close(dir);
	if (result == DIR_OPEN_FAILED)
		errno = ENOMEM;
	return result;
}

void
who_view_free(struct who_view *view)
{
	free(view->rows);
	view->rows = NULL;
	view->n_rows = 0;
}

uint64_t
who_view_queued_bytes(const struct who_view *view)
{
	uint64_t sum = view->hidden_queued_bytes;

	for (size_t i = 0; i < view->n_rows; i++)
		sum += view->rows[i].queued_bytes;
	return sum;
}

const char *
who_state_text(enum who_state state)
{
	static const char *const texts[] = {
#define X(name, text) [WHO_##name] = text,
		WHO_STATES(X)
#undef X
	};

	return texts[state];
}

const char who_state_texts[] =
#define X(name, text) " " text
    WHO_STATES(X);
#undef X
