/* test_who_view.c - a directory copied out while anything is happening to it.
 */
#include "tools/who_view.h"

#include "ipc/clock.h"
#include "ipc/text.h"
#include "tests/harness_directory.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(who_view, .timeout = SUITE_TIMEOUT, .fini = harness_clean);

/* A server's side, in this process ----------------------------------------- */

struct room {
	char shm_name[TEST_NAME_BYTES];
	struct directory *dir;
};

/* `room` is still there when the test is cleaned up after. */
static void
room_open(struct room *room, uint32_t max_users)
{
	room->dir = test_directory_named(max_users, room->shm_name);
}

static struct directory
enter_as(struct directory *dir, const struct name *name)
{
	struct user_ref ref = { 0 };
	struct directory child;

	(void)directory_claim(dir, "192.0.2.1:7", &ref);
	child = user_view(dir, ref);
	(void)directory_join(&child, name);
	return child;
}

static struct directory
enter(struct directory *dir, const char *text)
{
	struct name name;

	(void)name_parse(text, strlen(text), &name);
	return enter_as(dir, &name);
}

/* The inspector's side ----------------------------------------------------- */

static struct who_view
look(const struct room *room)
{
	struct directory *dir;
	struct who_view view;

	cr_assert_eq(
	    directory_open(room->shm_name, geteuid(), &dir), DIR_OPENED);
	cr_assert_eq(who_view_copy(dir, &view), 0);
	/* Not before the rows are copied: this process owns the table, and
	 * closing any descriptor of it ends that. */
	directory_close(dir);
	return view;
}

Test(who_view, copies_the_header)
{
	static struct room room;
	struct who_view view;

	room_open(&room, 20);
	room.dir->header->n_listeners = 1;
	strcpy(room.dir->header->listeners[0], "127.0.0.1:5310");
	directory_count(room.dir, DIR_COUNT_lines, 1);
	view = look(&room);
	cr_assert_str_eq(view.instance, "test");
	cr_assert_str_eq(view.run_dir, "/nowhere");
	cr_assert_eq(view.master_pid, getpid());
	cr_assert_eq(view.max_users, 20);
	cr_assert_eq(view.n_listeners, 1);
	cr_assert_str_eq(view.listeners[0], "127.0.0.1:5310");
	cr_assert_eq(view.counters[DIR_COUNT_lines], 1);
	cr_assert_eq(view.phase, DIR_RUNNING);
	cr_assert_eq(view.n_rows, 0);
	cr_assert_not(view.holder.is_held);
	who_view_free(&view);
}

Test(who_view, copies_everybody_who_is_in_the_room)
{
	static struct room room;
	struct directory child;
	struct who_view view;

	room_open(&room, 20);
	child = enter(room.dir, "alice");
	atomic_store(&directory_own(&child)->n_said, 3);
	atomic_store(&directory_own(&child)->queued_bytes, 99);
	directory_show_away(&child, "at\x1b lunch", 9);
	view = look(&room);
	cr_assert_eq(view.n_rows, 1);
	cr_assert(view.rows[0].is_away);
	cr_assert_str_eq(view.rows[0].away, "at^[ lunch");
	cr_assert_str_eq(view.rows[0].name, "alice");
	cr_assert_str_eq(view.rows[0].from, "192.0.2.1:7");
	cr_assert_eq(view.rows[0].state, WHO_HERE);
	cr_assert_eq(view.rows[0].pid, getpid());
	cr_assert_eq(view.rows[0].ref.slot, child.own_slot);
	cr_assert_eq(view.rows[0].ref.generation, 1);
	cr_assert_eq(view.rows[0].n_said, 3);
	cr_assert_eq(view.rows[0].queued_bytes, 99);
	cr_assert_leq(view.rows[0].joined_at, view.taken_at);
	cr_assert_eq(view.roster, directory_roster(room.dir));
	who_view_free(&view);
}

