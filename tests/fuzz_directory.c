/* fuzz_directory.c - a table in shared memory that somebody has damaged:
 * ipc/directory_map, ipc/directory_read, ipc/news, srv/newsreader,
 * tools/who_view and what prints it.
 *
 * The input is either the whole file or changes to a sound one, some before a
 * reader maps it and some after, as a child that has been taken over could
 * make them.  What holds:
 * - a file is opened or refused, and what was opened is never read beyond the
 *   sizes that were checked then, whatever the header says later.  The mapping
 *   stands between pages that nobody may touch, so that any such read is seen;
 * - a row is whole and its strings are ended, or it is unreadable and empty;
 * - who is found by a name has it and is here;
 * - what is told of the news is bounded, and safe lines;
 * - a view is made of safe text and times that can be reckoned with, and all
 *   that prints it prints safe lines, JSON included. */
#include "tests/fuzz.h"

#include "ipc/clock.h"
#include "ipc/directory.h"
#include "ipc/news.h"
#include "ipc/text.h"
#include "srv/newsreader.h"
#include "tools/who_json.h"
#include "tools/who_report.h"
#include "tools/who_table.h"
#include "tools/who_view.h"

#include <fcntl.h>
#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX_FILE_BYTES 16384
/* Around the mapping. */
#define GUARD_BYTES ((size_t)1 << 24)
/* Looks at all of the table that one input may have. */
#define MAX_LOOKS 4

/* A sound table ----------------------------------------------------------- */

#define N_SLOTS 4u
#define N_BUCKETS 4u
#define N_NEWS 4u

/* As in directory_layout.h, with these numbers of slots, buckets and news. */
struct table {
	struct dir_header header;
	alignas(64) dir_presence presence[N_SLOTS];
	alignas(64) _Atomic uint32_t buckets[N_BUCKETS];
	alignas(64) struct dir_slot slots[N_SLOTS];
	struct dir_news news[N_NEWS];
};

static const struct name *
parsed(const char *text)
{
	static struct name name;

	FUZZ_HOLDS(name_parse(text, strlen(text), &name) == NAME_OK);
	return &name;
}

static void
put_user(struct table *t, uint32_t slot, enum dir_state state, const char *text)
{
	struct dir_slot *s = &t->slots[slot];

	t->presence[slot] = dir_presence_make(7 + slot, state);
	s->next = DIR_NO_SLOT;
	s->claimed_at = 1000;
	s->joined_at = 2000 + slot;
	s->active_at = 3000 + slot;
	dir_slot_set_pid(s, 7 + slot, 1000 + (int32_t)slot);
	strcpy(s->from, "192.0.2.1:1234");
	if (text == NULL)
		return;
	s->names[0] = *parsed(text);
	if (state == DIR_JOINED) {
		uint32_t bucket = name_hash(&s->names[0]) % N_BUCKETS;

		s->next = t->buckets[bucket];
		t->buckets[bucket] = slot;
	}
}

static void
put_news(struct table *t, enum dir_news_kind kind, const char *name,
    const char *other)
{
	uint64_t head = t->header.news_head++;
	struct dir_news *entry = &t->news[head % N_NEWS];

	entry->mark = head + 1;
	entry->kind = (uint32_t)kind;
	entry->slot = (uint32_t)head;
	entry->generation = 7;
	entry->name_hash = name_hash(parsed(name));
	strcpy(entry->name, name);
	strcpy(entry->other, other);
}

static void
make_sound(struct table *t)
{
	struct dir_header *h = &t->header;

	memset(t, 0, sizeof *t);
	h->magic = DIR_MAGIC;
	h->layout_version = DIR_LAYOUT_VERSION;
	h->header_size = sizeof *h;
	h->slot_size = sizeof *t->slots;
	h->n_slots = N_SLOTS;
	h->n_buckets = N_BUCKETS;
	h->n_news = N_NEWS;
	h->max_users = 3;
	h->master_pid = 999;
	h->n_listeners = 1;
	h->started_realtime_s = 1700000000;
	h->started_at = 500;
	strcpy(h->instance, "5310");
	strcpy(h->run_dir, "/run/chatd");
	strcpy(h->listeners[0], "127.0.0.1:5310");
	h->n_slots_used = N_SLOTS;
	h->n_joined = 2;
	for (uint32_t i = 0; i < N_BUCKETS; i++)
		t->buckets[i] = DIR_NO_SLOT;
	put_user(t, 0, DIR_JOINED, "alice");
	put_user(t, 1, DIR_CLAIMED, NULL);
	put_user(t, 2, DIR_JOINED, "bob");
	put_user(t, 3, DIR_LEAVING, "carol");
	put_news(t, DIR_NEWS_JOINED, "alice", "");
	put_news(t, DIR_NEWS_JOINED, "bill", "");
	put_news(t, DIR_NEWS_JOINED, "carol", "");
	put_news(t, DIR_NEWS_RENAMED, "bill", "bob");
	put_news(t, DIR_NEWS_LEFT, "carol", "too slow");
}

