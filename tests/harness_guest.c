/* harness_guest.c - a guest's end of the line protocol, for tests.
 *
 * Descriptors do not block and every wait has a deadline.  Each guest keeps the
 * lines that he has seen, to show them when another was expected. */
#include "tests/harness_guest.h"

#include "ipc/clock.h"
#include "ipc/limits.h"
#include "ipc/text.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* What is shown of the past when a test fails. */
#define SEEN_BYTES 2048
#define MARKER "marker-of-the-test"

struct guest {
	/* for messages; "program" when there is none */
	char name[NAME_MAX_BYTES + 1];
	/* whose log to show; NULL behind a program */
	const struct server *server;
	/* one and the same for a socket; -1 when closed */
	int in_fd, out_fd;
	pid_t pid;
	int err_fd;
	/* received and not yet taken */
	size_t len;
	char bytes[4 * WIRE_LINE_MAX_BYTES];
	char line[4 * WIRE_LINE_MAX_BYTES];
	/* the last lines that were taken, each with its LF */
	size_t seen_len;
	char seen[SEEN_BYTES];
};

/* Where in the test we are, and until when. */
struct place {
	const char *file;
	int line;
	int64_t deadline;
};

static struct place
place_at(const char *file, int line)
{
	return (struct place){ file, line, clock_ms() + PATIENCE_MS };
}

__attribute__((format(printf, 3, 4), noreturn)) static void
fail(const struct place *at, struct guest *g, const char *format, ...)
{
	char what[2 * WIRE_LINE_MAX_BYTES], shown[4 * WIRE_LINE_MAX_BYTES];
	va_list ap;

	va_start(ap, format);
	vsnprintf(what, sizeof what, format, ap);
	va_end(ap);
	text_printable(shown, sizeof shown, what, strlen(what));
	cr_assert_fail("%s:%d: %s %s\nseen before that:\n%.*s%s%s", at->file,
	    at->line, g->name, shown, (int)g->seen_len, g->seen,
	    g->server == NULL ? "" : "the server's log:\n",
	    g->server == NULL ? "" : server_log_tail(g->server));
	abort();
}

/* Lines ------------------------------------------------------------------- */

/* Keep the end of what was seen, whole lines of it. */
static void
remember(struct guest *g, const char *line)
{
	char entry[SEEN_BYTES / 2];
	size_t len =
	    text_printable(entry, sizeof entry - 1, line, strlen(line));

	if (len > sizeof entry - 2)
		len = strlen(entry);
	entry[len++] = '\n';
	while (g->seen_len + len > sizeof g->seen) {
		const char *lf = memchr(g->seen, '\n', g->seen_len);
		size_t first = (size_t)(lf - g->seen) + 1;

		memmove(g->seen, g->seen + first, g->seen_len - first);
		g->seen_len -= first;
	}
	memcpy(g->seen + g->seen_len, entry, len);
	g->seen_len += len;
}

/* Move the first received line to g->line.  Returns false when none is whole.
 */
static bool
take_line(struct guest *g)
{
	const char *lf = memchr(g->bytes, '\n', g->len);
	size_t len;

	if (lf == NULL)
		return false;
	len = (size_t)(lf - g->bytes);
	memcpy(g->line, g->bytes, len);
	g->line[len] = '\0';
	g->len -= len + 1;
	memmove(g->bytes, lf + 1, g->len);
	remember(g, g->line);
	return true;
}

enum read_result { READ_SOME, READ_END, READ_RESET, READ_TIMEOUT };

static enum read_result
read_more(struct guest *g, int64_t deadline)
{
	struct pollfd p = { g->in_fd, POLLIN, 0 };
	ssize_t n;

	if (poll(&p, 1, clock_poll_timeout(deadline, clock_ms())) <= 0)
		return READ_TIMEOUT;
	n = read(g->in_fd, g->bytes + g->len, sizeof g->bytes - g->len);
	if (n == -1)
		return errno == EAGAIN ? READ_SOME : READ_RESET;
	g->len += (size_t)n;
	return n == 0 ? READ_END : READ_SOME;
}

/* The next line, markers included, is in g->line; `what` is awaited. */
static void
next_line(struct guest *g, const struct place *at, const char *what)
{
	while (!take_line(g)) {
		if (g->len == sizeof g->bytes)
			fail(at, g, "gets a line without end: %.*s",
			    (int)g->len, g->bytes);
		switch (read_more(g, at->deadline)) {
		case READ_SOME:
			break;
		case READ_END:
			fail(at, g, "gets end of file, not \"%s\"", what);
		case READ_RESET:
			fail(at, g, "is reset (%s), not told \"%s\"",
			    strerror(errno), what);
		case READ_TIMEOUT:
			fail(at, g,
			    "does not see \"%s\"; half a line: "
			    "\"%.*s\"",
			    what, (int)g->len, g->bytes);
		}
	}
}