Test(who_view, counts_those_without_a_name_and_leaves_out_those_who_leave)
{
	static struct room room;
	struct user_ref ref;
	struct directory leaver;
	struct who_view view;

	room_open(&room, 20);
	leaver = enter(room.dir, "alice");
	(void)enter(room.dir, "bob");
	cr_assert(directory_claim(room.dir, "", &ref));
	cr_assert(directory_claim(room.dir, "", &ref));
	cr_assert_eq(directory_leave(&leaver, ""), DIR_OK);
	view = look(&room);
	cr_assert_eq(view.n_connecting, 2);
	cr_assert_eq(view.n_rows, 1);
	cr_assert_str_eq(view.rows[0].name, "bob");
	who_view_free(&view);
}

Test(who_view, is_in_the_order_of_joining)
{
	static const char *const names[] = { "a", "b", "c" };
	static const int64_t joined_at[] = { 30, 10, 20 };
	static struct room room;
	struct who_view view;

	room_open(&room, 20);
	for (int i = 0; i < 3; i++) {
		struct directory child = enter(room.dir, names[i]);

		directory_own(&child)->joined_at = joined_at[i];
	}
	view = look(&room);
	cr_assert_eq(view.n_rows, 3);
	cr_assert_str_eq(view.rows[0].name, "b");
	cr_assert_str_eq(view.rows[1].name, "c");
	cr_assert_str_eq(view.rows[2].name, "a");
	who_view_free(&view);
}

static void
is_sane(int64_t at, int64_t taken_at)
{
	cr_assert(at >= 0 && at <= taken_at);
}

Test(who_view, takes_no_time_from_a_damaged_table_that_cannot_be)
{
	static const int64_t damages[] = { INT64_MIN, -1, INT64_MAX };
	static struct room room;
	struct directory child;
	struct who_view view;

	room_open(&room, 20);
	child = enter(room.dir, "alice");
	for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
		directory_own(&child)->joined_at = damages[i];
		atomic_store(&directory_own(&child)->active_at, damages[i]);
		room.dir->header->started_at = damages[i];
		room.dir->header->started_realtime_s = damages[i];
		view = look(&room);
		cr_assert_eq(view.n_rows, 1);
		is_sane(view.rows[0].joined_at, view.taken_at);
		is_sane(view.rows[0].active_at, view.taken_at);
		is_sane(view.started_at, view.taken_at);
		/* A clock may be put back, but not by thousands of years. */
		is_sane(view.started_realtime_s, INT64_C(253402300799));
		who_view_free(&view);
	}
}

Test(who_view, marks_an_entry_whose_writer_died_at_it)
{
	static struct room room;
	struct directory alice;
	struct who_view view;

	room_open(&room, 20);
	alice = enter(room.dir, "alice");
	(void)enter(room.dir, "bob");
	atomic_fetch_add(&directory_own(&alice)->changes, 1);
	view = look(&room);
	cr_assert_eq(view.n_rows, 2);
	cr_assert_str_eq(view.rows[0].name, "bob");
	cr_assert_eq(view.rows[1].state, WHO_UNREADABLE);
	cr_assert_str_empty(view.rows[1].name);
	cr_assert_str_empty(view.rows[1].from);
	cr_assert_eq(view.rows[1].pid, getpid());
	cr_assert_eq(view.rows[1].ref.slot, alice.own_slot);
	who_view_free(&view);
}

Test(who_view, needs_no_lock_and_names_its_holder)
{
	static struct room room;
	struct directory alice;
	struct who_view view;

	room_open(&room, 20);
	alice = enter(room.dir, "alice");
	(void)enter(room.dir, "bob");
	/* What a child leaves that is killed between taking and giving. */
	cr_assert(lock_take(&room.dir->header->lock, alice.self, 0));
	atomic_fetch_add(&room.dir->header->roster, 1);
	view = look(&room);
	cr_assert_eq(view.n_rows, 2);
	cr_assert(view.holder.is_held);
	cr_assert_not(view.holder.is_master);
	cr_assert_str_eq(view.holder.name, "alice");
	cr_assert_eq(view.holder.pid, getpid());
	who_view_free(&view);
}

