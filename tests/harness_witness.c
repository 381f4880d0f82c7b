/* harness_witness.c - holding what is heard against what was said; see the
 * header. */
#include "tests/harness_witness.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What one seat knows of another in one of its incarnations. */
struct life {
	/* 0: none */
	uint32_t number;
	/* the number that must come next, once one has come */
	uint32_t next;
	bool counts;
	bool has_left;
};

/* Two lives, because somebody who was killed may be back, under another name,
 * before his death is told; what is older than that is not judged. */
struct acquaintance {
	struct life now, before;
	uint32_t next_whisper;
};

struct seat {
	uint32_t number;
	bool is_here;
	bool is_doomed;
	/* what it was told of a crowd without names: "and 204 more" */
	uint32_t n_joined_unnamed, n_left_unnamed;
	uint32_t n_said;
	/* when it sent its name, and when it was welcomed; in events */
	uint64_t came_at, here_at;
};

struct witness {
	uint32_t n;
	struct seat *seats;
	/* [hearer * n + speaker] */
	struct acquaintance *knows;
	/* [speaker * n + hearer]: whispers so far, in both present lives */
	uint32_t *n_whispered;
	uint64_t clock;
	uint64_t n_heard;
	char complaint[512];
};

struct witness *
witness_new(uint32_t n_seats)
{
	struct witness *w = calloc(1, sizeof *w);

	if (w == NULL)
		abort();
	w->n = n_seats;
	w->seats = calloc(n_seats, sizeof *w->seats);
	w->knows = calloc((size_t)n_seats * n_seats, sizeof *w->knows);
	w->n_whispered =
	    calloc((size_t)n_seats * n_seats, sizeof *w->n_whispered);
	if (w->seats == NULL || w->knows == NULL || w->n_whispered == NULL)
		abort();
	return w;
}

void
witness_free(struct witness *w)
{
	if (w == NULL)
		return;
	free(w->seats);
	free(w->knows);
	free(w->n_whispered);
	free(w);
}

static struct acquaintance *
knows(struct witness *w, uint32_t hearer, uint32_t speaker)
{
	return &w->knows[(size_t)hearer * w->n + speaker];
}

/* Names ------------------------------------------------------------------- */

void
witness_name(
    char name[WITNESS_NAME_BYTES], struct incarnation who, unsigned n_renames)
{
	if (n_renames == 0)
		snprintf(
		    name, WITNESS_NAME_BYTES, "s%u-%u", who.seat, who.number);
	else
		snprintf(name, WITNESS_NAME_BYTES, "s%u-%ur%u", who.seat,
		    who.number, n_renames);
}

static bool
take_number(const char **at, const char *end, uint32_t *out)
{
	const char *begin = *at;
	uint64_t n = 0;

	for (; *at < end && **at >= '0' && **at <= '9'; ++*at)
		n = n * 10 + (uint64_t)(**at - '0');
	*out = (uint32_t)n;
	return *at > begin && n <= UINT32_MAX;
}

static bool
take_text(const char **at, const char *end, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(end - *at) < len || memcmp(*at, text, len) != 0)
		return false;
	*at += len;
	return true;
}

/* A name of ours at *at, which is moved behind it. */
static bool
take_name(const struct witness *w, const char **at, const char *end,
    struct incarnation *who)
{
	const char *from = *at;
	uint32_t renames;

	if (take_text(at, end, "s") && take_number(at, end, &who->seat) &&
	    take_text(at, end, "-") && take_number(at, end, &who->number) &&
	    who->seat < w->n) {
		if (take_text(at, end, "r"))
			(void)take_number(at, end, &renames);
		return true;
	}
	*at = from;
	return false;
}

/* What happens ------------------------------------------------------------ */

struct incarnation
witness_comes(struct witness *w, uint32_t seat)
{
	struct seat *s = &w->seats[seat];

	*s = (struct seat){
		.number = s->number + 1,
		.came_at = ++w->clock,
	};
	memset(knows(w, seat, 0), 0, w->n * sizeof(struct acquaintance));
	for (uint32_t i = 0; i < w->n; i++) {
		w->n_whispered[(size_t)seat * w->n + i] = 0;
		w->n_whispered[(size_t)i * w->n + seat] = 0;
		knows(w, i, seat)->next_whisper = 0;
	}
	return (struct incarnation){ seat, s->number };
}

