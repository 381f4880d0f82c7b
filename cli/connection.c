/* connection.c - the connection to the server.
 *
 * How it comes about is connect.c; what the lines mean, conversation.c. */
#include "cli/connection.h"

#include "ipc/limits.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

void
connection_init(struct connection *c, int fd)
{
	c->fd = fd;
	lines_init(&c->in, WIRE_LINE_MAX_BYTES);
	c->out = (struct buffer){ 0 };
	c->is_half_closed = false;
	c->has_ended = false;
	c->error = 0;
}

void
connection_close(struct connection *c)
{
	if (c->fd != -1)
		(void)close(c->fd);
	c->fd = -1;
	buffer_free(&c->out);
}

short
connection_events(const struct connection *c, bool wants_lines)
{
	short events = 0;

	if (c->has_ended)
		return 0;
	if (wants_lines)
		events |= POLLIN;
	if (buffer_len(&c->out) > 0)
		events |= POLLOUT;
	return events;
}

void
connection_read(struct connection *c)
{
	size_t room;
	char *space = lines_space(&c->in, &room);
	ssize_t n = recv(c->fd, space, room, MSG_DONTWAIT);

	if (n > 0) {
		lines_added(&c->in, (size_t)n);
		return;
	}
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n == -1)
		c->error = errno;
	c->has_ended = true;
}

/* A server that has stopped listening may have said why before: note the
 * failure, drop what it will not take, and leave the end to connection_read. */
static void
give_up_writing(struct connection *c)
{
	c->error = errno;
	c->is_half_closed = true;
	buffer_drop(&c->out, buffer_len(&c->out));
}

void
connection_write(struct connection *c, bool is_all)
{
	while (buffer_len(&c->out) > 0 && !c->is_half_closed) {
		ssize_t n = send(c->fd, buffer_data(&c->out),
		    buffer_len(&c->out), MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n == -1 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n == -1)
			give_up_writing(c);
		else
			buffer_drop(&c->out, (size_t)n);
	}
	if (is_all && !c->is_half_closed) {
		(void)shutdown(c->fd, SHUT_WR);
		c->is_half_closed = true;
	}
}
