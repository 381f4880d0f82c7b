/* who_select.c - which users are shown, and in which order. */
#include "tools/who_select.h"

#include "ipc/name.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* What is asked for ------------------------------------------------------- */

bool
who_select_name(struct who_select *select, const char *pattern)
{
	size_t len;
	char *folded = name_fold_text(pattern, strlen(pattern), &len);

	if (folded == NULL)
		return false;
	free(select->pattern);
	select->pattern = folded;
	if (select->utf8 == NULL)
		select->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	return true;
}

void
who_select_any_name(struct who_select *select)
{
	free(select->pattern);
	select->pattern = NULL;
}

bool
who_select_state(struct who_select *select, const char *text)
{
	for (int i = 0; i < WHO_N_STATES; i++)
		if (strcasecmp(who_state_text((enum who_state)i), text) == 0) {
			select->has_state = true;
			select->state = (enum who_state)i;
			return true;
		}
	return false;
}

bool
who_select_sort(struct who_select *select, const char *key)
{
	bool is_reversed = key[0] == '-';
	const char *name = key + is_reversed;

	if (!who_user_column_find(name, strlen(name), &select->key))
		return false;
	select->is_sorted = true;
	select->is_reversed = is_reversed;
	return true;
}

bool
who_select_is_filter(const struct who_select *select)
{
	return select->pattern != NULL || select->has_state;
}

bool
who_select_needs_states(const struct who_select *select)
{
	return select->has_state ||
	       (select->is_sorted && select->key == WHO_USER_state);
}

void
who_select_free(struct who_select *select)
{
	free(select->pattern);
	if (select->utf8 != NULL)
		freelocale(select->utf8);
	*select = (struct who_select){ 0 };
}

/* Leaving out ------------------------------------------------------------- */

static bool
is_selected(const struct who_select *select, const struct who_row *row)
{
	if (select->has_state && row->state != select->state)
		return false;
	return select->pattern == NULL ||
	       (row->state != WHO_UNREADABLE &&
		   fnmatch(select->pattern, row->key, 0) == 0);
}

static void
leave_out(const struct who_select *select, struct who_view *view)
{
	/* Without such a locale the rest still holds, but ? is one byte. */
	locale_t former =
	    select->utf8 != NULL ? uselocale(select->utf8) : (locale_t)0;
	size_t n = 0;

	for (size_t i = 0; i < view->n_rows; i++)
		if (is_selected(select, &view->rows[i]))
			view->rows[n++] = view->rows[i];
		else
			view->hidden_queued_bytes += view->rows[i].queued_bytes;
	view->n_hidden += view->n_rows - n;
	view->n_rows = n;
	if (former != (locale_t)0)
		(void)uselocale(former);
}

/* Sorting ----------------------------------------------------------------- */

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static int
by_slot(const struct who_row *a, const struct who_row *b)
{
	return COMPARE(a->ref.slot, b->ref.slot);
}

/* A rate that is not known is below all others. */
static int
by_rate(const struct who_row *a, const struct who_row *b)
{
	double x = a->said_rate.is_known ? a->said_rate.per_s : -1;
	double y = b->said_rate.is_known ? b->said_rate.per_s : -1;

	return COMPARE(x, y);
}

static int
by_column(enum who_user_column column, const struct who_row *a,
    const struct who_row *b)
{
	switch (column) {
	case WHO_USER_name:
		return strcmp(a->key, b->key);
	case WHO_USER_pid:
		return COMPARE(a->pid, b->pid);
	case WHO_USER_slot:
		return by_slot(a, b);
	case WHO_USER_from:
		return strcmp(a->from, b->from);
	case WHO_USER_joined:
		return COMPARE(a->joined_at, b->joined_at);
	case WHO_USER_idle:
		return COMPARE(b->active_at, a->active_at);
	case WHO_USER_said:
		return COMPARE(a->n_said, b->n_said);
	case WHO_USER_rate:
		return by_rate(a, b);
	case WHO_USER_queued:
		return COMPARE(a->queued_bytes, b->queued_bytes);
	case WHO_USER_state:
		return COMPARE(a->state, b->state);
	case WHO_N_USER_COLUMNS:
		break;
	}
	return 0;
}

/* Whoever is equal stands as he joined, also when the order is turned round, so
 * that a table which is drawn again and again does not tumble. */
static int
compare(const void *a, const void *b, void *arg)
{
	const struct who_select *select = arg;
	const struct who_row *x = a, *y = b;
	bool x_unknown = x->state == WHO_UNREADABLE;
	bool y_unknown = y->state == WHO_UNREADABLE;
	int order = by_column(select->key, x, y);

	if (x_unknown != y_unknown)
		return x_unknown - y_unknown;
	if (order != 0 && !x_unknown)
		return select->is_reversed ? -order : order;
	if (x->joined_at != y->joined_at)
		return COMPARE(x->joined_at, y->joined_at);
	return by_slot(x, y);
}

void
who_select_apply(const struct who_select *select, struct who_view *view)
{
	struct who_select copy = *select;

	if (who_select_is_filter(select))
		leave_out(select, view);
	if (select->is_sorted && view->n_rows > 1)
		qsort_r(view->rows, view->n_rows, sizeof *view->rows, compare,
		    &copy);
}
