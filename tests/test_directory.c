/* test_directory.c - joining, renaming, leaving, sweeping, reading.
 *
 * Deaths at bad moments are crash_directory.c; many processes at once are
 * test_directory_races.c. */
#include "ipc/directory.h"

#include "tests/harness_directory.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

TestSuite(directory, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

Test(directory, of_nobody_is_empty)
{
	struct directory *dir = test_directory(4);
	struct user_ref refs[4];

	cr_expect_eq(test_list(dir, refs, 4), 0);
	cr_expect_eq(directory_n_joined(dir), 0);
	cr_expect_eq(directory_count_users(dir), 0);
	cr_expect_eq(test_find(dir, "alice"), DIR_NO_SLOT);
	cr_expect_eq(directory_phase(dir), DIR_RUNNING);
	test_directory_is_sound(dir);
}

Test(directory, shows_who_claims_and_joins)
{
	struct directory *dir = test_directory(4);
	struct name alice = test_parse("Alice");
	struct directory view;
	struct user_ref ref;
	struct dir_row row;

	cr_assert(directory_claim(dir, "[2001:db8::1]:7", &ref));
	cr_assert_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect_eq(row.state, DIR_CLAIMED);
	cr_expect_eq(row.pid, 0);
	cr_expect_str_eq(row.from, "[2001:db8::1]:7");
	cr_expect_str_eq(row.name.text, "");
	cr_expect_eq(row.joined_at, 0);
	cr_expect_eq(directory_count_users(dir), 1);
	cr_expect_eq(directory_n_joined(dir), 0);

	view = user_view(dir, ref);
	cr_assert_eq(directory_join(&view, &alice), DIR_OK);
	cr_assert_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect_eq(row.state, DIR_JOINED);
	cr_expect_eq(row.pid, getpid());
	cr_expect(user_ref_equal(row.ref, ref));
	cr_expect_str_eq(row.name.text, "Alice");
	cr_expect_str_eq(row.from, "[2001:db8::1]:7");
	cr_expect_geq(row.joined_at, row.claimed_at);
	cr_expect_eq(directory_n_joined(dir), 1);
	cr_expect_eq(directory_count_users(dir), 1);
	test_directory_is_sound(dir);
}

Test(directory, shows_the_figures_of_a_user)
{
	struct directory *dir = test_directory(4);
	struct user_ref ref = test_join(dir, "alice");
	struct directory view = user_view(dir, ref);
	struct dir_row row;

	directory_own(&view)->active_at = 12345;
	directory_own(&view)->n_said = 7;
	directory_own(&view)->queued_bytes = 99;
	directory_own(&view)->n_turns = 3;
	cr_assert_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect_eq(row.active_at, 12345);
	cr_expect_eq(row.n_said, 7);
	cr_expect_eq(row.queued_bytes, 99);
	cr_expect_eq(row.n_turns, 3);
}

Test(directory, shows_who_is_stopped_until_he_goes_on_or_is_gone)
{
	struct directory *dir = test_directory(4);
	struct user_ref ref = test_join(dir, "alice");
	struct dir_row row;

	cr_assert_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect_not(row.is_stopped);
	directory_show_stopped(dir, ref, true);
	cr_assert_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect(row.is_stopped);
	cr_expect_eq(row.state, DIR_JOINED);
	cr_expect_eq(test_find(dir, "alice"), ref.slot);
	directory_show_stopped(dir, ref, false);
	cr_assert_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect_not(row.is_stopped);

	directory_show_stopped(dir, ref, true);
	(void)test_sweep(dir, ref);
	(void)directory_read(dir, ref.slot, &row);
	cr_expect_not(row.is_stopped);
	test_directory_is_sound(dir);
}

Test(directory, shows_who_is_away_and_why)
{
	struct directory *dir = test_directory(4);
	struct user_ref ref = test_join(dir, "alice");
	struct directory view = user_view(dir, ref);
	struct name name = test_parse("ann");
	struct dir_row row;

	cr_assert_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect_not(row.is_away);
	cr_expect_not(directory_own_is_away(&view));

	directory_show_away(&view, "back at two", 11);
	cr_assert_eq(directory_rename(&view, &name), DIR_OK);
	cr_assert_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect(row.is_away);
	cr_expect_str_eq(row.away, "back at two");
	cr_expect(directory_own_is_away(&view));

	directory_show_away(&view, "at three", 8);
	cr_assert_eq(directory_find(dir, &name, &row), DIR_OK);
	cr_expect_str_eq(row.away, "at three");
	directory_show_away(&view, NULL, 0);
	cr_assert_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect(row.is_away);
	cr_expect_str_eq(row.away, "");

	directory_show_back(&view);
	cr_assert_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect_not(row.is_away);
	cr_expect_not(directory_own_is_away(&view));
	test_directory_is_sound(dir);
}

/* He has not the lock for it: an entry that is odd while the roster is even
 * would be taken for nobody's. */
Test(directory, finds_who_is_saying_why_he_is_away)
{
	struct directory *dir = test_directory(4);
	struct user_ref ref = test_join(dir, "bob");
	struct directory view = user_view(dir, ref);
	uint32_t changes = dir->slots[ref.slot].changes;
	struct dir_row row;

	directory_show_away(&view, "lunch", 5);
	cr_expect_eq(dir->slots[ref.slot].changes, changes);
	/* as it is while the next text is being written */
	dir->slots[ref.slot].is_away++;
	cr_expect_eq(test_find(dir, "bob"), ref.slot);
	cr_assert_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect_not(row.is_away);
	cr_expect_str_eq(row.away, "");
	directory_show_back(&view);
	cr_expect_eq(dir->slots[ref.slot].changes, changes);
}

Test(directory, has_room_for_the_longest_text_of_one_who_is_away)
{
	struct directory *dir = test_directory(4);
	struct user_ref ref = test_join(dir, "alice");
	struct directory view = user_view(dir, ref);
	char text[AWAY_MAX_BYTES + 1];
	struct dir_row row;

	memset(text, 'x', AWAY_MAX_BYTES);
	text[AWAY_MAX_BYTES] = '\0';
	directory_show_away(&view, text, AWAY_MAX_BYTES);
	cr_assert_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect_str_eq(row.away, text);
	cr_expect_eq(row.pid, getpid());
}

Test(directory, cuts_an_address_that_is_too_long)
{
	struct directory *dir = test_directory(4);
	char from[DIR_ADDRESS_BYTES * 2];
	struct user_ref ref;
	struct dir_row row;

	memset(from, 'x', sizeof from - 1);
	from[sizeof from - 1] = '\0';
	cr_assert(directory_claim(dir, from, &ref));
	cr_assert_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect_eq(strlen(row.from), DIR_ADDRESS_BYTES - 1);
}

struct taken_case {
	char here[32], wanted[32];
	enum dir_result result;
};

ParameterizedTestParameters(directory, refuses_a_name_somebody_has)
{
	static struct taken_case cases[] = {
		{ "bob", "bob", DIR_NAME_TAKEN },
		{ "bob", "BOB", DIR_NAME_TAKEN },
		{ "bob",
		    "b\xef\xbd\x8f"
		    "b",
		    DIR_NAME_TAKEN },
		{ "Stra\xc3\x9f"
		  "e",
		    "STRASSE", DIR_NAME_TAKEN },
		{ "\xc3\xa9", "E\xcc\x81", DIR_NAME_TAKEN },
		{ "bob", "bo", DIR_OK },
		{ "bob", "bobb", DIR_OK },
		{ "bob", "rob", DIR_OK },
	};

	return cr_make_param_array(
	    struct taken_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct taken_case *t, directory, refuses_a_name_somebody_has)
{
	struct directory *dir = test_directory(4);
	struct name wanted = test_parse(t->wanted), carol;
	struct user_ref second;
	struct directory view;
	uint64_t roster;

	test_join(dir, t->here);
	second = test_claim(dir);
	view = user_view(dir, second);
	cr_assert_eq(directory_join(&view, &wanted), t->result);
	if (t->result == DIR_OK)
		return;
	/* Neither a claim nor another name gets it, and nothing changes. */
	roster = directory_roster(dir);
	carol = test_parse("carol");
	cr_assert_eq(directory_join(&view, &carol), DIR_OK);
	cr_expect_neq(directory_roster(dir), roster);
	cr_assert_eq(directory_rename(&view, &wanted), DIR_NAME_TAKEN);
	cr_expect_eq(test_find(dir, "carol"), second.slot);
	cr_expect_eq(directory_n_joined(dir), 2);
	test_directory_is_sound(dir);
}

Test(directory, renames_a_user)
{
	struct directory *dir = test_directory(4);
	struct user_ref ref = test_join(dir, "bob");
	struct directory view = user_view(dir, ref);
	struct name rob = test_parse("rob");
	struct dir_row before, after;
	uint64_t roster = directory_roster(dir);

	cr_assert_eq(directory_read(dir, ref.slot, &before), DIR_OK);
	cr_assert_eq(directory_rename(&view, &rob), DIR_OK);
	cr_expect_gt(directory_roster(dir), roster);
	cr_expect_eq(test_find(dir, "rob"), ref.slot);
	cr_expect_eq(test_find(dir, "bob"), DIR_NO_SLOT);
	cr_assert_eq(directory_read(dir, ref.slot, &after), DIR_OK);
	cr_expect_str_eq(after.name.text, "rob");
	cr_expect_eq(after.joined_at, before.joined_at);
	cr_expect(user_ref_equal(after.ref, before.ref));
	test_join(dir, "bob");
	test_directory_is_sound(dir);
}

Test(directory, lets_a_user_change_the_case_of_his_name)
{
	struct directory *dir = test_directory(4);
	struct user_ref ref = test_join(dir, "bob");
	struct directory view = user_view(dir, ref);
	struct name upper = test_parse("BOB");
	struct dir_row row;

	cr_assert_eq(directory_rename(&view, &upper), DIR_OK);
	cr_expect_eq(test_find(dir, "bob"), ref.slot);
	cr_assert_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect_str_eq(row.name.text, "BOB");
	cr_assert_eq(directory_rename(&view, &upper), DIR_OK, "the same");
	test_directory_is_sound(dir);
}

Test(directory, has_no_user_who_has_left)
{
	struct directory *dir = test_directory(4);
	struct user_ref ref = test_join(dir, "bob"), refs[4];
	struct directory view = user_view(dir, ref);
	struct dir_row row;
	uint64_t roster = directory_roster(dir);

	cr_assert_eq(directory_leave(&view, ""), DIR_OK);
	cr_expect_gt(directory_roster(dir), roster);
	cr_expect_eq(test_find(dir, "bob"), DIR_NO_SLOT);
	cr_expect_eq(test_list(dir, refs, 4), 0);
	cr_expect_eq(directory_n_joined(dir), 0);
	cr_expect_eq(directory_count_users(dir), 0);
	cr_assert_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect_eq(row.state, DIR_LEAVING);
	cr_expect_str_eq(row.name.text, "bob", "it can still be told who left");
	/* The name is free while he is still leaving. */
	cr_expect_neq(test_join(dir, "bob").slot, ref.slot);

	directory_gone(&view);
	cr_assert_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect_eq(row.state, DIR_FREE);
	test_directory_is_sound(dir);
}

Test(directory, sweeps_a_user_who_is_here)
{
	struct directory *dir = test_directory(4);
	struct user_ref ref = test_join(dir, "bob");
	struct dir_row row;
	uint64_t roster;

	test_join(dir, "alice");
	roster = directory_roster(dir);
	row = test_sweep(dir, ref);
	cr_expect_eq(row.state, DIR_JOINED);
	cr_expect_str_eq(row.name.text, "bob");
	cr_expect(user_ref_equal(row.ref, ref));
	cr_expect_gt(directory_roster(dir), roster);
	cr_expect_eq(test_find(dir, "bob"), DIR_NO_SLOT);
	cr_expect_eq(directory_n_joined(dir), 1);
	test_join(dir, "BOB");
	test_directory_is_sound(dir);
}

Test(directory, sweeps_in_every_other_state)
{
	struct directory *dir = test_directory(4);
	struct user_ref naming = test_claim(dir);
	struct user_ref leaving = test_join(dir, "alice");
	struct user_ref gone = test_join(dir, "bob");
	struct directory view;

	view = user_view(dir, leaving);
	cr_assert_eq(directory_leave(&view, ""), DIR_OK);
	view = user_view(dir, gone);
	cr_assert_eq(directory_leave(&view, ""), DIR_OK);
	directory_gone(&view);
	cr_expect_eq(test_sweep(dir, naming).state, DIR_CLAIMED);
	cr_expect_eq(test_sweep(dir, leaving).state, DIR_LEAVING);
	cr_expect_eq(test_sweep(dir, gone).state, DIR_FREE);
	cr_expect_eq(directory_count_users(dir), 0);
	test_directory_is_sound(dir);
}

Test(directory, that_is_locked_stays_as_it_is)
{
	struct directory *dir = test_directory(4);
	struct user_ref alice = test_join(dir, "alice");
	struct user_ref bob = test_join(dir, "bob");
	struct user_ref other = test_claim(dir);
	struct directory view = user_view(dir, alice);
	struct directory view_other = user_view(dir, other);
	struct name carol = test_parse("carol");
	uint64_t holder = dir_identity(bob.slot, bob.generation);
	uint64_t roster = directory_roster(dir);
	struct dir_row row;

	cr_assert(lock_take(&dir->header->lock, holder, 0));
	cr_expect_eq(directory_join(&view_other, &carol), DIR_BUSY);
	cr_expect_eq(directory_rename(&view, &carol), DIR_BUSY);
	cr_expect_eq(directory_leave(&view, ""), DIR_BUSY);
	cr_expect_eq(directory_sweep(dir, alice, "crashed", &row), DIR_BUSY);
	cr_expect_eq(directory_roster(dir), roster);
	cr_expect_eq(
	    test_find(dir, "alice"), alice.slot, "reading never waits");
	cr_expect_eq(test_find(dir, "carol"), DIR_NO_SLOT);
	cr_expect_eq(lock_holder(&dir->header->lock), holder);
	lock_give(&dir->header->lock, holder);
	cr_expect_eq(test_sweep(dir, alice).state, DIR_JOINED);
	test_directory_is_sound(dir);
}

Test(directory, gives_out_every_slot_and_no_more)
{
	struct directory *dir = test_directory(4);
	uint32_t n_slots = dir->header->n_slots;
	struct user_ref ref;

	cr_assert_gt(n_slots, 4);
	for (uint32_t i = 0; i < n_slots; i++)
		cr_expect_eq(test_claim(dir).slot, i);
	cr_expect_not(directory_claim(dir, "x", &ref));
	cr_expect_eq(directory_count_users(dir), n_slots);
}

Test(directory, lets_a_slot_rest_as_long_as_it_can)
{
	static const uint32_t order[] = { 5, 3, 9, 0 };
	struct directory *dir = test_directory(4);
	uint32_t n_slots = dir->header->n_slots;
	struct user_ref refs[128], ref;

	cr_assert_leq(n_slots, 128);
	for (uint32_t i = 0; i < 10; i++)
		refs[i] = test_claim(dir);
	for (size_t i = 0; i < 4; i++)
		test_sweep(dir, refs[order[i]]);
	for (uint32_t i = 10; i < n_slots; i++)
		cr_expect_eq(test_claim(dir).slot, i, "unused ones first");
	for (size_t i = 0; i < 4; i++) {
		ref = test_claim(dir);
		cr_expect_eq(ref.slot, order[i], "oldest first");
		cr_expect_eq(ref.generation, refs[order[i]].generation + 1);
	}
	cr_expect_not(directory_claim(dir, "x", &ref));
}

Test(directory, raises_the_generation_with_every_claim)
{
	struct directory *dir = test_directory(1);
	uint32_t last[128] = { 0 };

	cr_assert_leq(dir->header->n_slots, 128);
	for (int i = 0; i < 1000; i++) {
		struct user_ref ref = test_claim(dir);

		cr_assert_eq(ref.generation, last[ref.slot] + 1);
		last[ref.slot] = ref.generation;
		test_sweep(dir, ref);
	}
}

Test(directory, forgets_the_user_before)
{
	struct directory *dir = test_directory(1);
	struct user_ref ref = test_join(dir, "bob"), next;
	struct directory view = user_view(dir, ref);
	struct dir_row row;

	directory_own(&view)->n_said = 5;
	directory_own(&view)->n_turns = 5;
	directory_own(&view)->queued_bytes = 5;
	directory_show_away(&view, "lunch", 5);
	test_sweep(dir, ref);
	do {
		cr_assert(directory_claim(dir, "b", &next));
	} while (next.slot != ref.slot);
	cr_assert_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect_str_eq(row.name.text, "");
	cr_expect_str_eq(row.from, "b");
	cr_expect_eq(row.pid, 0);
	cr_expect_eq(row.joined_at, 0);
	cr_expect_eq(row.n_said, 0);
	cr_expect_eq(row.n_turns, 0);
	cr_expect_eq(row.queued_bytes, 0);
	cr_expect_not(row.is_away);
	cr_expect_str_eq(row.away, "");
}

Test(directory, counts_who_is_coming_as_a_user_and_not_as_joined)
{
	struct directory *dir = test_directory(16);

	for (int i = 0; i < 10; i++) {
		char name[16];

		snprintf(name, sizeof name, "u%d", i);
		test_join(dir, name);
		test_claim(dir);
	}
	cr_expect_eq(directory_count_users(dir), 20);
	cr_expect_eq(directory_count_nameless(dir, INT64_MAX), 10);
	cr_expect_eq(
	    directory_count_nameless(dir, dir->slots[1].claimed_at - 1), 0);
	cr_expect_eq(directory_n_joined(dir), 10);
}

Test(directory, finds_everybody_in_a_full_room)
{
	struct directory *dir = test_directory(500);
	struct user_ref refs[500];

	for (uint32_t i = 0; i < 500; i++) {
		char name[16];

		snprintf(name, sizeof name, "user%u", i);
		refs[i] = test_join(dir, name);
	}
	test_directory_is_sound(dir);
	for (uint32_t i = 0; i < 500; i += 2)
		test_sweep(dir, refs[i]);
	test_directory_is_sound(dir);
	cr_expect_eq(test_find(dir, "USER499"), refs[499].slot);
	cr_expect_eq(test_find(dir, "user498"), DIR_NO_SLOT);
}

Test(directory, reads_no_entry_whose_writer_is_at_it)
{
	struct directory *dir = test_directory(4);
	struct user_ref ref = test_join(dir, "bob");
	struct dir_row row;

	dir->slots[ref.slot].changes++;
	cr_expect_eq(directory_read(dir, ref.slot, &row), DIR_UNREADABLE);
	cr_expect(user_ref_equal(row.ref, ref));
	cr_expect_eq(row.state, DIR_JOINED);
	cr_expect_eq(row.pid, getpid());
	cr_expect_str_eq(row.name.text, "");
	cr_expect_str_eq(row.from, "");
	cr_expect_not(row.is_away);
	dir->slots[ref.slot].changes++;
	cr_expect_eq(directory_read(dir, ref.slot, &row), DIR_OK);
}

Test(directory, finds_by_looking_at_all_when_the_index_is_being_changed)
{
	struct directory *dir = test_directory(4);
	struct user_ref alice = test_join(dir, "alice");
	struct user_ref bob = test_join(dir, "bob");

	/* A writer stopped in the middle of it, and the chains are in pieces,
	 * lead in a circle, or out of the table. */
	dir->header->roster++;
	for (uint32_t i = 0; i < dir->header->n_buckets; i++)
		dir->buckets[i] = DIR_NO_SLOT;
	cr_expect_eq(test_find(dir, "alice"), alice.slot);
	for (uint32_t i = 0; i < dir->header->n_buckets; i++)
		dir->buckets[i] = bob.slot;
	dir->slots[bob.slot].next = bob.slot;
	cr_expect_eq(test_find(dir, "alice"), alice.slot);
	cr_expect_eq(test_find(dir, "carol"), DIR_NO_SLOT);
	for (uint32_t i = 0; i < dir->header->n_buckets; i++)
		dir->buckets[i] = dir->header->n_slots + 7;
	cr_expect_eq(test_find(dir, "alice"), alice.slot);
}

Test(directory, never_reads_beyond_a_damaged_name)
{
	struct directory *dir = test_directory(4);
	struct user_ref ref = test_join(dir, "bob");
	struct dir_slot *slot = &dir->slots[ref.slot];
	struct dir_row row;

	memset(slot->names, 0xff, sizeof slot->names);
	memset(slot->from, 'x', sizeof slot->from);
	memset(slot->away, 'x', sizeof slot->away);
	slot->is_away = 0xffffffff;
	slot->which_name = 0xfffffffe;
	cr_expect_eq(directory_read(dir, ref.slot, &row), DIR_OK);
	cr_expect_leq(row.name.len, NAME_MAX_BYTES);
	cr_expect_leq(row.name.key_len, NAME_KEY_MAX_BYTES);
	cr_expect_leq(strlen(row.name.text), NAME_MAX_BYTES);
	cr_expect_lt(strlen(row.from), DIR_ADDRESS_BYTES);
	cr_expect_eq(strlen(row.away), AWAY_MAX_BYTES);
}

Test(directory, never_reads_beyond_a_damaged_address)
{
	struct directory *dir = test_directory(4);
	char address[DIR_ADDRESS_BYTES];
	uint32_t n = 0;

	cr_expect_not(directory_listener(dir, 0, address));
	memset(dir->header->listeners, 'x', sizeof dir->header->listeners);
	dir->header->n_listeners = UINT32_MAX;
	for (; directory_listener(dir, n, address); n++)
		cr_expect_eq(strlen(address), DIR_ADDRESS_BYTES - 1);
	cr_expect_eq(n, MAX_LISTENERS);
	strcpy(dir->header->listeners[0], "127.0.0.1:5310");
	dir->header->n_listeners = 1;
	cr_expect(directory_listener(dir, 0, address));
	cr_expect_str_eq(address, "127.0.0.1:5310");
	cr_expect_not(directory_listener(dir, 1, address));
}

/* What readers and the master go by are the sizes that were mapped. */
static void
lie_about_sizes(struct directory *dir, uint32_t n)
{
	dir->header->n_slots = dir->header->n_buckets = n;
	dir->header->n_news = dir->header->max_users = n;
	dir->header->n_slots_used = n;
}

Test(directory, goes_by_the_sizes_it_was_mapped_with)
{
	static const uint32_t lies[] = { 0, 1, UINT32_MAX / 2, UINT32_MAX };
	struct directory *dir = test_directory(4);
	struct user_ref alice = test_join(dir, "alice");
	struct user_ref bob = test_join(dir, "bob");
	uint32_t n_slots = dir->n_slots;

	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		struct user_ref beyond = { dir->n_slots, 0 };
		struct user_ref carol;

		lie_about_sizes(dir, lies[i]);
		cr_expect_eq(test_find(dir, "alice"), alice.slot);
		cr_expect_leq(dir_n_slots_used(dir), n_slots);
		cr_expect_leq(directory_count_users(dir), n_slots);
		cr_expect_not(directory_vouches(dir, beyond, 1));
		/* also where a chain leads out of the table */
		dir->slots[bob.slot].next = n_slots + 1000000;
		cr_expect_eq(test_find(dir, "carol"), DIR_NO_SLOT);
		dir->slots[bob.slot].next = DIR_NO_SLOT;
		/* and the master's queue of free slots goes round */
		for (uint32_t n = 0; n < 2 * n_slots; n++) {
			carol = test_claim(dir);
			cr_expect_lt(carol.slot, n_slots);
			(void)test_sweep(dir, carol);
		}
	}
}

/* Claim and sweep until the slot is claimed again. */
static struct user_ref
claim_again(struct directory *dir, uint32_t slot)
{
	struct user_ref ref;

	for (;;) {
		ref = test_claim(dir);
		if (ref.slot == slot)
			return ref;
		test_sweep(dir, ref);
	}
}

Test(directory, vouches_for_a_user_and_his_pid)
{
	struct directory *dir = test_directory(4);
	struct user_ref ref = test_join(dir, "bob");
	struct user_ref nobody = { dir->header->n_slots, 1 };
	struct user_ref never = { ref.slot, 0 };
	struct user_ref future = { ref.slot, ref.generation + 1 };
	struct user_ref unused = { ref.slot + 1, 0 };
	pid_t master = getpid(), bob = master + 1, other = master + 2;

	dir_slot_set_pid(&dir->slots[ref.slot], ref.generation, bob);
	cr_expect(directory_vouches(dir, ref, bob));
	cr_expect_not(directory_vouches(dir, ref, other));
	cr_expect_not(directory_vouches(dir, never, bob));
	cr_expect_not(directory_vouches(dir, future, bob));
	cr_expect_not(directory_vouches(dir, nobody, bob));
	cr_expect_not(directory_vouches(dir, unused, bob));
	/* the pid of a sender from a namespace that we do not see */
	cr_expect_not(directory_vouches(dir, unused, 0));
	cr_expect_not(directory_vouches(dir, USER_MASTER, bob));
	cr_expect(directory_vouches(dir, USER_MASTER, master));
	cr_expect(directory_vouches(dir, ref, master));
}

Test(directory, vouches_for_a_late_word_of_who_has_left)
{
	struct directory *dir = test_directory(4);
	struct user_ref ref = test_join(dir, "bob"), next = ref;
	pid_t bob = getpid() + 1, other = bob + 1;

	dir_slot_set_pid(&dir->slots[ref.slot], ref.generation, bob);
	for (int i = 1; i < DIR_PIDS_KEPT; i++) {
		test_sweep(dir, next);
		cr_expect(directory_vouches(dir, ref, bob));
		next = claim_again(dir, ref.slot);
		cr_expect(directory_vouches(dir, ref, bob), "%d", i);
		cr_expect_not(directory_vouches(dir, ref, other));
		cr_expect_not(directory_vouches(dir, next, bob));
	}
	/* So late a word comes from nobody who drains his mailbox. */
	test_sweep(dir, next);
	(void)claim_again(dir, ref.slot);
	cr_expect_not(directory_vouches(dir, ref, bob));
}

Test(directory, counts_what_it_is_told)
{
	struct directory *dir = test_directory(4);

	directory_count(dir, DIR_COUNT_joined, 1);
	directory_count(dir, DIR_COUNT_joined, 1);
	directory_count(dir, DIR_COUNT_crashed_fault, 1);
	cr_expect_eq(dir->header->counters[DIR_COUNT_joined], 2);
	cr_expect_eq(dir->header->counters[DIR_COUNT_crashed_fault], 1);
	cr_expect_eq(dir->header->counters[DIR_COUNT_lines], 0);
}

Test(directory, has_words_for_states)
{
	cr_expect_str_eq(directory_state_text(DIR_FREE), "free");
	cr_expect_str_eq(directory_state_text(DIR_LEAVING), "leaving");
	cr_expect_str_eq(directory_state_text((enum dir_state)77), "unknown");
	for (int i = 0; i < DIR_N_STATES; i++)
		cr_expect_str_neq(
		    directory_state_text((enum dir_state)i), "unknown");
}
