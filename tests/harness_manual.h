/* harness_manual.h - what a manual page says, to compare it with the program.
 *
 * Pages are read where tests are run, at the top of the tree. */
#ifndef TESTS_HARNESS_MANUAL_H
#define TESTS_HARNESS_MANUAL_H

#include <stddef.h>

/* The lines of the section or subsection `title` of a page, from below its
 * heading to the next one; the caller frees.  Fails the test when the page has
 * none. */
char *manual_section(const char *path, const char *title);

/* The items of a list in it, each a line `.It HEAD` with HEAD's text, and the
 * line that follows.  Walk: *at is the section first.  Returns 0 at the end. */
int manual_next_item(
    char **at, char *head, size_t head_size, char *text, size_t text_size);

#endif
