/* harness_manual.c - just enough of mdoc(7) to take lists apart. */
#include "tests/harness_manual.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether it is `.Sh TITLE` or `.Ss TITLE`; any heading for NULL. */
static bool
is_heading(const char *line, const char *title)
{
	if (strncmp(line, ".Sh ", 4) != 0 && strncmp(line, ".Ss ", 4) != 0)
		return false;
	return title == NULL || (strncmp(line + 4, title, strlen(title)) == 0 &&
				    line[4 + strlen(title)] == '\n');
}

char *
manual_section(const char *path, const char *title)
{
	FILE *page = fopen(path, "re"), *out;
	char line[512], *section = NULL;
	bool is_in = false, is_found = false;
	size_t len;

	cr_assert_not_null(page, "%s: run tests at the top of the tree", path);
	out = open_memstream(&section, &len);
	while (fgets(line, sizeof line, page) != NULL) {
		if (is_heading(line, NULL)) {
			is_in = is_heading(line, title);
			is_found |= is_in;
		} else if (is_in) {
			(void)fputs(line, out);
		}
	}
	(void)fclose(page);
	(void)fclose(out);
	cr_assert(is_found, "%s has no section \"%s\"", path, title);
	return section;
}

static char *
take_line(char **at, char *line, size_t size)
{
	size_t len = strcspn(*at, "\n");

	if (**at == '\0')
		return NULL;
	(void)snprintf(line, size, "%.*s", (int)len, *at);
	*at += len + ((*at)[len] == '\n');
	return line;
}

bool
manual_next_item(
    char **at, char *head, size_t head_size, char *text, size_t text_size)
{
	char line[512];

	while (take_line(at, line, sizeof line) != NULL)
		if (strncmp(line, ".It ", 4) == 0) {
			(void)snprintf(head, head_size, "%s", line + 4);
			return take_line(at, text, text_size) != NULL;
		}
	return false;
}

bool
manual_next_row(char **at, char cells[][MANUAL_CELL_BYTES], size_t n_cells)
{
	char line[512], *cell = line + strlen(".It ");

	do {
		if (take_line(at, line, sizeof line) == NULL)
			return false;
	} while (strncmp(line, ".It ", 4) != 0);
	for (size_t i = 0; i < n_cells; i++) {
		char *end = strstr(cell, " Ta ");

		if (end == NULL)
			end = cell + strlen(cell);
		(void)snprintf(cells[i], MANUAL_CELL_BYTES, "%.*s",
		    (int)(end - cell), cell);
		cell = *end == '\0' ? end : end + strlen(" Ta ");
	}
	return true;
}
