/* who_table.c - rows of text laid out in columns.
 *
 * All texts lie one after the other in one growing buffer, so that ten thousand
 * rows are a handful of allocations; each column remembers its widest text. */
#include "tools/who_table.h"

#include "ipc/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define GAP 2
#define ELLIPSIS "\u2026"

struct who_table {
	const struct who_column *columns;
	size_t n_columns;
	size_t widths[WHO_TABLE_MAX_COLUMNS];
	/* texts, each with its NUL, n_columns a row; the titles first */
	char *texts;
	size_t len, size;
	size_t n_rows;
	/* a row could not be added */
	bool has_failed;
};

/* Rows ------------------------------------------------------------------- */

static bool
make_room(struct who_table *table, size_t n)
{
	size_t size = table->size == 0 ? 4096 : table->size;
	char *texts;

	while (size - table->len < n)
		size *= 2;
	if (size == table->size)
		return true;
	texts = realloc(table->texts, size);
	if (texts == NULL)
		return false;
	table->texts = texts;
	table->size = size;
	return true;
}

/* The printable form of `text` behind the others; returns its whole length, of
 * which no more is there than fits. */
static size_t
put_printable(struct who_table *table, const char *text, size_t len)
{
	return text_printable(
	    table->texts + table->len, table->size - table->len, text, len);
}

static bool
add_text(struct who_table *table, size_t column, const char *text)
{
	size_t text_len = strlen(text), len, width;

	if (!make_room(table, text_len + 1))
		return false;
	len = put_printable(table, text, text_len);
	if (len > text_len) {
		if (!make_room(table, len + 1))
			return false;
		(void)put_printable(table, text, text_len);
	}
	width = text_width(table->texts + table->len, len);
	if (width > table->widths[column])
		table->widths[column] = width;
	table->len += len + 1;
	return true;
}

void
who_table_add(struct who_table *table, const char *const *texts)
{
	size_t n = table == NULL || table->has_failed ? 0 : table->n_columns;

	if (n == 0)
		return;
	for (size_t i = 0; i < n; i++)
		if (!add_text(table, i, texts[i])) {
			table->has_failed = true;
			return;
		}
	table->n_rows++;
}

struct who_table *
who_table_new(const struct who_column *columns, size_t n_columns)
{
	struct who_table *table = calloc(1, sizeof *table);
	const char *titles[WHO_TABLE_MAX_COLUMNS];

	if (table == NULL)
		return NULL;
	table->columns = columns;
	table->n_columns = n_columns;
	for (size_t i = 0; i < n_columns; i++)
		titles[i] = columns[i].title;
	who_table_add(table, titles);
	return table;
}

void
who_table_free(struct who_table *table)
{
	if (table == NULL)
		return;
	free(table->texts);
	free(table);
}

/* Widths ----------------------------------------------------------------- */

/* How wide each column is printed; 0 leaves it out. */
struct layout {
	size_t widths[WHO_TABLE_MAX_COLUMNS];
};

static size_t
total_width(const struct who_table *table, const struct layout *layout)
{
	size_t total = 0;

	for (size_t i = 0; i < table->n_columns; i++)
		if (layout->widths[i] > 0)
			total += (total > 0 ? GAP : 0) + layout->widths[i];
	return total;
}

/* Take a column from the widest text that may be cut short. */
static bool
cut_one(const struct who_table *table, struct layout *layout)
{
	size_t *widest = NULL;

	for (size_t i = 0; i < table->n_columns; i++) {
		size_t min_width = table->columns[i].min_width;

		if (min_width > 0 && layout->widths[i] > min_width &&
		    (widest == NULL || layout->widths[i] > *widest))
			widest = &layout->widths[i];
	}
	if (widest == NULL)
		return false;
	--*widest;
	return true;
}

static bool
leave_one_out(const struct who_table *table, struct layout *layout)
{
	size_t *least = NULL;
	int expendable = 0;

	for (size_t i = 0; i < table->n_columns; i++)
		if (layout->widths[i] > 0 &&
		    table->columns[i].expendable > expendable) {
			expendable = table->columns[i].expendable;
			least = &layout->widths[i];
		}
	if (least == NULL)
		return false;
	*least = 0;
	return true;
}

static struct layout
lay_out(const struct who_table *table, size_t width)
{
	struct layout whole, cut;

	memcpy(whole.widths, table->widths, sizeof whole.widths);
	do {
		cut = whole;
		while (total_width(table, &cut) > width && cut_one(table, &cut))
			;
	} while (
	    total_width(table, &cut) > width && leave_one_out(table, &whole));
	return cut;
}

/* Printing --------------------------------------------------------------- */

/* The bytes of `text` that fit `width` columns, combining marks included. */
static size_t
fitting_len(const char *text, size_t len, size_t width)
{
	size_t used = 0, i = 0;

	while (i < len) {
		uint32_t c;
		int n = text_decode(text + i, len - i, &c);

		if (n == -1)
			n = 1;
		used += text_width(text + i, (size_t)n);
		if (used > width)
			break;
		i += (size_t)n;
	}
	return i;
}

static void
put_blanks(size_t n, FILE *out)
{
	while (n-- > 0)
		(void)putc_unlocked(' ', out);
}

/* Blanks are owed until a text follows them, so that none end a line. */
static void
put_text(const struct who_column *column, size_t width, const char *text,
    size_t *owed, FILE *out)
{
	size_t len = strlen(text);
	size_t columns = text_width(text, len);
	bool is_cut = columns > width;

	if (is_cut) {
		len = fitting_len(text, len, width - 1);
		columns = text_width(text, len) + 1;
	}
	if (column->is_right_aligned)
		*owed += width - columns;
	if (columns > 0) {
		put_blanks(*owed, out);
		*owed = 0;
	}
	(void)fwrite(text, 1, len, out);
	if (is_cut)
		(void)fputs(ELLIPSIS, out);
	if (!column->is_right_aligned)
		*owed += width - columns;
	*owed += GAP;
}

/* Print one row from its first text on; returns where the next row begins. */
static const char *
put_row(const struct who_table *table, const struct layout *layout,
    const char *text, FILE *out)
{
	size_t owed = 0;

	for (size_t i = 0; i < table->n_columns; i++) {
		if (layout->widths[i] > 0)
			put_text(&table->columns[i], layout->widths[i], text,
			    &owed, out);
		text += strlen(text) + 1;
	}
	(void)putc_unlocked('\n', out);
	return text;
}

int
who_table_print(const struct who_table *table, size_t width, FILE *out)
{
	struct layout layout;
	const char *text;

	if (table == NULL || table->has_failed)
		return -1;
	layout = lay_out(table, width);
	text = table->texts;
	for (size_t i = 0; i < table->n_rows; i++)
		text = put_row(table, &layout, text, out);
	return 0;
}
