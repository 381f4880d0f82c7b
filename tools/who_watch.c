/* who_watch.c - the same look again, once a second.
 *
 * Owns the signals while it runs, and knows nothing of what is shown or of what
 * a key means.  The screen is who_screen.c's. */
#include "tools/who_watch.h"

#include "ipc/clock.h"
#include "tools/who_input.h"
#include "tools/who_screen.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define FRAME_MS 1000
/* How long the rest of an escape sequence may take. */
#define ESCAPE_MS 100

struct who_size
who_size_now(bool in_place)
{
	struct who_size size = { SIZE_MAX, SIZE_MAX };
	const char *columns = getenv("COLUMNS");
	struct winsize ws;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0) {
		size.columns = ws.ws_col;
		if (in_place && ws.ws_row > 0)
			size.lines = ws.ws_row;
	} else if (columns != NULL && atoi(columns) > 0) {
		size.columns = (size_t)atoi(columns);
	}
	return size;
}

/* Frames ----------------------------------------------------------------- */

static FILE *
open_text(struct who_text *text)
{
	return open_memstream(&text->bytes, &text->len);
}

/* Closing is what sets the text. */
static bool
close_text(FILE *stream)
{
	return stream != NULL && fclose(stream) == 0;
}

static bool
drawing_make(const struct who_watch *watch, struct who_size size,
    struct who_drawing *drawing)
{
	struct who_frame frame = {
		.out = open_text(&drawing->look),
		.why = open_text(&drawing->why),
		.question = open_text(&drawing->question),
	};
	bool is_made = frame.out != NULL && frame.why != NULL &&
		       frame.question != NULL &&
		       watch->frame(watch->arg, size, &frame);

	is_made = close_text(frame.out) && is_made;
	is_made = close_text(frame.why) && is_made;
	is_made = close_text(frame.question) && is_made;
	drawing->rows = frame.rows;
	return is_made;
}

static void
drawing_free(struct who_drawing *drawing)
{
	free(drawing->look.bytes);
	free(drawing->why.bytes);
	free(drawing->question.bytes);
}

/* What frames that are not drawn in place remember of those before them. */
struct stream {
	bool has_begun;
	/* what was wrong last time, to say it once and not every second */
	char *why;
};

static void
append(const struct who_watch *watch, struct stream *stream,
    const struct who_drawing *drawing)
{
	const struct who_text *look = &drawing->look;
	const char *why = drawing->why.bytes;

	if (look->len > 0 && stream->has_begun)
		(void)fputs(watch->separator, stdout);
	stream->has_begun = stream->has_begun || look->len > 0;
	(void)fwrite(look->bytes, 1, look->len, stdout);
	if (stream->why == NULL || strcmp(why, stream->why) != 0)
		(void)fputs(why, stderr);
	free(stream->why);
	stream->why = strdup(why);
}

static bool
show(const struct who_watch *watch, struct stream *stream)
{
	struct who_size size = who_size_now(watch->in_place);
	struct who_drawing drawing = { 0 };
	bool is_made;

	if (watch->in_place && !who_screen_take())
		return true;
	is_made = drawing_make(watch, size, &drawing);
	if (is_made && watch->in_place)
		who_draw(&drawing, size.lines, watch->scroll, stdout);
	else if (is_made)
		append(watch, stream, &drawing);
	drawing_free(&drawing);
	return is_made && fflush(stdout) == 0;
}

/* Signals ---------------------------------------------------------------- */

/* Whether it is for the loop.  On a screen that is everything that would end or
 * stop us with the screen in disorder; but not what a fault of our own raises,
 * for that cannot be put off. */
static bool
is_watched(int number, bool in_place)
{
	switch (number) {
	case SIGINT:
	case SIGTERM:
	case SIGQUIT:
	case SIGHUP:
		return true;
	case SIGSEGV:
	case SIGBUS:
	case SIGFPE:
	case SIGILL:
	case SIGTRAP:
	case SIGSYS:
	/* stop what reaches for the terminal from the background */
	case SIGTTIN:
	case SIGTTOU:
	/* do nothing */
	case SIGCHLD:
	case SIGURG:
	/* what is written to nobody fails, and ends the watching */
	case SIGPIPE:
		return false;
	default:
		return in_place;
	}
}

/* Whoever has started us under nohup(1) means it. */
static bool
is_ignored(int number)
{
	struct sigaction action;

	return sigaction(number, NULL, &action) == -1 ||
	       action.sa_handler == SIG_IGN;
}

