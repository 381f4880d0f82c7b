/* torture_storm.c - a crowd that comes, talks and goes while its processes are
 * killed at random: what is left is a server that nothing has happened to. */
#include "ipc/clock.h"
#include "tests/harness_crowd.h"
#include "tests/harness_torture.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(torture_storm, .fini = harness_clean, .timeout = TORTURE_TIMEOUT);

/* What an operator would look at. */
struct condition {
	unsigned n_descriptors;
	unsigned n_processes;
	unsigned n_files;
	unsigned long private_kib;
};

static unsigned
count_entries(const char *path)
{
	DIR *dir = opendir(path);
	unsigned n = 0;

	cr_assert_not_null(dir, "%s", path);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n - 2;
}

static unsigned long
private_kib(pid_t pid)
{
	char path[64], line[256];
	unsigned long kib = 0;
	FILE *status;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	status = fopen(path, "re");
	cr_assert_not_null(status);
	while (fgets(line, sizeof line, status) != NULL)
		if (sscanf(line, "RssAnon: %lu", &kib) == 1)
			break;
	fclose(status);
	return kib;
}

static struct condition
condition_of(const struct server *s)
{
	char path[TEST_PATH_BYTES * 2];
	static pid_t pids[4096];
	struct condition now;

	snprintf(path, sizeof path, "/proc/%d/fd", (int)s->pid);
	now.n_descriptors = count_entries(path);
	now.n_processes = (unsigned)server_children(s, pids, 4096);
	snprintf(path, sizeof path, "%s/%s", s->run_dir, s->instance);
	now.n_files = count_entries(path);
	now.private_kib = private_kib(s->pid);
	return now;
}

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
	struct condition before, after;
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
	after = condition_of(s);
	cr_assert_eq(after.n_descriptors, before.n_descriptors);
	cr_assert_eq(after.n_processes, before.n_processes);
	cr_assert_eq(after.n_files, before.n_files);
	/* Some pages of the allocator's, whatever happened in between;
	 * AddressSanitizer keeps what was freed. */
	if (TEST_SLOWNESS > 1)
		after.private_kib = before.private_kib;
	cr_assert_leq(after.private_kib, before.private_kib + 256,
	    "%lu KiB, then %lu", before.private_kib, after.private_kib);
	fprintf(stderr, "%u killed, %ju lines heard\n", n_killed,
	    (uintmax_t)witness_n_heard(crowd_witness(c)));
	directory_close(dir);
}
