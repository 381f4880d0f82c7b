/* test_dialogue.c - a client's lines, taken and carried out by a real user who
 * is in a room with another.
 *
 * Both live in the test's process, in a directory of its own.  What the client
 * is sent goes to a file, which takes everything, so a queue is only ever as
 * long as the test makes it. */
#include "srv/dialogue.h"

#include "ipc/clock.h"
#include "ipc/lock.h"
#include "ipc/log.h"
#include "tests/harness_directory.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* As long as a name can be: 32 characters of four bytes each. */
#define FOUR_CHARS                                                             \
	"\xf0\xa0\x80\x80\xf0\xa0\x80\x81\xf0\xa0\x80\x82\xf0\xa0\x80\x83"
#define LONG_NAME                                                              \
	FOUR_CHARS FOUR_CHARS FOUR_CHARS FOUR_CHARS FOUR_CHARS FOUR_CHARS      \
	    FOUR_CHARS FOUR_CHARS

static struct directory *dir;
static struct directory view;
/* Large, hence not on the stack. */
static struct user user;
static struct dialogue dialogue;
static struct outbuf out;
static struct inbox *inbox;
static struct user_ref bob;
static int bob_fd;

static void
set_up(void)
{
	char path[TEST_PATH_BYTES];
	struct user_ref self;
	int fd = memfd_create("client", MFD_CLOEXEC);

	log_open("chatd", LOG_ERROR);
	test_dir(path);
	cr_assert_eq(chdir(path), 0);
	dir = test_directory(4);
	bob = test_join(dir, "bob");
	bob_fd = mailbox_open(bob);
	inbox = inbox_new();
	self = test_claim(dir);
	view = user_view(dir, self);
	outbuf_init(&out, fd);
	cr_assert(fd != -1 && bob_fd != -1 && inbox != NULL);
	cr_assert_eq(user_init(&user, &view, self, &out), 0);
	dialogue.user = &user;
}

static void
tear_down(void)
{
	relay_free(&user.relay);
	inbox_free(user.inbox);
	inbox_free(inbox);
	close(user.mail_fd);
	close(bob_fd);
	close(out.fd);
	outbuf_free(&out);
	harness_clean();
}

TestSuite(
    dialogue, .init = set_up, .fini = tear_down, .timeout = SUITE_TIMEOUT);

static void
feed(const char *text)
{
	size_t len = strlen(text);
	char *at;

	cr_assert_leq(len, line_reader_space(&dialogue.reader, &at));
	memcpy(at, text, len);
	line_reader_added(&dialogue.reader, len);
}

/* As much of `line` as one read brings.  Returns how many lines. */
static unsigned
feed_full(const char *line)
{
	unsigned n = 0;
	char *at;

	for (; strlen(line) <= line_reader_space(&dialogue.reader, &at); n++)
		feed(line);
	return n;
}

static void
takes(const char *text, enum dialogue_result expected)
{
	feed(text);
	cr_assert_eq(dialogue_take_lines(&dialogue), expected, "%s", text);
}

/* What the client has been sent since the last look; valid until the next. */
static const char *
sent(void)
{
	static char text[65536];
	static off_t seen;
	ssize_t n;

	outbuf_write(&out);
	n = pread(out.fd, text, sizeof text - 1, seen);
	cr_assert_geq(n, 0);
	text[n] = '\0';
	seen += n;
	return text;
}

static void
joins(const char *name)
{
	feed(name);
	takes("\n", DIALOGUE_GOES_ON);
	cr_assert(user.is_here);
	(void)sent();
}

/* What bob got: his datagrams, and the lines in them. */
struct mailed {
	unsigned n_datagrams, n_lines;
	/* the last that were said, each with an LF */
	char lines[1024];
};

static void
note_line(struct mailed *m, const char *line, size_t len)
{
	size_t used = strlen(m->lines);

	m->n_lines++;
	if (used + len + 2 <= sizeof m->lines)
		snprintf(m->lines + used, sizeof m->lines - used, "%.*s\n",
		    (int)len, line);
}

static void
bob_takes_mail(struct mailed *m)
{
	struct mail mail[MAIL_VECTOR];
	struct peer_msg msg;
	const char *line;
	size_t len;
	int n;

	while ((n = inbox_receive(inbox, bob_fd, mail)) > 0)
		for (int i = 0; i < n; i++) {
			cr_assert(peer_read(mail[i].bytes, mail[i].len, &msg));
			if (msg.kind == PEER_BELL)
				continue;
			m->n_datagrams++;
			while (peer_next(&msg, &line, &len))
				note_line(m, line, len);
		}
}