Test(who_view, names_a_holder_without_a_name_by_pid)
{
	static struct room room;
	struct user_ref ref;
	struct directory child;
	struct who_view view;

	room_open(&room, 20);
	cr_assert(directory_claim(room.dir, "", &ref));
	child = user_view(room.dir, ref);
	cr_assert(lock_take(&room.dir->header->lock, child.self, 0));
	view = look(&room);
	cr_assert(view.holder.is_held);
	cr_assert_str_empty(view.holder.name);
	cr_assert_eq(view.holder.pid, getpid());
	who_view_free(&view);
}

Test(who_view, names_the_master_as_the_holder)
{
	static struct room room;
	struct who_view view;

	room_open(&room, 20);
	cr_assert(lock_take(&room.dir->header->lock, DIR_MASTER_IDENTITY, 0));
	view = look(&room);
	cr_assert(view.holder.is_held);
	cr_assert(view.holder.is_master);
	cr_assert_eq(view.holder.pid, getpid());
	who_view_free(&view);
}

Test(who_view, knows_no_holder_whose_slot_is_another_ones)
{
	static struct room room;
	struct directory alice;
	struct who_view view;

	room_open(&room, 20);
	alice = enter(room.dir, "alice");
	atomic_store(
	    &room.dir->header->lock.holder, dir_identity(alice.own_slot, 77));
	view = look(&room);
	cr_assert(view.holder.is_held);
	cr_assert_eq(view.holder.pid, 0);
	who_view_free(&view);
	atomic_store(&room.dir->header->lock.holder, dir_identity(1u << 30, 1));
	view = look(&room);
	cr_assert(view.holder.is_held);
	cr_assert_eq(view.holder.pid, 0);
	who_view_free(&view);
}

Test(who_view, shows_nothing_raw_of_a_damaged_table)
{
	static struct room room;
	struct directory alice;
	struct who_view view;
	struct name *name;

	room_open(&room, 20);
	alice = enter(room.dir, "alice");
	name = &directory_own(&alice)->names[0];
	if (name->len == 0)
		name++;
	memcpy(name->text, "\033[2J\xff", 5);
	name->len = 255;
	room.dir->header->n_listeners = 4000000000;
	memset(
	    room.dir->header->instance, 'x', sizeof room.dir->header->instance);
	view = look(&room);
	cr_assert_eq(strncmp(view.rows[0].name, "^[[2J\\377", 9), 0);
	cr_assert_eq(view.n_listeners, MAX_LISTENERS);
	cr_assert_eq(strlen(view.instance), INSTANCE_MAX_BYTES);
	who_view_free(&view);
}

/* Beside somebody who changes it ------------------------------------------- */

/* Names whose text is one letter repeated: a mixed one shows. */
static void
letter_name(struct name *name, char letter)
{
	char text[NAME_MAX_CHARS];
	size_t len = (size_t)(letter - 'a') + 5;

	memset(text, letter, len);
	(void)name_parse(text, len, name);
}

static int
change_names_for_ever(void *arg)
{
	struct room *room = arg;
	struct directory child = enter(room->dir, "b");
	struct name name;
	char letter = 'a';

	do {
		letter_name(&name, letter);
		letter = letter == 'z' ? 'a' : (char)(letter + 1);
	} while (directory_rename(&child, &name) == DIR_OK);
	return 1;
}

static bool
somebody_is_here(void *arg)
{
	struct room *room = arg;

	return directory_n_joined(room->dir) > 0;
}

static void
assert_one_letter(const char *name)
{
	size_t len = strlen(name);

	/* The first name is not yet of the pattern. */
	if (strcmp(name, "b") == 0)
		return;
	cr_assert_eq(len, (size_t)(name[0] - 'a') + 5, "mixed: %s", name);
	for (size_t i = 1; i < len; i++)
		cr_assert_eq(name[i], name[0], "mixed: %s", name);
}

Test(who_view, never_mixes_two_states_of_an_entry)
{
	static struct room room;
	pid_t pid;

	room_open(&room, 20);
	pid = spawn(change_names_for_ever, &room);
	cr_assert(wait_until(somebody_is_here, &room, PATIENCE_MS));
	for (int i = 0; i < 5000; i++) {
		struct who_view view = look(&room);

		cr_assert_eq(view.n_rows, 1);
		if (view.rows[0].state == WHO_HERE)
			assert_one_letter(view.rows[0].name);
		who_view_free(&view);
	}
	kill_and_await(pid);
}

