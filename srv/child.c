/* child.c - one client's process: its beginning and its loop.
 *
 * Runs in children only.  It owns the client's descriptors and the timers,
 * turns lines into requests (session.c) and has the user carry them out
 * (user.c); how it ends is leaving.c.  It waits in waiting.c, and nowhere else
 * but for the directory's lock, LOCK_WAIT_MS at most; and it never runs the
 * master's exit work: it leaves by _exit. */
#include "srv/child.h"

#include "ipc/clock.h"
#include "ipc/limits.h"
#include "ipc/log.h"
#include "ipc/memory.h"
#include "srv/listener.h"
#include "srv/obituary.h"
#include "srv/report.h"
#include "srv/scheduling.h"
#include "srv/title.h"
#include "srv/undertaker.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* What the client says ---------------------------------------------------- */

static void
take_lines(struct child *c)
{
	c->retry_at = CLOCK_NEVER;
	c->lines_wait = false;
	switch (dialogue_take_lines(&c->dialogue)) {
	case DIALOGUE_GOES_ON:
		break;
	case DIALOGUE_BUSY:
		child_retry_soon(c);
		break;
	case DIALOGUE_PAUSED:
		c->lines_wait = true;
		break;
	case DIALOGUE_LEFT:
		child_end(c, ENDING_LEFT);
		break;
	case DIALOGUE_NAMES_REFUSED:
		child_end(c, ENDING_NAMES_REFUSED);
		break;
	case DIALOGUE_FAILED:
		child_end(c, ENDING_FAILED);
		break;
	}
}

/* After TCP_GONE_MS without an answer; on a cable that is pulled the kernel has
 * come to know in the meantime that there is no way. */
static bool
is_timeout(int error)
{
	return error == ETIMEDOUT || error == EHOSTUNREACH ||
	       error == ENETUNREACH;
}

static void
read_client(struct child *c)
{
	int64_t now = clock_ms();
	char *at;
	size_t space = line_reader_space(&c->dialogue.reader, &at);
	struct dir_traffic traffic = directory_traffic(c->dir);
	size_t may = pace_may_read(&c->pace, &traffic, now);
	bool was_flooding = c->pace.is_flooding;
	ssize_t n;

	if (may == 0) {
		c->held_until = now + PACE_LOOK_MS;
		return;
	}
	n = read(c->in_fd, at, may < space ? may : space);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	/* That the connection is lost is told once, perhaps to a write. */
	if (n == 0 && c->out.lost_by != 0) {
		errno = c->out.lost_by;
		n = -1;
	}
	if (n == -1) {
		c->client_ended = true;
		child_end(c,
		    is_timeout(errno) ? ENDING_TIMED_OUT : ENDING_CLIENT_LOST);
		return;
	}
	if (n == 0) {
		c->client_ended = true;
		line_reader_end(&c->dialogue.reader);
	}
	line_reader_added(&c->dialogue.reader, (size_t)n);
	pace_has_read(&c->pace, (size_t)n);
	c->user.is_untidy |= n >= TIDY_BYTES;
	if (c->pace.is_flooding != was_flooding)
		directory_show(
		    c->dir, DIR_PRESENCE_FLOODS, c->pace.is_flooding);
	atomic_store_explicit(
	    &directory_own(c->dir)->active_at, now, memory_order_relaxed);
	take_lines(c);
}

/* After the end nothing that a client sends matters, but what is unread when
 * the socket is closed would make the close a reset, which loses our last
 * words. */
static void
discard_input(struct child *c)
{
	char junk[4096];
	ssize_t n = read(c->in_fd, junk, sizeof junk);

	if (n > 0 || (n == -1 && (errno == EAGAIN || errno == EINTR)))
		return;
	c->client_ended = true;
	if (c->stage == STAGE_LINGERING)
		c->stage = STAGE_DONE;
}

/* The loop ---------------------------------------------------------------- */

static void
on_client(struct child *c, short revents)
{
	if (c->stage >= STAGE_WRITING_OUT) {
		discard_input(c);
		return;
	}
	if (child_wants_input(c)) {
		read_client(c);
		return;
	}
	/* Paused, and the connection is gone altogether: nobody will take what
	 * waits, and what is unread is read when the pause is over. */
	if (revents & (POLLERR | POLLHUP))
		outbuf_give_up(&c->out);
}

