/* crash_child.c - children that die, stop or starve at a bad moment, and what
 * the others see of it: a departure, and nothing else.
 *
 * A real server and real clients.  What the shared table alone does with dead
 * users is crash_directory.c. */
#include "ipc/clock.h"
#include "ipc/limits.h"
#include "tests/harness_guest.h"
#include "tests/harness_lock.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* In which the next one joins after a death. */
#define JOIN_MS (1000 * TEST_SLOWNESS)
/* For which a test keeps the lock from those who want it. */
#define LOCK_HELD_MS 500

/* As long as a name can be: 32 characters of four bytes each. */
#define FOUR_CHARS                                                             \
	"\xf0\xa0\x80\x80\xf0\xa0\x80\x81\xf0\xa0\x80\x82\xf0\xa0\x80\x83"
#define LONG_NAME                                                              \
	FOUR_CHARS FOUR_CHARS FOUR_CHARS FOUR_CHARS FOUR_CHARS FOUR_CHARS      \
	    FOUR_CHARS FOUR_CHARS

TestSuite(crash_child, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static bool
is_stopped(void *pid)
{
	return process_state(*(pid_t *)pid) == 'T';
}

static void
stop_child(pid_t pid)
{
	cr_assert_eq(kill(pid, SIGSTOP), 0);
	cr_assert(wait_until(is_stopped, &pid, PATIENCE_MS));
}

static void
kill_child(pid_t pid)
{
	cr_assert_eq(kill(pid, SIGKILL), 0);
}

static void
joins_in_time(const struct server *s, const char *name)
{
	int64_t began = clock_ms();

	(void)guest_join(s, name);
	cr_assert_lt(clock_ms() - began, JOIN_MS, "it took %d ms",
	    (int)(clock_ms() - began));
}

/* The lock ---------------------------------------------------------------- */

/* Stop the child of `name` and have it hold the lock. */
static pid_t
stop_with_lock(const struct server *s, const char *name)
{
	pid_t pid = server_child_pid(s, name);

	stop_child(pid);
	lock_is_held_by(s, name);
	return pid;
}

static void
lock_is_free(const struct server *s)
{
	struct directory *dir = server_directory(s);

	cr_assert_eq(lock_holder(&dir->header->lock), LOCK_FREE);
	directory_close(dir);
}

/* Killed ------------------------------------------------------------------ */

Test(crash_child, a_killed_child_is_a_user_who_left_once)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_sees(alice, "* bob joined");
	kill_child(server_child_pid(s, "bob"));
	guest_sees_next(alice, "* bob left (crashed)");
	guest_is_cut_off(bob);
	joins_in_time(s, "bob");
	/* Had it been told twice, the second would stand here. */
	guest_sees_next(alice, "* bob joined");
	cr_assert_eq(server_counter(s, DIR_COUNT_crashed_killed), 1);
	server_logs(s, ": killed by signal 9");
}

Test(crash_child, a_child_killed_without_a_name_is_nobodys_departure)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *nobody;
	pid_t pids[2];

	guest_sees_start(alice, "* 1 person");
	nobody = guest_connect(s);
	guest_sees_start(nobody, "* This is chatd");
	cr_assert_eq(server_children(s, pids, 2), 2);
	kill_child(pids[server_child_pid(s, "alice") == pids[0]]);
	guest_is_cut_off(nobody);
	joins_in_time(s, "bob");
	guest_sees_next(alice, "* bob joined");
}

Test(crash_child, a_child_killed_with_the_lock_held_stops_nobody)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");

	(void)guest_join(s, "bob");
	guest_sees(alice, "* bob joined");
	kill_child(stop_with_lock(s, "bob"));
	joins_in_time(s, "bob");
	guest_sees_next(alice, "* bob left (crashed)");
	guest_sees_next(alice, "* bob joined");
	lock_is_free(s);
	cr_assert_eq(server_counter(s, DIR_COUNT_lock_repairs), 1);
}

Test(crash_child, another_death_while_a_dead_child_has_the_lock_stops_nobody)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	pid_t bob, carol;

	(void)guest_join(s, "bob");
	(void)guest_join(s, "carol");
	guest_sees(alice, "* carol joined");
	carol = server_child_pid(s, "carol");
	bob = stop_with_lock(s, "bob");
	kill_child(carol);
	kill_child(bob);
	server_awaits_users(s, 1);
	joins_in_time(s, "carol");
	joins_in_time(s, "bob");
	guest_sees(alice, "* bob joined");
	lock_is_free(s);
}

