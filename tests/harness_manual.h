/* harness_manual.h - what a manual page says, to compare it with the program.
 *
 * Pages are read where tests are run, at the top of the tree. */
#ifndef TESTS_HARNESS_MANUAL_H
#define TESTS_HARNESS_MANUAL_H

#include <stdbool.h>
#include <stddef.h>

/* The lines of the section or subsection `title` of a page, from below its
 * heading to the next one; the caller frees.  Fails the test when the page has
 * none. */
char *manual_section(const char *path, const char *title);

/* Walk the lists in it: what stands in the next line `.It HEAD`, and in the
 * line that follows.  *at is the section at first, and moves on.  False at the
 * end. */
bool manual_next_item(
    char **at, char *head, size_t head_size, char *text, size_t text_size);

/* The same for a list in columns: cells[i] is what stands before the (i + 1)th
 * `Ta`, nothing in those that the row has not. */
#define MANUAL_CELL_BYTES 128
bool manual_next_row(
    char **at, char cells[][MANUAL_CELL_BYTES], size_t n_cells);

#endif
