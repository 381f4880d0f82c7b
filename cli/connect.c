/* connect.c - from a host name to a connection.
 *
 * Tries every address in the resolver's order, each with a deadline, since an
 * address that swallows packets would otherwise hold the next one up for
 * minutes. */
#include "cli/connect.h"

#include "cli/language.h"
#include "ipc/clock.h"
#include "ipc/limits.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Wait until a connection under way is made or refused: 0 or an errno. */
static int
await(int fd)
{
	int64_t deadline = clock_ms() + CONNECT_WAIT_MS;
	struct pollfd p = { fd, POLLOUT, 0 };
	int error = 0;
	socklen_t len = sizeof error;

	for (;;) {
		int n = poll(&p, 1, clock_poll_timeout(deadline, clock_ms()));

		if (n == 0)
			return ETIMEDOUT;
		if (n == 1)
			break;
		/* ^Z and fg are no reason to give up. */
		if (errno != EINTR)
			return errno;
	}
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1)
		return errno;
	return error;
}

/* Lines are short and answers awaited; and a server that has vanished without
 * a word must be noticed while nobody types.  Where an option is refused the
 * connection works all the same. */
static void
tune(int fd)
{
	static const struct {
		int level, option, value;
	} options[] = {
		{ IPPROTO_TCP, TCP_NODELAY, 1 },
		{ IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S },
		{ IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S },
		{ IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES },
		{ IPPROTO_TCP, TCP_USER_TIMEOUT, TCP_GONE_MS },
		{ SOL_SOCKET, SO_KEEPALIVE, 1 },
	};

	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		(void)setsockopt(fd, options[i].level, options[i].option,
		    &options[i].value, sizeof options[i].value);
}

/* A connected descriptor, or -1 and errno. */
static int
try_address(const struct addrinfo *ai)
{
	int error;
	int fd = socket(ai->ai_family,
	    ai->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, ai->ai_protocol);

	if (fd == -1)
		return -1;
	tune(fd);
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) == 0)
		return fd;
	error = errno == EINPROGRESS ? await(fd) : errno;
	if (error == 0)
		return fd;
	(void)close(fd);
	errno = error;
	return -1;
}

static void
complain(struct buffer *why, const struct addrinfo *ai, int error)
{
	char address[NI_MAXHOST];

	if (getnameinfo(ai->ai_addr, ai->ai_addrlen, address, sizeof address,
		NULL, 0, NI_NUMERICHOST) != 0)
		strcpy(address, "?");
	if (buffer_len(why) > 0)
		buffer_append_string(why, ", ");
	buffer_append_string(why, address);
	buffer_append_string(why, ": ");
	buffer_append_string(why, strerror(error));
}

static const char *
advice(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return _("; is chatd running there, and is the port right?");
	case ETIMEDOUT:
		return _(
		    "; is the address right, and does no firewall block it?");
	case ENETUNREACH:
	case EHOSTUNREACH:
		return _("; is this machine on a network that leads there?");
	default:
		return "";
	}
}

static int
open_first(const struct addrinfo *list, struct buffer *why, int *error_out)
{
	for (const struct addrinfo *ai = list; ai != NULL; ai = ai->ai_next) {
		int fd = try_address(ai);

		if (fd != -1)
			return fd;
		*error_out = errno;
		complain(why, ai, *error_out);
	}
	return -1;
}

int
connect_open(const char *host, const char *port, struct buffer *why,
    const char **advice_out)
{
	struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV,
	};
	struct addrinfo *list = NULL;
	int failure = getaddrinfo(host, port, &hints, &list);
	int fd = -1, error = 0;

	if (failure == 0)
		fd = open_first(list, why, &error);
	else
		buffer_append_string(why, failure == EAI_SYSTEM
					      ? strerror(errno)
					      : gai_strerror(failure));
	if (advice_out != NULL)
		*advice_out = failure != 0 ? _("; is the host spelt right?")
					   : advice(error);
	if (list != NULL)
		freeaddrinfo(list);
	return fd;
}