static void
on_signal(struct child *c)
{
	struct signalfd_siginfo info;

	while (read(c->signal_fd, &info, sizeof info) == sizeof info) {
		if (getppid() != c->start->master_pid)
			child_on_lifeline(c);
		/* SIGUSR1 is the master's ping; this turn of the loop, which
		 * it counts, is the answer. */
		if (info.ssi_signo != SIGTERM)
			continue;
		if (directory_phase(c->dir) != DIR_RUNNING)
			child_hand_over(c);
		else if (c->removed_at == CLOCK_NEVER)
			c->removed_at = clock_ms() + REMOVAL_WAIT_MS;
	}
}

static void
talk_on(struct child *c, int64_t now)
{
	if (!c->user.is_here && now >= c->name_until)
		child_end(c, ENDING_NAME_LATE);
	else if (now >= c->retry_at ||
		 (c->lines_wait && user_has_room(&c->user)))
		take_lines(c);
	if (now >= c->held_until)
		c->held_until = CLOCK_NEVER;
}

static void
tidy(struct child *c)
{
	c->tidy_at = CLOCK_NEVER;
	user_tidy(&c->user);
	line_reader_tidy(&c->dialogue.reader);
}

/* At the end of a turn with much in it. */
static void
tidy_later(struct child *c)
{
	if (!c->user.is_untidy)
		return;
	c->user.is_untidy = false;
	c->tidy_at = clock_ms() + TIDY_MS;
}

static void
on_timers(struct child *c)
{
	int64_t now = clock_ms();
	struct report stuck = { .kind = REPORT_STUCK_MAILBOX };
	struct report lost = { .kind = REPORT_NO_MAILBOX };

	while (relay_next_stuck(&c->user.relay, now, &stuck.who))
		report_send(c->start->report_fd, &stuck);
	if (relay_take_lost(&c->user.relay, &lost.who))
		report_send(c->start->report_fd, &lost);
	if (now >= c->removed_at) {
		c->removed_at = CLOCK_NEVER;
		if (directory_phase(c->dir) == DIR_RUNNING)
			child_end(c, ENDING_REMOVED);
	}
	if (now >= c->tidy_at)
		tidy(c);
	if (c->stage == STAGE_TALKING)
		talk_on(c, now);
	else
		child_leave_further(c, now);
}

/* At the end of each turn: one write of all that has come together. */
static void
write_client(struct child *c)
{
	outbuf_write(&c->out);
	if (c->out.overflowed && c->stage == STAGE_TALKING) {
		child_end(c, ENDING_TOO_SLOW);
		outbuf_write(&c->out);
	}
	child_has_written(c);
}

/* Last in a turn, whatever part of it made the news. */
static void
ask_for_bell(struct child *c)
{
	struct report news = { .kind = REPORT_NEWS };

	if (!c->user.bell_is_wanted)
		return;
	c->user.bell_is_wanted = false;
	report_send(c->start->report_fd, &news);
}

/* Show in the directory whether the client is behind, for who says much. */
static void
show_lag(struct child *c)
{
	bool was_behind = c->lag.is_behind;

	lag_update(
	    &c->lag, outbuf_waiting(&c->out), c->out.n_written, clock_ms());
	if (c->lag.is_behind != was_behind)
		directory_show(c->dir, DIR_PRESENCE_BEHIND, c->lag.is_behind);
}

/* There is no memory even for waiting. */
static void
give_up(struct child *c)
{
	c->stage = STAGE_DONE;
	c->ending = ENDING_FAILED;
	child_put_last_word(c);
	outbuf_write(&c->out);
}

/* What the rows of child_wait tell, and the time. */
static void
turn(struct child *c)
{
	const struct pollfd *rows = c->rows;
	bool mailbox_is_empty = true;

	if (rows[ROW_CLIENT_OUT].revents)
		outbuf_ready(&c->out);
	relay_on_ready(&c->user.relay, rows + N_ROWS);
	if (rows[ROW_SIGNAL].revents)
		on_signal(c);
	if (rows[ROW_LIFELINE].revents)
		child_on_lifeline(c);
	if ((rows[ROW_MAIL].revents || rows[ROW_CLIENT_IN].revents) &&
	    c->stage < STAGE_WRITING_OUT)
		mailbox_is_empty = user_receive(&c->user);
	/* Only when nothing waits to be heard is the client read: what
	 * was said before it spoke stands before its echo. */
	if (rows[ROW_CLIENT_IN].revents && mailbox_is_empty)
		on_client(c, rows[ROW_CLIENT_IN].revents);
	on_timers(c);
	write_client(c);
	ask_for_bell(c);
	show_lag(c);
	tidy_later(c);
	user_show_figures(&c->user);
}

