/* drawing.c - what is drawn on the terminal, on its way there.
 *
 * A stream whose far end is a buffer in memory.  Who draws bounds that: while
 * something waits, term.c lets nothing be drawn that can be drawn later. */
#include "cli/drawing.h"

#include "cli/buffer.h"
#include "cli/output.h"
#include "ipc/clock.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

/* Who stops or ends chat wants that now, and a terminal may hang. */
#define FINISH_MS 1000

#define RIGHT "\033[C"

static struct {
	FILE *stream;
	struct buffer waiting;
} drawing;

/* How often the cursor is moved right by one from here on. */
static size_t
count_rights(const char *s, size_t len)
{
	size_t n = 0;

	while (len >= strlen(RIGHT) && memcmp(s, RIGHT, strlen(RIGHT)) == 0) {
		n++;
		s += strlen(RIGHT);
		len -= strlen(RIGHT);
	}
	return n;
}

/* As it is, less what has no use: the padding that old terminals are described
 * as needing, and readline's way to go right, a sequence for each column.  Who
 * understands that understands a count in it (ECMA-48, CUF). */
static ssize_t
take(void *cookie, const char *bytes, size_t len)
{
	const char *at = bytes, *end = bytes + len;

	(void)cookie;
	while (at < end) {
		size_t n_rights = count_rights(at, (size_t)(end - at));
		const char *from = at;
		char right[32];

		if (n_rights > 1) {
			(void)snprintf(
			    right, sizeof right, "\033[%zuC", n_rights);
			buffer_append_string(&drawing.waiting, right);
			at += n_rights * strlen(RIGHT);
		} else if (*at == '\0') {
			at++;
		} else {
			do
				at++;
			while (at < end && *at != '\0' && *at != '\033');
			buffer_append(
			    &drawing.waiting, from, (size_t)(at - from));
		}
	}
	return drawing.waiting.failed ? 0 : (ssize_t)len;
}

FILE *
drawing_open(void)
{
	static const cookie_io_functions_t functions = { .write = take };

	output_open_terminal();
	drawing.stream = fopencookie(NULL, "w", functions);
	/* One that may wait is better than none. */
	if (drawing.stream == NULL)
		drawing.stream = stdout;
	return drawing.stream;
}

int
drawing_write(void)
{
	if (fflush(drawing.stream) == EOF)
		return -1;
	return output_write(&drawing.waiting);
}

bool
drawing_is_waiting(void)
{
	return buffer_len(&drawing.waiting) > 0;
}

void
drawing_finish(void)
{
	int64_t deadline = clock_ms() + FINISH_MS;
	struct pollfd p = { STDOUT_FILENO, POLLOUT, 0 };

	while (drawing_write() == 0 && drawing_is_waiting() &&
	       clock_ms() < deadline)
		(void)poll(&p, 1, clock_poll_timeout(deadline, clock_ms()));
}
