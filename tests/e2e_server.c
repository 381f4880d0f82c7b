/* e2e_server.c - chatd as its operator has it: options, addresses, limits, log,
 * leftovers, and chat-who beside it.
 *
 * How it ends is e2e_shutdown.c. */
#include "ipc/clock.h"
#include "tests/harness_guest.h"
#include "tests/harness_lock.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHATD BIN_DIR "/chatd"
#define CHAT_WHO BIN_DIR "/chat-who"
#define NOBODY 65534

TestSuite(e2e_server, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* Too large for the stack of a test. */
static struct program_result result;

/* Options ----------------------------------------------------------------- */

struct bad_option {
	char first[40], second[80];
	/* what the sentence on standard error has in it */
	char word[48];
};

ParameterizedTestParameters(e2e_server, refuses_the_option)
{
	static struct bad_option table[] = {
		{ "--nonsense", "", "nonsense" },
		{ "surplus", "", "'surplus' is not an option" },
		{ "--listen", "", "it names no address" },
		{ "--listen", "127.0.0.1:65536", "0 to 65535" },
		{ "--listen", "127.0.0.1:", "0 to 65535" },
		{ "--listen", "127.0.0.1:http", "0 to 65535" },
		{ "--listen", "::1", "[ADDR]:PORT" },
		{ "--listen", "[::1", "[ADDR]:PORT" },
		{ "--max-users", "0", "1 to 30000" },
		{ "--max-users", "-1", "1 to 30000" },
		{ "--max-users", "30001", "1 to 30000" },
		{ "--max-users", "many", "1 to 30000" },
		{ "--max-users", "10x", "1 to 30000" },
		{ "--max-users", "99999999999999999999", "1 to 30000" },
		{ "--instance", "", "cannot be an instance" },
		{ "--instance", "../x", "cannot be an instance" },
		{ "--instance", ".hidden", "cannot be an instance" },
		{ "--max-nameless=0", "", "'0' cannot be a limit" },
		{ "--max-nameless=9:30:8", "", "BEGIN:PERCENT:FULL" },
		{ "--max-nameless=9:101:10", "", "BEGIN:PERCENT:FULL" },
		{ "--max-nameless=9:30", "", "BEGIN:PERCENT:FULL" },
		{ "--max-nameless=9:30:10x", "", "BEGIN:PERCENT:FULL" },
		{ "--exempt=host", "", "'host' cannot be a network" },
		{ "--exempt=10.0.0.0/33", "", "cannot be a network" },
		{ "--console=a b", "", "'a b' cannot be a name" },
		{ "--one-to-one=*", "", "'*' cannot be a name" },
	};

	return cr_make_param_array(
	    struct bad_option, table, sizeof table / sizeof *table);
}

static bool
takes_argument(const struct bad_option *o)
{
	return strcmp(o->first, "--listen") == 0 ||
	       strcmp(o->first, "--max-users") == 0 ||
	       strcmp(o->first, "--instance") == 0;
}

ParameterizedTest(struct bad_option *o, e2e_server, refuses_the_option)
{
	const char *const argv[] = { CHATD, o->first,
		takes_argument(o) ? o->second : NULL, NULL };

	program_run(&result, NULL, argv);
	cr_assert_eq(
	    result.status, 64, "%s %s: %d", o->first, o->second, result.status);
	cr_assert_str_eq(result.out, "");
	cr_assert_not_null(strstr(result.err, o->word), "%s", result.err);
	cr_assert_not_null(strstr(result.err, "usage: chatd"));
}

Test(e2e_server, refuses_an_option_without_its_argument)
{
	program_run(
	    &result, NULL, (const char *const[]){ CHATD, "--listen", NULL });
	cr_assert_eq(result.status, 64);
	cr_assert_not_null(strstr(result.err, "requires an argument"));
}

Test(e2e_server, tells_its_version)
{
	program_run(
	    &result, NULL, (const char *const[]){ CHATD, "--version", NULL });
	cr_assert_eq(result.status, 0);
	cr_assert_eq(strncmp(result.out, "chatd ", 6), 0, "%s", result.out);
	cr_assert_str_eq(result.err, "");
}

Test(e2e_server, help_that_cannot_be_written_is_an_error)
{
	program_run(&result, NULL,
	    (const char *const[]){
		"/bin/sh", "-c", "exec " CHATD " --help >/dev/full", NULL });
	cr_assert_eq(result.status, 1);
	cr_assert_not_null(strstr(result.err, "standard output"));
}

Test(e2e_server, help_names_every_option)
{
	static const char *const options[] = { "-l, --listen", "-i, --instance",
		"-m, --max-users", "--check", "--run-dir", "--console",
		"--one-to-one", "-q, --quiet", "-v, --verbose", "-V, --version",
		"-h, --help" };

	program_run(
	    &result, NULL, (const char *const[]){ CHATD, "--help", NULL });
	cr_assert_eq(result.status, 0);
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		cr_assert_not_null(
		    strstr(result.out, options[i]), "%s", options[i]);
	cr_assert_str_eq(result.err, "");
}

/* Addresses --------------------------------------------------------------- */

/* The port that the server prints for another address than its first. */
static unsigned
read_port(const struct server *s, const char *address)
{
	struct guest *output =
	    guest_behind("output", dup(s->out_fd), open("/dev/null", O_WRONLY));
	const char *line =
	    guest_sees_start(output, "listening on %s:", address);

	return (unsigned)atoi(
	    line + strlen("listening on :") + strlen(address));
}

Test(e2e_server, listens_on_several_addresses)
{
	struct server *s = server_start(
	    (const char *const[]){ "--listen", "127.0.0.2:0", NULL });
	unsigned port = read_port(s, "127.0.0.2");
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_connect_to(s, "127.0.0.2", port);

	/* One free port serves all addresses. */
	cr_assert_eq(port, s->port);
	guest_says(bob, "bob");
	guest_sees(alice, "* bob joined");
	guest_says(alice, "hello");
	guest_sees(bob, "alice: hello");
}

static bool
machine_has_ipv6(void)
{
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const struct sockaddr_in6 loopback = {
		.sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT,
	};
	bool has = fd != -1 && bind(fd, (const struct sockaddr *)&loopback,
				   sizeof loopback) == 0;

	if (fd != -1)
		close(fd);
	return has;
}

Test(e2e_server, listens_on_ipv6)
{
	struct guest *alice, *bob;
	struct server *s;

	if (!machine_has_ipv6())
		cr_skip_test("this machine has no ::1");
	s = server_start((const char *const[]){ "--listen", "[::1]:0", NULL });
	alice = guest_join(s, "alice");
	bob = guest_connect_to(s, "::1", read_port(s, "[::1]"));
	guest_says(bob, "bob");
	guest_sees(alice, "* bob joined");
	server_logs(s, "bob: joined from [::1]:");
}

Test(e2e_server, is_called_by_its_port_unless_it_has_a_name)
{
	char dir[TEST_PATH_BYTES], shm_name[INSTANCE_SHM_BYTES], instance[16];
	struct guest *chatd;
	unsigned port, name;

	test_dir(dir);
	chatd = guest_run((const char *const[]){
	    CHATD, "-l", "127.0.0.1:0", "--run-dir", dir, NULL });
	cr_assert_eq(
	    sscanf(guest_sees_start(chatd, "listening on "),
		"listening on 127.0.0.1:%u (instance %u)", &port, &name),
	    2);
	cr_assert_eq(name, port);
	snprintf(instance, sizeof instance, "%u", port);
	instance_shm_name(shm_name, geteuid(), instance);
	harness_record_name(shm_name);
	(void)kill(guest_pid(chatd), SIGTERM);
	cr_assert_eq(guest_status(chatd), 0, "%s", guest_errors(chatd));
}

Test(e2e_server, a_free_port_is_free_beside_one_that_is_named)
{
	struct server *s = server_start(NULL);
	char instance[TEST_NAME_BYTES], dir[TEST_PATH_BYTES], named[32];
	struct guest *chatd;
	unsigned port;

	/* a port that was free a moment ago */
	snprintf(named, sizeof named, "127.0.0.1:%u", s->port);
	cr_assert_eq(server_stop(s), 0);
	test_name(instance);
	test_dir(dir);
	chatd = guest_run((const char *const[]){ CHATD, "--listen", named,
	    "--listen", "127.0.0.1:0", "--instance", instance, "--run-dir", dir,
	    NULL });
	guest_sees_start(chatd, "listening on %s ", named);
	cr_assert_eq(
	    sscanf(guest_line(chatd), "listening on 127.0.0.1:%u ", &port), 1);
	cr_assert_neq(port, s->port);
	(void)kill(guest_pid(chatd), SIGTERM);
	cr_assert_eq(guest_status(chatd), 0, "%s", guest_errors(chatd));
}

Test(e2e_server, an_address_that_is_named_twice_is_told_as_such)
{
	char instance[TEST_NAME_BYTES], dir[TEST_PATH_BYTES];

	test_name(instance);
	test_dir(dir);
	program_run(&result, NULL,
	    (const char *const[]){ CHATD, "--listen", "127.0.0.1:0", "--listen",
		"127.0.0.1:0", "--instance", instance, "--run-dir", dir,
		NULL });
	cr_assert_eq(result.status, 1);
	cr_assert_not_null(
	    strstr(result.err, "twice; name it once"), "%s", result.err);
}

/* Two servers ------------------------------------------------------------- */

static void
run_second(const struct server *s, const char *address, const char *instance,
    const char *run_dir)
{
	program_run(&result, NULL,
	    (const char *const[]){ CHATD, "--listen", address, "--instance",
		instance, "--run-dir", run_dir, NULL });
	cr_assert_eq(
	    result.status, 1, "status %d: %s", result.status, result.err);
	cr_assert_str_eq(result.out, "");
	/* The first one does not notice. */
	guest_says(guest_join(s, "alice"), "exit");
	cr_assert_str_neq(server_leftovers(s), "");
}

Test(e2e_server, a_second_one_on_a_port_says_who_has_it)
{
	struct server *s = server_start(NULL);
	char address[32], other[TEST_NAME_BYTES], expected[160];

	snprintf(address, sizeof address, "127.0.0.1:%u", s->port);
	test_name(other);
	run_second(s, address, other, s->run_dir);
	snprintf(expected, sizeof expected,
	    "cannot listen on %s: chatd instance %s (pid %d) does", address,
	    s->instance, (int)s->pid);
	cr_assert_not_null(strstr(result.err, expected), "%s", result.err);
}

Test(e2e_server, a_port_of_another_program_is_told_as_such)
{
	struct server *s = server_start(NULL);
	char address[32], other[TEST_NAME_BYTES], dir[TEST_PATH_BYTES];

	snprintf(address, sizeof address, "127.0.0.1:%u", s->port);
	test_name(other);
	/* From another run directory it cannot be known. */
	test_dir(dir);
	run_second(s, address, other, dir);
	cr_assert_not_null(
	    strstr(result.err, "another program does"), "%s", result.err);
}

Test(e2e_server, a_second_one_of_an_instance_says_who_runs_it)
{
	struct server *s = server_start(NULL);
	char expected[160];

	run_second(s, "127.0.0.1:0", s->instance, s->run_dir);
	snprintf(expected, sizeof expected,
	    "instance %s is run by pid %d already", s->instance, (int)s->pid);
	cr_assert_not_null(strstr(result.err, expected), "%s", result.err);
}

/* What is there already --------------------------------------------------- */

static void
unlink_name(void *name)
{
	(void)shm_unlink(name);
}

Test(e2e_server, a_file_of_another_program_under_its_name_is_left_alone)
{
	static char shm_name[INSTANCE_SHM_BYTES];
	char instance[TEST_NAME_BYTES], dir[TEST_PATH_BYTES], content[16] = "";
	int fd;

	test_name(instance);
	test_dir(dir);
	instance_shm_name(shm_name, geteuid(), instance);
	harness_record_name(shm_name);
	harness_on_clean(unlink_name, shm_name);
	fd = shm_open(shm_name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	cr_assert_neq(fd, -1);
	cr_assert_eq(pwrite(fd, "not of chatd", 12, 0), 12);
	program_run(&result, NULL,
	    (const char *const[]){ CHATD, "--listen", "127.0.0.1:0",
		"--instance", instance, "--run-dir", dir, NULL });
	cr_assert_eq(result.status, 1);
	cr_assert_not_null(strstr(result.err, "is not ours"), "%s", result.err);
	cr_assert_eq(pread(fd, content, sizeof content, 0), 12);
	cr_assert_str_eq(content, "not of chatd");
	close(fd);
	fd = shm_open(shm_name, O_RDONLY | O_CLOEXEC, 0);
	cr_assert_neq(fd, -1, "it has been removed");
	close(fd);
}

static void
run_who(const struct server *s, const char *option)
{
	program_run(&result, NULL,
	    (const char *const[]){
		CHAT_WHO, "--run-dir", s->run_dir, s->instance, option, NULL });
}

Test(e2e_server, what_a_killed_one_left_is_seen_as_stale_and_removed)
{
	struct server *s = server_start(NULL);
	struct guest *alice;

	(void)guest_join(s, "alice");
	(void)guest_join(s, "bob");
	server_kill_all(s);
	cr_assert_str_neq(server_leftovers(s), "");

	run_who(s, NULL);
	cr_assert_eq(result.status, 1);
	cr_assert_not_null(strstr(result.err, "stale"), "%s", result.err);
	/* No ghosts. */
	cr_assert_null(strstr(result.out, "alice"), "%s", result.out);

	server_restart(s, NULL);
	cr_assert(server_log_contains(s, "removed what a dead server left"));
	alice = guest_join(s, "alice");
	guest_sees_next(alice, "* 1 person is here: alice");
	cr_assert_eq(server_stop(s), 0);
	server_leaves_nothing(s);
}

static int
remove_entry(
    const char *path, const struct stat *st, int type, struct FTW *place)
{
	(void)st;
	(void)type;
	(void)place;
	return remove(path);
}

/* What is below $XDG_RUNTIME_DIR goes when the user logs out. */
Test(e2e_server, without_its_directory_it_says_so_and_ends)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	char path[TEST_PATH_BYTES * 2];

	snprintf(path, sizeof path, "%s/%s", s->run_dir, s->instance);
	cr_assert_eq(nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
	guest_close(guest_connect(s));
	guest_sees(alice, "* server is shutting down");
	guest_sees_end(alice);
	cr_assert_eq(server_await(s), 1);
	cr_assert(server_log_contains(s, "has been removed; ending"));
	server_leaves_nothing(s);
}

static void
refuses_run_dir(const char *run_dir, const char *reason)
{
	char instance[TEST_NAME_BYTES];

	test_name(instance);
	program_run(&result, NULL,
	    (const char *const[]){ CHATD, "--listen", "127.0.0.1:0",
		"--instance", instance, "--run-dir", run_dir, NULL });
	cr_assert_eq(result.status, 1, "%s: %s", run_dir, result.err);
	cr_assert_not_null(strstr(result.err, run_dir), "%s", result.err);
	cr_assert_not_null(strstr(result.err, reason), "%s", result.err);
	cr_assert_str_eq(result.out, "");
}

Test(e2e_server, refuses_a_run_directory_that_others_may_write_to)
{
	char dir[TEST_PATH_BYTES];

	test_dir(dir);
	cr_assert_eq(chmod(dir, 0777), 0);
	refuses_run_dir(dir, "others may write to it");
	cr_assert_eq(chmod(dir, 0720), 0);
	refuses_run_dir(dir, "others may write to it");
}

Test(e2e_server, refuses_a_run_directory_of_another_user)
{
	char dir[TEST_PATH_BYTES];

	test_dir(dir);
	if (geteuid() == 0)
		cr_assert_eq(chown(dir, NOBODY, (gid_t)-1), 0);
	refuses_run_dir(
	    geteuid() == 0 ? dir : "/usr", "it belongs to another user");
}

Test(e2e_server, refuses_a_run_directory_that_is_none)
{
	refuses_run_dir("/dev/null", "it is not a directory");
	refuses_run_dir("/nonexistent/chatd", strerror(ENOENT));
}

/* Room -------------------------------------------------------------------- */

Test(e2e_server, tells_that_it_is_full_and_who_leaves_makes_room_at_once)
{
	struct server *s =
	    server_start((const char *const[]){ "--max-users", "2", NULL });
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	struct guest *carol = guest_connect(s);

	guest_sees_next(carol, "! the server is full; try again later");
	guest_sees_end(carol);
	for (int i = 0; i < 5; i++) {
		guest_says(bob, "exit");
		guest_sees(bob, "* Goodbye, bob!");
		/* He keeps his connection, and his process. */
		bob = guest_join(s, "bob");
	}
	guest_sees_nothing_like(alice, bob, "carol");
	cr_assert_eq(server_counter(s, DIR_COUNT_refused_full), 1);
}

Test(e2e_server, clients_without_a_name_leave_room_for_those_with_one)
{
	struct server *s =
	    server_start((const char *const[]){ "--max-nameless", "2", NULL });
	struct guest *alice = guest_join(s, "alice");
	struct guest *silent[2] = { guest_connect(s), guest_connect(s) };
	struct guest *bob;

	for (int i = 0; i < 2; i++)
		guest_sees_start(silent[i], "* This is chatd");
	bob = guest_connect(s);
	guest_sees_next(bob, "! too many are connecting just now; try again");
	guest_sees_end(bob);
	cr_assert_eq(server_counter(s, DIR_COUNT_refused_nameless), 1);
	/* One of them has a name after all, and there is room again. */
	guest_says(silent[0], "carol");
	guest_sees(alice, "* carol joined");
	bob = guest_join(s, "bob");
	guest_sees(alice, "* bob joined");
}

Test(e2e_server, many_who_are_refused_are_not_a_line_each_in_the_log)
{
	struct server *s =
	    server_start((const char *const[]){ "--max-users", "1", NULL });
	struct guest *alice = guest_join(s, "alice");

	for (int i = 0; i < 50; i++) {
		struct guest *g = guest_connect(s);

		guest_sees_start(g, "! the server is full");
		guest_close(g);
	}
	guest_catches_up(alice, alice);
	cr_assert_eq(server_counter(s, DIR_COUNT_refused_full), 50);
	/* One a second. */
	cr_assert_lt(server_log_count(s, "the server is full"), 25);
}

Test(e2e_server, a_user_can_be_removed_with_kill)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_sees(alice, "* bob joined");
	(void)kill(server_child_pid(s, "bob"), SIGTERM);
	guest_sees(bob, "! the operator has disconnected you");
	guest_sees_end(bob);
	guest_sees_next(alice, "* bob left (removed by the operator)");
}

/* The bell was rung just now, so it is left to the master, who must be told of
 * it: bob does not close, so that nothing else wakes the master for as long as
 * his child lingers. */
Test(e2e_server, the_master_is_awake_to_news_that_time_brings)
{
	struct server *s = server_start(NULL);
	struct dir_header *header = server_header(s);
	struct guest *alice = guest_join(s, "alice");
	pid_t bob;

	(void)guest_join(s, "bob");
	guest_sees(alice, "* bob joined");
	bob = server_child_pid(s, "bob");
	atomic_store(&header->bell_rung_at,
	    clock_ms() + REMOVAL_WAIT_MS + LINGER_MS / 4);
	(void)kill(bob, SIGTERM);
	guest_sees_next(alice, "* bob left (removed by the operator)");
	cr_assert_eq(kill(bob, 0), 0, "only his end woke the master");
}

/* Signals that it inherits ------------------------------------------------ */

static struct server *
start_ignoring(int signal_number)
{
	struct server_wiring wiring = SERVER_WIRING;

	wiring.ignored_signal = signal_number;
	return server_start_wired(NULL, &wiring);
}

Test(e2e_server, started_with_sigchld_ignored_it_notices_deaths_and_ends)
{
	struct server *s = start_ignoring(SIGCHLD);
	struct guest *alice = guest_join(s, "alice");

	(void)guest_join(s, "bob");
	guest_sees(alice, "* bob joined");
	(void)kill(server_child_pid(s, "bob"), SIGKILL);
	guest_sees_next(alice, "* bob left (crashed)");
	(void)guest_join(s, "bob");
	guest_sees_next(alice, "* bob joined");
	cr_assert_eq(server_stop(s), 0, "%s", server_log_tail(s));
}

/* As a shell starts what a script runs in the background. */
Test(e2e_server, started_with_sigint_ignored_it_ends_by_it_all_the_same)
{
	struct server *s = start_ignoring(SIGINT);
	struct guest *alice = guest_join(s, "alice");

	(void)kill(s->pid, SIGINT);
	guest_sees(alice, "* server is shutting down");
	guest_sees_end(alice);
	cr_assert_eq(server_await(s), 0);
}

Test(e2e_server, started_by_nohup_it_survives_the_hangup)
{
	struct server *s = start_ignoring(SIGHUP);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob;

	guest_sees_start(alice, "* 1 person");
	(void)kill(s->pid, SIGHUP);
	(void)kill(server_child_pid(s, "alice"), SIGHUP);
	/* The master looks at signals before it accepts. */
	bob = guest_join(s, "bob");
	guest_sees_next(alice, "* bob joined");
	guest_says(alice, "still here");
	guest_sees(bob, "alice: still here");
	cr_assert_not(
	    server_log_contains(s, "got signal"), "%s", server_log_tail(s));
	cr_assert_eq(server_stop(s), 0);
}

/* chat-who ---------------------------------------------------------------- */

Test(e2e_server, chat_who_shows_who_is_here)
{
	struct server *s = server_start(NULL);
	char pid[16];

	(void)guest_join(s, "alice");
	(void)guest_join(s, "王偉");
	run_who(s, NULL);
	cr_assert_eq(result.status, 0, "%s", result.err);
	cr_assert_str_eq(result.err, "");
	cr_assert_not_null(strstr(result.out, "2 of 1024 users"));
	cr_assert_not_null(strstr(result.out, "alice"));
	cr_assert_not_null(strstr(result.out, "王偉"));
	cr_assert_not_null(strstr(result.out, "127.0.0.1:"));
	snprintf(pid, sizeof pid, " %d ", (int)server_child_pid(s, "alice"));
	cr_assert_not_null(strstr(result.out, pid), "%s", result.out);
}

Test(e2e_server, chat_who_quietly_shows_names_alone)
{
	struct server *s = server_start(NULL);
	struct guest *bob;

	(void)guest_join(s, "alice");
	bob = guest_join(s, "bob");
	(void)guest_connect(s);
	run_who(s, "-q");
	cr_assert_eq(result.status, 0);
	cr_assert_str_eq(result.out, "alice\nbob\n");
	guest_says(bob, "exit");
	guest_sees(bob, "* Goodbye, bob!");
	run_who(s, "-q");
	cr_assert_str_eq(result.out, "alice\n");
}

static json_t *
find_user(json_t *users, const char *name)
{
	json_t *user;
	size_t i;

	json_array_foreach(users, i,
	    user) if (strcmp(json_string_value(json_object_get(user, "name")),
			  name) == 0) return user;
	return NULL;
}

Test(e2e_server, chat_who_tells_programs_in_json)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");
	json_t *all, *users, *user;
	json_error_t error;

	guest_says(bob, "one");
	guest_says(bob, "@alice two");
	guest_sees(alice, "[bob -> alice] two");
	guest_catches_up(bob, alice);
	run_who(s, "--json");
	cr_assert_eq(result.status, 0, "%s", result.err);
	all = json_loads(result.out, 0, &error);
	cr_assert_not_null(all, "%s in %s", error.text, result.out);
	cr_assert_eq(json_integer_value(json_object_get(all, "master_pid")),
	    (json_int_t)s->pid);
	cr_assert_str_eq(
	    json_string_value(json_object_get(all, "instance")), s->instance);
	users = json_object_get(all, "users");
	cr_assert_eq(json_array_size(users), 2);
	user = find_user(users, "bob");
	cr_assert_not_null(user);
	cr_assert_eq(json_integer_value(json_object_get(user, "pid")),
	    (json_int_t)server_child_pid(s, "bob"));
	cr_assert_eq(json_integer_value(json_object_get(user, "said")), 2);
	cr_assert_eq(strncmp(json_string_value(json_object_get(user, "from")),
			 "127.0.0.1:", 10),
	    0);
	json_decref(all);
}