/* A turn of the child's loop, as far as bob goes. */
static void
turn(void)
{
	struct pollfd rows[4];
	unsigned n = relay_poll_rows(&user.relay, rows);

	cr_assert_neq(poll(rows, n, 0), -1);
	relay_on_ready(&user.relay, rows);
	outbuf_write(&out);
}

/* Lines ------------------------------------------------------------------- */

Test(dialogue, takes_whole_lines_and_keeps_the_rest)
{
	joins("alice");
	takes("one\ntw", DIALOGUE_GOES_ON);
	cr_assert_str_eq(sent(), "alice: one\n");
	takes("o\n", DIALOGUE_GOES_ON);
	cr_assert_str_eq(sent(), "alice: two\n");
}

Test(dialogue, sends_what_was_said_together_as_one_datagram)
{
	struct mailed got = { 0 };

	joins("alice");
	takes("one\ntwo\nthree\n", DIALOGUE_GOES_ON);
	bob_takes_mail(&got);
	cr_assert_eq(got.n_datagrams, 1);
	cr_assert_str_eq(got.lines, "one\ntwo\nthree\n");
}

Test(dialogue, keeps_the_order_of_what_is_not_sent_together)
{
	struct mailed got = { 0 };

	joins("alice");
	takes("one\n/me two\n@bob three\n/dance\nfour\n", DIALOGUE_GOES_ON);
	bob_takes_mail(&got);
	cr_assert_eq(got.n_datagrams, 4);
	cr_assert_str_eq(got.lines, "one\ntwo\nthree\nfour\n");
	cr_assert_str_eq(sent(),
	    "alice: one\n* alice two\n[alice -> bob] three\n"
	    "! there is no command /dance; /help lists them, and //text says "
	    "\"/text\"\n"
	    "alice: four\n");
}

Test(dialogue, leaves_at_exit_and_has_sent_what_was_said_before)
{
	struct mailed got = { 0 };

	joins("alice");
	takes("one\nexit\nnever\n", DIALOGUE_LEFT);
	bob_takes_mail(&got);
	cr_assert_str_eq(got.lines, "one\n");
}

Test(dialogue, the_end_of_the_input_ends_the_last_line_and_leaves)
{
	struct mailed got = { 0 };

	joins("alice");
	feed("one\ntwo");
	line_reader_end(&dialogue.reader);
	cr_assert_eq(dialogue_take_lines(&dialogue), DIALOGUE_LEFT);
	bob_takes_mail(&got);
	cr_assert_str_eq(got.lines, "one\ntwo\n");
}

/* Names ------------------------------------------------------------------- */

Test(dialogue, three_refused_names_are_enough)
{
	takes("bob\na b\n", DIALOGUE_GOES_ON);
	cr_assert_not(user.is_here);
	takes("*\nalice\n", DIALOGUE_NAMES_REFUSED);
	cr_assert_not(user.is_here);
}

Test(dialogue, refuses_the_name_one_has_and_tells_nobody)
{
	struct mailed got = { 0 };

	joins("alice");
	takes("/nick alice\n", DIALOGUE_GOES_ON);
	cr_assert_str_eq(sent(), "! you are alice already\n");
	bob_takes_mail(&got);
	cr_assert_eq(got.n_datagrams, 0);
}

/* Ignoring ---------------------------------------------------------------- */

Test(dialogue, ignores_and_tells_whom)
{
	joins("alice");
	takes("/ignore\n", DIALOGUE_GOES_ON);
	cr_assert_str_eq(sent(), "* you ignore nobody\n");
	takes("/ignore BOB\n/ignore Carol\n/ignore bob\n/ignore\n",
	    DIALOGUE_GOES_ON);
	cr_assert_str_eq(sent(),
	    "* you no longer hear bob; /unignore bob ends it\n"
	    "* you no longer hear Carol; /unignore Carol ends it\n"
	    "* you no longer hear bob; /unignore bob ends it\n"
	    "* you ignore: bob, Carol\n");
	takes("/unignore carol\n/unignore carol\n/ignore\n", DIALOGUE_GOES_ON);
	cr_assert_str_eq(sent(), "* you hear carol again\n"
				 "! you do not ignore \"carol\"\n"
				 "* you ignore: bob\n");
}

