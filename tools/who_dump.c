/* who_dump.c - everything that a directory holds, field by field.
 *
 * Fields have the names of ipc/directory_layout.h, where they are explained;
 * what a number means stands behind it.  A slot is copied out before it is
 * printed, so that what is judged is what is shown. */
#include "tools/who_dump.h"

#include "ipc/clock.h"
#include "ipc/lock.h"
#include "ipc/news.h"
#include "ipc/text.h"
#include "tools/who_figures.h"
#include "tools/who_index.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define TRIES 8

/* Values ------------------------------------------------------------------ */

/* "  FIELD  ", so that values stand below each other. */
static void
put_field(const char *field, FILE *out)
{
	(void)fprintf(out, "  %-20s ", field);
}

static void
put_number(const char *field, uint64_t value, FILE *out)
{
	put_field(field, out);
	(void)fprintf(out, "%" PRIu64 "\n", value);
}

/* At most `size` bytes of what may be anything, in printable form and quotes.
 */
static void
put_quoted(const char *text, size_t size, FILE *out)
{
	char copy[DIR_RUN_DIR_BYTES];
	/* the longest form of a byte is \ooo */
	char printable[4 * DIR_RUN_DIR_BYTES + 1];

	if (size > sizeof copy)
		size = sizeof copy;
	memcpy(copy, text, size);
	(void)text_printable(
	    printable, sizeof printable, copy, strnlen(copy, size));
	(void)fprintf(out, "\"%s\"", printable);
}

static void
put_text(const char *field, const char *text, size_t size, FILE *out)
{
	put_field(field, out);
	put_quoted(text, size, out);
	(void)fputc('\n', out);
}

/* A time of CLOCK_MONOTONIC, ms. */
static void
put_time(const char *field, int64_t at, FILE *out)
{
	int64_t now = clock_ms();
	char ago[FIGURE_BYTES];

	put_field(field, out);
	(void)fprintf(out, "%" PRId64, at);
	if (at > 0 && at <= now) {
		figure_uptime(ago, figure_seconds_since(at, now));
		(void)fprintf(out, " (%s ago)", ago);
	}
	(void)fputc('\n', out);
}

