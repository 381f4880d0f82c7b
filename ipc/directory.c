/* directory.c - the table of who is here.
 *
 * A fixed array of slots and an index by name.  The master claims and sweeps;
 * each child writes only its own slot.  Nothing here sends, logs or allocates
 * while the lock is held.  Reading, which takes no lock, is directory_read.c,
 * and what is shown of a user besides, without it, directory_show.c; creating
 * and mapping the memory directory_map.c; rules: ipc/README.md. */
#include "ipc/directory.h"

#include "ipc/clock.h"
#include "ipc/log.h"
#include "ipc/news.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

/* The slot ---------------------------------------------------------------- */

/* Modelled in tests/model/slots.pml. */
static void
set_state(struct directory *dir, uint32_t slot, enum dir_state state)
{
	uint32_t generation =
	    dir_presence_generation(dir_presence_load(dir, slot));

	atomic_store_explicit(&dir->presence[slot],
	    dir_presence_make(generation, state), memory_order_release);
}

/* Modelled in tests/model/slots.pml. */
static void
begin_write(struct dir_slot *slot)
{
	atomic_fetch_add_explicit(&slot->changes, 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
}

/* Modelled in tests/model/slots.pml. */
static void
end_write(struct dir_slot *slot)
{
	atomic_fetch_add_explicit(&slot->changes, 1, memory_order_release);
}

/* Make the counter even again where a writer died, so that readers trust the
 * entry once more.
 * Modelled in tests/model/slots.pml. */
static void
mend_write(struct dir_slot *slot)
{
	if (atomic_load(&slot->changes) % 2 == 1)
		end_write(slot);
}

/* The index --------------------------------------------------------------- */

static void
assert_locked(const struct directory *dir)
{
	assert(lock_holder(&dir->header->lock) == dir->self);
	(void)dir;
}

/* The slot that has `name`, or DIR_NO_SLOT.
 * Modelled in tests/model/slots.pml. */
static uint32_t
index_find_locked(const struct directory *dir, const struct name *name)
{
	uint32_t slot = atomic_load(dir_bucket(dir, name));

	assert_locked(dir);
	while (slot != DIR_NO_SLOT &&
	       !name_same(dir_slot_name(&dir->slots[slot]), name))
		slot = atomic_load(&dir->slots[slot].next);
	return slot;
}

/* Modelled in tests/model/slots.pml. */
static void
index_add_locked(struct directory *dir, uint32_t slot)
{
	_Atomic uint32_t *bucket =
	    dir_bucket(dir, dir_slot_name(&dir->slots[slot]));

	assert_locked(dir);
	atomic_store(&dir->slots[slot].next, atomic_load(bucket));
	atomic_store(bucket, slot);
}

/* Modelled in tests/model/slots.pml. */
static void
index_remove_locked(struct directory *dir, uint32_t slot)
{
	_Atomic uint32_t *link =
	    dir_bucket(dir, dir_slot_name(&dir->slots[slot]));

	assert_locked(dir);
	while (atomic_load(link) != slot) {
		if (atomic_load(link) == DIR_NO_SLOT)
			bug("slot %u is not in the index", slot);
		link = &dir->slots[atomic_load(link)].next;
	}
	atomic_store(link, atomic_load(&dir->slots[slot].next));
}

/* The lock ---------------------------------------------------------------- */

/* Take the lock and mark the roster as changing.  Between this and give_lock:
 * memory only (ipc/README.md rule 2).
 * Modelled in tests/model/slots.pml. */
static bool
take_lock(struct directory *dir)
{
	if (!lock_take(&dir->header->lock, dir->self, LOCK_WAIT_MS))
		return false;
	atomic_fetch_add(&dir->header->roster, 1);
	return true;
}

/* Modelled in tests/model/slots.pml. */
static void
give_lock(struct directory *dir)
{
	atomic_fetch_add(&dir->header->roster, 1);
	lock_give(&dir->header->lock, dir->self);
}

/* Modelled in tests/model/slots.pml. */
static void
write_name_locked(
    struct directory *dir, uint32_t index, const struct name *name)
{
	struct dir_slot *slot = &dir->slots[index];
	uint32_t other;

	assert_locked(dir);
	begin_write(slot);
	/* The old name stays whole until the new one is. */
	other = !(atomic_load(&slot->which_name) & 1);
	slot->names[other] = *name;
	atomic_store_explicit(&slot->which_name, other, memory_order_release);
	if (slot->joined_at == 0)
		slot->joined_at = clock_ms();
	end_write(slot);
}

/* The child's side -------------------------------------------------------- */

static struct user_ref
own_ref(const struct directory *dir)
{
	return dir_identity_ref(dir->self);
}

static void
write_own_news_locked(
    struct directory *dir, enum dir_news_kind kind, const char *other)
{
	news_write_locked(dir, kind, own_ref(dir),
	    dir_slot_name(&dir->slots[dir->own_slot]), other);
}

static void
publish_own_news_locked(struct directory *dir)
{
	news_publish_locked(dir);
	dir->own_news = news_head(dir);
}

void
directory_become(struct directory *dir, struct user_ref ref)
{
	dir->own_slot = ref.slot;
	dir->self = dir_identity(ref.slot, ref.generation);
	dir_slot_set_pid(&dir->slots[ref.slot], ref.generation, getpid());
	/* The mapping is enough; the master's ownership of the file is not tied
	 * to this descriptor (fcntl locks are not inherited). */
	close(dir->fd);
	dir->fd = -1;
}

/* Modelled in tests/model/slots.pml. */
enum dir_result
directory_join(struct directory *dir, const struct name *name)
{
	enum dir_result result = DIR_NAME_TAKEN;

	if (!take_lock(dir))
		return DIR_BUSY;
	if (index_find_locked(dir, name) == DIR_NO_SLOT) {
		write_name_locked(dir, dir->own_slot, name);
		index_add_locked(dir, dir->own_slot);
		write_own_news_locked(dir, DIR_NEWS_JOINED, "");
		set_state(dir, dir->own_slot, DIR_JOINED);
		publish_own_news_locked(dir);
		atomic_fetch_add(&dir->header->n_joined, 1);
		result = DIR_OK;
	}
	give_lock(dir);
	return result;
}

/* Modelled in tests/model/slots.pml. */
enum dir_result
directory_rename(struct directory *dir, const struct name *name)
{
	enum dir_result result = DIR_NAME_TAKEN;
	uint32_t holder;

	if (!take_lock(dir))
		return DIR_BUSY;
	holder = index_find_locked(dir, name);
	if (holder == DIR_NO_SLOT || holder == dir->own_slot) {
		index_remove_locked(dir, dir->own_slot);
		write_own_news_locked(dir, DIR_NEWS_RENAMED, name->text);
		write_name_locked(dir, dir->own_slot, name);
		publish_own_news_locked(dir);
		index_add_locked(dir, dir->own_slot);
		result = DIR_OK;
	}
	give_lock(dir);
	return result;
}

/* Modelled in tests/model/slots.pml. */
enum dir_result
directory_leave(struct directory *dir, const char *reason)
{
	if (!take_lock(dir))
		return DIR_BUSY;
	if (reason != NULL)
		write_own_news_locked(dir, DIR_NEWS_LEFT, reason);
	set_state(dir, dir->own_slot, DIR_LEAVING);
	if (reason != NULL)
		news_publish_locked(dir);
	dir->own_news = news_head(dir);
	index_remove_locked(dir, dir->own_slot);
	atomic_fetch_sub(&dir->header->n_joined, 1);
	give_lock(dir);
	return DIR_OK;
}

void
directory_gone(struct directory *dir)
{
	if (dir_presence_state(dir_presence_load(dir, dir->own_slot)) ==
	    DIR_JOINED)
		bug("gone without having left");
	set_state(dir, dir->own_slot, DIR_FREE);
}

/* The master's side ------------------------------------------------------- */

/* Modelled in tests/model/slots.pml. */
bool
directory_claim(
    struct directory *dir, const char *from, struct user_ref *ref_out)
{
	uint32_t index, generation;
	struct dir_slot *slot;

	if (dir->free->n == 0)
		return false;
	index = dir->free->slots[dir->free->head];
	dir->free->head = (dir->free->head + 1) % dir->n_slots;
	dir->free->n--;

	slot = &dir->slots[index];
	generation = dir_presence_generation(dir_presence_load(dir, index)) + 1;
	dir_slot_set_pid(slot, generation, 0);
	begin_write(slot);
	slot->claimed_at = clock_ms();
	slot->joined_at = 0;
	strncpy(slot->from, from, sizeof slot->from - 1);
	slot->from[sizeof slot->from - 1] = '\0';
	memset(slot->names, 0, sizeof slot->names);
	atomic_store(&slot->which_name, 0);
	atomic_store(&slot->is_away, 0);
	memset(slot->away, 0, sizeof slot->away);
	atomic_store(&slot->active_at, slot->claimed_at);
	atomic_store(&slot->n_said, 0);
	atomic_store(&slot->queued_bytes, 0);
	atomic_store(&slot->n_turns, 0);
	end_write(slot);
	if (index >= atomic_load(&dir->header->n_slots_used))
		atomic_store(&dir->header->n_slots_used, index + 1);
	atomic_store(
	    &dir->presence[index], dir_presence_make(generation, DIR_CLAIMED));
	*ref_out = (struct user_ref){ index, generation };
	return true;
}

static void
unclaim(struct directory *dir, uint32_t slot)
{
	set_state(dir, slot, DIR_FREE);
	dir->free->slots[(dir->free->head + dir->free->n) % dir->n_slots] =
	    slot;
	dir->free->n++;
}

/* Make index, count and change counters anew from the presence words: whatever
 * the dead holder was in the middle of, these are true.
 * Modelled in tests/model/slots.pml. */
static void
repair_locked(struct directory *dir)
{
	uint32_t n_used = dir_n_slots_used(dir);
	uint32_t n_joined = 0;

	assert_locked(dir);
	for (uint32_t i = 0; i < dir->n_buckets; i++)
		atomic_store(&dir->buckets[i], DIR_NO_SLOT);
	for (uint32_t i = 0; i < n_used; i++) {
		if (dir_presence_state(dir_presence_load(dir, i)) != DIR_JOINED)
			continue;
		index_add_locked(dir, i);
		n_joined++;
	}
	atomic_store(&dir->header->n_joined, n_joined);
}

/* Whether what the entry tells of has come about.
 * Modelled in tests/model/slots.pml. */
static bool
has_happened(const struct directory *dir, const struct news *news)
{
	uint32_t slot = news->who.slot;
	enum dir_state state = dir_presence_state(dir_presence_load(dir, slot));

	switch (news->kind) {
	case DIR_NEWS_JOINED:
		return state == DIR_JOINED;
	case DIR_NEWS_LEFT:
		return state == DIR_LEAVING;
	case DIR_NEWS_RENAMED:
		return strcmp(dir_slot_name(&dir->slots[slot])->text,
			   news->other) == 0;
	case DIR_N_NEWS_KINDS:
		break;
	}
	return false;
}

/* Finish or forget what `dead` was about to put into the news.
 * Modelled in tests/model/slots.pml. */
static void
repair_news_locked(struct directory *dir, struct user_ref dead)
{
	struct news news;

	if (news_unpublished_locked(dir, dead, &news) &&
	    has_happened(dir, &news))
		news_publish_locked(dir);
}

/* The lock was seized from somebody who can no longer give it back: the roster
 * is odd from here until give_lock, as it is after take_lock.
 * Modelled in tests/model/slots.pml. */
static void
begin_repair(struct directory *dir)
{
	directory_count(dir, DIR_COUNT_lock_repairs, 1);
	if (atomic_load(&dir->header->roster) % 2 == 0)
		atomic_fetch_add(&dir->header->roster, 1);
}

void
directory_free_lock(struct directory *dir, uint64_t holder)
{
	if (!lock_seize(&dir->header->lock, holder, dir->self))
		return;
	begin_repair(dir);
	repair_locked(dir);
	give_lock(dir);
}

/* Take a dead user out of the room.
 * Modelled in tests/model/slots.pml. */
static void
remove_locked(struct directory *dir, struct user_ref ref, const char *reason)
{
	if (reason != NULL)
		news_write_locked(dir, DIR_NEWS_LEFT, ref,
		    dir_slot_name(&dir->slots[ref.slot]), reason);
	set_state(dir, ref.slot, DIR_FREE);
	if (reason != NULL)
		news_publish_locked(dir);
}

static bool
is_joined(const struct directory *dir, struct user_ref ref)
{
	return dir_presence_state(dir_presence_load(dir, ref.slot)) ==
	       DIR_JOINED;
}

/* Modelled in tests/model/slots.pml. */
enum dir_result
directory_sweep(struct directory *dir, struct user_ref ref, const char *reason,
    struct dir_row *row_out)
{
	uint64_t dead = dir_identity(ref.slot, ref.generation);

	/* Its writer is dead and both of its names are whole: it may be read.
	 */
	mend_write(&dir->slots[ref.slot]);
	(void)directory_read(dir, ref.slot, row_out);
	if (row_out->ref.generation != ref.generation)
		bug("slot %u swept for generation %u, has %u", ref.slot,
		    ref.generation, row_out->ref.generation);
	if (lock_seize(&dir->header->lock, dead, dir->self)) {
		begin_repair(dir);
		repair_news_locked(dir, ref);
		/* It wrote no slot but its own: that goes, and the rest is put
		 * in order. */
		if (is_joined(dir, ref))
			remove_locked(dir, ref, reason);
		repair_locked(dir);
		give_lock(dir);
	} else if (row_out->state == DIR_JOINED) {
		if (!take_lock(dir))
			return DIR_BUSY;
		index_remove_locked(dir, ref.slot);
		remove_locked(dir, ref, reason);
		atomic_fetch_sub(&dir->header->n_joined, 1);
		give_lock(dir);
	}
	unclaim(dir, ref.slot);
	return DIR_OK;
}
