/* who_users.c - the table of users: its columns, and what stands in them. */
#include "tools/who_users.h"

#include "tools/who_figures.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define SECOND_MS 1000
/* Room for whatever stands in a column. */
#define CELL_BYTES (NAME_MAX_BYTES + 1)

static_assert(WHO_N_USER_COLUMNS <= WHO_TABLE_MAX_COLUMNS, "all may be shown");
static_assert(CELL_BYTES >= DIR_ADDRESS_BYTES, "an address fits");
static_assert(CELL_BYTES >= FIGURE_BYTES, "a figure fits");

/* Cells ------------------------------------------------------------------- */

static void
put_name(char *cell, const struct who_view *view, const struct who_row *row)
{
	(void)view;
	snprintf(cell, CELL_BYTES, "%s",
	    row->state == WHO_UNREADABLE ? "?" : row->name);
}

static void
put_pid(char *cell, const struct who_view *view, const struct who_row *row)
{
	(void)view;
	snprintf(cell, CELL_BYTES, "%d", (int)row->pid);
}

/* As his mailbox is called. */
static void
put_slot(char *cell, const struct who_view *view, const struct who_row *row)
{
	(void)view;
	snprintf(cell, CELL_BYTES, "%" PRIu32 ".%" PRIu32, row->ref.slot,
	    row->ref.generation);
}

static void
put_from(char *cell, const struct who_view *view, const struct who_row *row)
{
	(void)view;
	snprintf(cell, CELL_BYTES, "%s", row->from);
}

static void
put_joined(char *cell, const struct who_view *view, const struct who_row *row)
{
	int64_t now_s = view->taken_realtime / SECOND_MS;
	int64_t ago_s = figure_seconds_since(row->joined_at, view->taken_at);

	figure_clock(cell, now_s - ago_s, now_s);
}

static void
put_idle(char *cell, const struct who_view *view, const struct who_row *row)
{
	figure_idle(cell, figure_seconds_since(row->active_at, view->taken_at));
}

static void
put_said(char *cell, const struct who_view *view, const struct who_row *row)
{
	(void)view;
	snprintf(cell, CELL_BYTES, "%" PRIu64, row->n_said);
}

static void
put_rate(char *cell, const struct who_view *view, const struct who_row *row)
{
	(void)view;
	if (row->said_rate.is_known)
		figure_rate(cell, row->said_rate.per_s);
	else
		snprintf(cell, CELL_BYTES, FIGURE_UNKNOWN);
}

static void
put_queued(char *cell, const struct who_view *view, const struct who_row *row)
{
	(void)view;
	figure_bytes(cell, row->queued_bytes);
}

static void
put_state(char *cell, const struct who_view *view, const struct who_row *row)
{
	(void)view;
	snprintf(cell, CELL_BYTES, "%s", who_state_text(row->state));
}

/* Columns ----------------------------------------------------------------- */

static const struct {
	const char *name;
	struct who_column shape;
	bool is_of_entry;
	void (*put)(
	    char *cell, const struct who_view *view, const struct who_row *row);
} columns_known[WHO_N_USER_COLUMNS] = {
#define X(name, title, is_right_aligned, min_width, expendable, is_of_entry)   \
	[WHO_USER_##name] = { #name,                                           \
		{ title, is_right_aligned, min_width, expendable },            \
		is_of_entry, put_##name },
	WHO_USER_COLUMNS(X)
#undef X
};

const char who_user_column_names[] =
#define X(name, ...) " " #name
    WHO_USER_COLUMNS(X);
#undef X

const struct who_user_columns who_user_columns_usual = {
	.list = { WHO_USER_name, WHO_USER_pid, WHO_USER_from, WHO_USER_joined,
	    WHO_USER_idle, WHO_USER_said, WHO_USER_queued, WHO_USER_state },
	.n = 8,
};

const struct who_user_columns who_user_columns_watch = {
	.list = { WHO_USER_name, WHO_USER_pid, WHO_USER_from, WHO_USER_joined,
	    WHO_USER_idle, WHO_USER_said, WHO_USER_rate, WHO_USER_queued,
	    WHO_USER_state },
	.n = 9,
};

bool
who_user_column_find(const char *name, size_t len, enum who_user_column *out)
{
	for (int i = 0; i < WHO_N_USER_COLUMNS; i++)
		if (strlen(columns_known[i].name) == len &&
		    strncasecmp(columns_known[i].name, name, len) == 0) {
			*out = (enum who_user_column)i;
			return true;
		}
	return false;
}

const char *
who_user_column_name(enum who_user_column column)
{
	return columns_known[column].name;
}

/* The table --------------------------------------------------------------- */

static void
add_user(struct who_table *table, const struct who_view *view,
    const struct who_row *row, const struct who_user_columns *columns)
{
	char cells[WHO_N_USER_COLUMNS][CELL_BYTES];
	const char *texts[WHO_N_USER_COLUMNS];

	for (size_t i = 0; i < columns->n; i++) {
		enum who_user_column column = columns->list[i];

		if (columns_known[column].is_of_entry &&
		    row->state == WHO_UNREADABLE) {
			texts[i] = FIGURE_UNKNOWN;
			continue;
		}
		columns_known[column].put(cells[i], view, row);
		texts[i] = cells[i];
	}
	who_table_add(table, texts);
}

int
who_users_print(const struct who_view *view,
    const struct who_user_columns *columns, size_t width, FILE *out)
{
	struct who_column shapes[WHO_N_USER_COLUMNS];
	struct who_table *table;
	int result;

	if (view->n_rows == 0)
		return 0;
	for (size_t i = 0; i < columns->n; i++) {
		shapes[i] = columns_known[columns->list[i]].shape;
		if (columns->are_chosen)
			shapes[i].expendable = 0;
	}
	table = who_table_new(shapes, columns->n);
	for (size_t i = 0; i < view->n_rows; i++)
		add_user(table, view, &view->rows[i], columns);
	result = who_table_print(table, width, out);
	who_table_free(table);
	return result;
}
