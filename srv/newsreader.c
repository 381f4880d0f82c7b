/* newsreader.c - the news, put into lines; see the header.
 *
 * One pass goes over a stretch of news.  A short one is told entry by entry. In
 * a longer one who joined and who left is gathered into two lists; their lines
 * are put at its end, or when an entry comes that must not be told before what
 * is gathered. */
#include "srv/newsreader.h"

#include "ipc/memory.h"
#include "ipc/news.h"
#include "srv/line_protocol.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static_assert(REASON_BYTES == sizeof((struct news *)0)->other, "it is one");

struct pass {
	struct newsreader *reader;
	bool has_missed;
	/* NULL: each entry is told by itself */
	struct gathered *gathered;
};

void
newsreader_init(struct newsreader *reader, const struct directory *dir,
    struct user_ref self, struct outbuf *out, struct ignoring *ignoring,
    uint64_t next)
{
	/* Not as a whole, which would touch the lists. */
	reader->dir = dir;
	reader->self = self;
	reader->out = out;
	reader->ignoring = ignoring;
	reader->next = next;
	reader->due = 0;
}

static struct span
span_of(const char *text)
{
	return (struct span){ text, strlen(text) };
}

static void
put_notice(struct newsreader *reader, const char *text)
{
	struct event event = { .kind = EVENT_NOTICE, .text = span_of(text) };

	line_protocol_put(reader->out, &event);
}

/* Gatherings -------------------------------------------------------------- */

/* The texts of what was only glanced at. */
static enum news_result
read_texts(const struct newsreader *reader, struct news *news)
{
	return news->name_len > 0 ? NEWS_READ
				  : news_read(reader->dir, reader->next, news);
}

static void
mention(struct gathering *g, const struct news *news)
{
	struct mention *m = &g->mentions[g->n_mentions++];

	m->who = news->who;
	memcpy(m->name, news->name, sizeof m->name);
	memcpy(m->reason, news->other, sizeof m->reason);
}

static enum news_result
gather(const struct newsreader *reader, struct gathering *g, struct news *news)
{
	if (g->n_mentions < NEWS_NAMES) {
		enum news_result result = read_texts(reader, news);

		if (result != NEWS_READ)
			return result;
		mention(g, news);
	}
	g->people[g->n++] = (struct person){ news->who, news->name_hash };
	return NEWS_READ;
}

/* Somebody under this name. */
static bool
has_name(const struct gathering *g, const struct news *news)
{
	for (unsigned i = 0; i < g->n; i++)
		if (g->people[i].name_hash == news->name_hash)
			return true;
	return false;
}

static void
drop_mention(struct gathering *g, struct user_ref who)
{
	for (unsigned i = 0; i < g->n_mentions; i++) {
		if (!user_ref_equal(g->mentions[i].who, who))
			continue;
		g->n_mentions--;
		memmove(&g->mentions[i], &g->mentions[i + 1],
		    (g->n_mentions - i) * sizeof *g->mentions);
		return;
	}
}

/* Take somebody out; false when he is not in it. */
static bool
drop(struct gathering *g, struct user_ref who)
{
	for (unsigned i = 0; i < g->n; i++) {
		if (!user_ref_equal(g->people[i].who, who))
			continue;
		g->n--;
		memmove(&g->people[i], &g->people[i + 1],
		    (g->n - i) * sizeof *g->people);
		drop_mention(g, who);
		return true;
	}
	return false;
}

static void
put_each(struct newsreader *reader, const struct gathering *g)
{
	for (unsigned i = 0; i < g->n_mentions; i++) {
		struct event event = {
			.kind = g->kind,
			.author = span_of(g->mentions[i].name),
			.text = span_of(g->mentions[i].reason),
		};

		line_protocol_put(reader->out, &event);
	}
}

/* "214 people joined: ann, bob, carol and 211 more" */
static void
put_together(struct newsreader *reader, const struct gathering *g)
{
	/* Room for as many names as are mentioned, however long. */
	char line[NEWS_NAMES * (NAME_MAX_BYTES + 2) + 64];
	char *at = line + sprintf(line, "%u people %s: ", g->n, g->verb);

	for (unsigned i = 0; i < g->n_mentions; i++) {
		if (i > 0)
			at = stpcpy(at, ", ");
		at = stpcpy(at, g->mentions[i].name);
	}
	if (g->n > g->n_mentions)
		(void)sprintf(at, " and %u more", g->n - g->n_mentions);
	put_notice(reader, line);
}

static void
put_gathering(struct newsreader *reader, struct gathering *g)
{
	/* Of few all are mentioned, unless somebody in between was dropped. */
	if (g->n <= NEWS_ONE_BY_ONE && g->n == g->n_mentions)
		put_each(reader, g);
	else if (g->n > 0)
		put_together(reader, g);
	g->n = g->n_mentions = 0;
}

/* The pass ---------------------------------------------------------------- */

static void
put_gathered(struct pass *pass)
{
	if (pass->gathered == NULL)
		return;
	put_gathering(pass->reader, &pass->gathered->joined);
	put_gathering(pass->reader, &pass->gathered->left);
}

static enum news_result
gather_joined(struct pass *pass, struct news *news)
{
	struct gathered *g = pass->gathered;

	/* Whoever had the name before must have left before. */
	if (g->joined.n == GATHERED_MAX || has_name(&g->left, news))
		put_gathered(pass);
	return gather(pass->reader, &g->joined, news);
}