/* Changes ----------------------------------------------------------------- */

/* What readers rely on, so that an input need not hit upon the offsets. */
static const struct field {
	size_t offset, size;
} fields[] = {
#define HEADER(field)                                                          \
	{                                                                      \
		offsetof(struct table, header.field),                          \
		    sizeof(((struct dir_header *)NULL)->field)                 \
	}
#define SLOT(field)                                                            \
	{                                                                      \
		offsetof(struct table, slots[0].field),                        \
		    sizeof(((struct dir_slot *)NULL)->field)                   \
	}
#define NEWS(i, field)                                                         \
	{                                                                      \
		offsetof(struct table, news[i].field),                         \
		    sizeof(((struct dir_news *)NULL)->field)                   \
	}
	HEADER(magic),
	HEADER(layout_version),
	HEADER(header_size),
	HEADER(slot_size),
	HEADER(n_slots),
	HEADER(n_buckets),
	HEADER(max_users),
	HEADER(master_pid),
	HEADER(n_listeners),
	HEADER(started_realtime_s),
	HEADER(started_at),
	HEADER(instance),
	HEADER(run_dir),
	HEADER(listeners),
	HEADER(phase),
	HEADER(n_slots_used),
	HEADER(lock.holder),
	HEADER(roster),
	HEADER(n_joined),
	SLOT(changes),
	SLOT(next),
	SLOT(which_name),
	SLOT(joined_at),
	SLOT(from),
	SLOT(names[0].len),
	SLOT(names[0].key_len),
	SLOT(names[0].text),
	SLOT(pids),
	SLOT(active_at),
	SLOT(queued_bytes),
	HEADER(n_news),
	HEADER(news_head),
	NEWS(0, mark),
	NEWS(1, kind),
	NEWS(1, slot),
	NEWS(1, name_hash),
	NEWS(1, name),
	NEWS(2, name),
	NEWS(3, kind),
	NEWS(3, other),
	{ offsetof(struct table, presence), sizeof(uint64_t) * N_SLOTS },
	{ offsetof(struct table, buckets), sizeof(uint32_t) * N_BUCKETS },
#undef HEADER
#undef SLOT
#undef NEWS
};

enum order {
	/* number of a field, number of bytes, the bytes */
	CHANGE_FIELD,
	/* offset, number of bytes, the bytes */
	CHANGE_BYTES,
	/* map it, or, when it is mapped, look at all of it */
	LOOK,
	N_ORDERS
};

static void
change(struct fuzz_input *in, char *table, size_t offset, size_t max)
{
	size_t n = fuzz_byte(in), len;
	const char *bytes = fuzz_bytes(in, n < max ? n : max, &len);

	if (len > 0)
		memcpy(table + offset, bytes, len);
}

/* Carry out changes up to the next look or the end of the input. */
static bool
carry_out_changes(struct fuzz_input *in, char *table, size_t size)
{
	while (in->left > 0) {
		size_t i;

		switch (fuzz_byte(in) % N_ORDERS) {
		case CHANGE_FIELD:
			i = fuzz_byte(in) % (sizeof fields / sizeof *fields);
			if (fields[i].offset + fields[i].size <= size)
				change(in, table, fields[i].offset,
				    fields[i].size);
			break;
		case CHANGE_BYTES:
			i = fuzz_u16(in) % size;
			change(in, table, i, size - i);
			break;
		default:
			return true;
		}
	}
	return false;
}

/* The mapping ------------------------------------------------------------- */

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

static void *
moved(void *pointer, const char *from, char *to)
{
	return to + ((char *)pointer - from);
}

