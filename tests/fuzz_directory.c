/* fuzz_directory.c - a table that somebody has damaged, as others read it:
 * ipc/directory_map, ipc/directory_read, ipc/news, srv/newsreader.
 *
 * The input is that of mapping.h.  What holds:
 * - a file is opened or refused, and what was opened is never read beyond the
 *   sizes that were checked then, whatever the header says later;
 * - a row is whole and its strings are ended, or it is unreadable and empty;
 * - who is found by a name has it and is here;
 * - news is whole and safe, or it is missed or bad; a client that is told of it
 *   gets safe lines. */
#include "tests/fuzz.h"
#include "tests/mapping.h"

#include "ipc/directory.h"
#include "ipc/news.h"
#include "ipc/text.h"
#include "srv/newsreader.h"

#include <string.h>

/* Looks at all of the table that one input may have. */
#define MAX_LOOKS 4

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
	FUZZ_HOLDS(is_ended(row->away, sizeof row->away));
	FUZZ_HOLDS(row->is_away || row->away[0] == '\0');
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
		   row.active_at == 0 && row.n_said == 0 && !row.is_away);
}

static void
check_find(const struct directory *dir, const char *text)
{
	struct dir_row row;
	struct name name;

	FUZZ_HOLDS(name_parse(text, strlen(text), &name) == NAME_OK);
	if (directory_find(dir, &name, &row) != DIR_OK)
		return;
	check_row(&row);
	FUZZ_HOLDS(row.state == DIR_JOINED && name_same(&row.name, &name));
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
	check_find(m->dir, "alice");
	check_find(m->dir, "Bob");
	check_find(m->dir, "nobody");
}

static void
check_counts(const struct mapping *m)
{
	FUZZ_HOLDS(directory_count_users(m->dir) <= m->n_slots);
	FUZZ_HOLDS(directory_count_nameless(m->dir, INT64_MAX) <= m->n_slots);
	FUZZ_HOLDS(directory_traffic(m->dir).n_flooding <= m->n_slots);
	(void)directory_roster(m->dir);
	(void)directory_n_joined(m->dir);
	(void)directory_phase(m->dir);
	(void)directory_master_pid(m->dir);
}

/* News -------------------------------------------------------------------- */

static void
check_news(const struct mapping *m)
{
	uint64_t head = news_head(m->dir), oldest = news_oldest(m->dir);
	struct news news;

	FUZZ_HOLDS(oldest <= head && head - oldest <= m->n_news);
	for (uint64_t i = 0; i < 2 * (uint64_t)m->n_news; i++) {
		if (news_read(m->dir, head - i, &news) != NEWS_READ)
			continue;
		FUZZ_HOLDS(news.kind < DIR_N_NEWS_KINDS);
		FUZZ_HOLDS(news.name_len > 0);
		FUZZ_HOLDS(strlen(news.name) == news.name_len);
		FUZZ_HOLDS(strlen(news.other) == news.other_len);
		FUZZ_HOLDS(text_is_safe(news.name, news.name_len));
		FUZZ_HOLDS(text_is_safe(news.other, news.other_len));
	}
}

static void
ignore(struct ignoring *ignoring, const char *text)
{
	struct name name;

	FUZZ_HOLDS(name_parse(text, strlen(text), &name) == NAME_OK);
	FUZZ_HOLDS(ignoring_add(ignoring, &name, NULL));
}

/* What a child that has read up to `next` tells its client: a line for each
 * entry at most, and that it has missed something once. */
static void
check_telling(const struct mapping *m, uint64_t next)
{
	static struct ignored ignored;
	struct ignoring ignoring;
	struct newsreader reader;
	struct outbuf out;
	size_t n_lines = 0;

	outbuf_init(&out, -1);
	/* Nothing can be written there, so all that is put stays. */
	out.write_at = SIZE_MAX;
	ignoring_init(&ignoring, &ignored);
	ignore(&ignoring, "guest-b");
	ignore(&ignoring, "rob");
	newsreader_init(
	    &reader, m->dir, (struct user_ref){ 1, 7 }, &out, &ignoring, next);
	newsreader_hear(&reader, UINT64_MAX);
	newsreader_tell(&reader, 0);
	FUZZ_HOLDS(!out.overflowed && !out.dead);
	if (outbuf_waiting(&out) > 0)
		n_lines = fuzz_safe_lines(
		    out.bytes + out.start, outbuf_waiting(&out));
	FUZZ_HOLDS(n_lines <= m->n_news + 1);
	/* All has been told. */
	out.end = out.start;
	newsreader_tell(&reader, news_head(m->dir));
	FUZZ_HOLDS(outbuf_waiting(&out) == 0);
	FUZZ_HOLDS(ignoring.n_names == 2);
	FUZZ_HOLDS(ignoring.n_people <= IGNORED_PEOPLE);
	outbuf_free(&out);
}

/* Inputs ------------------------------------------------------------------ */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	struct mapping m = { 0 };
	int n_looks = 0;

	if (!mapping_open(&m, &in))
		return 0;
	do {
		check_rows(&m);
		check_counts(&m);
		check_news(&m);
		check_telling(&m, 0);
		check_telling(&m, news_oldest(m.dir));
	} while (++n_looks < MAX_LOOKS && mapping_change(&m, &in));
	mapping_close(&m);
	return 0;
}
