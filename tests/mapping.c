/* mapping.c - a damaged table between guards; see the header. */
#include "tests/mapping.h"

#include <fcntl.h>
#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX_FILE_BYTES 16384
/* Around the mapping. */
#define GUARD_BYTES ((size_t)1 << 24)

/* A sound table ----------------------------------------------------------- */

#define N_SLOTS 4u
#define N_BUCKETS 4u
#define N_NEWS 16u

/* As in directory_layout.h, with these numbers of slots and the like. */
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
	s->is_away = slot % 2;
	if (s->is_away)
		strcpy(s->away, "gone fishing");
	if (text == NULL)
		return;
	s->names[0] = *parsed(text);
	if (state == DIR_JOINED) {
		uint32_t bucket = name_hash(&s->names[0]) % N_BUCKETS;

		s->next = t->buckets[bucket];
		t->buckets[bucket] = slot;
	}
}

/* What follows the latest entry; the first one stands behind a whole round. */
static void
add_news(struct table *t, enum dir_news_kind kind, uint32_t slot,
    const char *name, const char *other)
{
	uint64_t position = t->header.news_head++;
	struct dir_news *news = &t->news[position % N_NEWS];

	news->mark = position + 1;
	news->kind = kind;
	news->slot = slot;
	news->generation = 7;
	news->name_hash = name_hash(parsed(name));
	strcpy(news->name, name);
	strcpy(news->other, other);
}

/* A crowd comes, one of them goes at once, and others after a change of name,
 * which parts what is told together. */
static void
add_crowd(struct table *t)
{
	char name[] = "guest-a";

	t->header.news_head = N_NEWS;
	for (uint32_t i = 0; i < 11; i++) {
		name[sizeof name - 2] = (char)('a' + i);
		add_news(t, DIR_NEWS_JOINED, 100 + i, name, "");
	}
	add_news(t, DIR_NEWS_LEFT, 104, "guest-e", "too slow");
	add_news(t, DIR_NEWS_JOINED, 111, "rob", "");
	add_news(t, DIR_NEWS_RENAMED, 2, "rob", "bob");
	add_news(t, DIR_NEWS_LEFT, 3, "carol", "connection lost");
	add_news(t, DIR_NEWS_LEFT, 100, "guest-a", "");
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
	add_crowd(t);
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
#define NEWS(field)                                                            \
	{                                                                      \
		offsetof(struct table, news[0].field),                         \
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
	HEADER(n_news),
	HEADER(news_head),
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
	NEWS(mark),
	NEWS(kind),
	NEWS(slot),
	NEWS(name),
	NEWS(other),
	{ offsetof(struct table, news), sizeof(struct dir_news) * N_NEWS },
	{ offsetof(struct table, presence), sizeof(uint64_t) * N_SLOTS },
	{ offsetof(struct table, buckets), sizeof(uint32_t) * N_BUCKETS },
	SLOT(is_away),
	SLOT(away),
#undef HEADER
#undef SLOT
#undef NEWS
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

		switch (fuzz_byte(in) % MAPPING_N_ORDERS) {
		case MAPPING_CHANGE_FIELD:
			i = fuzz_byte(in) % (sizeof fields / sizeof *fields);
			if (fields[i].offset + fields[i].size <= size)
				change(in, table, fields[i].offset,
				    fields[i].size);
			break;
		case MAPPING_CHANGE_BYTES:
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

void
mapping_close(struct mapping *m)
{
	ASAN_UNPOISON_MEMORY_REGION(m->room + GUARD_BYTES, m->whole);
	directory_close(m->dir);
	(void)munmap(m->room, m->room_len);
	(void)munmap(m->writable, m->len);
}

bool
mapping_open(struct mapping *m, struct fuzz_input *in)
{
	static struct table table;

	if (fuzz_byte(in) == 0) {
		size_t len;
		const char *file = fuzz_bytes(in, MAX_FILE_BYTES, &len);

		in->left = 0;
		return map(m, file, len);
	}
	make_sound(&table);
	(void)carry_out_changes(in, (char *)&table, sizeof table);
	return map(m, (const char *)&table, sizeof table);
}

bool
mapping_change(struct mapping *m, struct fuzz_input *in)
{
	if (in->left == 0)
		return false;
	(void)carry_out_changes(in, m->writable, m->len);
	return true;
}
