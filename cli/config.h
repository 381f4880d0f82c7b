/* config.h - what can be set: in a file, and above it on the command line.
 *
 * A file has lines "key = value".  Blanks around either do not count, a line
 * that begins with '#' is a comment, and quotation marks around a value keep
 * its blanks.  There is one table of keys, in config.c: the parser and the
 * dump, which are config_text.c, the errors and the options of the command line
 * are made from it. */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "cli/address.h"
#include "cli/attention.h"
#include "cli/buffer.h"
#include "ipc/limits.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct config {
	struct address server;
	/* not checked in any way; "": the person is asked */
	char name[LINE_MAX_BYTES + 1];
	/* whether each line on a screen is preceded by the time */
	bool timestamps;
	/* what rings the bell of a terminal */
	enum attention_bell bell;
	/* whether joins, leaves and renames are hidden on a terminal */
	bool quiet;
	/* whether the prompt tells more than the name */
	bool status;
	/* whether a lost connection is made again, on a terminal */
	bool reconnect;
	/* the file of the transcript; "": none */
	char log[PATH_MAX];
};

void config_init(struct config *c);

/* The keys, in the order of the dump; NULL behind the last.  A switch is a key
 * whose value is yes or no. */
const char *config_key(size_t i);
bool config_is_switch(size_t i);

/* Set one key, by its place in that order.  False appends to `error` a sentence
 * with the name of the key and what its value may be, and changes nothing. */
bool config_set(
    struct config *c, size_t i, const char *value, struct buffer *error);

/* What a key is for, in the person's language and in lines; and append its
 * value. */
const char *config_about(size_t i);
void config_write(const struct config *c, size_t i, struct buffer *out);

/* Take in a whole file.  False at the first line that is wrong, with its number
 * and what is wrong with it; the lines before it have been taken in. */
bool config_parse(struct config *c, const char *text, size_t len,
    unsigned *line_out, struct buffer *error);

/* Append a file with comments that config_parse reads as `c`.  False: a value
 * cannot be written in a file, and `error` says which. */
bool config_dump(
    const struct config *c, struct buffer *out, struct buffer *error);

#endif
