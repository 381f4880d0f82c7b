/* leaving.c - how a child ends: the stages between the last line that its
 * client says and the end of the process.
 *
 * Runs in children only.  A user who leaves, a client that is lost and a server
 * that stops all go the same way, in the order of enum stage, and each stage
 * has its deadline.  The loop that waits between them is child.c. */
#include "srv/child.h"

#include "ipc/clock.h"
#include "ipc/limits.h"
#include "ipc/log.h"
#include "srv/report.h"

#include <sys/socket.h>

static void
enter_stage(struct child *c, enum stage stage, int64_t ms)
{
	c->stage = stage;
	c->stage_until = ms == CLOCK_NEVER ? CLOCK_NEVER : clock_ms() + ms;
}

void
child_put_last_word(struct child *c)
{
	if (c->out.overflowed)
		outbuf_cut(&c->out);
	ending_put_word(c->ending, &c->user);
}

/* Out of the room: nothing more comes, the last word is put, and the client may
 * take its time. */
static void
write_out(struct child *c, int64_t ms)
{
	user_stop_hearing(&c->user);
	child_put_last_word(c);
	enter_stage(c, STAGE_WRITING_OUT, ms);
}

/* The directory's lock did not come: have the master look at who holds it. */
void
child_retry_soon(struct child *c)
{
	struct report report = { .kind = REPORT_STUCK_LOCK };

	report_send(c->start->report_fd, &report);
	c->retry_at = clock_ms() + LOCK_RETRY_MS;
}

/* Leave the room for the reason in c->ending.  When the lock does not come,
 * child_leave_further comes here again; when it never does, the master speaks
 * for us. */
static void
leave(struct child *c)
{
	int64_t now = clock_ms();

	/* the first try */
	if (c->retry_at == CLOCK_NEVER)
		c->stage_until = now + LOCK_GIVE_UP_MS;
	c->retry_at = CLOCK_NEVER;
	if (user_leave(&c->user, ending_reason(c->ending)) == USER_BUSY &&
	    now < c->stage_until) {
		child_retry_soon(c);
		return;
	}
	if (c->ending == ENDING_SERVER_STOPPED)
		enter_stage(c, STAGE_HEARING, CLOCK_NEVER);
	else
		write_out(
		    c, c->ending == ENDING_TOO_SLOW ? LINGER_MS : LEAVE_MS);
}

/* Everybody gets what was said before he hears that its author left, so a full
 * mailbox holds that up: until it has room, or its owner is evicted. */
static void
hand_over(struct child *c, enum ending ending, int64_t ms)
{
	c->ending = ending;
	c->retry_at = CLOCK_NEVER;
	(void)user_flush(&c->user);
	enter_stage(c, STAGE_HANDING_OVER, ms);
	if (user_has_handed_over(&c->user))
		leave(c);
}

/* Stop reading the client, and leave. */
void
child_end(struct child *c, enum ending ending)
{
	if (c->stage >= STAGE_HANDING_OVER)
		return;
	/* For the operator the master says so, when all is over. */
	log_debug("%s", ending_text(ending));
	hand_over(c, ending, HAND_OVER_MS);
}

/* The server stops: first everybody hands over what was said, then everybody
 * leaves, and only then, at the master's word, is the last mail taken. */
void
child_hand_over(struct child *c)
{
	if (c->stage == STAGE_TALKING)
		hand_over(c, ENDING_SERVER_STOPPED, DRAIN_MS);
}

/* The lifeline's end: either the master's word, or its death.  Who is on his
 * way out already has less time for it than he thought. */
void
child_on_lifeline(struct child *c)
{
	bool stopped = directory_phase(c->dir) != DIR_RUNNING;

	if (c->lifeline_ended)
		return;
	c->lifeline_ended = true;
	if (c->stage >= STAGE_WRITING_OUT) {
		enter_stage(c, c->stage, stopped ? LINGER_STOP_MS : 0);
		return;
	}
	c->ending = stopped ? ENDING_SERVER_STOPPED : ENDING_SERVER_DIED;
	(void)user_leave(&c->user, NULL);
	write_out(c, stopped ? FINISH_MS : 0);
}

/* All is handed over, or cannot be; or the lock is to be tried for again. */
static bool
is_time_to_leave(const struct child *c, int64_t now)
{
	if (c->retry_at != CLOCK_NEVER)
		return now >= c->retry_at;
	return user_has_handed_over(&c->user) || now >= c->stage_until;
}

void
child_leave_further(struct child *c, int64_t now)
{
	switch (c->stage) {
	case STAGE_TALKING:
	case STAGE_HEARING:
	case STAGE_DONE:
		break;
	case STAGE_HANDING_OVER:
		if (is_time_to_leave(c, now))
			leave(c);
		break;
	case STAGE_WRITING_OUT:
	case STAGE_LINGERING:
		if (now >= c->stage_until)
			c->stage = STAGE_DONE;
		break;
	}
}

void
child_has_written(struct child *c)
{
	if (c->stage != STAGE_WRITING_OUT || outbuf_waiting(&c->out) > 0)
		return;
	if (!c->user.is_here)
		directory_gone(c->dir);
	if (c->client_ended || c->out.dead ||
	    shutdown(c->out_fd, SHUT_WR) == -1)
		c->stage = STAGE_DONE;
	else
		enter_stage(c, STAGE_LINGERING,
		    c->lifeline_ended ? LINGER_STOP_MS : LINGER_MS);
}
