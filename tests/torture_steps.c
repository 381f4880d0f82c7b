/* torture_steps.c - a child that is killed at any instruction.
 *
 * The child of a victim is single-stepped by ptrace(2) while it joins, renames
 * itself, says a line or leaves, and killed after k steps, for k over the whole
 * way: at a stride, and at every step (or many) at which it holds the lock or
 * an entry is half written.  After each the server must be as if nothing had
 * happened, to two survivors who talk all the time. */
#include "ipc/clock.h"
#include "tests/harness_crowd.h"
#include "tests/harness_directory.h"
#include "tests/harness_torture.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

TestSuite(torture_steps, .fini = harness_clean, .timeout = TORTURE_TIMEOUT);

#define JOIN_MS (1000 * TEST_SLOWNESS)
/* A way that is longer than this has not been walked, but lost. */
#define MAX_STEPS 10000000

enum { ALICE, BOB, VICTIM, NEXT, N_SEATS };

/* What the victim's child is stepped through. */
enum deed { JOINING, RENAMING, SAYING, LEAVING };

static struct server *server;
static struct directory *dir;
static struct crowd *crowd;

/* The victim's child --------------------------------------------------------
 */

struct child {
	pid_t pid;
	uint32_t slot;
	uint64_t identity;
	bool has_ended;
	/* as it was before the deed */
	uint32_t which_name;
	uint64_t n_said;
};

/* Who has a process and no name is the victim; else it is known by name. */
static bool
find_victim(void *arg)
{
	struct child *child = arg;

	for (uint32_t i = 0; i < dir_n_slots_used(dir); i++) {
		struct dir_row row;
		enum dir_result result = directory_read(dir, i, &row);
		bool is_victim =
		    row.state == DIR_CLAIMED ||
		    (row.state == DIR_JOINED && result == DIR_OK &&
			strcmp(row.name.text, crowd_name(crowd, VICTIM)) == 0);

		if (!is_victim || row.pid == 0)
			continue;
		child->pid = row.pid;
		child->slot = i;
		child->identity = dir_identity(i, row.ref.generation);
		return true;
	}
	return false;
}

static void
wait_for_stop(struct child *child)
{
	int status;

	cr_assert_eq(waitpid(child->pid, &status, __WALL), child->pid, "%s",
	    strerror(errno));
	child->has_ended = !WIFSTOPPED(status);
}

static struct child
attach(void)
{
	struct child child = { 0 };

	cr_assert(crowd_turn_until(crowd, find_victim, &child, PATIENCE_MS));
	process_hold(child.pid);
	child.which_name = atomic_load(&dir->slots[child.slot].which_name);
	child.n_said = atomic_load(&dir->slots[child.slot].n_said);
	return child;
}

static void
step(struct child *child)
{
	cr_assert_eq(ptrace(PTRACE_SINGLESTEP, child->pid, NULL, NULL), 0, "%s",
	    strerror(errno));
	wait_for_stop(child);
}

/* As far as the directory shows. */
static bool
has_done(const struct child *child, enum deed deed)
{
	const struct dir_slot *slot = &dir->slots[child->slot];
	enum dir_state state =
	    dir_presence_state(dir_presence_load(dir, child->slot));

	switch (deed) {
	case JOINING:
		return state == DIR_JOINED;
	case RENAMING:
		return atomic_load(&slot->which_name) != child->which_name;
	case SAYING:
		return atomic_load(&slot->n_said) != child->n_said;
	case LEAVING:
		return state == DIR_FREE;
	}
	return false;
}

static uint32_t
turns_of(const struct child *child)
{
	return atomic_load(&dir->slots[child->slot].n_turns);
}

/* It holds the lock, or has begun to write its entry. */
static bool
is_delicate(const struct child *child)
{
	return lock_holder(&dir->header->lock) == child->identity ||
	       atomic_load(&dir->slots[child->slot].changes) % 2 == 1;
}