/* The next line that is not somebody's marker. */
static void
next_real_line(struct guest *g, const struct place *at, const char *what)
{
	do {
		next_line(g, at, what);
	} while (strstr(g->line, MARKER) != NULL);
}

const char *
guest_line_at(const char *file, int line, struct guest *g)
{
	struct place at = place_at(file, line);

	next_real_line(g, &at, "a line");
	return g->line;
}

static void
format_line(char *text, size_t size, const char *format, va_list ap)
{
	int len = vsnprintf(text, size, format, ap);

	cr_assert(len >= 0 && (size_t)len < size, "the expected line is long");
}

void
guest_sees_at(
    const char *file, int line, struct guest *g, const char *format, ...)
{
	struct place at = place_at(file, line);
	char text[2 * WIRE_LINE_MAX_BYTES];
	va_list ap;

	va_start(ap, format);
	format_line(text, sizeof text, format, ap);
	va_end(ap);
	do {
		next_real_line(g, &at, text);
	} while (strcmp(g->line, text) != 0);
}

const char *
guest_sees_start_at(
    const char *file, int line, struct guest *g, const char *format, ...)
{
	struct place at = place_at(file, line);
	char text[2 * WIRE_LINE_MAX_BYTES];
	va_list ap;

	va_start(ap, format);
	format_line(text, sizeof text, format, ap);
	va_end(ap);
	do {
		next_real_line(g, &at, text);
	} while (strncmp(g->line, text, strlen(text)) != 0);
	return g->line;
}

void
guest_sees_next_at(
    const char *file, int line, struct guest *g, const char *format, ...)
{
	struct place at = place_at(file, line);
	char text[2 * WIRE_LINE_MAX_BYTES];
	va_list ap;

	va_start(ap, format);
	format_line(text, sizeof text, format, ap);
	va_end(ap);
	next_real_line(g, &at, text);
	if (strcmp(g->line, text) != 0)
		fail(&at, g, "sees \"%s\", not \"%s\"", g->line, text);
}

void
guest_sees_nothing_like_at(const char *file, int line, struct guest *g,
    struct guest *from, const char *part)
{
	struct place at = place_at(file, line);
	static unsigned n_markers;
	char text[128], end[160];

	snprintf(text, sizeof text, "%s-%u", MARKER, ++n_markers);
	snprintf(end, sizeof end, ": %s", text);
	guest_says_at(file, line, from, "%s", text);
	for (;;) {
		const char *found;

		next_line(g, &at, text);
		found = strstr(g->line, end);
		if (found != NULL && strcmp(found, end) == 0)
			return;
		if (part != NULL && strstr(g->line, part) != NULL)
			fail(&at, g, "sees \"%s\"", g->line);
	}
}

static enum read_result
read_to_end(struct guest *g, const struct place *at)
{
	enum read_result result;

	do {
		while (take_line(g))
			;
		/* Half a line at the end is of no interest. */
		if (g->len == sizeof g->bytes)
			g->len = 0;
		result = read_more(g, at->deadline);
	} while (result == READ_SOME);
	return result;
}

void
guest_sees_end_at(const char *file, int line, struct guest *g)
{
	struct place at = place_at(file, line);
	enum read_result result = read_to_end(g, &at);

	if (result == READ_RESET)
		fail(&at, g, "is reset, not closed: %s", strerror(errno));
	if (result == READ_TIMEOUT)
		fail(&at, g, "does not see the end");
}

void
guest_is_cut_off_at(const char *file, int line, struct guest *g)
{
	struct place at = place_at(file, line);

	if (read_to_end(g, &at) == READ_TIMEOUT)
		fail(&at, g, "is not cut off");
}

/* Saying ------------------------------------------------------------------ */

void
guest_sends_at(
    const char *file, int line, struct guest *g, const void *bytes, size_t len)
{
	struct place at = place_at(file, line);
	const char *next = bytes;

	while (len > 0) {
		struct pollfd p = { g->out_fd, POLLOUT, 0 };
		ssize_t n;

		if (poll(&p, 1, clock_poll_timeout(at.deadline, clock_ms())) <=
		    0)
			fail(&at, g, "cannot send: nobody reads");
		n = g->in_fd == g->out_fd
			? send(g->out_fd, next, len, MSG_NOSIGNAL)
			: write(g->out_fd, next, len);
		if (n == -1 && errno != EAGAIN)
			fail(&at, g, "cannot send: %s", strerror(errno));
		if (n > 0) {
			next += n;
			len -= (size_t)n;
		}
	}
}

void
guest_says_at(
    const char *file, int line, struct guest *g, const char *format, ...)
{
	char text[4 * WIRE_LINE_MAX_BYTES];
	size_t len;
	va_list ap;

	va_start(ap, format);
	format_line(text, sizeof text - 1, format, ap);
	va_end(ap);
	len = strlen(text);
	text[len++] = '\n';
	guest_sends_at(file, line, g, text, len);
}

