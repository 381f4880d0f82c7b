/* log.c - lines for the operator.
 *
 * Every process of ours logs through this file, to the standard error that it
 * was born with.  State is one struct per process; children inherit it. */
#include "ipc/log.h"

#include "ipc/descriptor.h"
#include "ipc/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Below PIPE_BUF, so that a line is written to a pipe whole or not at all. */
#define LOG_LINE_BYTES 1024

static struct {
	int fd;
	bool is_socket;
	/* the descriptor may block: ask poll before each line */
	bool must_ask;
	enum log_level level;
	unsigned n_lost;
	char program[32];
	char role[160];
} logger = { .fd = STDERR_FILENO, .level = LOG_INFO, .program = "chatd" };

/* A pipe's or a terminal's O_NONBLOCK belongs to the open file, which standard
 * error shares with the shell: a second open of the same thing has its own.
 * Sockets cannot be opened again, but send(2) takes the flag with each call. */
static void
reopen_stderr(void)
{
	struct stat st;
	int fd;

	if (fstat(STDERR_FILENO, &st) == -1 || S_ISREG(st.st_mode))
		return;
	if (S_ISSOCK(st.st_mode)) {
		logger.is_socket = true;
		return;
	}
	fd = descriptor_reopen(STDERR_FILENO, O_WRONLY | O_APPEND);
	/* Not ours to open when another user's shell made it. */
	logger.must_ask = fd == -1;
	if (fd != -1)
		logger.fd = fd;
}

void
log_open(const char *program, enum log_level level)
{
	reopen_stderr();
	logger.level = level;
	snprintf(logger.program, sizeof logger.program, "%s", program);
}

void
log_identify(const char *role)
{
	snprintf(logger.role, sizeof logger.role, "%s", role);
}

static bool
would_block(void)
{
	struct pollfd row = { logger.fd, POLLOUT, 0 };

	return logger.must_ask && poll(&row, 1, 0) == 0;
}

static bool
put(const char *line, size_t len)
{
	ssize_t n;

	if (would_block())
		return false;

	do {
		n = logger.is_socket ? send(logger.fd, line, len,
					   MSG_DONTWAIT | MSG_NOSIGNAL)
				     : write(logger.fd, line, len);
	} while (n == -1 && errno == EINTR);
	return n == (ssize_t)len;
}

/* Returns the new length of the line. */
__attribute__((format(printf, 3, 0))) static size_t
append_list(
    char line[LOG_LINE_BYTES], size_t len, const char *format, va_list ap)
{
	int n = vsnprintf(line + len, LOG_LINE_BYTES - len, format, ap);

	if (n < 0)
		return len;
	return len + (size_t)n < LOG_LINE_BYTES ? len + (size_t)n
						: LOG_LINE_BYTES - 1;
}

__attribute__((format(printf, 3, 4))) static size_t
append(char line[LOG_LINE_BYTES], size_t len, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	len = append_list(line, len, format, ap);
	va_end(ap);
	return len;
}

/* `before` stands before the text, `cause` behind it; both may be "".  The line
 * and what of it can be printed are all that is on the stack, as a small
 * process wants it. */
__attribute__((format(printf, 3, 0))) static void
log_formatted(enum log_level level, const char *before, const char *format,
    va_list ap, const char *cause)
{
	static const char *const words[] = {
		[LOG_ERROR] = "error: ",
		[LOG_WARN] = "warning: ",
		[LOG_INFO] = "",
		[LOG_DEBUG] = "debug: ",
	};
	char lost[64] = "", raw[LOG_LINE_BYTES], line[LOG_LINE_BYTES + 1];
	size_t len;

	if (logger.n_lost > 0)
		snprintf(lost, sizeof lost, "(%u lines were lost here) ",
		    logger.n_lost);
	len = append(raw, 0, "%s[%d]%s%s: %s%s%s", logger.program,
	    (int)getpid(), *logger.role ? " " : "", logger.role, lost,
	    words[level], before);
	len = append_list(raw, len, format, ap);
	len = append(raw, len, "%s%s", *cause != '\0' ? ": " : "", cause);
	len = text_printable(line, LOG_LINE_BYTES, raw, len);
	if (len >= LOG_LINE_BYTES)
		len = strlen(line);
	line[len++] = '\n';
	if (put(line, len))
		logger.n_lost = 0;
	else
		logger.n_lost++;
}

void
log_line(enum log_level level, const char *format, ...)
{
	int saved = errno;
	va_list ap;

	if (level > logger.level)
		return;
	va_start(ap, format);
	log_formatted(level, "", format, ap, "");
	va_end(ap);
	errno = saved;
}

void
log_line_errno(enum log_level level, const char *format, ...)
{
	int saved = errno;
	va_list ap;

	if (level > logger.level)
		return;
	va_start(ap, format);
	log_formatted(level, "", format, ap, strerror(saved));
	va_end(ap);
	errno = saved;
}

void
bug(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	log_formatted(LOG_ERROR, "this cannot happen: ", format, ap, "");
	va_end(ap);
	abort();
}