/* Rounds ------------------------------------------------------------------ */

static void
victim_comes(enum deed deed)
{
	crowd_connects(crowd, VICTIM);
	if (deed == JOINING)
		return;
	crowd_gives_name(crowd, VICTIM);
	crowd_settles(crowd);
}

static bool
all_is_sent(void *arg)
{
	(void)arg;
	return crowd_unsent(crowd, VICTIM) == 0;
}

static void
do_deed(enum deed deed)
{
	switch (deed) {
	case JOINING:
		crowd_gives_name(crowd, VICTIM);
		break;
	case RENAMING:
		crowd_renames(crowd, VICTIM);
		break;
	case SAYING:
		crowd_says(crowd, VICTIM, 10);
		break;
	case LEAVING:
		crowd_leaves(crowd, VICTIM);
		break;
	}
	/* In the socket, nothing more is needed of us. */
	cr_assert(crowd_turn_until(crowd, all_is_sent, NULL, PATIENCE_MS));
}

static bool
victim_is_away(void *arg)
{
	(void)arg;
	return crowd_state(crowd, VICTIM) == CROWD_AWAY;
}

static bool
end_is_known(void *arg)
{
	(void)arg;
	return witness_all_heard_it_leave(crowd_witness(crowd), VICTIM);
}

static bool
slots_are_free(void *arg)
{
	pid_t pids[8];

	(void)arg;
	return directory_count_users(dir) == 2 &&
	       server_children(server, pids, 8) == 2;
}

static bool
next_is_here(void *arg)
{
	(void)arg;
	return crowd_state(crowd, NEXT) == CROWD_HERE;
}

/* As if nothing had happened. */
static void
is_unharmed(const char *names[2])
{
	int64_t began = clock_ms();
	struct dir_row row;

	crowd_comes(crowd, NEXT);
	cr_assert(crowd_turn_until(crowd, next_is_here, NULL, JOIN_MS),
	    "the next join takes more than %d ms; the log:\n%s", JOIN_MS,
	    server_log_tail(server));
	cr_assert_lt(clock_ms() - began, JOIN_MS);
	cr_assert(crowd_turn_until(crowd, victim_is_away, NULL, PATIENCE_MS));
	cr_assert(crowd_turn_until(crowd, end_is_known, NULL, PATIENCE_MS),
	    "the end of %s is not told", names[0]);
	crowd_settles(crowd);
	for (int i = 0; i < 2; i++)
		cr_assert_not(
		    server_find(server, names[i], &row), "%s", names[i]);
	crowd_leaves(crowd, NEXT);
	crowd_comes_to_rest(crowd);
	cr_assert(crowd_turn_until(crowd, slots_are_free, NULL, PATIENCE_MS));
	test_directory_is_sound(dir);
	crowd_is_sound(crowd);
}

/* What a round is to do, and what it has seen. */
struct round {
	enum deed deed;
	/* kill after so many steps, or so many delicate ones; 0: never */
	unsigned kill_after, kill_after_delicate;
	unsigned n_steps, n_delicate;
};

static bool
is_time_to_kill(const struct round *r)
{
	return (r->kill_after > 0 && r->n_steps == r->kill_after) ||
	       (r->kill_after_delicate > 0 &&
		   r->n_delicate == r->kill_after_delicate);
}

/* Step until it is killed, or to the end of the turn in which it does it. */
static void
walk(struct child *child, struct round *r)
{
	uint32_t turns = 0;
	bool was_done = false;

	while (!was_done || turns_of(child) == turns) {
		step(child);
		if (child->has_ended)
			return;
		r->n_steps++;
		r->n_delicate += is_delicate(child);
		cr_assert_lt(r->n_steps, MAX_STEPS);
		if (is_time_to_kill(r)) {
			cr_assert_eq(kill(child->pid, SIGKILL), 0);
			wait_for_stop(child);
			return;
		}
		if (!was_done && has_done(child, r->deed)) {
			was_done = true;
			turns = turns_of(child);
		}
	}
	cr_assert_eq(ptrace(PTRACE_DETACH, child->pid, NULL, NULL), 0);
}

