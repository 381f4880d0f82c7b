/* test_peer_msg.c - what peers say to each other, and what they might instead.
 *
 * Datagrams lie at the end of memory of their exact size, so that a sanitizer
 * sees every read beyond them. */
#include "ipc/peer_msg.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(peer_msg, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static const struct user_ref author = { 7, 4000000000u };

static void
begin(struct peer_writer *w, enum peer_kind kind, const char *name)
{
	peer_begin(w, kind, author, 12345, name, strlen(name));
}

static bool
add(struct peer_writer *w, const char *text)
{
	return peer_add(w, text, strlen(text));
}

/* peer_read of a copy without a byte behind it, and of all its records. */
static bool
is_read(const char *bytes, size_t len)
{
	char *copy = malloc(len + (len == 0));
	struct peer_msg msg;
	bool good;

	cr_assert_not_null(copy);
	memcpy(copy, bytes, len);
	good = peer_read(copy, len, &msg);
	if (good) {
		const char *text;
		size_t text_len, n = 0, sum = 0;

		while (peer_next(&msg, &text, &text_len)) {
			cr_assert(
			    text >= copy && text + text_len <= copy + len);
			sum += text_len;
			n++;
		}
		cr_assert_eq(
		    sizeof(struct peer_header) + msg.name_len + 2 * n + sum,
		    len, "every byte of a good datagram is accounted for");
	}
	free(copy);
	return good;
}

Test(peer_msg, comes_back_as_it_was_written)
{
	static struct peer_writer w;
	struct peer_msg msg;
	const char *text;
	size_t len;

	begin(&w, PEER_SAID, "\xc3\x89va");
	cr_assert(add(&w, "hello"));
	cr_assert(add(&w, ""));
	cr_assert(add(&w, "\xe4\xb8\xad\xe6\x96\x87"));
	cr_assert(peer_read(w.bytes, w.len, &msg));
	cr_expect_eq(msg.kind, PEER_SAID);
	cr_expect(user_ref_equal(msg.author, author));
	cr_expect_eq(msg.name_len, 4);
	cr_expect_eq(memcmp(msg.name, "\xc3\x89va", 4), 0);
	cr_expect_eq(msg.n_records, 3);
	cr_assert(peer_next(&msg, &text, &len));
	cr_expect(len == 5 && memcmp(text, "hello", 5) == 0);
	cr_assert(peer_next(&msg, &text, &len));
	cr_expect_eq(len, 0);
	cr_assert(peer_next(&msg, &text, &len));
	cr_expect(len == 6 && memcmp(text, "\xe4\xb8\xad", 3) == 0);
	cr_expect_not(peer_next(&msg, &text, &len));
	cr_expect_not(peer_next(&msg, &text, &len));
	cr_expect(is_read(w.bytes, w.len));
}

Test(peer_msg, comes_from_the_master_too)
{
	char bytes[PEER_MIN_BYTES];
	struct peer_msg msg;

	cr_assert(peer_read(bytes, peer_bell(bytes, USER_MASTER, 77), &msg));
	cr_expect_eq(msg.kind, PEER_BELL);
	cr_expect_eq(msg.news, 77);
	cr_expect(user_ref_equal(msg.author, USER_MASTER));
	cr_expect_eq(msg.name_len, 0);
}

struct count_case {
	int kind;
	unsigned n;
	bool good;
};

ParameterizedTestParameters(peer_msg, has_the_records_of_its_kind)
{
	static struct count_case cases[] = {
		{ PEER_SAID, 0, false },
		{ PEER_SAID, 1, true },
		{ PEER_SAID, 1000, true },
		{ PEER_ACTED, 0, false },
		{ PEER_ACTED, 1, true },
		{ PEER_ACTED, 2, true },
		{ PEER_WHISPERED, 0, false },
		{ PEER_WHISPERED, 1, true },
		{ PEER_WHISPERED, 2, true },
		{ PEER_BELL, 0, true },
		{ PEER_BELL, 1, false },
		{ PEER_N_KINDS, 0, false },
		{ PEER_N_KINDS, 1, false },
		{ -1, 1, false },
	};

	return cr_make_param_array(
	    struct count_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct count_case *t, peer_msg, has_the_records_of_its_kind)
{
	static struct peer_writer w;

	begin(&w, (enum peer_kind)t->kind, "bob");
	for (unsigned i = 0; i < t->n; i++)
		cr_assert(add(&w, "rob"));
	cr_expect_eq(
	    is_read(w.bytes, w.len), t->good, "kind %d with %u", t->kind, t->n);
}

Test(peer_msg, that_is_cut_anywhere_is_refused)
{
	static struct peer_writer w;
	static const enum peer_kind kinds[] = { PEER_SAID, PEER_WHISPERED,
		PEER_BELL };

	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		begin(&w, kinds[k], "alice");
		for (int i = 0; i < (kinds[k] == PEER_SAID ? 5 : 1) &&
				kinds[k] != PEER_BELL;
		     i++)
			cr_assert(add(&w, "some text"));
		cr_assert(is_read(w.bytes, w.len));
		for (size_t len = 0; len < w.len; len++)
			cr_expect_not(is_read(w.bytes, len), "cut to %zu", len);
	}
}

