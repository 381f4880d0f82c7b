/* torture_soak.c - a long run with mixed load and faults of every kind, at
 * random: at the end nothing has grown, and no line was lost or came twice.
 *
 * SOAK_SECONDS says for how long; the schedule follows from TORTURE_SEED. */
#include "ipc/clock.h"
#include "ipc/limits.h"
#include "tests/harness_condition.h"
#include "tests/harness_crowd.h"
#include "tests/harness_torture.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(torture_soak, .fini = harness_clean, .timeout = TORTURE_TIMEOUT * 24);

#define N_USERS 80
#define MAX_STOPPED 4

/* Children that were stopped for a while, and until when. */
static struct {
	pid_t pid;
	int64_t until;
} stopped[MAX_STOPPED];

/* Clients that do not read for a while. */
static struct {
	bool is_deaf;
	uint32_t seat;
	int64_t until;
} deaf;

static struct server *server;
static struct directory *dir;
static struct crowd *crowd;
static unsigned n_faults;

static bool
pick_child(struct dir_row *row_out, struct incarnation *who_out)
{
	uint32_t slot = torture_dice(dir_n_slots_used(dir));

	return directory_read(dir, slot, row_out) == DIR_OK &&
	       row_out->state == DIR_JOINED && row_out->pid > 0 &&
	       crowd_find(crowd, row_out->name.text, who_out);
}

static void
kill_somebody(void)
{
	struct incarnation who;
	struct dir_row row;

	if (!pick_child(&row, &who))
		return;
	crowd_is_doomed(crowd, who.seat);
	n_faults += kill(row.pid, SIGKILL) == 0;
}

/* For less than he is evicted for, mostly. */
static void
stop_somebody(void)
{
	struct incarnation who;
	struct dir_row row;

	for (int i = 0; i < MAX_STOPPED; i++) {
		if (stopped[i].pid != 0 || !pick_child(&row, &who))
			continue;
		crowd_is_doomed(crowd, who.seat);
		stopped[i].pid = row.pid;
		stopped[i].until =
		    clock_ms() + torture_dice(STOPPED_MS + STOPPED_MS / 4);
		n_faults += kill(row.pid, SIGSTOP) == 0;
		return;
	}
}

/* A pid that was evicted may be another's by now, but not one of ours: they are
 * not stopped. */
static void
continue_stopped(bool all)
{
	for (int i = 0; i < MAX_STOPPED; i++)
		if (stopped[i].pid != 0 &&
		    (all || clock_ms() >= stopped[i].until)) {
			if (process_state(stopped[i].pid) == 'T')
				(void)kill(stopped[i].pid, SIGCONT);
			stopped[i].pid = 0;
		}
}

static void
deafen_somebody(void)
{
	uint32_t seat = torture_dice(N_USERS);

	if (deaf.is_deaf || crowd_state(crowd, seat) != CROWD_HERE)
		return;
	crowd_is_doomed(crowd, seat);
	crowd_stops_reading(crowd, seat, true);
	deaf.is_deaf = true;
	deaf.seat = seat;
	deaf.until = clock_ms() + torture_dice(3000);
	n_faults++;
}

static void
hear_again(bool now)
{
	if (!deaf.is_deaf || (!now && clock_ms() < deaf.until))
		return;
	if (crowd_state(crowd, deaf.seat) != CROWD_AWAY)
		crowd_stops_reading(crowd, deaf.seat, false);
	deaf.is_deaf = false;
}

/* More than anybody types, of long lines and short ones. */
static void
flood(void)
{
	uint32_t seat = torture_dice(N_USERS);
	size_t fill = torture_dice(2) == 0 ? 4000 : 10;

	if (crowd_state(crowd, seat) != CROWD_HERE ||
	    crowd_unsent(crowd, seat) > 0)
		return;
	for (int i = 0; i < 50; i++)
		crowd_says(crowd, seat, fill);
	n_faults++;
}

static void
look_at_it(void)
{
	static struct program_result result;

	program_run(&result, NULL,
	    (const char *const[]){ BIN_DIR "/chat-who", "--run-dir",
		server->run_dir, "--json", server->instance, NULL });
	cr_assert_eq(result.status, 0, "%s", result.err);
}

static void
do_fault(void)
{
	switch (torture_dice(6)) {
	case 0:
	case 1:
		kill_somebody();
		break;
	case 2:
		stop_somebody();
		break;
	case 3:
		deafen_somebody();
		break;
	case 4:
		flood();
		break;
	case 5:
		look_at_it();
		break;
	}
}

static bool
has_no_child(void *arg)
{
	pid_t pid;

	(void)arg;
	return server_children(server, &pid, 1) == 0;
}

static void
everybody_leaves(void)
{
	crowd_comes_to_rest(crowd);
	for (uint32_t i = 0; i < N_USERS; i++)
		if (crowd_state(crowd, i) == CROWD_HERE)
			crowd_leaves(crowd, i);
	crowd_comes_to_rest(crowd);
	cr_assert(wait_until(has_no_child, NULL, PATIENCE_MS));
}

static int64_t
soak_ms(void)
{
	const char *seconds = getenv("SOAK_SECONDS");

	return seconds != NULL ? 1000 * (int64_t)atoi(seconds)
			       : torture_rounds(5000, 60000);
}

Test(torture_soak, nothing_grows_and_nothing_is_lost)
{
	struct condition before;
	int64_t until, next_fault_at = 0;

	server = server_start((const char *const[]){ "-q", NULL });
	dir = server_directory(server);
	crowd = crowd_new(server, N_USERS);
	(void)torture_seed();
	/* Once full and empty, so that what grows on demand has grown. */
	crowd_all_come(crowd);
	crowd_settles(crowd);
	everybody_leaves();
	before = condition_of(server);

	for (until = clock_ms() + soak_ms(); clock_ms() < until;) {
		for (int i = 0; i < 5; i++)
			torture_deed(crowd, N_USERS);
		if (clock_ms() >= next_fault_at) {
			do_fault();
			next_fault_at = clock_ms() + torture_dice(100);
		}
		continue_stopped(false);
		hear_again(false);
		crowd_turn(crowd, 1);
		crowd_is_sound(crowd);
	}
	continue_stopped(true);
	hear_again(true);
	crowd_settles(crowd);
	cr_assert_eq(lock_holder(&dir->header->lock), LOCK_FREE);
	everybody_leaves();
	crowd_is_sound(crowd);
	condition_returns(server, &before);
	fprintf(stderr, "%u faults, %ju lines heard\n", n_faults,
	    (uintmax_t)witness_n_heard(crowd_witness(crowd)));
	directory_close(dir);
}
