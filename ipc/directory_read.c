/* directory_read.c - reading the table of who is here, without its lock.
 *
 * Everybody reads: children for their lists of recipients, the master for its
 * limits, chat-who for its table.  An entry is copied between two looks at its
 * change counter; what cannot be read because its writer does not run is told
 * as such, and never shown half.  Changing the table is directory.c. */
#include "ipc/directory.h"

#include <sched.h>
#include <string.h>

/* How often a reader looks again at an entry that is being written.  Writing
 * takes well under a microsecond, so more means that the writer is not running;
 * every few tries the processor is given away. */
#define READ_TRIES 64

/* Entries ----------------------------------------------------------------- */

static void
copy_fields(const struct dir_slot *slot, struct dir_row *row)
{
	row->claimed_at = slot->claimed_at;
	row->joined_at = slot->joined_at;
	memcpy(row->from, slot->from, sizeof row->from);
	row->from[sizeof row->from - 1] = '\0';
	row->name = *dir_slot_name(slot);
	/* A damaged table must not lead a reader out of the arrays. */
	if (row->name.len > NAME_MAX_BYTES)
		row->name.len = NAME_MAX_BYTES;
	if (row->name.key_len > NAME_KEY_MAX_BYTES)
		row->name.key_len = NAME_KEY_MAX_BYTES;
	row->name.text[row->name.len] = '\0';
}

/* It has a count of its own: who writes it has not the lock, and an entry that
 * cannot be read while the roster stands still would be nobody's. */
static void
copy_away(const struct dir_slot *slot, struct dir_row *row)
{
	uint32_t before = atomic_load(&slot->is_away);

	if (before % 2 == 0)
		return;
	memcpy(row->away, slot->away, sizeof row->away - 1);
	atomic_thread_fence(memory_order_acquire);
	row->is_away = atomic_load(&slot->is_away) == before;
	if (!row->is_away)
		memset(row->away, 0, sizeof row->away);
}

static void
copy_figures(const struct dir_slot *slot, struct dir_row *row)
{
	row->active_at =
	    atomic_load_explicit(&slot->active_at, memory_order_relaxed);
	row->n_said = atomic_load_explicit(&slot->n_said, memory_order_relaxed);
	row->queued_bytes =
	    atomic_load_explicit(&slot->queued_bytes, memory_order_relaxed);
	row->n_turns =
	    atomic_load_explicit(&slot->n_turns, memory_order_relaxed);
}

/* One attempt at a copy that no writer disturbed.
 * Modelled in tests/model/slots.pml. */
static bool
try_read(const struct directory *dir, uint32_t index, struct dir_row *row)
{
	const struct dir_slot *slot = &dir->slots[index];
	uint64_t presence = dir_presence_load(dir, index);
	uint32_t before =
	    atomic_load_explicit(&slot->changes, memory_order_acquire);

	row->ref =
	    (struct user_ref){ index, dir_presence_generation(presence) };
	row->state = dir_presence_state(presence);
	row->is_stopped = (presence & DIR_PRESENCE_STOPPED) != 0;
	row->pid = dir_slot_pid(slot, row->ref.generation);
	if (before % 2 == 1)
		return false;
	copy_fields(slot, row);
	copy_away(slot, row);
	copy_figures(slot, row);
	atomic_thread_fence(memory_order_acquire);
	return atomic_load_explicit(&slot->changes, memory_order_relaxed) ==
		   before &&
	       dir_presence_load(dir, index) == presence;
}

enum dir_result
directory_read(
    const struct directory *dir, uint32_t slot, struct dir_row *row_out)
{
	for (int i = 1; i <= READ_TRIES; i++) {
		memset(row_out, 0, sizeof *row_out);
		if (try_read(dir, slot, row_out))
			return DIR_OK;
		if (i % 8 == 0)
			(void)sched_yield();
	}
	*row_out = (struct dir_row){
		.ref = row_out->ref,
		.state = row_out->state,
		.pid = row_out->pid,
		.is_stopped = row_out->is_stopped,
	};
	return DIR_UNREADABLE;
}

/* Lists and figures ------------------------------------------------------- */

uint32_t
directory_count_users(const struct directory *dir)
{
	uint32_t n_used = dir_n_slots_used(dir);
	uint32_t n = 0;

	for (uint32_t i = 0; i < n_used; i++) {
		enum dir_state state =
		    dir_presence_state(dir_presence_load(dir, i));

		n += state == DIR_CLAIMED || state == DIR_JOINED;
	}
	return n;
}

uint32_t
directory_count_nameless(const struct directory *dir, int64_t since)
{
	uint32_t n_used = dir_n_slots_used(dir);
	uint32_t n = 0;

	for (uint32_t i = 0; i < n_used; i++)
		n += dir_presence_state(dir_presence_load(dir, i)) ==
			 DIR_CLAIMED &&
		     dir->slots[i].claimed_at <= since;
	return n;
}

