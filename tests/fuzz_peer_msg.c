/* fuzz_peer_msg.c - a datagram of another child: ipc/peer_msg.
 *
 * What holds:
 * - a datagram is refused or whole: name and records lie within it, are safe
 *   and no longer than they may be, and there are as many as it says;
 * - what was read and is written again is the same datagram to the byte;
 * - what was written is read, and as it was written, unless a text in it is not
 *   safe: then it is refused;
 * - a record for which there is no room changes nothing. */
#include "tests/fuzz.h"

#include "ipc/peer_msg.h"
#include "ipc/text.h"

#include <string.h>

/* Records that one input writes. */
#define MAX_RECORDS 4096

static struct peer_writer writer;

/* Reading ----------------------------------------------------------------- */

static void
check_name(const struct peer_msg *msg, const char *bytes, size_t len)
{
	FUZZ_HOLDS(msg->kind < PEER_N_KINDS);
	FUZZ_HOLDS(msg->name_len <= NAME_MAX_BYTES);
	FUZZ_HOLDS(fuzz_within(msg->name, msg->name_len, bytes, len));
	FUZZ_HOLDS(text_is_safe(msg->name, msg->name_len));
}

static void
check_datagram(const char *bytes, size_t len)
{
	struct peer_msg msg;
	const char *text;
	size_t text_len;
	unsigned n = 0, n_records;

	if (!peer_read(bytes, len, &msg))
		return;
	check_name(&msg, bytes, len);
	peer_begin(
	    &writer, msg.kind, msg.author, msg.news, msg.name, msg.name_len);
	n_records = msg.n_records;
	while (peer_next(&msg, &text, &text_len)) {
		n++;
		FUZZ_HOLDS(fuzz_within(text, text_len, bytes, len));
		FUZZ_HOLDS(text_len <= LINE_MAX_BYTES);
		FUZZ_HOLDS(text_is_safe(text, text_len));
		FUZZ_HOLDS(peer_add(&writer, text, text_len));
	}
	FUZZ_HOLDS(n == n_records && msg.n_records == 0 && msg.rest_len == 0);
	FUZZ_HOLDS(writer.len == len && memcmp(writer.bytes, bytes, len) == 0);
}

/* Writing ----------------------------------------------------------------- */

struct record {
	const char *text;
	size_t len;
};

static struct record records[MAX_RECORDS];
static size_t n_records;
static char long_text[LINE_MAX_BYTES + 64];

static bool
may_have(enum peer_kind kind, size_t n)
{
	static const struct {
		size_t min, max;
	} counts[] = {
#define X(name, min, max) { min, max },
		PEER_KINDS(X)
#undef X
	};

	return n >= counts[kind].min && n <= counts[kind].max;
}

/* A record of the input's own text, or a long one of one of its bytes. */
static struct record
next_record(struct fuzz_input *in)
{
	uint32_t len = fuzz_u16(in);
	struct record record;

	if (len < 0x8000) {
		record.text = fuzz_bytes(in, len & 0xff, &record.len);
		return record;
	}
	record.text = long_text;
	record.len = len % sizeof long_text;
	return record;
}

/* Add records, some of them many times, until the input or the room ends. */
static bool
write_records(struct fuzz_input *in)
{
	bool is_safe = true;

	n_records = 0;
	while (in->left > 0) {
		size_t times = fuzz_byte(in) + 1u;
		struct record record = next_record(in);

		for (; times > 0 && n_records < MAX_RECORDS; times--) {
			size_t before = writer.len;

			if (!peer_add(&writer, record.text, record.len)) {
				FUZZ_HOLDS(writer.len == before);
				break;
			}
			FUZZ_HOLDS(record.len <= LINE_MAX_BYTES);
			is_safe =
			    is_safe && text_is_safe(record.text, record.len);
			records[n_records++] = record;
		}
	}
	return is_safe;
}

static void
check_written(enum peer_kind kind, struct user_ref author, uint64_t news,
    struct record name, bool is_safe)
{
	struct peer_msg msg;
	struct record got;

	FUZZ_HOLDS(writer.len <= sizeof writer.bytes);
	if (!peer_read(writer.bytes, writer.len, &msg)) {
		FUZZ_HOLDS(!is_safe || !may_have(kind, n_records));
		return;
	}
	FUZZ_HOLDS(is_safe && may_have(kind, n_records));
	FUZZ_HOLDS(msg.kind == kind && user_ref_equal(msg.author, author) &&
		   msg.news == news);
	FUZZ_HOLDS(msg.name_len == name.len &&
		   memcmp(msg.name, name.text, name.len) == 0);
	FUZZ_HOLDS(msg.n_records == n_records);
	for (size_t i = 0; i < n_records; i++) {
		FUZZ_HOLDS(peer_next(&msg, &got.text, &got.len));
		FUZZ_HOLDS(got.len == records[i].len &&
			   memcmp(got.text, records[i].text, got.len) == 0);
	}
	FUZZ_HOLDS(!peer_next(&msg, &got.text, &got.len));
}

static void
check_bell(struct user_ref author, uint64_t news)
{
	char bytes[PEER_MIN_BYTES];
	struct peer_msg msg;

	FUZZ_HOLDS(peer_bell(bytes, author, news) == sizeof bytes);
	FUZZ_HOLDS(peer_read(bytes, sizeof bytes, &msg));
	FUZZ_HOLDS(msg.kind == PEER_BELL && msg.news == news &&
		   user_ref_equal(msg.author, author));
}

static void
check_writing(struct fuzz_input in)
{
	enum peer_kind kind = (enum peer_kind)(fuzz_byte(&in) % PEER_N_KINDS);
	struct user_ref author = { fuzz_u16(&in), fuzz_u16(&in) };
	uint64_t news = (uint64_t)fuzz_u32(&in) << 32 | fuzz_u16(&in);
	struct record name;
	bool is_safe;

	check_bell(author, news);
	memset(long_text, fuzz_byte(&in), sizeof long_text);
	name.text =
	    fuzz_bytes(&in, fuzz_byte(&in) % (NAME_MAX_BYTES + 1), &name.len);
	peer_begin(&writer, kind, author, news, name.text, name.len);
	is_safe = text_is_safe(name.text, name.len);
	is_safe = write_records(&in) && is_safe;
	check_written(kind, author, news, name, is_safe);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > PEER_MSG_MAX_BYTES)
		return 0;
	check_datagram((const char *)data, size);
	check_writing((struct fuzz_input){ data, size });
	return 0;
}