Test(crash_child, a_lock_that_is_held_by_nobody_at_a_death_stops_nobody)
{
	struct server *s = server_start(NULL);
	struct dir_header *header = server_header(s);
	struct guest *alice = guest_join(s, "alice");

	(void)guest_join(s, "bob");
	guest_sees(alice, "* bob joined");
	lock_hold(header, dir_identity(header->n_slots - 1, 77));
	kill_child(server_child_pid(s, "bob"));
	guest_sees_next(alice, "* bob left (crashed)");
	joins_in_time(s, "bob");
	guest_sees_next(alice, "* bob joined");
	lock_is_free(s);
	cr_assert_eq(server_counter(s, DIR_COUNT_lock_repairs), 1);
}

Test(crash_child, a_lock_that_is_held_by_nobody_stops_nobody)
{
	struct server *s = server_start(NULL);
	struct dir_header *header = server_header(s);

	lock_hold(header, dir_identity(header->n_slots - 1, 77));
	joins_in_time(s, "bob");
	lock_is_free(s);
	cr_assert(server_log_contains(s, "lock was held by nobody"));
}

static bool
has_something_to_read(void *guest)
{
	struct pollfd row = { guest_fd(guest), POLLIN, 0 };

	return poll(&row, 1, 0) == 1;
}

Test(crash_child, who_leaves_while_the_lock_is_held_has_left_when_it_is_free)
{
	struct server *s = server_start(NULL);
	struct dir_header *header = server_header(s);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	uint64_t holder;

	(void)guest_join(s, "carol");
	guest_sees(alice, "* carol joined");
	guest_sees(bob, "* carol joined");
	holder = lock_identity_of(s, "carol");
	/* carol's child answers whoever asks whether it runs: it keeps the
	 * lock. */
	lock_hold(header, holder);
	guest_says(bob, "exit");
	cr_assert_not(wait_until(has_something_to_read, bob, LOCK_HELD_MS));
	lock_free(header, holder);
	guest_sees_next(alice, "* bob left");
	guest_sees_next(bob, "* Goodbye, bob!");
	guest_sees_end(bob);
	joins_in_time(s, "bob");
	guest_sees_next(alice, "* bob joined");
}

/* As long as a child tries to get the lock, and no shorter. */
Test(crash_child, who_leaves_and_never_gets_the_lock_is_a_user_who_left,
    .timeout = SUITE_TIMEOUT + LOCK_GIVE_UP_MS / 1000)
{
	struct server *s = server_start(NULL);
	struct dir_header *header = server_header(s);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	uint64_t holder;
	pid_t pid;

	(void)guest_join(s, "carol");
	guest_sees(alice, "* carol joined");
	holder = lock_identity_of(s, "carol");
	pid = server_child_pid(s, "bob");
	lock_hold(header, holder);
	guest_says(bob, "exit");
	(void)wait_until(is_gone, &pid, LOCK_GIVE_UP_MS);
	guest_sees(bob, "* Goodbye, bob!");
	guest_sees_end(bob);
	guest_close(bob);
	cr_assert(wait_until(is_gone, &pid, PATIENCE_MS));
	/* Who stays does not need the lock. */
	guest_says(alice, "hello?");
	guest_sees(alice, "alice: hello?");
	lock_free(header, holder);
	/* It is the server who says so. */
	guest_sees_start(alice, "* bob left");
	joins_in_time(s, "bob");
	guest_sees_next(alice, "* bob joined");
	server_awaits_users(s, 3);
}

Test(crash_child, fifty_children_killed_at_once_are_fifty_departures)
{
	enum { N = 50 };
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice"), *last = NULL;
	unsigned n_left[N] = { 0 };
	pid_t pids[N];
	char name[32];

	for (int i = 0; i < N; i++) {
		snprintf(name, sizeof name, "guest%d", i);
		last = guest_join(s, name);
		pids[i] = server_child_pid(s, name);
	}
	guest_says(last, "all here");
	guest_sees(alice, "%s: all here", name);
	for (int i = 0; i < N; i++)
		kill_child(pids[i]);
	/* One by one, or many in one line. */
	for (int n = 0; n < N;) {
		const char *line = guest_line(alice);
		char reason[16];
		int i;

		if (sscanf(line, "* %d people left: ", &i) == 1) {
			n += i;
			continue;
		}
		cr_assert_eq(sscanf(line, "* guest%d left %15s", &i, reason), 2,
		    "%s", line);
		cr_assert_str_eq(reason, "(crashed)");
		cr_assert_eq(++n_left[i], 1, "%s, again", line);
		n++;
	}
	server_awaits_users(s, 1);
	joins_in_time(s, "guest0");
	guest_sees_next(alice, "* guest0 joined");
	cr_assert_eq(server_counter(s, DIR_COUNT_crashed_killed), N);
}

