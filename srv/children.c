/* children.c - which pid has which slot.  Pure data: what it means is the
 * master's business. */
#include "srv/children.h"

#include "ipc/clock.h"
#include "ipc/log.h"
#include "ipc/memory.h"

const char *
kill_reason_text(enum kill_reason reason)
{
	switch (reason) {
	case KILL_STOPPED:
		return "stopped for too long";
	case KILL_WEDGED:
		return "not responding";
	case KILL_NO_MAILBOX:
		return "mailbox lost";
	case KILL_LATE:
		return "still there at the server's end";
	case KILL_NONE:
		break;
	}
	return "not killed";
}

static size_t
table_size(uint32_t n_slots)
{
	return n_slots * (sizeof(struct child_entry) + 2 * sizeof(uint32_t));
}

int
children_init(struct children *children, uint32_t n_slots)
{
	size_t size = table_size(n_slots);
	void *table = memory_map_unforked(size);

	if (table == NULL)
		return -1;
	*children = (struct children){ .n_slots = n_slots };
	children->by_slot = table;
	children->buckets = (void *)(children->by_slot + n_slots);
	children->address_buckets = children->buckets + n_slots;
	return 0;
}

void
children_free(struct children *children)
{
	if (children->by_slot != NULL)
		memory_unmap(children->by_slot, table_size(children->n_slots));
	*children = (struct children){ 0 };
}

static uint32_t *
bucket_of(struct children *children, pid_t pid)
{
	return &children->buckets[(uint32_t)pid % children->n_slots];
}

static uint32_t *
address_bucket_of(const struct children *children, uint64_t address_key)
{
	/* Fibonacci hashing: addresses differ in their last bits, networks in
	 * the ones before. */
	uint64_t hash = address_key * UINT64_C(0x9e3779b97f4a7c15) >> 32;

	return &children->address_buckets[hash % children->n_slots];
}

struct child_entry *
children_add(struct children *children, struct user_ref ref, pid_t pid)
{
	struct child_entry *entry = &children->by_slot[ref.slot];
	uint32_t *bucket = bucket_of(children, pid);

	if (entry->pid != 0)
		bug("slot %u has pid %d already", ref.slot, (int)entry->pid);
	*entry = (struct child_entry){
		.pid = pid,
		.ref = ref,
		.stopped_at = CLOCK_NEVER,
		.answer_until = CLOCK_NEVER,
		.next = *bucket,
	};
	*bucket = ref.slot + 1;
	children->n++;
	return entry;
}

static bool
is_watched(const struct child_entry *entry)
{
	return entry->stopped_at != CLOCK_NEVER ||
	       entry->answer_until != CLOCK_NEVER;
}

static void
recount(struct children *children, bool was, bool is)
{
	children->n_watched += (uint32_t)is - (uint32_t)was;
}

void
children_watch_stopped(
    struct children *children, struct child_entry *entry, int64_t since)
{
	bool was = is_watched(entry);

	entry->stopped_at = since;
	recount(children, was, is_watched(entry));
}

void
children_watch_answer(
    struct children *children, struct child_entry *entry, int64_t until)
{
	bool was = is_watched(entry);

	entry->answer_until = until;
	recount(children, was, is_watched(entry));
}

void
children_set_address(
    struct children *children, struct child_entry *entry, uint64_t address_key)
{
	uint32_t *bucket = address_bucket_of(children, address_key);

	if (address_key == 0)
		return;
	entry->address_key = address_key;
	entry->next_from = *bucket;
	*bucket = entry->ref.slot + 1;
}

static void
forget_address(struct children *children, const struct child_entry *entry)
{
	uint32_t *link = address_bucket_of(children, entry->address_key);

	if (entry->address_key == 0)
		return;
	while (*link != entry->ref.slot + 1)
		link = &children->by_slot[*link - 1].next_from;
	*link = entry->next_from;
}

void
children_remove(struct children *children, struct child_entry *entry)
{
	uint32_t *link = bucket_of(children, entry->pid);

	while (*link != entry->ref.slot + 1)
		link = &children->by_slot[*link - 1].next;
	*link = entry->next;
	forget_address(children, entry);
	recount(children, is_watched(entry), false);
	children->n--;
	*entry = (struct child_entry){ 0 };
}

struct child_entry *
children_find(struct children *children, pid_t pid)
{
	uint32_t at = *bucket_of(children, pid);

	while (at != 0 && children->by_slot[at - 1].pid != pid)
		at = children->by_slot[at - 1].next;
	return at == 0 ? NULL : &children->by_slot[at - 1];
}

struct child_entry *
children_at(struct children *children, struct user_ref ref)
{
	struct child_entry *entry;

	if (ref.slot >= children->n_slots)
		return NULL;
	entry = &children->by_slot[ref.slot];
	return entry->pid != 0 && user_ref_equal(entry->ref, ref) ? entry
								  : NULL;
}

struct child_entry *
children_next(struct children *children, struct child_entry *last)
{
	struct child_entry *end = children->by_slot + children->n_slots;
	struct child_entry *entry = last == NULL ? children->by_slot : last + 1;

	while (entry < end && entry->pid == 0)
		entry++;
	return entry < end ? entry : NULL;
}

uint32_t
children_count_from(const struct children *children, uint64_t address_key)
{
	uint32_t at = *address_bucket_of(children, address_key), n = 0;

	if (address_key == 0)
		return 0;
	for (; at != 0; at = children->by_slot[at - 1].next_from)
		n += children->by_slot[at - 1].address_key == address_key;
	return n;
}