Test(peer_msg, with_bytes_behind_its_end_is_refused)
{
	static struct peer_writer w;

	begin(&w, PEER_SAID, "alice");
	cr_assert(add(&w, "hello"));
	memset(w.bytes + w.len, 0, 16);
	for (size_t more = 1; more < 16; more++)
		cr_expect_not(is_read(w.bytes, w.len + more));
}

Test(peer_msg, shows_nothing_unsafe)
{
	static const char *const texts[] = { "\x1b[2J", "a\nb", "a\r", "\x7f",
		"\xff", "\xc2\x9b", "\xe2\x80\xae", "\xed\xa0\x80", "a\xc3",
		"\t" };
	static struct peer_writer w;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		begin(&w, PEER_SAID, "alice");
		cr_assert(add(&w, "good"));
		cr_assert(add(&w, texts[i]));
		cr_expect_not(is_read(w.bytes, w.len), "record %zu", i);
		begin(&w, PEER_SAID, texts[i]);
		cr_assert(add(&w, "good"));
		cr_expect_not(is_read(w.bytes, w.len), "name %zu", i);
	}
	/* A character that is cut between two records is not one. */
	begin(&w, PEER_SAID, "alice");
	cr_assert(add(&w, "\xc3"));
	cr_assert(add(&w, "\xa9"));
	cr_expect_not(is_read(w.bytes, w.len));
}

Test(peer_msg, with_a_bad_header_is_refused)
{
	static struct peer_writer w;
	struct peer_header good, h;

	begin(&w, PEER_SAID, "alice");
	cr_assert(add(&w, "hello"));
	memcpy(&good, w.bytes, sizeof good);

	h = good;
	h.zero = 1;
	memcpy(w.bytes, &h, sizeof h);
	cr_expect_not(is_read(w.bytes, w.len));
	h = good;
	h.n_records = UINT16_MAX;
	memcpy(w.bytes, &h, sizeof h);
	cr_expect_not(is_read(w.bytes, w.len));
	for (unsigned len = 0; len < 256; len++) {
		h = good;
		h.name_len = (uint8_t)len;
		memcpy(w.bytes, &h, sizeof h);
		cr_expect_eq(
		    is_read(w.bytes, w.len), len == good.name_len, "%u", len);
	}
	memcpy(w.bytes, &good, sizeof good);
	cr_expect(is_read(w.bytes, w.len));
}

Test(peer_msg, holds_names_and_lines_up_to_their_limits)
{
	static struct peer_writer w;
	static char text[LINE_MAX_BYTES + 1];
	char name[NAME_MAX_BYTES + 1];
	struct peer_header h;
	size_t before;

	memset(text, 'x', sizeof text);
	memset(name, 'n', sizeof name);
	peer_begin(&w, PEER_SAID, author, 0, name, NAME_MAX_BYTES);
	cr_assert(peer_add(&w, text, LINE_MAX_BYTES));
	cr_expect(is_read(w.bytes, w.len));
	before = w.len;
	cr_expect_not(peer_add(&w, text, LINE_MAX_BYTES + 1));
	cr_expect_eq(w.len, before, "what does not fit changes nothing");
	cr_expect(is_read(w.bytes, w.len));
	/* The same by a peer who does not keep to the limits. */
	before = sizeof h + NAME_MAX_BYTES;
	text[0] = 'x';
	memcpy(w.bytes + before, &(uint16_t){ LINE_MAX_BYTES + 1 },
	    sizeof(uint16_t));
	memset(w.bytes + before + 2, 'x', LINE_MAX_BYTES + 1);
	cr_expect_not(is_read(w.bytes, before + 2 + LINE_MAX_BYTES + 1));
}