Test(dialogue, lists_as_many_as_can_be_ignored_in_lines_that_fit)
{
	char line[NAME_MAX_BYTES + 16];
	const char *text;
	unsigned n_names = 0;

	joins("alice");
	for (int i = 0; i < IGNORED_NAMES; i++) {
		snprintf(line, sizeof line, "/ignore %.*s%02d\n",
		    NAME_MAX_BYTES - 8, LONG_NAME, i);
		takes(line, DIALOGUE_GOES_ON);
	}
	(void)sent();
	takes("/ignore bob\n", DIALOGUE_GOES_ON);
	cr_assert_str_eq(sent(),
	    "! you ignore 64 names, which is as many as can be; end one by "
	    "/unignore name\n");
	takes("/ignore\n", DIALOGUE_GOES_ON);
	text = sent();
	cr_assert_eq(strncmp(text, "* you ignore: ", 14), 0);
	for (const char *end; (end = strchr(text, '\n')) != NULL;
	     text = end + 1) {
		cr_assert_leq(end - text, WIRE_LINE_MAX_BYTES);
		cr_assert(n_names == 0 ||
			  strncmp(text, "* you also ignore: ", 19) == 0);
		for (const char *at = text;
		     (at = strstr(at, FOUR_CHARS)) != NULL && at < end;
		     at = strpbrk(at, ",\n"))
			n_names++;
	}
	cr_expect_eq(n_names, IGNORED_NAMES);
}

/* Being away -------------------------------------------------------------- */

Test(dialogue, is_away_until_it_is_back)
{
	struct dir_row row;

	joins("alice");
	takes("/away\n/away out  for\tlunch \n", DIALOGUE_GOES_ON);
	cr_assert_str_eq(
	    sent(), "* you are away\n* you are away: out  for lunch\n");
	cr_assert_eq(directory_read(dir, user.self.slot, &row), DIR_OK);
	cr_expect(row.is_away);
	cr_expect_str_eq(row.away, "out  for lunch");
	takes("/who\nhello\n", DIALOGUE_GOES_ON);
	cr_assert_str_eq(
	    sent(), "* 2 people are here: alice (away), bob\nalice: hello\n");
	takes("/back\n/back\n/who\n", DIALOGUE_GOES_ON);
	cr_assert_str_eq(sent(),
	    "* you are back\n"
	    "! you are not away; /away shows others that you are\n"
	    "* 2 people are here: alice, bob\n");
	cr_assert_eq(directory_read(dir, user.self.slot, &row), DIR_OK);
	cr_expect_not(row.is_away);
}

Test(dialogue, tells_who_whispers_that_the_other_is_away)
{
	struct directory bobs = user_view(dir, bob);

	joins("alice");
	directory_show_away(&bobs, "lunch", 5);
	takes("@bob hi\nhi all\n", DIALOGUE_GOES_ON);
	cr_assert_str_eq(
	    sent(), "[alice -> bob] hi\n* bob is away: lunch\nalice: hi all\n");
	/* Whoever wrote this had been taken over. */
	directory_show_away(&bobs, "\x1b[2J", 4);
	takes("/msg bob hi\n", DIALOGUE_GOES_ON);
	cr_assert_str_eq(sent(), "[alice -> bob] hi\n* bob is away: ^[[2J\n");
	directory_show_away(&bobs, NULL, 0);
	takes("@bob hi\n", DIALOGUE_GOES_ON);
	cr_assert_str_eq(sent(), "[alice -> bob] hi\n* bob is away\n");
	directory_show_back(&bobs);
	takes("@bob hi\n", DIALOGUE_GOES_ON);
	cr_assert_str_eq(sent(), "[alice -> bob] hi\n");
}

Test(dialogue, tells_of_another_how_long_he_has_been_here_and_quiet)
{
	struct dir_slot *slot = &dir->slots[bob.slot];
	struct directory bobs = user_view(dir, bob);
	int64_t now = clock_ms();

	joins("alice");
	/* In the middle of a minute, so that the test may take its time. */
	slot->joined_at = now - (3 * 3600 + 5 * 60 + 30) * 1000;
	slot->active_at = now - (12 * 60 + 30) * 1000;
	slot->n_said = 41;
	takes("/whois BOB\n", DIALOGUE_GOES_ON);
	cr_assert_str_eq(sent(),
	    "* bob has been here for 3 h 5 min, has been quiet for 12 min, and "
	    "has said 41 lines\n");
	slot->n_said = 1;
	directory_show_away(&bobs, "lunch", 5);
	takes("/whois bob\n", DIALOGUE_GOES_ON);
	cr_assert_str_eq(sent(),
	    "* bob has been here for 3 h 5 min, has been quiet for 12 min, and "
	    "has said 1 line\n* bob is away: lunch\n");
	/* Whoever wrote this had been taken over. */
	slot->joined_at = INT64_MIN;
	slot->active_at = INT64_MAX;
	slot->n_said = UINT64_MAX;
	directory_show_back(&bobs);
	takes("/whois bob\n", DIALOGUE_GOES_ON);
	cr_assert_str_eq(sent(),
	    "* bob has been here for 0 s, has been quiet for 0 s, and has said "
	    "18446744073709551615 lines\n");
}