/* As a child could that has been taken over. */
static int
write_escapes_for_ever(void *arg)
{
	struct room *room = arg;
	volatile char *at = room->dir->header->instance;

	for (;;)
		for (int i = 0; i < INSTANCE_MAX_BYTES; i++)
			at[i] ^= 'x' ^ '\033';
	return 0;
}

Test(who_view, judges_the_same_bytes_that_it_shows)
{
	static struct room room;
	int64_t until;
	pid_t writer;

	room_open(&room, 4);
	memset(room.dir->header->instance, 'x', INSTANCE_MAX_BYTES);
	writer = spawn(write_escapes_for_ever, &room);
	for (until = clock_ms() + 300; clock_ms() < until;) {
		struct who_view view = look(&room);

		cr_assert(text_is_safe(view.instance, strlen(view.instance)));
		who_view_free(&view);
	}
	kill_and_await(writer);
}

static bool
two_are_here(void *arg)
{
	struct room *room = arg;

	return directory_n_joined(room->dir) == 2;
}

/* Also while others move so much that the table has to be gone over again. */
Test(who_view, shows_who_is_behind_as_anybody_else)
{
	static struct room room;
	struct directory alice;
	pid_t pid;

	room_open(&room, 20);
	alice = enter(room.dir, "alice");
	directory_show(&alice, DIR_PRESENCE_BEHIND, true);
	pid = spawn(change_names_for_ever, &room);
	cr_assert(wait_until(two_are_here, &room, PATIENCE_MS));
	for (int i = 0; i < 5000; i++) {
		struct who_view view = look(&room);

		cr_assert_eq(view.n_rows, 2);
		who_view_free(&view);
	}
	kill_and_await(pid);
}

static void
sweep(struct directory *dir, const struct directory *child)
{
	struct user_ref ref = { child->own_slot, (uint32_t)child->self };
	struct dir_row row;

	(void)directory_sweep(dir, ref, "crashed", &row);
}

/* Fill every slot but the first and the last. */
static void
fill_between(struct directory *dir)
{
	struct directory first = enter(dir, "first"), last = first;

	for (uint32_t i = 1; i < dir->header->n_slots; i++) {
		char name[16];

		snprintf(name, sizeof name, "user%u", i);
		last = enter(dir, name);
	}
	sweep(dir, &first);
	sweep(dir, &last);
}

/* Alice is by turns in the first slot and in the last, never in both, and long
 * enough to be seen there: she looks round herself. */
static int
come_and_go_for_ever(void *arg)
{
	struct room *room = arg;
	struct name alice;

	(void)name_parse("alice", 5, &alice);
	for (;;) {
		struct directory child = enter_as(room->dir, &alice);
		struct who_view view;

		if (who_view_copy(room->dir, &view) == 0)
			who_view_free(&view);
		if (child.own_slot != 0 &&
		    child.own_slot != room->dir->header->n_slots - 1)
			return 1;
		sweep(room->dir, &child);
	}
}

Test(who_view, never_shows_one_who_comes_back_twice)
{
	static struct room room;
	uint32_t n_others;
	pid_t pid;

	room_open(&room, 200);
	n_others = room.dir->header->n_slots - 2;
	fill_between(room.dir);
	pid = spawn(come_and_go_for_ever, &room);
	for (int i = 0; i < 1000; i++) {
		struct who_view view = look(&room);

		cr_assert_geq(view.n_rows, n_others);
		cr_assert_leq(view.n_rows, n_others + 1, "alice twice");
		who_view_free(&view);
	}
	kill_and_await(pid);
}

/* Living and dead ---------------------------------------------------------- */