Test(peer_msg, is_full_at_its_limit_and_stays_good)
{
	static struct peer_writer w;
	static char text[LINE_MAX_BYTES];
	unsigned n = 0;

	memset(text, 'x', sizeof text);
	begin(&w, PEER_SAID, "alice");
	while (peer_add(&w, text, 1000))
		n++;
	cr_expect_gt(n, CLIENT_READ_BYTES / 1000);
	cr_expect_leq(w.len, PEER_MSG_MAX_BYTES);
	/* to the last byte */
	cr_assert_geq(sizeof w.bytes - w.len, 2);
	cr_expect_not(peer_add(&w, text, sizeof w.bytes - w.len - 2 + 1));
	cr_expect(peer_add(&w, text, sizeof w.bytes - w.len - 2));
	cr_expect_eq(w.len, PEER_MSG_MAX_BYTES);
	cr_expect_not(peer_add(&w, "", 0));
	cr_expect(is_read(w.bytes, w.len));
}

Test(peer_msg, of_empty_lines_only)
{
	static struct peer_writer w;
	unsigned n = 0;

	begin(&w, PEER_SAID, "");
	while (peer_add(&w, "", 0))
		n++;
	cr_expect_eq(n, BATCH_WIRE_BYTES / PEER_LINE_MARKS);
	cr_expect(is_read(w.bytes, w.len));
}

/* Two bytes in the datagram, and a long name each for the client. */
Test(peer_msg, of_more_than_a_client_is_sent_at_once_is_refused)
{
	static struct peer_writer w;
	char name[NAME_MAX_BYTES + 1];
	struct peer_header header;
	unsigned n = 0;

	memset(name, 'n', NAME_MAX_BYTES);
	name[NAME_MAX_BYTES] = '\0';
	begin(&w, PEER_SAID, name);
	while (peer_add(&w, "", 0))
		n++;
	cr_expect_eq(n, BATCH_WIRE_BYTES / (NAME_MAX_BYTES + PEER_LINE_MARKS));
	cr_expect(is_read(w.bytes, w.len));
	/* one more, by a sender who does not count */
	memcpy(&header, w.bytes, sizeof header);
	header.n_records++;
	memcpy(w.bytes, &header, sizeof header);
	memset(w.bytes + w.len, 0, 2);
	cr_expect_not(is_read(w.bytes, w.len + 2));
}

static int
write_a_long_name(void *arg)
{
	static struct peer_writer w;
	char name[NAME_MAX_BYTES + 1] = "";

	(void)arg;
	close(STDERR_FILENO);
	peer_begin(&w, PEER_SAID, author, 0, name, sizeof name);
	return 0;
}

Test(peer_msg, of_a_name_that_is_too_long_is_a_bug)
{
	cr_expect_eq(await(spawn(write_a_long_name, NULL)), 128 + SIGABRT);
}

static uint32_t
random_next(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Good datagrams with some bytes changed, and plain noise: whatever is taken
 * for good is accounted for to the byte (is_read), and no byte beyond is
 * touched (the sanitizer). */
Test(peer_msg, mutated_at_random_never_leads_astray)
{
	static struct peer_writer w;
	uint32_t seed = 1759;
	unsigned n_good = 0;

	for (int round = 0; round < 100000; round++) {
		unsigned n = random_next(&seed) % 4;
		size_t len;

		begin(&w, (enum peer_kind)(random_next(&seed) % PEER_N_KINDS),
		    "alice");
		for (unsigned i = 0; i < n; i++)
			(void)peer_add(
			    &w, "some text or other", random_next(&seed) % 19);
		len = w.len;
		switch (random_next(&seed) % 4) {
		case 0:
			len = random_next(&seed) % (len + 8);
			break;
		case 1:
			for (size_t i = 0; i < len; i++)
				w.bytes[i] = (char)random_next(&seed);
			w.bytes[0] = (char)(random_next(&seed) % 6);
			memset(w.bytes + 1, 0, 3);
			break;
		default:
			for (unsigned i = random_next(&seed) % 4; i > 0; i--)
				w.bytes[random_next(&seed) % len] =
				    (char)random_next(&seed);
		}
		n_good += is_read(w.bytes, len);
	}
	/* Both answers were there to be had. */
	cr_expect_gt(n_good, 1000);
	cr_expect_lt(n_good, 90000);
}