static void
put_date(const char *field, int64_t at_s, FILE *out)
{
	char text[64];
	time_t at = (time_t)at_s;
	struct tm tm;

	put_field(field, out);
	(void)fprintf(out, "%" PRId64, at_s);
	if (gmtime_r(&at, &tm) != NULL &&
	    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
		(void)fprintf(out, " (%s)", text);
	(void)fputc('\n', out);
}

/* Header ------------------------------------------------------------------ */

static const char *
phase_text(uint32_t phase)
{
	switch (phase) {
	case DIR_RUNNING:
		return "running";
	case DIR_DRAINING:
		return "draining";
	case DIR_FINISHING:
		return "finishing";
	default:
		return "unknown";
	}
}

/* The name that an identity in the lock word stands for. */
static void
put_holder(const struct directory *dir, FILE *out)
{
	uint64_t holder = lock_holder(&dir->header->lock);
	struct user_ref ref = dir_identity_ref(holder);
	struct dir_row row;

	put_field("lock.holder", out);
	(void)fprintf(out, "%#" PRIx64, holder);
	if (holder == LOCK_FREE) {
		(void)fputs(" (free)\n", out);
		return;
	}
	if (holder == DIR_MASTER_IDENTITY) {
		(void)fputs(" (the master)\n", out);
		return;
	}
	(void)fprintf(out, " (slot %" PRIu32 ", generation %" PRIu32 ": ",
	    ref.slot, ref.generation);
	if (ref.slot >= dir->n_slots) {
		(void)fputs("there is none such)\n", out);
		return;
	}
	(void)directory_read(dir, ref.slot, &row);
	if (!user_ref_equal(row.ref, ref)) {
		(void)fputs("somebody who has left)\n", out);
		return;
	}
	put_quoted(row.name.text, row.name.len, out);
	(void)fprintf(out, ", pid %d)\n", (int)row.pid);
}

static void
put_constants(const struct directory *dir, FILE *out)
{
	const struct dir_header *h = dir->header;
	pid_t owner = directory_master_pid(dir);
	char field[32], address[DIR_ADDRESS_BYTES];

	put_field("magic", out);
	(void)fprintf(out, "%#" PRIx64 "\n", h->magic);
	put_number("layout_version", h->layout_version, out);
	put_number("header_size", h->header_size, out);
	put_number("slot_size", h->slot_size, out);
	put_number("n_slots", h->n_slots, out);
	put_number("n_buckets", h->n_buckets, out);
	put_number("n_news", h->n_news, out);
	put_number("max_users", h->max_users, out);
	put_field("master_pid", out);
	(void)fprintf(out, "%d (%s)\n", (int)h->master_pid,
	    owner != 0 && owner == h->master_pid ? "lives" : "is gone");
	put_number("n_listeners", h->n_listeners, out);
	put_date("started_realtime_s", h->started_realtime_s, out);
	put_time("started_at", h->started_at, out);
	put_text("instance", h->instance, sizeof h->instance, out);
	put_text("run_dir", h->run_dir, sizeof h->run_dir, out);
	for (uint32_t i = 0; directory_listener(dir, i, address); i++) {
		(void)snprintf(
		    field, sizeof field, "listeners[%" PRIu32 "]", i);
		put_text(field, address, sizeof address, out);
	}
}

static void
put_header(const struct directory *dir, FILE *out)
{
	const struct dir_header *h = dir->header;
	uint32_t phase = atomic_load(&h->phase);
	uint64_t roster = directory_roster(dir);

	(void)fputs("header\n", out);
	put_constants(dir, out);
	put_field("phase", out);
	(void)fprintf(out, "%" PRIu32 " (%s)\n", phase, phase_text(phase));
	put_field("undertaker_pid", out);
	(void)fprintf(out, "%d\n", (int)atomic_load(&h->undertaker_pid));
	put_number("n_slots_used", atomic_load(&h->n_slots_used), out);
	put_holder(dir, out);
	put_number("lock.n_waiters", atomic_load(&h->lock.n_waiters), out);
	put_field("roster", out);
	(void)fprintf(out, "%" PRIu64 " (%s)\n", roster,
	    roster % 2 == 0 ? "at rest" : "the index is being changed");
	put_number("news_head", news_head(dir), out);
	put_number("n_joined", directory_n_joined(dir), out);
	put_number("bell_is_owed", atomic_load(&h->bell_is_owed), out);
	put_time("bell_rung_at", atomic_load(&h->bell_rung_at), out);
	put_time("bell_spent_until", atomic_load(&h->bell_spent_until), out);
}

static void
put_counters(const struct directory *dir, FILE *out)
{
	(void)fputs("counters\n", out);
	for (int i = 0; i < DIR_N_COUNTERS; i++)
		put_number(counter_name((enum dir_counter)i),
		    atomic_load(&dir->header->counters[i]), out);
}

/* News -------------------------------------------------------------------- */

/* The entry at `position`, whose mark says whether it is that one. */
static void
put_entry(const struct directory *dir, uint64_t position, FILE *out)
{
	static const char *const kinds[DIR_N_NEWS_KINDS] = {
		[DIR_NEWS_JOINED] = "joined",
		[DIR_NEWS_LEFT] = "left",
		[DIR_NEWS_RENAMED] = "renamed",
	};
	const struct dir_news *entry = &dir->news[position % dir->n_news];
	uint64_t mark = atomic_load(&entry->mark);
	uint32_t kind = entry->kind;

	(void)fprintf(out, "  %" PRIu64 ": ", position);
	if (mark != position + 1) {
		(void)fprintf(out,
		    "overwritten, or being written: mark %" PRIu64 "\n", mark);
		return;
	}
	(void)fprintf(out, "%s %" PRIu32 ".%" PRIu32 " ",
	    kind < DIR_N_NEWS_KINDS ? kinds[kind] : "unknown kind", entry->slot,
	    entry->generation);
	put_quoted(entry->name, sizeof entry->name, out);
	(void)fputc(' ', out);
	put_quoted(entry->other, sizeof entry->other, out);
	(void)fprintf(out, " hash %#" PRIx32 "\n", entry->name_hash);
}

/* The oldest first; last the one behind the head, if somebody has written it
 * and not published it (yet). */
static void
put_news(const struct directory *dir, FILE *out)
{
	uint64_t head = news_head(dir);
	uint64_t n = head < dir->n_news ? head : dir->n_news - 1;
	const struct dir_news *next = &dir->news[head % dir->n_news];

	(void)fputs("news\n", out);
	for (uint64_t i = n; i > 0; i--)
		put_entry(dir, head - i, out);
	if (atomic_load(&next->mark) == head + 1) {
		(void)fputs("  not published:\n", out);
		put_entry(dir, head, out);
	}
}

/* Slots ------------------------------------------------------------------- */

static void
put_presence(uint64_t presence, FILE *out)
{
	const uint64_t flags =
	    DIR_PRESENCE_BEHIND | DIR_PRESENCE_FLOODS | DIR_PRESENCE_STOPPED;
	uint64_t rest =
	    presence & UINT32_MAX & ~(flags | DIR_PRESENCE_STATE_MASK);

	put_field("presence", out);
	(void)fprintf(out, "%#" PRIx64 " (generation %" PRIu32 ", %s", presence,
	    dir_presence_generation(presence),
	    directory_state_text(dir_presence_state(presence)));
	if (presence & DIR_PRESENCE_BEHIND)
		(void)fputs(", behind", out);
	if (presence & DIR_PRESENCE_FLOODS)
		(void)fputs(", floods", out);
	if (presence & DIR_PRESENCE_STOPPED)
		(void)fputs(", stopped", out);
	if (rest != 0)
		(void)fprintf(out, ", unknown flags %#" PRIx64, rest);
	(void)fputs(")\n", out);
}

/* Copy a slot, if possible at rest.  Returns whether it was. */
static bool
copy_slot(const struct dir_slot *slot, struct dir_slot *copy)
{
	for (int i = 0; i < TRIES; i++) {
		uint32_t before = atomic_load(&slot->changes);

		memcpy(copy, slot, sizeof *copy);
		atomic_thread_fence(memory_order_acquire);
		if (before % 2 == 0 && atomic_load(&slot->changes) == before)
			return true;
	}
	return false;
}

static void
put_names(const struct dir_slot *slot, FILE *out)
{
	for (int i = 0; i < 2; i++) {
		const struct name *name = &slot->names[i];

		put_field(i == 0 ? "names[0]" : "names[1]", out);
		(void)fprintf(out, "len %u ", name->len);
		put_quoted(name->text, sizeof name->text, out);
		(void)fprintf(out, ", key_len %u ", name->key_len);
		put_quoted(name->key, sizeof name->key, out);
		(void)fputc('\n', out);
	}
}

static void
put_slot(const struct directory *dir, uint32_t index, FILE *out)
{
	uint64_t presence = dir_presence_load(dir, index);
	struct dir_slot slot;
	bool is_at_rest = copy_slot(&dir->slots[index], &slot);

	(void)fprintf(out, "slot %" PRIu32 "\n", index);
	put_presence(presence, out);
	put_field("changes", out);
	(void)fprintf(out, "%" PRIu32 " (%s)\n", slot.changes,
	    is_at_rest ? "at rest" : "being written, what follows may be half");
	put_field("next", out);
	if (slot.next == DIR_NO_SLOT)
		(void)fputs("none\n", out);
	else
		(void)fprintf(out, "%" PRIu32 "\n", slot.next);
	put_number("which_name", slot.which_name, out);
	put_time("claimed_at", slot.claimed_at, out);
	put_time("joined_at", slot.joined_at, out);
	put_text("from", slot.from, sizeof slot.from, out);
	put_names(&slot, out);
	put_number("is_away", slot.is_away, out);
	put_text("away", slot.away, sizeof slot.away, out);
	put_field("pids", out);
	for (int i = 0; i < DIR_PIDS_KEPT; i++)
		(void)fprintf(
		    out, "%s%d", i == 0 ? "" : " ", (int)slot.pids[i]);
	(void)fputc('\n', out);
	put_time("active_at", slot.active_at, out);
	put_number("n_said", slot.n_said, out);
	put_number("queued_bytes", slot.queued_bytes, out);
	put_number("n_turns", slot.n_turns, out);
}

/* All that are not free, also where the header says that none was ever used. */
static void
put_slots(const struct directory *dir, FILE *out)
{
	for (uint32_t i = 0; i < dir->n_slots; i++)
		if (dir_presence_state(dir_presence_load(dir, i)) != DIR_FREE)
			put_slot(dir, i, out);
}

int
who_dump_print(const struct directory *dir, FILE *out)
{
	put_header(dir, out);
	put_counters(dir, out);
	put_news(dir, out);
	put_slots(dir, out);
	(void)fputs("index\n", out);
	return who_index_report(dir, out);
}
