/* config_file.c - the file of settings: where it is, and reading it.
 *
 * What it says is config_text.c's to understand. */
#include "cli/config_file.h"

#include "cli/language.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whoever writes more by hand has named the wrong file. */
#define FILE_MAX_BYTES (1024 * 1024)

/* By the XDG Base Directory Specification a relative path is none.  False: the
 * environment does not tell. */
static bool
default_path(char *path, size_t size)
{
	const char *base = getenv("XDG_CONFIG_HOME");
	const char *below = "";
	int len;

	if (base == NULL || base[0] != '/') {
		base = getenv("HOME");
		below = "/.config";
	}
	if (base == NULL || base[0] == '\0')
		return false;
	len = snprintf(path, size, "%s%s/chat/config", base, below);
	return len > 0 && (size_t)len < size;
}

static bool
fails(const char *path, int failure, struct buffer *error)
{
	buffer_append_format(error, "%s: %s", path, strerror(failure));
	return false;
}

static bool
read_all(
    FILE *file, const char *path, struct buffer *text, struct buffer *error)
{
	char piece[4096];
	size_t n;

	while ((n = fread(piece, 1, sizeof piece, file)) > 0 &&
	       buffer_len(text) <= FILE_MAX_BYTES)
		buffer_append(text, piece, n);
	if (ferror(file))
		return fails(path, errno, error);
	if (text->failed)
		return fails(path, ENOMEM, error);
	if (buffer_len(text) <= FILE_MAX_BYTES)
		return true;
	buffer_append_format(
	    error, _("%s is too large for a file of settings"), path);
	return false;
}

static bool
parse(struct config *c, const char *path, const struct buffer *text,
    struct buffer *error)
{
	struct buffer why = { 0 };
	unsigned line;
	bool is_good =
	    config_parse(c, buffer_data(text), buffer_len(text), &line, &why);

	if (!is_good)
		buffer_append_format(error, "%s:%u: %.*s", path, line,
		    (int)buffer_len(&why), buffer_data(&why));
	buffer_free(&why);
	return is_good;
}

bool
config_file_load(struct config *c, const char *path, struct buffer *error)
{
	char standard[PATH_MAX];
	bool is_standard = path == NULL;
	struct buffer text = { 0 };
	bool is_good;
	FILE *file;

	if (is_standard) {
		if (!default_path(standard, sizeof standard))
			return true;
		path = standard;
	}
	file = fopen(path, "re");
	if (file == NULL) {
		if (is_standard && (errno == ENOENT || errno == ENOTDIR))
			return true;
		return fails(path, errno, error);
	}
	is_good =
	    read_all(file, path, &text, error) && parse(c, path, &text, error);
	(void)fclose(file);
	buffer_free(&text);
	return is_good;
}
