/* who_table.h - rows of text laid out in columns.
 *
 * Widths are terminal columns, so wide and combining characters line up.  A
 * table that is too wide first loses the ends of the texts that may be cut
 * short, then whole columns, the least important first.  Pure: no files, no
 * terminal, no clock. */
#ifndef TOOLS_WHO_TABLE_H
#define TOOLS_WHO_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define WHO_TABLE_MAX_COLUMNS 12
/* No limit on the width of a table. */
#define WHO_ANY_WIDTH SIZE_MAX

struct who_column {
	const char *title;
	bool is_right_aligned;
	/* What is left of it at least when texts are cut short; 0 when they
	 * never are. */
	size_t min_width;
	/* Columns are left out from the highest of these down; 0 stays. */
	int expendable;
};

struct who_table;

/* An empty table; `columns` are the caller's and stay.  NULL when there is no
 * memory, which the other functions take. */
struct who_table *who_table_new(
    const struct who_column *columns, size_t n_columns);
void who_table_free(struct who_table *table);

/* Add a row, one text a column.  The texts are copied in printable form. */
void who_table_add(struct who_table *table, const char *const *texts);

/* Print titles and rows, at most `width` columns wide if at all possible, no
 * blanks at the ends of lines.  -1 when memory ran out on the way here. */
int who_table_print(const struct who_table *table, size_t width, FILE *out);

#endif