uint64_t
directory_roster(const struct directory *dir)
{
	return atomic_load(&dir->header->roster);
}

uint32_t
directory_n_joined(const struct directory *dir)
{
	return atomic_load(&dir->header->n_joined);
}

struct dir_traffic
directory_traffic(const struct directory *dir)
{
	uint32_t n_used = dir_n_slots_used(dir);
	struct dir_traffic traffic = { 0 };

	for (uint32_t i = 0; i < n_used; i++) {
		uint64_t presence = atomic_load_explicit(
		    &dir->presence[i], memory_order_relaxed);

		traffic.somebody_is_behind |=
		    (presence & DIR_PRESENCE_BEHIND) != 0;
		traffic.n_flooding += (presence & DIR_PRESENCE_FLOODS) != 0;
	}
	return traffic;
}

/* Finding by name --------------------------------------------------------- */

/* Modelled in tests/model/slots.pml. */
static bool
is_here_as(const struct directory *dir, uint32_t slot, const struct name *name,
    struct dir_row *row)
{
	return directory_read(dir, slot, row) == DIR_OK &&
	       row->state == DIR_JOINED && name_same(&row->name, name);
}

/* Follow the chain while others may be changing it.  A walker that is led into
 * another chain or round in a circle stops after as many steps as there are
 * slots and finds nothing.
 * Modelled in tests/model/slots.pml. */
static bool
index_find(
    const struct directory *dir, const struct name *name, struct dir_row *row)
{
	uint32_t slot = atomic_load(dir_bucket(dir, name));

	for (uint32_t steps = 0; steps < dir->n_slots; steps++) {
		if (slot >= dir->n_slots)
			return false;
		if (is_here_as(dir, slot, name, row))
			return true;
		slot = atomic_load(&dir->slots[slot].next);
	}
	return false;
}

/* Modelled in tests/model/slots.pml. */
static bool
scan_find(
    const struct directory *dir, const struct name *name, struct dir_row *row)
{
	uint32_t n_used = dir_n_slots_used(dir);

	for (uint32_t i = 0; i < n_used; i++)
		if (dir_presence_state(dir_presence_load(dir, i)) ==
			DIR_JOINED &&
		    is_here_as(dir, i, name, row))
			return true;
	return false;
}

/* Modelled in tests/model/slots.pml. */
enum dir_result
directory_find(const struct directory *dir, const struct name *name,
    struct dir_row *row_out)
{
	/* "Found" is always true; "not found" only if the index stood still. */
	for (int i = 0; i < READ_TRIES; i++) {
		uint64_t roster = directory_roster(dir);

		if (index_find(dir, name, row_out))
			return DIR_OK;
		if (roster % 2 == 0 && directory_roster(dir) == roster)
			return DIR_NO_SUCH_USER;
		if (i % 8 == 7)
			(void)sched_yield();
	}
	return scan_find(dir, name, row_out) ? DIR_OK : DIR_NO_SUCH_USER;
}

/* What it knows of a user, and words --------------------------------------- */

bool
directory_vouches(const struct directory *dir, struct user_ref ref, pid_t pid)
{
	uint32_t age;

	if (pid == dir->header->master_pid)
		return true;
	if (ref.slot >= dir->n_slots)
		return false;
	age = dir_presence_generation(dir_presence_load(dir, ref.slot)) -
	      ref.generation;
	/* A generation that is yet to come is very old in unsigned numbers. */
	return pid > 0 && age < DIR_PIDS_KEPT &&
	       dir_slot_pid(&dir->slots[ref.slot], ref.generation) == pid;
}

void
directory_count(struct directory *dir, enum dir_counter counter, uint64_t n)
{
	atomic_fetch_add_explicit(
	    &dir->header->counters[counter], n, memory_order_relaxed);
}

enum dir_phase
directory_phase(const struct directory *dir)
{
	return (enum dir_phase)atomic_load(&dir->header->phase);
}

bool
directory_listener(const struct directory *dir, uint32_t i,
    char address_out[DIR_ADDRESS_BYTES])
{
	if (i >= MAX_LISTENERS || i >= dir->header->n_listeners)
		return false;
	memcpy(address_out, dir->header->listeners[i], DIR_ADDRESS_BYTES);
	address_out[DIR_ADDRESS_BYTES - 1] = '\0';
	return true;
}

const char *
directory_state_text(enum dir_state state)
{
	static const char *const texts[] = {
#define X(name, text) [DIR_##name] = text,
		DIR_STATES(X)
#undef X
	};

	return (unsigned)state < DIR_N_STATES ? texts[state] : "unknown";
}
