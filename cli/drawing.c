/* drawing.c - what is drawn on the terminal, on its way there.
 *
 * A stream whose far end is a buffer in memory.  Who draws bounds that: while
 * something waits, term.c lets nothing be drawn that can be drawn later. */
#include "cli/drawing.h"

#include "cli/buffer.h"
#include "cli/output.h"
#include "ipc/clock.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

/* Who stops or ends chat wants that now, and a terminal may hang. */
#define FINISH_MS 1000

static struct {
	FILE *stream;
	struct buffer waiting;
} drawing;

static ssize_t
take(void *cookie, const char *bytes, size_t len)
{
	(void)cookie;
	buffer_append(&drawing.waiting, bytes, len);
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