Test(crash_child, a_speaker_killed_in_mid_sentence_leaves_whole_lines_behind)
{
	enum { N = 20000 };
	static char text[N * 32];
	struct server *s = server_start(NULL);
	struct guest *readers[2] = { guest_join(s, "bob"),
		guest_join(s, "carol") };
	struct guest *alice = guest_join(s, "alice");
	size_t len = 0;

	for (int i = 0; i < N; i++)
		len += (size_t)snprintf(
		    text + len, sizeof text - len, "this is line %d\n", i);
	guest_sends(alice, text, len / 4);
	guest_sees(readers[0], "alice: this is line 0");
	kill_child(server_child_pid(s, "alice"));
	for (int i = 0; i < 2; i++) {
		int n = i == 0 ? 1 : 0, number;
		const char *line = guest_line(readers[i]);

		while (strcmp(line, "* alice left (crashed)") != 0) {
			if (sscanf(line, "alice: this is line %d", &number) ==
			    1)
				cr_assert_eq(number, n++, "%s", line);
			line = guest_line(readers[i]);
		}
	}
	/* She has left: no late word of hers. */
	guest_sees_nothing_like(readers[0], readers[1], "alice");
	guest_sees_nothing_like(readers[1], readers[0], "alice");
}

/* Stopped ----------------------------------------------------------------- */

Test(crash_child, a_stopped_child_delays_nobody_and_is_evicted)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	struct guest *carol = guest_join(s, "carol");
	int64_t began;

	guest_sees(alice, "* carol joined");
	guest_sees_start(carol, "* 3 people");
	stop_child(server_child_pid(s, "bob"));
	began = clock_ms();
	for (int i = 0; i < 5; i++) {
		guest_says(alice, "line %d", i);
		guest_sees_next(alice, "alice: line %d", i);
		guest_sees_next(carol, "alice: line %d", i);
	}
	cr_assert_lt(clock_ms() - began, STOPPED_MS);
	guest_sees_next(alice, "* bob left (stopped for too long)");
	guest_sees_next(carol, "* bob left (stopped for too long)");
	guest_is_cut_off(bob);
	cr_assert_eq(server_counter(s, DIR_COUNT_evicted_stopped), 1);
	joins_in_time(s, "bob");
}

Test(crash_child, a_child_stopped_with_the_lock_held_is_evicted_for_all)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *carol;

	(void)guest_join(s, "bob");
	guest_sees(alice, "* bob joined");
	(void)stop_with_lock(s, "bob");
	/* Who neither comes nor goes does not need the lock. */
	guest_says(alice, "hello?");
	guest_sees_next(alice, "alice: hello?");
	/* She waits for it, and is let in. */
	carol = guest_join(s, "carol");
	guest_sees_start(carol, "* 2 people are here");
	/* One tells of herself, the server of the other: in either order. */
	for (int n = 0; n < 2; n++) {
		const char *line = guest_line(alice);

		cr_assert(strcmp(line, "* carol joined") == 0 ||
			      strncmp(line, "* bob left (", 12) == 0,
		    "%s", line);
	}
	joins_in_time(s, "bob");
	guest_sees_next(alice, "* bob joined");
	lock_is_free(s);
}

Test(crash_child, a_child_continued_in_time_stays_and_misses_nothing)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	struct guest *dave = guest_join(s, "dave");
	pid_t pid = server_child_pid(s, "bob");

	guest_sees(bob, "* dave joined");
	/* dave shows when bob's time would have been over. */
	stop_child(pid);
	stop_child(server_child_pid(s, "dave"));
	for (int i = 0; i < 100; i++) {
		guest_says(alice, "line %d", i);
		guest_sees(alice, "alice: line %d", i);
	}
	cr_assert_eq(kill(pid, SIGCONT), 0);
	for (int i = 0; i < 100; i++)
		guest_sees_next(bob, "alice: line %d", i);
	guest_sees_start(alice, "* dave left (");
	guest_is_cut_off(dave);
	guest_says(bob, "I am still here");
	guest_sees_next(alice, "bob: I am still here");
	cr_assert_eq(server_child_pid(s, "bob"), pid);
}

/* Lines of alice's, long and numbered.  One after the other, or her own echo
 * would wait and hold her back. */
#define LONG_LINE_BYTES 4000

static void
says_long_line(struct guest *alice, int number)
{
	static char fill[LONG_LINE_BYTES - 8];

	memset(fill, 'x', sizeof fill - 1);
	guest_says(alice, "%06d %s", number, fill);
}