void
witness_is_here(struct witness *w, uint32_t seat)
{
	w->seats[seat].is_here = true;
	w->seats[seat].here_at = ++w->clock;
}

uint32_t
witness_says(struct witness *w, uint32_t seat)
{
	return w->seats[seat].n_said++;
}

uint32_t
witness_n_said(const struct witness *w, uint32_t seat)
{
	return w->seats[seat].n_said;
}

uint32_t
witness_whispers(struct witness *w, uint32_t seat, uint32_t to)
{
	return w->n_whispered[(size_t)seat * w->n + to]++;
}

void
witness_is_gone(struct witness *w, uint32_t seat)
{
	w->seats[seat].is_here = false;
}

void
witness_is_doomed(struct witness *w, uint32_t seat)
{
	w->seats[seat].is_doomed = true;
}

/* Judging ----------------------------------------------------------------- */

__attribute__((format(printf, 5, 6))) static bool
complain(struct witness *w, uint32_t seat, const char *line, size_t len,
    const char *format, ...)
{
	int used;
	va_list ap;

	if (w->complaint[0] != '\0')
		return false;
	used = snprintf(w->complaint, sizeof w->complaint,
	    "s%u-%u is told \"%.*s\": ", seat, w->seats[seat].number,
	    len < 120 ? (int)len : 120, line);
	va_start(ap, format);
	vsnprintf(w->complaint + used, sizeof w->complaint - (size_t)used,
	    format, ap);
	va_end(ap);
	return false;
}

/* The hearer was in the room before the other came, and must have been told. */
static bool
must_know(const struct witness *w, uint32_t hearer, struct incarnation who)
{
	const struct seat *h = &w->seats[hearer], *s = &w->seats[who.seat];

	return h->is_here && s->number == who.number && hearer != who.seat &&
	       h->here_at < s->came_at;
}

/* Who was not told by name was one of those without; each is taken once. */
static bool
take_unnamed(struct seat *hearer)
{
	if (hearer->n_joined_unnamed == 0)
		return false;
	hearer->n_joined_unnamed--;
	return true;
}

static bool
is_self(const struct witness *w, uint32_t hearer, struct incarnation who)
{
	return hearer == who.seat && who.number == w->seats[hearer].number;
}

/* Something was heard of `who`: what the hearer knows of that life, which may
 * be new to it.  NULL when it is too long ago. */
static struct life *
meet(struct witness *w, uint32_t hearer, struct incarnation who)
{
	struct acquaintance *a = knows(w, hearer, who.seat);

	if (who.number > a->now.number) {
		a->before = a->now;
		a->now = (struct life){ .number = who.number };
	}
	if (who.number == a->now.number)
		return &a->now;
	if (who.number > a->before.number)
		a->before = (struct life){ .number = who.number };
	return who.number == a->before.number ? &a->before : NULL;
}

static bool
is_new(const struct life *life)
{
	return !life->counts && !life->has_left;
}

static bool
hears_said(struct witness *w, uint32_t hearer, struct incarnation who,
    uint32_t number, const char *line, size_t len)
{
	struct life *life = meet(w, hearer, who);

	w->n_heard++;
	if (life == NULL)
		return true;
	if (life->has_left)
		return complain(w, hearer, line, len, "that one had left");
	if (is_new(life) && must_know(w, hearer, who) &&
	    !take_unnamed(&w->seats[hearer]))
		return complain(
		    w, hearer, line, len, "nobody said that it joined");
	if (life->counts && number != life->next)
		return complain(
		    w, hearer, line, len, "%u was next", life->next);
	/* One's own lines come back from the first on. */
	if (!life->counts && is_self(w, hearer, who) && number != 0)
		return complain(w, hearer, line, len, "0 was first");
	life->counts = true;
	life->next = number + 1;
	return true;
}

