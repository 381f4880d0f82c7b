/* news.c - the ring of who came, went and was renamed; see the header.
 *
 * Position p lies in entry p mod n, which says by its `mark` whose it is; it is
 * 0 while the entry is written, and a reader that finds another than its own
 * before or after its copy has been overtaken. */
#include "ipc/news.h"

#include "ipc/text.h"

#include <assert.h>
#include <string.h>

static struct dir_news *
entry_at(const struct directory *dir, uint64_t position)
{
	return &dir->news[position % dir->n_news];
}

uint64_t
news_head(const struct directory *dir)
{
	return atomic_load(&dir->header->news_head);
}

uint64_t
news_oldest(const struct directory *dir)
{
	uint64_t head = news_head(dir);

	/* The oldest is the next to be overwritten, perhaps just now. */
	return head < dir->n_news ? 0 : head - dir->n_news + 1;
}

/* Writing ----------------------------------------------------------------- */

static void
assert_locked(const struct directory *dir)
{
	assert(lock_holder(&dir->header->lock) == dir->self);
	(void)dir;
}

/* Modelled in tests/model/slots.pml. */
void
news_write_locked(struct directory *dir, enum dir_news_kind kind,
    struct user_ref who, const struct name *name, const char *other)
{
	uint64_t head = news_head(dir);
	struct dir_news *entry = entry_at(dir, head);

	assert_locked(dir);
	assert(strlen(other) < sizeof entry->other);
	atomic_store_explicit(&entry->mark, 0, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	entry->kind = (uint32_t)kind;
	entry->slot = who.slot;
	entry->generation = who.generation;
	entry->name_hash = name_hash(name);
	memcpy(entry->name, name->text, sizeof entry->name);
	memcpy(entry->other, other, strlen(other) + 1);
	atomic_store_explicit(&entry->mark, head + 1, memory_order_release);
}

/* Modelled in tests/model/slots.pml. */
void
news_publish_locked(struct directory *dir)
{
	assert_locked(dir);
	atomic_fetch_add(&dir->header->news_head, 1);
}

/* Reading ----------------------------------------------------------------- */

/* Copy a text that should end within its room; 0 when it does not. */
static uint8_t
copy_text(char to[NAME_MAX_BYTES + 1], const char from[NAME_MAX_BYTES + 1])
{
	memcpy(to, from, NAME_MAX_BYTES + 1);
	to[NAME_MAX_BYTES] = '\0';
	return (uint8_t)strlen(to);
}

static bool
is_good(const struct news *news)
{
	return news->name_len > 0 &&
	       (news->kind != DIR_NEWS_RENAMED || news->other_len > 0) &&
	       text_is_safe(news->name, news->name_len) &&
	       text_is_safe(news->other, news->other_len);
}

static bool
is_at(const struct dir_news *entry, uint64_t position, memory_order order)
{
	return atomic_load_explicit(&entry->mark, order) == position + 1;
}

enum news_result
news_glance(const struct directory *dir, uint64_t position, struct news *out)
{
	const struct dir_news *entry = entry_at(dir, position);

	if (!is_at(entry, position, memory_order_acquire))
		return NEWS_MISSED;
	out->kind = (enum dir_news_kind)entry->kind;
	out->who = (struct user_ref){ entry->slot, entry->generation };
	out->name_hash = entry->name_hash;
	out->name_len = out->other_len = 0;
	out->name[0] = out->other[0] = '\0';
	atomic_thread_fence(memory_order_acquire);
	if (!is_at(entry, position, memory_order_relaxed))
		return NEWS_MISSED;
	return (unsigned)out->kind < DIR_N_NEWS_KINDS ? NEWS_READ : NEWS_BAD;
}

/* The mark is the position's own, so what is copied while it stands belongs to
 * what was glanced at. */
enum news_result
news_read(const struct directory *dir, uint64_t position, struct news *out)
{
	const struct dir_news *entry = entry_at(dir, position);
	enum news_result result = news_glance(dir, position, out);

	if (result != NEWS_READ)
		return result;
	out->name_len = copy_text(out->name, entry->name);
	out->other_len = copy_text(out->other, entry->other);
	atomic_thread_fence(memory_order_acquire);
	if (!is_at(entry, position, memory_order_relaxed))
		return NEWS_MISSED;
	return is_good(out) ? NEWS_READ : NEWS_BAD;
}

bool
news_unpublished_locked(
    const struct directory *dir, struct user_ref who, struct news *out)
{
	assert_locked(dir);
	return news_read(dir, news_head(dir), out) == NEWS_READ &&
	       user_ref_equal(out->who, who);
}