static void
put_between_guards(struct mapping *m)
{
	struct directory *dir = m->dir;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *from = (char *)dir->header, *to;

	m->whole = (m->len + page - 1) & ~(page - 1);
	m->room_len = GUARD_BYTES + m->whole + GUARD_BYTES;
	m->room = mmap(NULL, m->room_len, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	FUZZ_HOLDS(m->room != MAP_FAILED);
	to = m->room + GUARD_BYTES;
	FUZZ_HOLDS(mremap(from, m->whole, m->whole,
		       MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
	dir->presence = moved(dir->presence, from, to);
	dir->buckets = moved(dir->buckets, from, to);
	dir->slots = moved(dir->slots, from, to);
	dir->news = moved(dir->news, from, to);
	dir->header = moved(dir->header, from, to);
	ASAN_POISON_MEMORY_REGION(to + m->len, m->whole - m->len);
}

static bool
map(struct mapping *m, const char *bytes, size_t len)
{
	char name[64];
	enum dir_open_result result;
	int fd;

	(void)snprintf(name, sizeof name, "/chatd-fuzz-%d", (int)getpid());
	fd = shm_open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FUZZ_HOLDS(fd != -1 && write(fd, bytes, len) == (ssize_t)len);
	result = directory_open(name, geteuid(), &m->dir);
	FUZZ_HOLDS(shm_unlink(name) == 0);
	/* Nothing about the file itself can fail. */
	FUZZ_HOLDS(result != DIR_OPEN_FAILED && result != DIR_OPEN_HELD);
	if (result == DIR_OPENED) {
		m->len = len;
		m->n_slots = m->dir->n_slots;
		m->n_news = m->dir->n_news;
		m->writable =
		    mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		FUZZ_HOLDS(m->writable != MAP_FAILED);
		put_between_guards(m);
	}
	close(fd);
	return result == DIR_OPENED;
}

static void
unmap(struct mapping *m)
{
	ASAN_UNPOISON_MEMORY_REGION(m->room + GUARD_BYTES, m->whole);
	directory_close(m->dir);
	(void)munmap(m->room, m->room_len);
	(void)munmap(m->writable, m->len);
}

/* Rows -------------------------------------------------------------------- */

static bool
is_ended(const char *s, size_t size)
{
	return memchr(s, '\0', size) != NULL;
}

static void
check_row(const struct dir_row *row)
{
	FUZZ_HOLDS(row->name.len <= NAME_MAX_BYTES);
	FUZZ_HOLDS(row->name.key_len <= NAME_KEY_MAX_BYTES);
	FUZZ_HOLDS(row->name.text[row->name.len] == '\0');
	FUZZ_HOLDS(is_ended(row->from, sizeof row->from));
	FUZZ_HOLDS(directory_state_text(row->state) != NULL);
}

static void
check_unreadable(struct dir_row row)
{
	struct dir_row empty = {
		.ref = row.ref,
		.state = row.state,
		.pid = row.pid,
	};

	FUZZ_HOLDS(memcmp(&row.name, &empty.name, sizeof row.name) == 0);
	FUZZ_HOLDS(row.from[0] == '\0' && row.joined_at == 0 &&
		   row.active_at == 0 && row.n_said == 0);
}

static void
check_find(const struct directory *dir, const struct name *name)
{
	struct dir_row row;

	if (directory_find(dir, name, &row) != DIR_OK)
		return;
	check_row(&row);
	FUZZ_HOLDS(row.state == DIR_JOINED && name_same(&row.name, name));
}

static void
check_rows(const struct mapping *m)
{
	struct dir_row row;

	for (uint32_t i = 0; i < m->n_slots; i++) {
		switch (directory_read(m->dir, i, &row)) {
		case DIR_OK:
			check_row(&row);
			break;
		case DIR_UNREADABLE:
			check_unreadable(row);
			break;
		case DIR_NAME_TAKEN:
		case DIR_BUSY:
		case DIR_NO_SUCH_USER:
			FUZZ_HOLDS(!"a result of reading");
		}
		FUZZ_HOLDS(row.ref.slot == i);
		(void)directory_vouches(m->dir, row.ref, row.pid);
	}
	(void)directory_vouches(m->dir, (struct user_ref){ m->n_slots, 0 }, 1);
	check_find(m->dir, parsed("alice"));
	check_find(m->dir, parsed("Bob"));
	check_find(m->dir, parsed("nobody"));
}

static void
check_counts(const struct mapping *m)
{
	FUZZ_HOLDS(directory_count_users(m->dir) <= m->n_slots);
	FUZZ_HOLDS(directory_count_nameless(m->dir) <= m->n_slots);
	FUZZ_HOLDS(directory_traffic(m->dir).n_flooding <= m->n_slots);
	(void)directory_roster(m->dir);
	(void)directory_n_joined(m->dir);
	(void)directory_phase(m->dir);
	(void)directory_master_pid(m->dir);
}

/* News -------------------------------------------------------------------- */

static size_t check_lines(const char *text, size_t len);

static void
check_news(const struct mapping *m)
{
	struct newsreader reader;
	struct outbuf out;
	size_t n_lines;

	/* Where nothing can be written: all that is put stays, up to the bound
	 * of the queue. */
	outbuf_init(&out, -1);
	out.write_at = SIZE_MAX;
	newsreader_init(&reader, m->dir, (struct user_ref){ 1, 7 }, &out, 0);
	newsreader_hear(&reader, UINT64_MAX);
	newsreader_tell(&reader, 1);
	n_lines = check_lines(out.bytes + out.start, outbuf_waiting(&out));
	FUZZ_HOLDS(n_lines <= m->n_news + 1);
	outbuf_free(&out);
}

/* Views ------------------------------------------------------------------- */

static bool
is_shown_safely(const char *s, size_t size)
{
	return is_ended(s, size) && text_is_safe(s, strlen(s));
}

static void
check_view(const struct who_view *v, uint32_t n_slots)
{
	FUZZ_HOLDS(is_shown_safely(v->instance, sizeof v->instance));
	FUZZ_HOLDS(is_shown_safely(v->run_dir, sizeof v->run_dir));
	FUZZ_HOLDS(is_shown_safely(v->holder.name, sizeof v->holder.name));
	FUZZ_HOLDS(v->n_listeners <= MAX_LISTENERS);
	for (uint32_t i = 0; i < v->n_listeners; i++)
		FUZZ_HOLDS(
		    is_shown_safely(v->listeners[i], sizeof v->listeners[i]));
	FUZZ_HOLDS(v->n_rows + v->n_connecting <= n_slots);
	FUZZ_HOLDS(v->started_at >= 0 && v->started_at <= v->taken_at);
	for (size_t i = 0; i < v->n_rows; i++) {
		const struct who_row *row = &v->rows[i];

		FUZZ_HOLDS(row->ref.slot < n_slots);
		FUZZ_HOLDS(is_shown_safely(row->name, sizeof row->name));
		FUZZ_HOLDS(is_shown_safely(row->from, sizeof row->from));
		FUZZ_HOLDS(
		    row->joined_at >= 0 && row->joined_at <= v->taken_at);
		FUZZ_HOLDS(
		    row->active_at >= 0 && row->active_at <= v->taken_at);
		FUZZ_HOLDS(
		    row->state == WHO_HERE || row->state == WHO_UNREADABLE);
	}
}

/* How many lines there are, each of them safe. */
static size_t
check_lines(const char *text, size_t len)
{
	size_t n = 0;

	while (len > 0) {
		const char *lf = memchr(text, '\n', len);

		FUZZ_HOLDS(lf != NULL);
		FUZZ_HOLDS(text_is_safe(text, (size_t)(lf - text)));
		len -= (size_t)(lf - text) + 1;
		text = lf + 1;
		n++;
	}
	return n;
}

static void
check_reports(const struct who_view *v)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	FUZZ_HOLDS(out != NULL);
	who_report_names(v, out);
	FUZZ_HOLDS(fflush(out) == 0 && check_lines(text, len) == v->n_rows);
	FUZZ_HOLDS(who_report_users(v, 60, out) == 0);
	FUZZ_HOLDS(who_report_users(v, WHO_ANY_WIDTH, out) == 0);
	FUZZ_HOLDS(who_report_servers(v, 1, 40, out) == 0);
	who_report_stale(v, out);
	FUZZ_HOLDS(fclose(out) == 0 && check_lines(text, len) > v->n_rows);
	free(text);
}

static void
check_json(json_t *json)
{
	char *text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);

	FUZZ_HOLDS(text != NULL && text_is_safe(text, strlen(text)));
	free(text);
	json_decref(json);
}

static void
check_views(const struct mapping *m)
{
	struct who_view view;

	FUZZ_HOLDS(who_view_copy(m->dir, &view) == 0);
	check_view(&view, m->n_slots);
	FUZZ_HOLDS(!view.is_live);
	/* As of a living server, whose users would be shown. */
	view.is_live = true;
	check_reports(&view);
	check_json(who_json_server(&view));
	check_json(who_json_servers(&view, 1, true));
	check_json(who_json_counters(&view));
	who_view_free(&view);
}

/* Inputs ------------------------------------------------------------------ */

static void
look_at(struct mapping *m, struct fuzz_input *in)
{
	for (int i = 0; i < MAX_LOOKS; i++) {
		check_rows(m);
		check_counts(m);
		check_news(m);
		check_views(m);
		if (in->left == 0)
			break;
		(void)carry_out_changes(in, m->writable, m->len);
	}
	unmap(m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct table table;
	struct fuzz_input in = { data, size };
	struct mapping m = { 0 };

	if (fuzz_byte(&in) == 0) {
		size_t len;
		const char *file = fuzz_bytes(&in, MAX_FILE_BYTES, &len);

		in.left = 0;
		if (map(&m, file, len))
			look_at(&m, &in);
		return 0;
	}
	make_sound(&table);
	(void)carry_out_changes(&in, (char *)&table, sizeof table);
	if (map(&m, (const char *)&table, sizeof table))
		look_at(&m, &in);
	return 0;
}