static bool
hears_whisper(struct witness *w, uint32_t hearer, struct incarnation from,
    struct incarnation to, uint32_t number, const char *line, size_t len)
{
	struct acquaintance *a = knows(w, to.seat, from.seat);

	w->n_heard++;
	if (hearer != to.seat && hearer != from.seat)
		return complain(w, hearer, line, len, "it is for another");
	if (hearer != to.seat || from.number != w->seats[from.seat].number ||
	    to.number != w->seats[to.seat].number)
		return true;
	/* One to somebody who is not there any more is refused, so numbers may
	 * be left out, but never come twice or late. */
	if (number < a->next_whisper)
		return complain(
		    w, hearer, line, len, "%u was next", a->next_whisper);
	a->next_whisper = number + 1;
	return true;
}

static bool
hears_joined(struct witness *w, uint32_t hearer, struct incarnation who,
    const char *line, size_t len)
{
	struct life *life = meet(w, hearer, who);

	if (is_self(w, hearer, who))
		return complain(w, hearer, line, len, "of itself");
	if (life == NULL)
		return true;
	if (!is_new(life))
		return complain(w, hearer, line, len, "not for the first time");
	life->counts = true;
	life->next = 0;
	return true;
}

static bool
hears_left(struct witness *w, uint32_t hearer, struct incarnation who,
    bool was_own_choice, const char *line, size_t len)
{
	struct life *life = meet(w, hearer, who);
	bool was_new = life != NULL && is_new(life);
	const struct seat *s = &w->seats[who.seat];

	if (life == NULL)
		return true;
	if (life->has_left)
		return complain(w, hearer, line, len, "a second time");
	life->has_left = true;
	/* Who dies while he tells of his coming, or of his leaving, has not
	 * told everybody, nor everything. */
	if (!was_own_choice || s->number != who.number || s->is_doomed)
		return true;
	if (was_new && must_know(w, hearer, who) &&
	    !take_unnamed(&w->seats[hearer]))
		return complain(
		    w, hearer, line, len, "nobody said that it joined");
	if (life->counts && life->next != s->n_said)
		return complain(w, hearer, line, len,
		    "it has said %u lines, and %u have come", s->n_said,
		    life->next);
	return true;
}

/* "5 people joined: s1-1, s2-1 and 3 more", from the words on. */
static bool
hears_crowd(struct witness *w, uint32_t hearer, bool joined, const char *at,
    const char *end, const char *line, size_t len)
{
	struct seat *h = &w->seats[hearer];
	struct incarnation who;
	uint32_t n = 0;

	while (take_name(w, &at, end, &who)) {
		if (!(joined ? hears_joined(w, hearer, who, line, len)
			     : hears_left(w, hearer, who, false, line, len)))
			return false;
		(void)take_text(&at, end, ", ");
	}
	if (take_text(&at, end, " and ") && !take_number(&at, end, &n))
		return complain(w, hearer, line, len, "how many?");
	if (joined)
		h->n_joined_unnamed += n;
	else
		h->n_left_unnamed += n;
	return true;
}

static bool
hears_notice(struct witness *w, uint32_t hearer, const char *at,
    const char *end, const char *line, size_t len)
{
	struct incarnation who, as;
	uint32_t n;

	if (take_number(&at, end, &n)) {
		if (take_text(&at, end, " people joined: "))
			return hears_crowd(w, hearer, true, at, end, line, len);
		if (take_text(&at, end, " people left: "))
			return hears_crowd(
			    w, hearer, false, at, end, line, len);
		return true;
	}
	if (!take_name(w, &at, end, &who))
		return true;
	if (take_text(&at, end, " joined"))
		return hears_joined(w, hearer, who, line, len);
	if (take_text(&at, end, " left"))
		return hears_left(w, hearer, who, at == end, line, len);
	if (take_text(&at, end, " is now ") &&
	    (!take_name(w, &at, end, &as) || as.seat != who.seat ||
		as.number != who.number))
		return complain(w, hearer, line, len, "that is another");
	return true;
}

