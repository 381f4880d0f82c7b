/* test_who_find.c - which servers there are to look at, and why not. */
#include "tools/who_find.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(who_find, .timeout = SUITE_TIMEOUT, .fini = harness_clean);

/* Servers ------------------------------------------------------------------ */

struct server {
	const char *run_dir;
	char instance[TEST_NAME_BYTES];
	char shm_name[INSTANCE_SHM_BYTES];
	pid_t pid;
};

static void
server_remove(void *arg)
{
	struct server *server = arg;

	(void)shm_unlink(server->shm_name);
	free(server);
}

/* An instance whose server has not been started: its folder alone. */
static struct server *
server_new(const char *run_dir)
{
	struct server *server = calloc(1, sizeof *server);
	char path[TEST_PATH_BYTES + TEST_NAME_BYTES];

	cr_assert_not_null(server);
	server->run_dir = run_dir;
	test_name(server->instance);
	instance_shm_name(server->shm_name, geteuid(), server->instance);
	harness_record_name(server->shm_name);
	harness_on_clean(server_remove, server);
	snprintf(path, sizeof path, "%s/%s", run_dir, server->instance);
	cr_assert_eq(mkdir(path, 0700), 0);
	return server;
}

static int
serve(void *arg)
{
	const struct server *server = arg;
	struct dir_config config = { server->shm_name, server->instance,
		server->run_dir, 20 };
	struct directory *dir;
	pid_t master_pid;
	bool removed_stale;

	if (directory_create(&config, &dir, &master_pid, &removed_stale) !=
	    DIR_OPENED)
		return 1;
	while (pause() == -1)
		;
	return 0;
}

static bool
is_serving(void *arg)
{
	const struct server *server = arg;
	struct who_view view;
	bool is_live;

	if (who_view_take(server->shm_name, geteuid(), &view) != DIR_OPENED)
		return false;
	is_live = view.is_live;
	who_view_free(&view);
	return is_live;
}

static struct server *
server_run(const char *run_dir)
{
	struct server *server = server_new(run_dir);

	server->pid = spawn(serve, server);
	cr_assert(wait_until(is_serving, server, PATIENCE_MS));
	return server;
}

/* Reasons ------------------------------------------------------------------ */

static char *reason;
static size_t reason_len;

static void
free_reason(void *arg)
{
	(void)arg;
	free(reason);
}

static FILE *
open_reason(void)
{
	harness_on_clean(free_reason, NULL);
	return open_memstream(&reason, &reason_len);
}

static bool
reason_has(FILE *why, const char *part)
{
	(void)fflush(why);
	return strstr(reason, part) != NULL;
}

/* -------------------------------------------------------------------------- */

Test(who_find, a_place_is_its_owners)
{
	char path[TEST_PATH_BYTES];
	struct who_place place;
	FILE *why = open_reason();

	test_dir(path);
	cr_assert(who_find_place(path, &place, why));
	cr_assert(place.exists);
	cr_assert_eq(place.run_dir.uid, geteuid());
	(void)fclose(why);
	cr_assert_str_empty(reason);
}

Test(who_find, a_place_that_is_not_there_is_empty)
{
	struct who_place place;
	struct who_servers servers;
	FILE *why = open_reason();

	cr_assert(who_find_place("/nowhere/at/all", &place, why));
	cr_assert_not(place.exists);
	cr_assert_eq(place.run_dir.uid, geteuid());
	cr_assert(who_find_servers(&place, &servers, why));
	cr_assert_eq(servers.n, 0);
	who_servers_free(&servers);
	(void)fclose(why);
	cr_assert_str_empty(reason);
}

Test(who_find, a_file_is_no_place)
{
	struct who_place place;
	FILE *why = open_reason();

	cr_assert_not(who_find_place("/dev/null", &place, why));
	cr_assert(reason_has(why, "/dev/null: it is not a directory"));
	(void)fclose(why);
}

Test(who_find, all_servers_of_a_place_are_found_in_order_of_name)
{
	char path[TEST_PATH_BYTES];
	struct who_place place;
	struct who_servers servers;
	struct server *a, *b;
	FILE *why = open_reason();

	test_dir(path);
	a = server_run(path);
	b = server_run(path);
	(void)server_new(path);
	kill_and_await(b->pid);
	cr_assert(who_find_place(path, &place, why));
	cr_assert(who_find_servers(&place, &servers, why));
	cr_assert_eq(servers.n, 2);
	cr_assert_eq(servers.n_live, 1);
	cr_assert_str_eq(servers.views[0].instance, a->instance);
	cr_assert(servers.views[0].is_live);
	cr_assert_str_eq(servers.views[1].instance, b->instance);
	cr_assert_not(servers.views[1].is_live);
	who_servers_free(&servers);
	kill_and_await(a->pid);
	(void)fclose(why);
	cr_assert_str_empty(reason);
}

Test(who_find, a_named_server_is_found_without_its_place)
{
	char path[TEST_PATH_BYTES];
	struct who_place place;
	struct who_view view;
	struct server *server;
	FILE *why = open_reason();

	test_dir(path);
	server = server_run(path);
	cr_assert(who_find_place("/nowhere/at/all", &place, why));
	cr_assert(who_find_server(&place, server->instance, &view, why));
	cr_assert(view.is_live);
	cr_assert_eq(view.master_pid, server->pid);
	who_view_free(&view);
	kill_and_await(server->pid);
	(void)fclose(why);
}

Test(who_find, a_missing_server_is_told_by_name)
{
	char path[TEST_PATH_BYTES];
	struct who_place place;
	struct who_view view;
	FILE *why = open_reason();

	test_dir(path);
	cr_assert(who_find_place(path, &place, why));
	cr_assert_not(who_find_server(&place, "nobody", &view, why));
	cr_assert(reason_has(why, "no server runs as instance nobody\n"));
	(void)fclose(why);
}

Test(who_find, one_that_cannot_be_read_does_not_hide_the_others)
{
	char path[TEST_PATH_BYTES];
	struct who_place place;
	struct who_servers servers;
	struct server *good, *bad;
	FILE *why = open_reason();

	test_dir(path);
	good = server_run(path);
	bad = server_new(path);
	close(shm_open(bad->shm_name, O_RDWR | O_CREAT | O_EXCL, 0600));
	cr_assert(who_find_place(path, &place, why));
	cr_assert(who_find_servers(&place, &servers, why));
	cr_assert_eq(servers.n, 1);
	cr_assert_str_eq(servers.views[0].instance, good->instance);
	cr_assert(reason_has(why, bad->instance));
	who_servers_free(&servers);
	kill_and_await(good->pid);
	(void)fclose(why);
}