Test(dialogue, tells_of_oneself_what_was_said_just_before)
{
	joins("alice");
	directory_own(&view)->joined_at = clock_ms() - 90 * 60 * 1000;
	directory_own(&view)->active_at = clock_ms() - 90 * 1000;
	takes("one\ntwo\n/whois alice\n", DIALOGUE_GOES_ON);
	cr_assert_str_eq(sent(),
	    "alice: one\nalice: two\n"
	    "* alice has been here for 1 h 30 min, has been quiet for 1 min, "
	    "and has said 2 lines\n");
}

/* Counting ---------------------------------------------------------------- */

struct refusal {
	char line[40];
	enum dir_counter counter;
};

ParameterizedTestParameters(dialogue, counts_a_refusal_by_its_reason)
{
	static struct refusal refusals[] = {
		{ "/nick bob", DIR_COUNT_rejected_name_taken },
		{ "/nick alice", DIR_COUNT_rejected_name_taken },
		{ "/nick a b", DIR_COUNT_rejected_name },
		{ "/nick", DIR_COUNT_rejected_command },
		{ "@carol hello", DIR_COUNT_rejected_recipient },
		{ "@a*b hello", DIR_COUNT_rejected_recipient },
		{ "@bob", DIR_COUNT_rejected_command },
		{ "/dance", DIR_COUNT_rejected_command },
		{ "/me", DIR_COUNT_rejected_command },
		{ " /who", DIR_COUNT_rejected_command },
		{ "/ignore a*b", DIR_COUNT_rejected_name },
		{ "/ignore ALICE", DIR_COUNT_rejected_command },
		{ "/whois", DIR_COUNT_rejected_command },
		{ "/whois carol", DIR_COUNT_rejected_recipient },
		{ "/whois a*b", DIR_COUNT_rejected_recipient },
		{ "/unignore", DIR_COUNT_rejected_command },
		{ "/back", DIR_COUNT_rejected_command },
		{ "/unignore bob", DIR_COUNT_rejected_command },
		{ "/unignore a*b", DIR_COUNT_rejected_command },
		{ "\xff", DIR_COUNT_rejected_not_utf8 },
	};

	return cr_make_param_array(
	    struct refusal, refusals, sizeof refusals / sizeof *refusals);
}

static uint64_t
n_rejected(void)
{
	uint64_t n = 0;

	for (int i = 0; i < DIR_N_COUNTERS; i++)
		if (counter_group((enum dir_counter)i) == DIR_GROUP_rejected)
			n += dir->header->counters[i];
	return n;
}

ParameterizedTest(
    struct refusal *refusal, dialogue, counts_a_refusal_by_its_reason)
{
	joins("alice");
	cr_assert_eq(n_rejected(), 0);
	feed(refusal->line);
	takes("\n", DIALOGUE_GOES_ON);
	cr_assert_eq(*sent(), '!', "%s", refusal->line);
	cr_expect_eq(
	    dir->header->counters[refusal->counter], 1, "%s", refusal->line);
	cr_expect_eq(n_rejected(), 1, "%s", refusal->line);
}

Test(dialogue, counts_a_line_that_is_too_long)
{
	static char line[LINE_MAX_BYTES + 2];

	memset(line, 'x', sizeof line - 1);
	joins("alice");
	feed(line);
	takes("\n", DIALOGUE_GOES_ON);
	cr_expect_eq(dir->header->counters[DIR_COUNT_rejected_too_long], 1);
	cr_expect_eq(n_rejected(), 1);
}

Test(dialogue, counts_a_name_that_is_taken_before_one_is_in_the_room)
{
	takes("bob\n*\nalice\n", DIALOGUE_GOES_ON);
	cr_assert(user.is_here);
	cr_expect_eq(dir->header->counters[DIR_COUNT_rejected_name_taken], 1);
	cr_expect_eq(dir->header->counters[DIR_COUNT_rejected_name], 1);
	cr_expect_eq(dir->header->counters[DIR_COUNT_joined], 1);
	takes("/nick carol\n", DIALOGUE_GOES_ON);
	cr_expect_eq(dir->header->counters[DIR_COUNT_renamed], 1);
}