static void
is_long_line(const char *line, int number)
{
	int seen;

	cr_assert_eq(sscanf(line, "alice: %d ", &seen), 1, "%.20s", line);
	cr_assert_eq(seen, number, "%d comes instead of %d", seen, number);
	cr_assert_eq(strlen(line), strlen("alice: ") + LONG_LINE_BYTES - 2);
}

static void
sees_long_line(struct guest *reader, int number)
{
	is_long_line(guest_sees_start(reader, "alice: "), number);
}

/* The same, and whether `notice` came before it. */
static bool
sees_long_line_after(struct guest *reader, int number, const char *notice)
{
	bool came = false;
	const char *line;

	while (line = guest_line(reader), *line == '*')
		came = came || strcmp(line, notice) == 0;
	is_long_line(line, number);
	return came;
}

Test(crash_child, a_child_that_is_stopped_in_a_flood_costs_nobody_a_line)
{
	enum { N = 400 };
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *carol = guest_join(s, "carol");
	struct guest *dave = guest_join(s, "dave");

	(void)guest_join(s, "bob");
	guest_sees(alice, "* bob joined");
	stop_child(server_child_pid(s, "bob"));
	/* More than anybody keeps for him: she is held back until he goes. */
	for (int i = 0; i < N; i++) {
		says_long_line(alice, i);
		sees_long_line(alice, i);
		sees_long_line(carol, i);
		sees_long_line(dave, i);
	}
	cr_assert_eq(server_counter(s, DIR_COUNT_evicted_slow), 0);
	server_awaits_users(s, 3);
}

static bool
says_too_much_to_go_on(void *server)
{
	struct dir_row row;

	return server_find(server, LONG_NAME, &row) &&
	       row.queued_bytes >= BACKLOG_PAUSE_BYTES;
}

Test(crash_child, a_flood_of_short_lines_costs_a_child_that_is_stopped_nothing)
{
	enum { N_PAIRS = 8000 };
	static char text[N_PAIRS * sizeof "/me 0\n0\n"];
	struct server *s = server_start(NULL);
	struct guest *speaker = guest_join(s, LONG_NAME);
	struct guest *guests[] = { speaker, guest_join(s, "bob"),
		guest_join(s, "carol") };
	pid_t pid = server_child_pid(s, LONG_NAME);
	pid_t stopped = server_child_pid(s, "carol");
	size_t len = 0;

	for (int i = 0; i < N_PAIRS; i++)
		len += (size_t)snprintf(text + len, sizeof text - len,
		    "/me %d\n%d\n", i % 10, i % 10);
	guest_sees(speaker, "* carol joined");
	guest_sees(guests[1], "* carol joined");
	guest_sees_start(guests[2], "* 3 people");
	stop_child(stopped);
	/* So that it finds as much at once as it ever reads. */
	stop_child(pid);
	guest_sends(speaker, text, len);
	cr_assert_eq(kill(pid, SIGCONT), 0);
	cr_assert(wait_until(says_too_much_to_go_on, s, STOPPED_MS / 2));
	cr_assert_eq(kill(stopped, SIGCONT), 0);
	/* Each line is a datagram of its own, which is more than its bytes. */
	for (int i = 0; i < N_PAIRS; i++)
		for (int g = 0; g < 3; g++) {
			guest_sees_next(
			    guests[g], "* " LONG_NAME " %d", i % 10);
			guest_sees_next(guests[g], LONG_NAME ": %d", i % 10);
		}
	for (int g = 0; g < 3; g++)
		guest_sees_nothing_like(guests[g], guests[1], "* ");
	cr_assert_eq(server_counter(s, DIR_COUNT_evicted_wedged), 0);
	cr_assert_eq(server_counter(s, DIR_COUNT_evicted_slow), 0);
	server_awaits_users(s, 3);
}

/* Out of descriptors ------------------------------------------------------- */

static bool
has_something_queued(void *server)
{
	struct dir_row row;

	return server_find(server, "guest0", &row) && row.queued_bytes > 0;
}