static void
play(struct round *r)
{
	char old_name[WITNESS_NAME_BYTES], new_name[WITNESS_NAME_BYTES];
	const char *names[2] = { old_name, new_name };
	bool is_kill = r->kill_after > 0 || r->kill_after_delicate > 0;
	struct child child;

	victim_comes(r->deed);
	child = attach();
	snprintf(old_name, sizeof old_name, "%s", crowd_name(crowd, VICTIM));
	if (is_kill)
		crowd_is_doomed(crowd, VICTIM);
	crowd_says(crowd, ALICE, 0);
	crowd_says(crowd, BOB, 100);
	do_deed(r->deed);
	snprintf(new_name, sizeof new_name, "%s", crowd_name(crowd, VICTIM));
	walk(&child, r);
	if (!is_kill) {
		crowd_comes_to_rest(crowd);
		if (crowd_state(crowd, VICTIM) == CROWD_HERE)
			crowd_leaves(crowd, VICTIM);
	} else if (!child.has_ended) {
		/* It was through before its time: it dies all the same. */
		cr_assert_eq(kill(child.pid, SIGKILL), 0);
	}
	is_unharmed(names);
}

static void
begin(void)
{
	server = server_start((const char *const[]){ "-q", NULL });
	dir = server_directory(server);
	crowd = crowd_new(server, N_SEATS);
	crowd_comes(crowd, ALICE);
	crowd_comes(crowd, BOB);
	crowd_settles(crowd);
}

/* n numbers from 1 to `last`, evenly; all of them when n is larger. */
static unsigned
nth_point(unsigned i, unsigned n, unsigned last)
{
	return n >= last ? i + 1 : 1 + (unsigned)((uint64_t)i * last / n);
}

/* But for alice and bob, who are still here. */
static bool
all_are_counted_once(void *arg)
{
	(void)arg;
	return server_n_ended(server) + 2 ==
	       server_counter(server, DIR_COUNT_accepted);
}

static void
kill_all_along(enum deed deed)
{
	const unsigned n_strided = torture_rounds(8, 150);
	const unsigned n_delicate = torture_rounds(8, 1000);
	struct round whole = { .deed = deed };
	unsigned n = 0;

	begin();
	play(&whole);
	for (unsigned i = 0; i < n_strided && i < whole.n_steps; i++, n++)
		play(&(struct round){ .deed = deed,
		    .kill_after = nth_point(i, n_strided, whole.n_steps) });
	for (unsigned i = 0; i < n_delicate && i < whole.n_delicate; i++, n++)
		play(&(struct round){ .deed = deed,
		    .kill_after_delicate =
			nth_point(i, n_delicate, whole.n_delicate) });
	fprintf(stderr, "%u steps, %u of them delicate; killed %u times\n",
	    whole.n_steps, whole.n_delicate, n);
	cr_assert(wait_until(all_are_counted_once, NULL, PATIENCE_MS),
	    "%lu have ended, and %lu had come", server_n_ended(server),
	    server_counter(server, DIR_COUNT_accepted));
	cr_assert_gt(whole.n_steps, 100);
	if (deed == JOINING || deed == RENAMING || deed == LEAVING)
		cr_assert_gt(whole.n_delicate, 10);
	cr_assert_eq(server_stop(server), 0);
	directory_close(dir);
}

Test(torture_steps, killed_while_it_joins_harms_nobody)
{
	kill_all_along(JOINING);
}

Test(torture_steps, killed_while_it_renames_itself_harms_nobody)
{
	kill_all_along(RENAMING);
}

Test(torture_steps, killed_while_it_says_a_line_harms_nobody)
{
	kill_all_along(SAYING);
}

Test(torture_steps, killed_while_it_leaves_harms_nobody)
{
	kill_all_along(LEAVING);
}