Test(e2e_server, chat_who_tells_that_no_server_runs)
{
	struct server *s = server_start(NULL);

	cr_assert_eq(server_stop(s), 0);
	run_who(s, NULL);
	cr_assert_eq(result.status, 1);
	cr_assert_str_neq(result.err, "");
}

/* The log ----------------------------------------------------------------- */

Test(e2e_server, logs_who_comes_and_goes_but_never_what_is_said)
{
	struct server *s =
	    server_start((const char *const[]){ "--verbose", NULL });
	struct guest *alice = guest_join(s, "alice");
	struct guest *bob = guest_join(s, "bob");

	guest_says(alice, "top secret");
	guest_says(alice, "@bob top secret");
	guest_says(alice, "/me tops secrets");
	guest_says(alice, "/topsecret");
	guest_says(alice, "@nobody top secret");
	guest_sees_start(alice, "! nobody named");
	guest_says(bob, "/nick rob");
	guest_says(bob, "exit");
	guest_sees_end(bob);
	guest_reset(alice);
	server_logs(s, "alice: joined from 127.0.0.1:");
	server_logs(s, "bob: joined from 127.0.0.1:");
	server_logs(s, "is now rob");
	server_logs(s, "the session of rob from 127.0.0.1:");
	server_logs(s, "the session of alice from 127.0.0.1:");
	cr_assert_eq(server_stop(s), 0);
	cr_assert_not(
	    server_log_contains(s, "secret"), "%s", server_log_tail(s));
}

