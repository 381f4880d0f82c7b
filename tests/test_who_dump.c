/* test_who_dump.c - all that a directory holds, sound or damaged. */
#include "tools/who_dump.h"

#include "ipc/text.h"
#include "tests/harness_directory.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(who_dump, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static struct directory *dir;
/* what was printed last */
static char *text;

static void
dumps(void)
{
	size_t len;
	FILE *out;

	free(text);
	text = NULL;
	out = open_memstream(&text, &len);
	cr_assert_eq(who_dump_print(dir, out), 0);
	cr_assert_eq(fclose(out), 0);
	for (const char *line = text; *line != '\0';) {
		size_t line_len = strcspn(line, "\n");

		cr_expect(text_is_safe(line, line_len), "%s", line);
		line += line_len + (line[line_len] == '\n');
	}
}

__attribute__((format(printf, 1, 2))) static void
has(const char *format, ...)
{
	char part[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(part, sizeof part, format, args);
	va_end(args);
	cr_expect_not_null(strstr(text, part), "no %s in %s", part, text);
}

/* Sound ------------------------------------------------------------------- */

Test(who_dump, tells_the_header_by_its_fields)
{
	dir = test_directory(8);
	dumps();
	has("header\n  magic                0x7269644474616863\n");
	has("  layout_version       %d\n", DIR_LAYOUT_VERSION);
	has("  max_users            8\n");
	has("  phase                0 (running)\n");
	has("  lock.holder          0 (free)\n");
	has("  roster               0 (at rest)\n");
	has("index\n  sound: 0 are here, each in the chain of the name\n");
	cr_expect_null(strstr(text, "\nslot "));
}

Test(who_dump, tells_every_slot_that_is_not_free)
{
	struct directory view;
	struct user_ref alice, nameless;
	struct name alicia = test_parse("Alicia");

	dir = test_directory(8);
	alice = test_join(dir, "alice");
	nameless = test_claim(dir);
	view = user_view(dir, alice);
	cr_assert_eq(directory_rename(&view, &alicia), DIR_OK);
	directory_show(&view, DIR_PRESENCE_FLOODS, true);
	directory_show_stopped(dir, alice, true);
	dumps();
	has("slot %u\n  presence             0x", alice.slot);
	has(" (generation %u, here, floods, stopped)\n", alice.generation);
	has("  which_name           0\n  claimed_at ");
	has("  is_away              0\n");
	has("  names[1]             len 5 \"alice\", key_len 5 \"alice\"\n");
	has("  names[0]             len 6 \"Alicia\", key_len 6 \"alicia\"\n");
	has("%d", (int)getpid());
	has("slot %u\n", nameless.slot);
	has(" (generation %u, naming)\n", nameless.generation);
	has("  sound: 1 are here");
}

Test(who_dump, tells_the_news_and_what_was_not_published)
{
	struct user_ref alice;

	dir = test_directory(8);
	alice = test_join(dir, "alice");
	(void)test_join(dir, "bob");
	dumps();
	has("news\n  0: joined %u.%u \"alice\" \"\" hash 0x", alice.slot,
	    alice.generation);
	has("  1: joined ");
	cr_expect_null(strstr(text, "not published"));
	atomic_store(&dir->header->news_head, 1);
	dumps();
	has("  not published:\n  1: joined ");
}

Test(who_dump, tells_counters_by_their_names)
{
	dir = test_directory(8);
	directory_count(dir, DIR_COUNT_evicted_slow, 77);
	dumps();
	has("  evicted_slow         77\n");
}

Test(who_dump, tells_whom_the_lock_word_stands_for)
{
	_Atomic uint64_t *word;
	struct user_ref alice;

	dir = test_directory(8);
	word = &dir->header->lock.holder;
	alice = test_join(dir, "alice");
	atomic_store(word, DIR_MASTER_IDENTITY);
	dumps();
	has("  lock.holder          0xffffffffffffffff (the master)\n");
	atomic_store(word, dir_identity(alice.slot, alice.generation));
	dumps();
	has(" (slot %u, generation %u: \"alice\", pid %d)\n", alice.slot,
	    alice.generation, (int)getpid());
	atomic_store(word, dir_identity(alice.slot, alice.generation + 1));
	dumps();
	has("generation %u: somebody who has left)\n", alice.generation + 1);
	atomic_store(word, dir_identity(9999999, 1));
	dumps();
	has(" (slot 9999999, generation 1: there is none such)\n");
	atomic_store(word, 1);
	dumps();
	has(": there is none such)\n");
	atomic_store(word, LOCK_FREE);
}

/* Damaged ----------------------------------------------------------------- */

static struct dir_slot *
slot_of(struct user_ref ref)
{
	return &dir->slots[ref.slot];
}

Test(who_dump, of_bytes_that_are_anything_is_safe_to_show)
{
	struct user_ref alice;
	struct dir_slot *slot;

	dir = test_directory(8);
	alice = test_join(dir, "alice");
	slot = slot_of(alice);
	memset(slot->from, 0x1b, sizeof slot->from);
	memset(slot->names, 0xff, sizeof slot->names);
	memset(dir->header->instance, '\n', sizeof dir->header->instance);
	memset(dir->header->run_dir, 0x9b, sizeof dir->header->run_dir);
	memset(dir->header->listeners, 0x1b, sizeof dir->header->listeners);
	dir->header->n_listeners = UINT32_MAX;
	memset(dir->news[0].name, 0x1b, sizeof dir->news[0].name);
	dir->news[0].kind = 77;
	atomic_store(&dir->header->phase, 99);
	atomic_store(&slot->changes, 3);
	atomic_fetch_or(&dir->presence[alice.slot], 0x8000);
	dumps();
	has("unknown flags 0x8000)\n");
	has("3 (being written, what follows may be half)\n");
	has("len 255 \"\\377");
	has("  0: unknown kind ");
	has("  phase                99 (unknown)\n");
	has("^J^J");
}

Test(who_dump, goes_by_no_number_of_a_damaged_header)
{
	dir = test_directory(8);
	(void)test_join(dir, "alice");
	atomic_store(&dir->header->n_slots_used, UINT32_MAX);
	atomic_store(&dir->header->news_head, UINT64_MAX - 3);
	dir->header->n_slots = UINT32_MAX;
	dir->header->n_news = 0;
	dir->header->started_realtime_s = INT64_MAX;
	dir->header->started_at = INT64_MIN;
	dumps();
	has("  n_slots_used         4294967295\n");
	has("overwritten, or being written: mark ");
	has("  sound: 1 are here");
	dir->header->n_slots = dir->n_slots;
}

/* The index --------------------------------------------------------------- */

static _Atomic uint32_t *
bucket_of(const char *name)
{
	struct name parsed = test_parse(name);

	return dir_bucket(dir, &parsed);
}

Test(who_dump, finds_who_is_in_no_chain)
{
	struct user_ref alice;

	dir = test_directory(8);
	alice = test_join(dir, "alice");
	atomic_store(bucket_of("alice"), DIR_NO_SLOT);
	dumps();
	has("index\n  slot %u is here and in no chain\n", alice.slot);
}

Test(who_dump, finds_a_chain_that_leads_out_of_the_table)
{
	dir = test_directory(8);
	atomic_store(bucket_of("alice"), UINT32_MAX - 1);
	dumps();
	has(" leads out of the table, to slot 4294967294\n");
}

Test(who_dump, finds_a_chain_that_goes_round)
{
	struct user_ref alice;

	dir = test_directory(8);
	alice = test_join(dir, "alice");
	atomic_store(&slot_of(alice)->next, alice.slot);
	dumps();
	has(" comes to slot %u, which is in chain ", alice.slot);
}

Test(who_dump, finds_who_is_in_a_chain_and_should_not)
{
	struct user_ref alice, nameless;
	ptrdiff_t bucket, other;

	dir = test_directory(8);
	alice = test_join(dir, "alice");
	nameless = test_claim(dir);
	bucket = bucket_of("alice") - dir->buckets;
	other = bucket == 0 ? 1 : 0;
	atomic_store(&dir->buckets[bucket], nameless.slot);
	atomic_store(&slot_of(nameless)->next, DIR_NO_SLOT);
	atomic_store(&dir->buckets[other], alice.slot);
	dumps();
	has("  chain %td holds slot %u, which is naming\n", bucket,
	    nameless.slot);
	has("  chain %td holds slot %u, whose name is one for chain %td\n",
	    other, alice.slot, bucket);
}

Test(who_dump, finds_a_wrong_count_and_a_change_that_was_not_finished)
{
	dir = test_directory(8);
	(void)test_join(dir, "alice");
	atomic_store(&dir->header->n_joined, 5);
	atomic_fetch_add(&dir->header->roster, 1);
	dumps();
	has("  n_joined is 5, but 1 are here\n");
	has("(the index is being changed)\n");
}

Test(who_dump, tells_the_first_faults_of_many)
{
	dir = test_directory(64);
	cr_assert_gt(dir->n_buckets, 30);
	for (uint32_t i = 0; i < 30; i++)
		atomic_store(&dir->buckets[i], UINT32_MAX - 1);
	dumps();
	has("  chain 19 leads out");
	cr_expect_null(strstr(text, "  chain 20 leads out"));
	has("  ... and 10 more\n");
}
