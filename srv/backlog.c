/* backlog.c - a queue of datagrams for one full mailbox.  Its owner, who
 * decides when a backlog begins and ends, is relay.c. */
#include "srv/backlog.h"

#include "ipc/limits.h"
#include "ipc/mailbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct parcel {
	unsigned n_refs;
	size_t len;
	char bytes[];
};

struct parcel *
parcel_new(const char *bytes, size_t len)
{
	struct parcel *parcel = malloc(sizeof *parcel + len);

	if (parcel == NULL)
		return NULL;
	parcel->n_refs = 1;
	parcel->len = len;
	memcpy(parcel->bytes, bytes, len);
	return parcel;
}

void
parcel_release(struct parcel *parcel)
{
	if (parcel != NULL && --parcel->n_refs == 0)
		free(parcel);
}

struct backlog *
backlog_new(struct user_ref to, int64_t now)
{
	struct backlog *b = calloc(1, sizeof *b);

	if (b == NULL)
		return NULL;
	b->to = to;
	b->fd = -1;
	b->moved_at = b->reported_at = now;
	return b;
}

static void
close_socket(struct backlog *b)
{
	if (b->fd != -1)
		close(b->fd);
	b->fd = -1;
}

void
backlog_free(struct backlog *b)
{
	if (b == NULL)
		return;
	for (unsigned i = 0; i < b->n; i++)
		parcel_release(b->ring[(b->first + i) % b->capacity]);
	free(b->ring);
	close_socket(b);
	free(b);
}

static bool
grow(struct backlog *b)
{
	unsigned capacity = b->capacity ? 2 * b->capacity : 16;
	struct parcel **ring = calloc(capacity, sizeof(*ring));

	if (ring == NULL)
		return false;
	for (unsigned i = 0; i < b->n; i++)
		ring[i] = b->ring[(b->first + i) % b->capacity];
	free(b->ring);
	b->ring = ring;
	b->first = 0;
	b->capacity = capacity;
	return true;
}

bool
backlog_add(struct backlog *b, struct parcel *parcel)
{
	if (b->n_bytes + parcel->len > BACKLOG_MAX_BYTES)
		return false;
	if (b->n == b->capacity && !grow(b))
		return false;
	b->ring[(b->first + b->n++) % b->capacity] = parcel;
	b->n_bytes += parcel->len;
	parcel->n_refs++;
	return true;
}

static void
drop_first(struct backlog *b)
{
	struct parcel *parcel = b->ring[b->first];

	b->first = (b->first + 1) % b->capacity;
	b->n--;
	b->n_bytes -= parcel->len;
	parcel_release(parcel);
}

/* Connect if that has not succeeded yet. */
static int
open_socket(struct backlog *b)
{
	if (b->fd == -1)
		b->fd = mailbox_connect(b->to);
	return b->fd == -1 ? -1 : 0;
}

static int
send_first(struct backlog *b)
{
	struct parcel *parcel = b->ring[b->first];
	ssize_t n;

	do {
		n = send(b->fd, parcel->bytes, parcel->len,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
	} while (n == -1 && errno == EINTR);
	return n == -1 ? -1 : 0;
}

static enum backlog_result
not_sent(struct backlog *b, int error)
{
	if (mailbox_answer(error) == MAILBOX_GONE)
		return BACKLOG_GONE;
	/* Memory is short: poll would say at once that there is room. */
	if (error != EAGAIN)
		close_socket(b);
	return BACKLOG_WAITING;
}

enum backlog_result
backlog_send(struct backlog *b, int64_t now)
{
	if (b->n > 0) {
		if (open_socket(b) == -1 || send_first(b) == -1)
			return not_sent(b, errno);
		drop_first(b);
		b->moved_at = now;
	}
	return b->n > 0 ? BACKLOG_MOVED : BACKLOG_EMPTY;
}