bool
witness_hears(struct witness *w, uint32_t seat, const char *line, size_t len)
{
	const char *at = line, *end = line + len;
	struct incarnation from, to;
	uint32_t number;

	w->clock++;
	if (take_text(&at, end, "* "))
		return hears_notice(w, seat, at, end, line, len);
	if (take_text(&at, end, "[")) {
		if (!take_name(w, &at, end, &from) ||
		    !take_text(&at, end, " -> ") ||
		    !take_name(w, &at, end, &to) ||
		    !take_text(&at, end, "] ") ||
		    !take_number(&at, end, &number))
			return complain(w, seat, line, len, "what is it?");
		return hears_whisper(w, seat, from, to, number, line, len);
	}
	if (take_name(w, &at, end, &from)) {
		if (!take_text(&at, end, ": ") ||
		    !take_number(&at, end, &number))
			return complain(w, seat, line, len, "what is it?");
		return hears_said(w, seat, from, number, line, len);
	}
	return true;
}

/* In the end -------------------------------------------------------------- */

static bool
has_heard_all(const struct witness *w, uint32_t hearer, uint32_t speaker)
{
	const struct seat *s = &w->seats[speaker];
	const struct life *life =
	    &w->knows[(size_t)hearer * w->n + speaker].now;

	if (!s->is_here || s->n_said == 0)
		return true;
	return life->number == s->number && !life->has_left &&
	       life->next == s->n_said;
}

/* A pair that is not settled; false when all are. */
static bool
find_unsettled(
    const struct witness *w, uint32_t *hearer_out, uint32_t *speaker_out)
{
	for (uint32_t i = 0; i < w->n; i++) {
		if (!w->seats[i].is_here)
			continue;
		for (uint32_t j = 0; j < w->n; j++)
			if (!has_heard_all(w, i, j)) {
				*hearer_out = i;
				*speaker_out = j;
				return true;
			}
	}
	return false;
}

bool
witness_is_settled(const struct witness *w)
{
	uint32_t hearer, speaker;

	return !find_unsettled(w, &hearer, &speaker);
}

bool
witness_all_heard_it_leave(const struct witness *w, uint32_t seat)
{
	for (uint32_t i = 0; i < w->n; i++) {
		const struct life *life =
		    &w->knows[(size_t)i * w->n + seat].now;

		if (i != seat && w->seats[i].is_here && life->number > 0 &&
		    life->number == w->seats[seat].number && !life->has_left &&
		    w->seats[i].n_left_unnamed == 0)
			return false;
	}
	return true;
}

bool
witness_all_heard_the_same(
    const struct witness *w, uint32_t first, uint32_t end)
{
	for (uint32_t speaker = first; speaker < end; speaker++) {
		const struct acquaintance *of_speaker = &w->knows[speaker];
		uint32_t n_echoed = of_speaker[(size_t)speaker * w->n].now.next;

		for (uint32_t hearer = first; hearer < end; hearer++)
			if (of_speaker[(size_t)hearer * w->n].now.next !=
			    n_echoed)
				return false;
	}
	return true;
}

const char *
witness_unsettled(const struct witness *w)
{
	static char text[256];
	uint32_t hearer, speaker;
	const struct life *life;

	if (!find_unsettled(w, &hearer, &speaker))
		return "everybody has heard everything";
	life = &w->knows[(size_t)hearer * w->n + speaker].now;
	snprintf(text, sizeof text,
	    "s%u-%u has said %u lines; s%u-%u knows s%u-%u%s and has heard "
	    "%u lines",
	    speaker, w->seats[speaker].number, w->seats[speaker].n_said, hearer,
	    w->seats[hearer].number, speaker, life->number,
	    life->has_left ? " as one who left" : "", life->next);
	return text;
}

const char *
witness_complaint(const struct witness *w)
{
	return w->complaint[0] != '\0' ? w->complaint : NULL;
}

uint64_t
witness_n_heard(const struct witness *w)
{
	return w->n_heard;
}