static enum news_result
gather_left(struct pass *pass, struct news *news)
{
	struct gathered *g = pass->gathered;

	/* In a crowd nobody cares for one who came and went. */
	if (g->joined.n > NEWS_ONE_BY_ONE && drop(&g->joined, news->who))
		return NEWS_READ;
	if (g->left.n == GATHERED_MAX || has_name(&g->joined, news))
		put_gathered(pass);
	return gather(pass->reader, &g->left, news);
}

static void
tell_one(struct pass *pass, enum event_kind kind, const struct news *news)
{
	struct event event = {
		.kind = kind,
		.author = { news->name, news->name_len },
		.text = { news->other, news->other_len },
	};

	put_gathered(pass);
	line_protocol_put(pass->reader->out, &event);
}

static void
meet(struct ignoring *ignoring, struct user_ref who, const char *text)
{
	struct name name;

	if (name_parse(text, strlen(text), &name) == NAME_OK)
		ignoring_meet(ignoring, who, &name);
}

/* For who ignores nobody there is nothing to be learnt. */
static void
teach(struct ignoring *ignoring, const struct news *news)
{
	if (ignoring->n_names == 0)
		return;
	switch (news->kind) {
	case DIR_NEWS_RENAMED:
		meet(ignoring, news->who, news->other);
		/* fall through */
	case DIR_NEWS_JOINED:
		meet(ignoring, news->who, news->name);
		break;
	case DIR_NEWS_LEFT:
		ignoring_part(ignoring, news->who);
		break;
	case DIR_N_NEWS_KINDS:
		break;
	}
}

/* NEWS_MISSED or NEWS_BAD when that shows only now. */
static enum news_result
tell(struct pass *pass, struct news *news)
{
	if (user_ref_equal(news->who, pass->reader->self))
		return NEWS_READ;
	teach(pass->reader->ignoring, news);
	switch (news->kind) {
	case DIR_NEWS_JOINED:
		if (pass->gathered != NULL)
			return gather_joined(pass, news);
		tell_one(pass, EVENT_JOINED, news);
		break;
	case DIR_NEWS_LEFT:
		if (pass->gathered != NULL)
			return gather_left(pass, news);
		tell_one(pass, EVENT_LEFT, news);
		break;
	case DIR_NEWS_RENAMED:
		tell_one(pass, EVENT_RENAMED, news);
		break;
	case DIR_N_NEWS_KINDS:
		break;
	}
	return NEWS_READ;
}

/* Of those who came unseen, the ignored are found by their names. */
static void
meet_unseen(struct newsreader *reader)
{
	struct ignoring *ignoring = reader->ignoring;
	struct dir_row row;

	for (unsigned i = 0; i < ignoring->n_names; i++)
		if (directory_find(
			reader->dir, &ignoring->list->names[i], &row) == DIR_OK)
			ignoring_meet(ignoring, row.ref, &row.name);
}

/* So far behind that there is a gap. */
static void
tell_missed(struct pass *pass)
{
	struct newsreader *reader = pass->reader;
	uint64_t oldest = news_oldest(reader->dir);

	put_gathered(pass);
	if (!pass->has_missed)
		put_notice(reader, "so many came and went that you were not "
				   "told of all; /who tells who is here");
	pass->has_missed = true;
	if (oldest > reader->next)
		reader->next = oldest;
	else
		reader->next++;
}

void
newsreader_hear(struct newsreader *reader, uint64_t end)
{
	if (end > reader->due)
		reader->due = end;
}

static struct gathered *
begin_gathering(struct newsreader *reader)
{
	struct gathered *g = &reader->gathered;

	g->joined.kind = EVENT_JOINED;
	g->joined.verb = "joined";
	g->joined.n = g->joined.n_mentions = 0;
	g->left.kind = EVENT_LEFT;
	g->left.verb = "left";
	g->left.n = g->left.n_mentions = 0;
	return g;
}

/* In a crowd hardly anybody is mentioned by name. */
static enum news_result
read_next(const struct pass *pass, struct news *news)
{
	const struct newsreader *reader = pass->reader;
	enum news_result result;

	if (pass->gathered != NULL && reader->ignoring->n_names == 0) {
		result = news_glance(reader->dir, reader->next, news);
		if (result != NEWS_READ || news->kind != DIR_NEWS_RENAMED)
			return result;
	}
	return news_read(reader->dir, reader->next, news);
}

static void
read_up_to(struct pass *pass, uint64_t end)
{
	struct newsreader *reader = pass->reader;
	struct news news;

	while (reader->next < end) {
		enum news_result result = read_next(pass, &news);

		if (result == NEWS_READ)
			result = tell(pass, &news);
		if (result == NEWS_MISSED)
			tell_missed(pass);
		else
			reader->next++;
	}
}

bool
newsreader_tell(struct newsreader *reader, uint64_t end)
{
	uint64_t head = news_head(reader->dir);
	struct pass pass = { .reader = reader };

	if (end < reader->due)
		end = reader->due;
	reader->due = 0;
	if (end > head)
		end = head;
	if (reader->next >= end)
		return false;
	if (end - reader->next > NEWS_ONE_BY_ONE)
		pass.gathered = begin_gathering(reader);
	read_up_to(&pass, end);
	if (pass.has_missed)
		meet_unseen(reader);
	put_gathered(&pass);
	return pass.gathered != NULL;
}

void
newsreader_tidy(struct newsreader *reader)
{
	memory_give_back(&reader->gathered, sizeof reader->gathered);
}