/* Coming and going -------------------------------------------------------- */

void
guest_close(struct guest *g)
{
	if (g->out_fd != g->in_fd && g->out_fd != -1)
		close(g->out_fd);
	if (g->in_fd != -1)
		close(g->in_fd);
	g->in_fd = g->out_fd = -1;
}

static void
dispose(void *arg)
{
	struct guest *g = arg;

	guest_close(g);
	if (g->pid > 0)
		kill_and_await(g->pid);
	if (g->err_fd != -1)
		close(g->err_fd);
	free(g);
}

static struct guest *
guest_new(const char *name, const struct server *s)
{
	struct guest *g = calloc(1, sizeof *g);

	cr_assert_not_null(g);
	snprintf(g->name, sizeof g->name, "%s", name);
	g->server = s;
	g->in_fd = g->out_fd = g->err_fd = -1;
	harness_on_clean(dispose, g);
	return g;
}

static void
set_nonblocking(int fd)
{
	cr_assert_neq(fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK), -1);
}

struct guest *
guest_connect_at(const char *file, int line, const struct server *s)
{
	struct place at = place_at(file, line);
	struct guest *g = guest_new("somebody", s);
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)s->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	g->in_fd = g->out_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert_neq(g->in_fd, -1, "socket: %s", strerror(errno));
	/* On the loopback this answers at once, whatever the server does. */
	if (connect(g->in_fd, (struct sockaddr *)&address, sizeof address) ==
	    -1)
		fail(&at, g, "cannot connect: %s", strerror(errno));
	set_nonblocking(g->in_fd);
	return g;
}

struct guest *
guest_join_at(
    const char *file, int line, const struct server *s, const char *name)
{
	struct guest *g = guest_connect_at(file, line, s);

	snprintf(g->name, sizeof g->name, "%s", name);
	guest_says_at(file, line, g, "%s", name);
	(void)guest_sees_start_at(file, line, g, "* Welcome, %s!", name);
	return g;
}

struct guest *
guest_connect_to(const struct server *s, const char *host, unsigned port)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM,
	};
	struct guest *g = guest_new("somebody", s);
	struct addrinfo *address;
	char service[16];

	snprintf(service, sizeof service, "%u", port);
	cr_assert_eq(getaddrinfo(host, service, &hints, &address), 0);
	g->in_fd = g->out_fd =
	    socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, 0);
	cr_assert_neq(g->in_fd, -1, "socket: %s", strerror(errno));
	cr_assert_eq(connect(g->in_fd, address->ai_addr, address->ai_addrlen),
	    0, "cannot connect to %s: %s", host, strerror(errno));
	freeaddrinfo(address);
	set_nonblocking(g->in_fd);
	return g;
}

struct guest *
guest_behind(const char *name, int in_fd, int out_fd)
{
	struct guest *g = guest_new(name, NULL);

	g->in_fd = in_fd;
	g->out_fd = out_fd;
	set_nonblocking(in_fd);
	set_nonblocking(out_fd);
	return g;
}

struct guest *
guest_run(const char *const argv[])
{
	struct guest *g = guest_new(argv[0], NULL);
	pid_t parent = getpid();
	int in[2], out[2];

	cr_assert_eq(pipe2(in, O_CLOEXEC), 0);
	cr_assert_eq(pipe2(out, O_CLOEXEC), 0);
	g->err_fd = memfd_create("errors", MFD_CLOEXEC);
	cr_assert_neq(g->err_fd, -1);
	g->pid = fork();
	if (g->pid == 0) {
		program_prepare(parent, in[0], out[1], g->err_fd);
		program_exec(argv);
	}
	cr_assert_neq(g->pid, -1, "fork: %s", strerror(errno));
	close(in[0]);
	close(out[1]);
	g->out_fd = in[1];
	g->in_fd = out[0];
	set_nonblocking(g->in_fd);
	set_nonblocking(g->out_fd);
	return g;
}

pid_t
guest_pid(const struct guest *g)
{
	return g->pid;
}

int
guest_status(struct guest *g)
{
	pid_t pid = g->pid;

	g->pid = 0;
	return await(pid);
}

const char *
guest_errors(struct guest *g)
{
	static char text[16384];
	ssize_t n = pread(g->err_fd, text, sizeof text - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

void
guest_reset(struct guest *g)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	(void)setsockopt(g->in_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	guest_close(g);
}

void
guest_hangs_up(struct guest *g)
{
	if (g->in_fd == g->out_fd) {
		(void)shutdown(g->out_fd, SHUT_WR);
	} else {
		close(g->out_fd);
		g->out_fd = -1;
	}
}

void
guest_takes_little(struct guest *g)
{
	/* Two segments of the loopback's: with less it only creeps. */
	int bytes = 2 * 65536;

	cr_assert_eq(
	    setsockopt(g->in_fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes),
	    0);
}

int
guest_fd(const struct guest *g)
{
	return g->in_fd;
}
