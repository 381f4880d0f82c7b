/* waiting.c - what a child waits for: its descriptors, and times.
 *
 * Runs in children only.  Each turn of the loop waits for what is of use in the
 * state that the last one has left; what is done with it is child.c. */
#include "srv/child.h"

#include "ipc/clock.h"
#include "ipc/limits.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>

static_assert(N_ROWS <= LOOP_KEPT, "all but the backlogs can be kept");

bool
child_wants_input(const struct child *c)
{
	if (c->client_ended)
		return false;
	if (c->stage != STAGE_TALKING)
		return c->stage >= STAGE_WRITING_OUT;
	return c->retry_at == CLOCK_NEVER && c->held_until == CLOCK_NEVER &&
	       !c->lines_wait && user_has_room(&c->user);
}

static int64_t
next_timer(const struct child *c)
{
	int64_t at = relay_next_at(&c->user.relay, clock_ms());

	if (c->stage == STAGE_TALKING && !c->user.is_here)
		at = clock_earlier(at, c->name_until);
	if (c->stage == STAGE_TALKING)
		at = clock_earlier(at, c->held_until);
	if (c->stage == STAGE_TALKING && c->lines_wait &&
	    user_has_room(&c->user))
		at = 0;
	if (c->stage < STAGE_HEARING)
		at = clock_earlier(at, c->retry_at);
	at = clock_earlier(at, c->removed_at);
	at = clock_earlier(at, c->tidy_at);
	at = clock_earlier(at, lag_next_at(&c->lag));
	if (c->stage > STAGE_HEARING ||
	    (c->stage == STAGE_HANDING_OVER && c->retry_at == CLOCK_NEVER))
		at = clock_earlier(at, c->stage_until);
	return at;
}

/* A connection that is not read may still break, which poll tells whatever it
 * is asked, and every time: to be told once is enough. */
static bool
watches_client(const struct child *c)
{
	return child_wants_input(c) ||
	       (!c->client_ended && !c->out.dead && c->in_fd == c->out_fd);
}

static int
grow_rows(struct child *c, unsigned capacity)
{
	struct pollfd *old = c->rows == c->first_rows ? NULL : c->rows;
	struct pollfd *rows = realloc(old, capacity * sizeof *rows);

	if (rows == NULL)
		return -1;
	c->rows = rows;
	c->rows_capacity = capacity;
	return 0;
}

/* Returns the number of rows; -1 without memory. */
static int
fill_rows(struct child *c)
{
	unsigned n = N_ROWS + c->user.relay.n_backlogs;
	bool hears = c->stage < STAGE_WRITING_OUT;

	if (n > c->rows_capacity && grow_rows(c, 2 * n) == -1)
		return -1;
	c->rows[ROW_SIGNAL] = (struct pollfd){ c->signal_fd, POLLIN, 0 };
	c->rows[ROW_LIFELINE] =
	    (struct pollfd){ c->lifeline_ended ? -1 : c->start->lifeline_fd,
		    POLLIN, 0 };
	c->rows[ROW_MAIL] =
	    (struct pollfd){ hears ? c->user.mail_fd : -1, POLLIN, 0 };
	c->rows[ROW_CLIENT_IN] =
	    (struct pollfd){ watches_client(c) ? c->in_fd : -1,
		    child_wants_input(c) ? POLLIN : 0, 0 };
	c->rows[ROW_CLIENT_OUT] =
	    (struct pollfd){ outbuf_waiting(&c->out) > 0 ? c->out_fd : -1,
		    POLLOUT, 0 };
	return N_ROWS + (int)relay_poll_rows(&c->user.relay, c->rows + N_ROWS);
}

void
child_prepare_waiting(struct child *c)
{
	c->rows = c->first_rows;
	c->rows_capacity = FIRST_ROWS;
	/* There are no backlogs yet, so there is memory enough. */
	loop_keep(&c->kept, c->rows, (unsigned)fill_rows(c));
}

enum child_wait_result
child_wait(struct child *c)
{
	int n = fill_rows(c);

	if (n == -1)
		return CHILD_WITHOUT_MEMORY;
	return loop_wait(&c->kept, c->rows, (unsigned)n, next_timer(c))
		   ? CHILD_READY
		   : CHILD_INTERRUPTED;
}