Test(e2e_server, a_flood_of_names_is_not_a_line_each_in_the_log)
{
	struct server *s = server_start(NULL);
	struct guest *alice = guest_join(s, "alice");

	for (int i = 0; i < 200; i++)
		guest_says(alice, "/nick alice%d", i);
	guest_sees(alice, "* alice198 is now alice199");
	/* One a second. */
	cr_assert_lt(server_log_count(s, "is now"), 100);
}

Test(e2e_server, a_log_that_nobody_reads_blocks_nobody)
{
	struct server_wiring wiring = SERVER_WIRING;
	struct guest *alice;
	struct server *s;
	int log[2];

	cr_assert_eq(pipe2(log, O_CLOEXEC), 0);
	/* The smallest there is: one page. */
	cr_assert_neq(fcntl(log[1], F_SETPIPE_SZ, 1), -1);
	wiring.err_fd = log[1];
	s = server_start_wired(
	    (const char *const[]){ "--verbose", NULL }, &wiring);
	alice = guest_join(s, "alice");
	for (int i = 0; i < 100; i++) {
		struct guest *bob = guest_join(s, "bob");

		guest_says(bob, "exit");
		guest_sees(bob, "* Goodbye, bob!");
		guest_sees_end(bob);
		guest_close(bob);
	}
	guest_catches_up(alice, alice);
	cr_assert_eq(server_stop(s), 0);
	close(log[0]);
	close(log[1]);
}