static void
loop(struct child *c)
{
	while (c->stage != STAGE_DONE)
		switch (child_wait(c)) {
		case CHILD_READY:
			turn(c);
			break;
		case CHILD_INTERRUPTED:
			break;
		case CHILD_WITHOUT_MEMORY:
			give_up(c);
			break;
		}
}

/* Beginning and end ------------------------------------------------------- */

static int
open_signals(void)
{
	sigset_t heard, blocked;

	sigemptyset(&heard);
	sigaddset(&heard, SIGTERM);
	sigaddset(&heard, SIGUSR1);
	sigaddset(&heard, SIGCONT);
	blocked = heard;
	/* ^Z stops the master; those who chat go on. */
	sigaddset(&blocked, SIGTSTP);
	if (sigprocmask(SIG_BLOCK, &blocked, NULL) == -1)
		return -1;
	return signalfd(-1, &heard, SFD_NONBLOCK | SFD_CLOEXEC);
}

/* The lifeline tells of the master's death; SIGCONT on top of it makes a child
 * that is stopped go on, and look. */
static bool
master_is_alive(const struct child_start *start)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGCONT);
	/* It does not fire for a parent that was dead already. */
	return getppid() == start->master_pid;
}

/* A dying master lets go of the lifeline before it stops being our parent; and
 * it may die after it let go in order. */
static bool
master_is_dead(const struct child *c)
{
	return getppid() != c->start->master_pid ||
	       (c->lifeline_ended && directory_phase(c->dir) == DIR_RUNNING);
}

static void
greet(struct child *c)
{
	const char *name = c->start->name;

	if (name == NULL) {
		user_notice(
		    &c->user, "This is chatd; your first line is your name.");
	} else {
		/* as if it had been typed */
		line_reader_put(&c->dialogue.reader, name);
		take_lines(c);
	}
	outbuf_write(&c->out);
}

/* Each page that is always touched is there as often as there are users. */
static_assert(offsetof(struct child, dialogue.request.kind) / 4096 ==
		  offsetof(struct child, dialogue.reader.bytes) / 4096,
    "what each line uses is in two pages: move what is before it");

/* Something is lacking before anything was begun: errno says what. */
_Noreturn static void
end_at_once(const struct child_start *start, const struct directory *dir)
{
	static const char word[] =
	    "! the server cannot serve you now; try again later\n";

	log_error_errno("cannot serve %s", directory_own(dir)->from);
	/* A new connection's buffer takes a line at once; if not, so be it. */
	(void)!write(start->out_fd, word, sizeof word - 1);
	_exit(ending_status(ENDING_FAILED));
}

_Noreturn void
child_run(const struct child_start *start)
{
	/* A copy: the page that the master's is in stays shared with it. */
	struct directory dir = *start->dir;
	struct child *c;

	scheduling_wait_for_turns();
	log_identify("-");
	directory_become(&dir, start->self);
	title_set("(%s)", directory_own(&dir)->from);
	listener_tune_client(start->out_fd);
	/* Its large buffers are only touched as far as they are needed. */
	c = memory_map(sizeof *c);
	if (c == NULL)
		end_at_once(start, &dir);
	c->start = start;
	c->dir = &dir;
	c->in_fd = start->in_fd;
	c->out_fd = start->out_fd;
	c->name_until = clock_ms() + NAME_WAIT_MS;
	c->stage_until = c->retry_at = CLOCK_NEVER;
	c->held_until = c->removed_at = c->tidy_at = CLOCK_NEVER;
	pace_init(&c->pace, clock_ms());
	outbuf_init(&c->out, start->out_fd);
	c->dialogue.user = &c->user;
	c->signal_fd = open_signals();
	if (c->signal_fd == -1 ||
	    user_init(&c->user, &dir, start->self, &c->out) == -1)
		end_at_once(start, &dir);
	child_prepare_waiting(c);
	log_info("connected from %s", directory_own(c->dir)->from);
	greet(c);
	if (!master_is_alive(start))
		child_on_lifeline(c);
	loop(c);
	/* Who could not leave leaves that to the master. */
	if (!c->user.is_here)
		directory_gone(c->dir);
	if (master_is_dead(c)) {
		obituary_write_own(c->dir, c->ending);
		undertaker_run(c->dir, start->run_dir, start->instance);
	}
	_exit(ending_status(c->ending));
}