Test(crash_child, a_sender_without_descriptors_for_its_backlogs_loses_no_line)
{
	/* More lines than a mailbox has room for (net.unix.max_dgram_qlen is
	 * 512 at most), to more people than there are descriptors. */
	enum { N = 50, N_LINES = 600, N_DESCRIPTORS = 30 };
	const struct rlimit few = { N_DESCRIPTORS, N_DESCRIPTORS };
	struct server *s = server_start(NULL);
	static char text[N_LINES * 16];
	struct guest *guests[N];
	pid_t pids[N];
	size_t len = 0;
	char name[32];

	cr_assert_eq(prlimit(s->pid, RLIMIT_NOFILE, &few, NULL), 0);
	for (int i = 0; i < N; i++) {
		snprintf(name, sizeof name, "guest%d", i);
		guests[i] = guest_join(s, name);
		pids[i] = server_child_pid(s, name);
	}
	for (int i = 1; i < N; i++)
		stop_child(pids[i]);
	/* Each line is a datagram of its own. */
	for (int i = 0; i < N_LINES; i++)
		len += (size_t)snprintf(text + len, sizeof text - len,
		    i % 2 == 0 ? "%d\n" : "/me %d\n", i);
	guest_sends(guests[0], text, len);
	cr_assert(wait_until(has_something_queued, s, PATIENCE_MS));
	for (int i = 1; i < N; i++)
		cr_assert_eq(kill(pids[i], SIGCONT), 0);
	for (int g = 0; g < N; g++)
		for (int i = 0; i < N_LINES; i++)
			guest_sees(guests[g],
			    i % 2 == 0 ? "guest0: %d" : "* guest0 %d", i);
	server_awaits_users(s, N);
}

/* Not reading ------------------------------------------------------------- */

Test(crash_child, a_client_that_does_not_read_is_told_and_evicted)
{
	/* Far more than queue and kernel take for him. */
	enum { MAX_LINES = 32 * 1024 * 1024 / LONG_LINE_BYTES };
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	struct guest *carol = guest_join(s, "carol");
	bool left = false;

	guest_takes_little(bob);
	guest_sees(alice, "* carol joined");
	for (int n = 0; !left; n++) {
		cr_assert_lt(n, MAX_LINES, "he is not evicted");
		says_long_line(alice, n);
		sees_long_line(alice, n);
		left = sees_long_line_after(carol, n, "* bob left (too slow)");
	}
	joins_in_time(s, "bob");
	/* He can still read why. */
	guest_sees_start(bob, "! disconnected: you did not read");
	guest_sees_end(bob);
	server_logs(s, ": too slow");
	cr_assert_eq(server_counter(s, DIR_COUNT_evicted_slow), 1);
}

Test(crash_child, a_speaker_who_does_not_read_is_held_back_not_evicted)
{
	enum { N = 2000 };
	static char text[N * LONG_LINE_BYTES];
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	ssize_t n, sent = 0;

	guest_takes_little(alice);
	memset(text, 'x', sizeof text);
	for (int i = 0; i < N; i++) {
		char number[16];

		snprintf(number, sizeof number, "%06d ", i);
		memcpy(text + i * LONG_LINE_BYTES, number, 7);
		memcpy(text + (i + 1) * LONG_LINE_BYTES - 2, "\n\n", 2);
	}
	/* As much as is taken from her while she does not read. */
	while (
	    sent < (ssize_t)sizeof text &&
	    (n = send(guest_fd(alice), text + sent, sizeof text - (size_t)sent,
		 MSG_NOSIGNAL | MSG_DONTWAIT)) > 0)
		sent += n;
	cr_assert_gt(sent / LONG_LINE_BYTES, 10);
	for (int i = 0; i < sent / LONG_LINE_BYTES; i++) {
		sees_long_line(bob, i);
		sees_long_line(alice, i);
	}
	cr_assert_eq(server_counter(s, DIR_COUNT_evicted_slow), 0);
}

/* Gone without a word ----------------------------------------------------- */

Test(crash_child, a_connection_that_breaks_is_a_user_who_left)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_sees(alice, "* bob joined");
	guest_reset(bob);
	guest_sees_next(alice, "* bob left (connection lost)");
	joins_in_time(s, "bob");
	guest_sees_next(alice, "* bob joined");
}

/* One name ---------------------------------------------------------------- */

Test(crash_child, of_a_hundred_who_want_one_name_exactly_one_gets_it)
{
	enum { N = 100 };
	struct server *s = server_start(NULL);
	struct guest *guests[N];
	int n_welcome = 0, n_refused = 0;

	for (int i = 0; i < N; i++) {
		guests[i] = guest_connect(s);
		guest_sees_start(guests[i], "* This is chatd");
	}
	for (int i = 0; i < N; i++)
		guest_says(guests[i], i % 2 == 0 ? "king" : "KING");
	for (int i = 0; i < N; i++) {
		const char *line = guest_line(guests[i]);

		if (strncmp(line, "* Welcome, ", 11) == 0)
			n_welcome++;
		else if (strncmp(line, "! the name ", 11) == 0)
			n_refused++;
		else
			cr_assert_fail("%s", line);
	}
	cr_assert_eq(n_welcome, 1);
	cr_assert_eq(n_refused, N - 1);
	server_awaits_users(s, 1);
}
