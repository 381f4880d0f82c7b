/* harness_directory.c - a directory of the test's own, and users in it. */
#include "tests/harness_directory.h"

#include "ipc/news.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void
close_directory(void *dir)
{
	directory_close(dir);
}

struct directory *
test_directory_named(uint32_t max_users, char shm_name[TEST_NAME_BYTES])
{
	struct dir_config config = {
		.instance = "test",
		.run_dir = "/nowhere",
		.max_users = max_users,
	};
	struct directory *dir = NULL;
	bool removed;
	pid_t master;

	test_shm_name(shm_name);
	config.shm_name = shm_name;
	cr_assert_eq(
	    directory_create(&config, &dir, &master, &removed), DIR_OPENED);
	/* Some tests go on as the master in a fork. */
	cr_assert_eq(
	    madvise(dir->free,
		sizeof *dir->free + dir->n_slots * sizeof *dir->free->slots,
		MADV_DOFORK),
	    0);
	harness_on_clean(close_directory, dir);
	return dir;
}

struct directory *
test_directory(uint32_t max_users)
{
	char shm_name[TEST_NAME_BYTES];

	return test_directory_named(max_users, shm_name);
}

struct name
test_parse(const char *text)
{
	struct name name;

	cr_assert_eq(
	    name_parse(text, strlen(text), &name), NAME_OK, "%s", text);
	return name;
}

struct user_ref
test_claim(struct directory *dir)
{
	struct user_ref ref;

	cr_assert(directory_claim(dir, "192.0.2.1:1234", &ref));
	return ref;
}

struct directory
user_view(const struct directory *dir, struct user_ref ref)
{
	struct directory view = *dir;

	/* The descriptor stays the master's. */
	view.fd = -1;
	directory_become(&view, ref);
	return view;
}

struct user_ref
test_join(struct directory *dir, const char *text)
{
	struct user_ref ref = test_claim(dir);
	struct directory view = user_view(dir, ref);
	struct name name = test_parse(text);

	cr_assert_eq(directory_join(&view, &name), DIR_OK, "%s", text);
	return ref;
}

struct sweep {
	struct directory *dir;
	struct user_ref ref;
	struct dir_row row;
};

static bool
is_swept(void *arg)
{
	struct sweep *s = arg;

	return directory_sweep(s->dir, s->ref, "crashed", &s->row) == DIR_OK;
}

struct dir_row
test_sweep(struct directory *dir, struct user_ref ref)
{
	struct sweep s = { .dir = dir, .ref = ref };

	cr_assert(wait_until(is_swept, &s, PATIENCE_MS), "lock held by %#jx",
	    (uintmax_t)lock_holder(&dir->header->lock));
	return s.row;
}

uint32_t
test_find(const struct directory *dir, const char *text)
{
	struct name name = test_parse(text);
	struct dir_row row;

	return directory_find(dir, &name, &row) == DIR_OK ? row.ref.slot
							  : DIR_NO_SLOT;
}

uint32_t
test_list(const struct directory *dir, struct user_ref *refs, uint32_t max)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < dir_n_slots_used(dir) && n < max; i++) {
		uint64_t presence = dir_presence_load(dir, i);

		if (dir_presence_state(presence) == DIR_JOINED)
			refs[n++] = (struct user_ref){ i,
				dir_presence_generation(presence) };
	}
	return n;
}

void
test_directory_is_sound(const struct directory *dir)
{
	const struct dir_header *h = dir->header;
	uint32_t n_joined = 0, n_chained = 0;

	cr_assert_eq(lock_holder(&h->lock), LOCK_FREE);
	cr_assert_eq(directory_roster(dir) % 2, 0);
	for (uint32_t i = 0; i < h->n_slots_used; i++) {
		struct dir_row row, found;

		cr_assert_eq(
		    directory_read(dir, i, &row), DIR_OK, "slot %u", i);
		if (row.state != DIR_JOINED)
			continue;
		n_joined++;
		cr_assert_eq(directory_find(dir, &row.name, &found), DIR_OK,
		    "%s is not found", row.name.text);
		cr_assert(
		    user_ref_equal(found.ref, row.ref), "%s", row.name.text);
	}
	for (uint32_t b = 0; b < h->n_buckets; b++) {
		uint32_t slot = dir->buckets[b];

		for (; slot != DIR_NO_SLOT; slot = dir->slots[slot].next) {
			cr_assert_lt(slot, h->n_slots);
			cr_assert_leq(++n_chained, n_joined, "bucket %u", b);
		}
	}
	cr_assert_eq(n_chained, n_joined);
	cr_assert_eq(directory_n_joined(dir), n_joined);
}

const char *
test_news(const struct directory *dir, uint64_t position)
{
	static char text[65536];
	char *at = text, *end = text + sizeof text;
	struct news news;

	text[0] = '\0';
	for (; position < news_head(dir); position++) {
		cr_assert_eq(news_read(dir, position, &news), NEWS_READ);
		cr_assert_lt(end - at, (ptrdiff_t)sizeof text + 1);
		at += snprintf(at, (size_t)(end - at), "%s", news.name);
		if (news.kind == DIR_NEWS_JOINED)
			at += snprintf(at, (size_t)(end - at), " joined\n");
		else if (news.kind == DIR_NEWS_RENAMED)
			at += snprintf(
			    at, (size_t)(end - at), " is now %s\n", news.other);
		else if (news.other_len == 0)
			at += snprintf(at, (size_t)(end - at), " left\n");
		else
			at += snprintf(
			    at, (size_t)(end - at), " left (%s)\n", news.other);
	}
	return text;
}