static int
open_signals(bool in_place)
{
	sigset_t set;

	sigemptyset(&set);
	for (int number = 1; number <= SIGRTMAX; number++)
		if (is_watched(number, in_place) && !is_ignored(number))
			sigaddset(&set, number);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == -1)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Waiting ---------------------------------------------------------------- */

struct loop {
	const struct who_watch *watch;
	int signal_fd;
	struct who_input input;
	/* when half an escape sequence is all of it */
	int64_t escape_at;
};

/* Keys arrive in one go, but for what a network tears apart. */
static void
await_rest(struct loop *loop)
{
	loop->escape_at = who_input_is_pending(&loop->input)
			      ? clock_ms() + ESCAPE_MS
			      : CLOCK_NEVER;
}

/* Returns false when the watching is over. */
static bool
press(const struct loop *loop, int key)
{
	return key == WHO_KEY_NONE || loop->watch->key(loop->watch->arg, key);
}

/* Returns false when the watching is over. */
static bool
on_signal(const struct loop *loop, const struct signalfd_siginfo *info)
{
	switch (info->ssi_signo) {
	/* Somebody may have had the screen, or it has another size. */
	case SIGCONT:
	case SIGWINCH:
		return true;
	case SIGTSTP:
		who_screen_give();
		(void)raise(SIGSTOP);
		return true;
	/* A key, ^C, unless kill(1) has sent it. */
	case SIGINT:
		return info->ssi_code == SI_KERNEL &&
		       press(loop, WHO_KEY_INTERRUPT);
	default:
		return false;
	}
}

/* Returns false when the watching is over. */
static bool
on_signals(const struct loop *loop)
{
	struct signalfd_siginfo info;

	while (
	    read(loop->signal_fd, &info, sizeof info) == (ssize_t)sizeof info)
		if (!on_signal(loop, &info))
			return false;
	return true;
}

/* Returns false when the watching is over. */
static bool
on_keys(struct loop *loop)
{
	unsigned char bytes[64];
	ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);

	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return true;
	/* The terminal is gone; SIGHUP ends the watching if it is to end. */
	if (n <= 0)
		who_screen_end_keys();
	for (ssize_t i = 0; i < n; i++)
		if (!press(loop, who_input_take(&loop->input, bytes[i])))
			return false;
	await_rest(loop);
	return true;
}

/* Returns false when the watching is over. */
static bool
on_silence(struct loop *loop)
{
	if (clock_ms() < loop->escape_at)
		return true;
	loop->escape_at = CLOCK_NEVER;
	return press(loop, who_input_end(&loop->input));
}

/* Returns false when the watching is over. */
static bool
wait_once(struct loop *loop, int64_t at)
{
	enum { FD_SIGNAL, FD_KEYS, N_FDS };
	/* poll(2) passes over a descriptor of -1. */
	struct pollfd fds[N_FDS] = {
		[FD_SIGNAL] = { loop->signal_fd, POLLIN, 0 },
		[FD_KEYS] = { who_screen_key_fd(), POLLIN, 0 },
	};
	int64_t until = clock_earlier(at, loop->escape_at);

	if (poll(fds, N_FDS, clock_poll_timeout(until, clock_ms())) <= 0)
		return on_silence(loop);
	/* First: whoever is stopped by ^Z has no keys any more. */
	if (fds[FD_SIGNAL].revents != 0)
		return on_signals(loop);
	return on_keys(loop);
}

/* Wait for the next frame's time, a signal or a key; half a key is none.
 * Returns false when the watching is over. */
static bool
wait_for_turn(struct loop *loop)
{
	int64_t at = clock_ms() + FRAME_MS;

	do {
		if (!wait_once(loop, at))
			return false;
	} while (who_input_is_pending(&loop->input) && clock_ms() < at);
	return true;
}

bool
who_watch_run(const struct who_watch *watch)
{
	struct loop loop = {
		.watch = watch,
		.signal_fd = open_signals(watch->in_place),
		.escape_at = CLOCK_NEVER,
	};
	struct stream stream = { 0 };
	bool is_shown;
	int saved;

	if (loop.signal_fd == -1)
		return false;
	do {
		is_shown = show(watch, &stream);
	} while (is_shown && wait_for_turn(&loop));
	saved = errno;
	who_screen_give();
	free(stream.why);
	close(loop.signal_fd);
	errno = saved;
	return is_shown;
}