/* The lock ---------------------------------------------------------------- */

Test(dialogue, takes_a_line_again_for_which_the_lock_did_not_come)
{
	struct lock *lock = &dir->header->lock;
	uint64_t other = dir_identity(bob.slot, bob.generation);
	struct mailed got = { 0 };

	joins("alice");
	cr_assert(lock_take(lock, other, 0));
	takes("one\n/nick carol\ntwo\n", DIALOGUE_BUSY);
	/* What needs no lock has been said, and once. */
	cr_assert_str_eq(sent(), "alice: one\n");
	cr_assert_eq(dialogue_take_lines(&dialogue), DIALOGUE_BUSY);
	cr_assert_str_eq(sent(), "");
	lock_give(lock, other);
	cr_assert_eq(dialogue_take_lines(&dialogue), DIALOGUE_GOES_ON);
	cr_assert_str_eq(sent(), "* alice is now carol\ncarol: two\n");
	bob_takes_mail(&got);
	cr_assert_str_eq(got.lines, "one\ntwo\n");
}

/* Room -------------------------------------------------------------------- */

/* Take what is left of the lines as there is room for it, and see that no queue
 * ever holds more than it may. */
static void
takes_the_rest(struct mailed *got)
{
	enum dialogue_result result;

	do {
		turn();
		bob_takes_mail(got);
		result = dialogue_take_lines(&dialogue);
		cr_assert_not(out.overflowed);
		cr_assert_leq(relay_waiting(&user.relay), BACKLOG_MAX_BYTES);
	} while (result == DIALOGUE_PAUSED);
	cr_assert_eq(result, DIALOGUE_GOES_ON);
	for (int i = 0; i < 100000 && !relay_is_clear(&user.relay); i++) {
		turn();
		bob_takes_mail(got);
	}
	bob_takes_mail(got);
}

Test(dialogue, pauses_before_small_datagrams_are_too_much_for_a_full_mailbox)
{
	struct mailed got = { 0 };
	unsigned n;

	joins(LONG_NAME);
	/* One kind after the other, so that each line is its own datagram. */
	n = 2 * feed_full("/me x\nx\n");
	cr_assert_eq(dialogue_take_lines(&dialogue), DIALOGUE_PAUSED);
	cr_assert_geq(relay_waiting(&user.relay), BACKLOG_PAUSE_BYTES);
	cr_assert_leq(relay_waiting(&user.relay), BACKLOG_MAX_BYTES);
	/* As long as he takes nothing there is nothing to go on with. */
	cr_assert_eq(dialogue_take_lines(&dialogue), DIALOGUE_PAUSED);
	takes_the_rest(&got);
	cr_assert_eq(got.n_lines, n, "%u of %u lines", got.n_lines, n);
	cr_assert_eq(got.n_datagrams, n);
}

Test(dialogue, a_read_of_short_lines_by_a_long_name_fits_the_clients_queue)
{
	struct mailed got = { 0 };
	unsigned n;

	joins(LONG_NAME);
	/* So that a single batch would be more than a client may have waiting:
	 * take nothing from the queue meanwhile. */
	out.write_at = SIZE_MAX / 2;
	n = feed_full("x\n");
	cr_assert_eq(dialogue_take_lines(&dialogue), DIALOGUE_PAUSED);
	cr_assert_not(out.overflowed);
	cr_assert_geq(outbuf_waiting(&out), OUTBUF_PAUSE_BYTES);
	cr_assert_leq(
	    outbuf_waiting(&out), OUTBUF_PAUSE_BYTES + 2 * BATCH_WIRE_BYTES);
	takes_the_rest(&got);
	cr_assert_eq(got.n_lines, n, "%u of %u lines", got.n_lines, n);
}

/* 16 is what a list of everybody costs of the 256 that a turn may spend. */
Test(dialogue, gives_others_a_turn_between_many_dear_lines)
{
	unsigned n_answers = 0, n_turns = 1;

	joins("alice");
	for (int i = 0; i < 100; i++)
		feed("/who\n");
	for (;; n_turns++) {
		enum dialogue_result result = dialogue_take_lines(&dialogue);

		for (const char *at = sent(); *at != '\0'; at++)
			n_answers +=
			    strncmp(at, "* 2 people are here", 19) == 0;
		if (result == DIALOGUE_GOES_ON)
			break;
		cr_assert_eq(result, DIALOGUE_PAUSED);
	}
	cr_expect_eq(n_answers, 100);
	cr_expect_eq(n_turns, 7);
}