static int
be_a_server(void *arg)
{
	struct dir_config config = { arg, "test", "/nowhere", 20 };
	struct directory *dir;
	pid_t master_pid;
	bool removed_stale;

	if (directory_create(&config, &dir, &master_pid, &removed_stale) !=
	    DIR_OPENED)
		return 1;
	(void)enter(dir, "alice");
	while (pause() == -1)
		;
	return 0;
}

static bool
has_a_user(void *arg)
{
	struct who_view view;
	bool has;

	if (who_view_take(arg, geteuid(), &view) != DIR_OPENED)
		return false;
	has = view.n_rows == 1;
	who_view_free(&view);
	return has;
}

Test(who_view, tells_a_stale_table_from_a_live_one_and_shows_no_ghosts)
{
	char shm_name[TEST_NAME_BYTES];
	struct who_view view;
	pid_t pid;

	test_shm_name(shm_name);
	pid = spawn(be_a_server, shm_name);
	cr_assert(wait_until(has_a_user, shm_name, PATIENCE_MS));
	cr_assert_eq(who_view_take(shm_name, geteuid(), &view), DIR_OPENED);
	cr_assert(view.is_live);
	cr_assert_eq(view.master_pid, pid);
	cr_assert_str_eq(view.rows[0].name, "alice");
	who_view_free(&view);

	kill_and_await(pid);
	cr_assert_eq(who_view_take(shm_name, geteuid(), &view), DIR_OPENED);
	cr_assert_not(view.is_live);
	cr_assert_eq(view.master_pid, pid);
	cr_assert_eq(view.n_rows, 0);
	cr_assert_eq(view.n_connecting, 0);
	who_view_free(&view);
}

static int
own_for_a_while(void *arg)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = shm_open(arg, O_RDWR | O_CLOEXEC, 0);

	if (fd == -1 || fcntl(fd, F_SETLK, &lock) == -1)
		return 1;
	while (pause() == -1)
		;
	return 0;
}

static bool
is_owned(void *arg)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	int fd = shm_open(arg, O_RDONLY | O_CLOEXEC, 0);
	bool owned = fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;

	close(fd);
	return owned;
}

Test(who_view, is_stale_while_somebody_else_removes_the_table)
{
	char shm_name[TEST_NAME_BYTES];
	struct who_view view;
	pid_t server, remover;

	test_shm_name(shm_name);
	server = spawn(be_a_server, shm_name);
	cr_assert(wait_until(has_a_user, shm_name, PATIENCE_MS));
	kill_and_await(server);
	remover = spawn(own_for_a_while, shm_name);
	cr_assert(wait_until(is_owned, shm_name, PATIENCE_MS));
	cr_assert_eq(who_view_take(shm_name, geteuid(), &view), DIR_OPENED);
	cr_assert_not(view.is_live);
	who_view_free(&view);
	kill_and_await(remover);
}

Test(who_view, refuses_what_is_not_there_or_not_ours)
{
	static struct room room;
	struct who_view view;
	char shm_name[TEST_NAME_BYTES];
	int fd;

	test_shm_name(shm_name);
	cr_assert_eq(
	    who_view_take(shm_name, geteuid(), &view), DIR_OPEN_FAILED);

	fd = shm_open(shm_name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	cr_assert_eq(ftruncate(fd, 1 << 20), 0);
	close(fd);
	cr_assert_eq(
	    who_view_take(shm_name, geteuid(), &view), DIR_OPEN_FOREIGN);

	room_open(&room, 20);
	cr_assert_eq(who_view_take(room.shm_name, geteuid() + 1, &view),
	    DIR_OPEN_FOREIGN);
	room.dir->header->layout_version++;
	cr_assert_eq(
	    who_view_take(room.shm_name, geteuid(), &view), DIR_OPEN_VERSION);
}

/* Size --------------------------------------------------------------------- */

Test(who_view, copies_ten_thousand_entries)
{
	static struct room room;
	struct who_view view;

	room_open(&room, 10000);
	for (int i = 0; i < 10000; i++) {
		char name[16];

		snprintf(name, sizeof name, "user%d", i);
		(void)enter(room.dir, name);
	}
	view = look(&room);
	cr_assert_eq(view.n_rows, 10000);
	who_view_free(&view);
}
