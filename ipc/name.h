/* name.h - what is a user name, and when two of them are the same.
 *
 * A name is 1 to NAME_MAX_CHARS letters and digits of any script with "_-.";
 * marks that a script needs may follow a letter.  Two names are the same when
 * their NFKC case foldings (Unicode 3.13, NFKC_Casefold) are.  Nothing is ever
 * mended: a name is taken as it is, or refused with the reason. */
#ifndef IPC_NAME_H
#define IPC_NAME_H

#include "ipc/limits.h"

#include <stdbool.h>
#include <stddef.h>

enum name_result {
	NAME_OK,
	NAME_EMPTY,
	NAME_NOT_UTF8,
	/* more than NAME_MAX_CHARS characters, or than NAME_KEY_MAX_BYTES once
	 * folded */
	NAME_TOO_LONG,
	NAME_BAD_CHARACTER,
	/* begins with a combining mark, which would join whatever precedes it
	 */
	NAME_BAD_START,
};

/* A valid name and the key that it is compared by.  The bytes beyond the
 * lengths are zero, so that two keys compare with memcmp. */
struct name {
	unsigned char len;
	unsigned char key_len;
	char text[NAME_MAX_BYTES + 1];
	char key[NAME_KEY_MAX_BYTES + 1];
};

static_assert(NAME_MAX_BYTES <= 255, "a length fits a byte");

/* Check `s` and fold it.  *out is all zero unless the result is NAME_OK. */
enum name_result name_parse(const char *s, size_t len, struct name *out);

/* The reason as the end of "... cannot be a name: "; not for NAME_OK. */
const char *name_result_text(enum name_result result);

/* Whether two names are the same: whether their keys are. */
bool name_same(const struct name *a, const struct name *b);

/* Any text in the form that names are compared in, NUL-terminated, for the
 * caller to free; NULL when it is not UTF-8 or there is no memory. */
char *name_fold_text(const char *s, size_t len, size_t *len_out);

/* A hash of the key, for the directory's index (FNV-1a). */
unsigned name_hash(const struct name *name);

#endif
