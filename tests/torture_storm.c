/* torture_storm.c - a crowd that comes, talks and goes while its processes are
 * killed at random: what is left is a server that nothing has happened to. */
#include "tests/harness_condition.h"
#include "tests/harness_crowd.h"
#include "tests/harness_torture.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>

TestSuite(torture_storm, .fini = harness_clean, .timeout = TORTURE_TIMEOUT);

/* Kill a child of the server, named or not, and have the crowd know. */
static bool
kill_somebody(struct crowd *c, struct directory *dir)
{
	uint32_t slot = torture_dice(dir_n_slots_used(dir));
	struct incarnation who;
	struct dir_row row;

	if (directory_read(dir, slot, &row) != DIR_OK ||
	    row.state == DIR_FREE || row.pid == 0)
		return false;
	if (crowd_find(c, row.name.text, &who))
		crowd_is_doomed(c, who.seat);
	else
		crowd_newcomers_are_doomed(c);
	return kill(row.pid, SIGKILL) == 0;
}

static bool
has_no_child(void *server)
{
	pid_t pid;

	return server_children(server, &pid, 1) == 0;
}

Test(torture_storm, leaves_a_server_as_it_was)
{
	const uint32_t n = torture_rounds(60, 200);
	const unsigned n_kills = torture_rounds(150, 5000);
	struct server *s = server_start((const char *const[]){ "-q", NULL });
	struct directory *dir = server_directory(s);
	struct crowd *c = crowd_new(s, n);
	struct condition before;
	unsigned n_killed = 0;

	(void)torture_seed();
	/* once full and empty, so that what grows on demand has grown */
	for (uint32_t i = 0; i < n; i++)
		crowd_comes(c, i);
	crowd_settles(c);
	for (uint32_t i = 0; i < n; i++)
		crowd_leaves(c, i);
	crowd_comes_to_rest(c);
	cr_assert(wait_until(has_no_child, s, PATIENCE_MS));
	before = condition_of(s);

	while (n_killed < n_kills) {
		for (int i = 0; i < 10; i++)
			torture_deed(c, n);
		n_killed += kill_somebody(c, dir);
		crowd_turn(c, 1);
		crowd_is_sound(c);
	}
	crowd_settles(c);
	server_awaits_users(s, crowd_n_here(c));
	cr_assert_eq(lock_holder(&dir->header->lock), LOCK_FREE);

	for (uint32_t i = 0; i < n; i++)
		if (crowd_state(c, i) == CROWD_HERE)
			crowd_leaves(c, i);
	crowd_comes_to_rest(c);
	crowd_is_sound(c);
	cr_assert(wait_until(has_no_child, s, PATIENCE_MS));
	condition_returns(s, &before);
	fprintf(stderr, "%u killed, %ju lines heard\n", n_killed,
	    (uintmax_t)witness_n_heard(crowd_witness(c)));
	directory_close(dir);
}
