/* who_rates.c - how fast things go: one look compared with one before it. */
#include "tools/who_rates.h"

#include <stdlib.h>
#include <string.h>

#define SHORTEST_MS 500

/* Remembering ------------------------------------------------------------- */

static int
by_slot(const void *a, const void *b)
{
	const struct who_seen_user *x = a, *y = b;

	return (x->ref.slot > y->ref.slot) - (x->ref.slot < y->ref.slot);
}

/* Where memory is short the users' rates are not known the next time. */
static void
copy_users(struct who_seen *look, const struct who_view *view)
{
	look->users = calloc(view->n_rows + 1, sizeof *look->users);
	if (look->users == NULL)
		return;
	for (size_t i = 0; i < view->n_rows; i++)
		if (view->rows[i].state != WHO_UNREADABLE)
			look->users[look->n_users++] =
			    (struct who_seen_user){ view->rows[i].ref,
				    view->rows[i].n_said };
	if (look->n_users > 1)
		qsort(look->users, look->n_users, sizeof *look->users, by_slot);
}

static void
seen_forget(struct who_seen *look)
{
	free(look->users);
	*look = (struct who_seen){ 0 };
}

static void
remember(struct who_rates *rates, const struct who_view *view)
{
	seen_forget(&rates->earlier);
	rates->earlier = rates->latest;
	rates->latest = (struct who_seen){
		.taken_at = view->taken_at,
		.started_at = view->started_at,
		.master_pid = view->master_pid,
	};
	memcpy(rates->latest.counters, view->counters, sizeof view->counters);
	copy_users(&rates->latest, view);
}

/* Comparing --------------------------------------------------------------- */

static bool
is_same_server(const struct who_seen *look, const struct who_view *view)
{
	return look->master_pid == view->master_pid &&
	       look->started_at == view->started_at;
}

static bool
is_old_enough(const struct who_seen *look, const struct who_view *view)
{
	return is_same_server(look, view) &&
	       view->taken_at - look->taken_at >= SHORTEST_MS;
}

static struct who_rate
rate_of(uint64_t before, uint64_t now, int64_t ms)
{
	return (struct who_rate){
		.is_known = true,
		.per_s = now > before
			     ? (double)(now - before) * 1000 / (double)ms
			     : 0,
	};
}

static void
compare(const struct who_seen *before, struct who_view *view)
{
	int64_t ms = view->taken_at - before->taken_at;

	for (int i = 0; i < DIR_N_COUNTERS; i++)
		view->counter_rates[i] =
		    rate_of(before->counters[i], view->counters[i], ms);
	for (size_t i = 0; i < view->n_rows; i++) {
		struct who_row *row = &view->rows[i];
		struct who_seen_user key = { .ref = row->ref };
		const struct who_seen_user *user = NULL;

		if (before->n_users > 0 && row->state != WHO_UNREADABLE)
			user = bsearch(&key, before->users, before->n_users,
			    sizeof key, by_slot);
		if (user != NULL && user_ref_equal(user->ref, row->ref))
			row->said_rate = rate_of(user->n_said, row->n_said, ms);
	}
}

void
who_rates_apply(struct who_rates *rates, struct who_view *view)
{
	bool is_later = is_old_enough(&rates->latest, view);

	if (is_later)
		compare(&rates->latest, view);
	else if (is_old_enough(&rates->earlier, view))
		compare(&rates->earlier, view);
	if (is_later || !is_same_server(&rates->latest, view))
		remember(rates, view);
}

void
who_rates_free(struct who_rates *rates)
{
	seen_forget(&rates->earlier);
	seen_forget(&rates->latest);
}
