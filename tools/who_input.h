/* who_input.h - bytes from a terminal, taken apart into keys.
 *
 * Pure: data in, data out.  Nothing is expected of the bytes: what begins as an
 * escape sequence and is none of those known here is no key, and neither are
 * its bytes. */
#ifndef TOOLS_WHO_INPUT_H
#define TOOLS_WHO_INPUT_H

#include <stdbool.h>
#include <stddef.h>

/* A key is the byte that it sends, 0 to 255, or one of these. */
enum who_key {
	WHO_KEY_NONE = -1,
	WHO_KEY_UP = 256,
	WHO_KEY_DOWN,
	WHO_KEY_PAGE_UP,
	WHO_KEY_PAGE_DOWN,
	WHO_KEY_HOME,
	WHO_KEY_END,
	WHO_KEY_ESCAPE,
	/* ^C, which comes as a signal */
	WHO_KEY_INTERRUPT,
};

/* All zero at first. */
struct who_input {
	enum {
		WHO_INPUT_PLAIN,
		/* after ESC, after ESC [ and after ESC O */
		WHO_INPUT_ESCAPE,
		WHO_INPUT_CSI,
		WHO_INPUT_SS3,
	} state;
	/* what stands between ESC [ and the last byte; longer is none known */
	char parameters[4];
	size_t n_parameters;
};

/* Take in a byte.  Returns the key that is known with it, or WHO_KEY_NONE. */
int who_input_take(struct who_input *input, unsigned char byte);

/* Whether an escape sequence has begun.  If nothing follows for a while, it was
 * the Escape key or nonsense: then who_input_end, which returns as above. */
bool who_input_is_pending(const struct who_input *input);
int who_input_end(struct who_input *input);

#endif
