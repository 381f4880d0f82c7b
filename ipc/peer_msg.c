/* peer_msg.c - the codec of what peers say to each other; the format is in the
 * header.  Pure: bytes in, bytes out. */
#include "ipc/peer_msg.h"

#include "ipc/log.h"
#include "ipc/text.h"

#include <string.h>

static const struct {
	unsigned min_records, max_records;
} kinds[PEER_N_KINDS] = {
#define X(name, min, max) [PEER_##name] = { min, max },
	PEER_KINDS(X)
#undef X
};

void
peer_begin(struct peer_writer *w, enum peer_kind kind, struct user_ref author,
    uint64_t news, const char *name, size_t name_len)
{
	struct peer_header header = {
		.kind = (uint32_t)kind,
		.slot = author.slot,
		.generation = author.generation,
		.name_len = (uint8_t)name_len,
		.news = news,
	};

	if (name_len > NAME_MAX_BYTES)
		bug("a name of %zu bytes", name_len);
	memcpy(w->bytes, &header, sizeof header);
	memcpy(w->bytes + sizeof header, name, name_len);
	w->len = sizeof header + name_len;
	w->wire_len = 0;
}

size_t
peer_bell(char bytes[PEER_MIN_BYTES], struct user_ref author, uint64_t news)
{
	struct peer_header header = {
		.kind = PEER_BELL,
		.slot = author.slot,
		.generation = author.generation,
		.news = news,
	};

	memcpy(bytes, &header, sizeof header);
	return sizeof header;
}

static bool
is_bounded_on_wire(unsigned n_records, size_t wire_len)
{
	return n_records <= 1 || wire_len <= BATCH_WIRE_BYTES;
}

bool
peer_add(struct peer_writer *w, const char *text, size_t len)
{
	struct peer_header header;
	uint16_t record_len = (uint16_t)len;
	size_t wire_len;

	memcpy(&header, w->bytes, sizeof header);
	wire_len = w->wire_len + header.name_len + len + PEER_LINE_MARKS;
	if (len > LINE_MAX_BYTES || header.n_records == UINT16_MAX ||
	    sizeof w->bytes - w->len < sizeof record_len + len ||
	    !is_bounded_on_wire(header.n_records + 1u, wire_len))
		return false;
	w->wire_len = wire_len;
	header.n_records++;
	memcpy(w->bytes, &header, sizeof header);
	memcpy(w->bytes + w->len, &record_len, sizeof record_len);
	memcpy(w->bytes + w->len + sizeof record_len, text, len);
	w->len += sizeof record_len + len;
	return true;
}

/* The one bounded reader: a failure is remembered, and what is read after it is
 * nothing, so that decoders read straight down and check once. */
struct reader {
	const char *at;
	size_t left;
	bool failed;
};

static const char *
take(struct reader *r, size_t n)
{
	const char *bytes = r->at;

	if (r->failed || n > r->left) {
		r->failed = true;
		return NULL;
	}
	r->at += n;
	r->left -= n;
	return bytes;
}

static const char *
take_record(struct reader *r, size_t *len_out)
{
	const char *head = take(r, sizeof(uint16_t));
	uint16_t len = 0;

	if (head != NULL)
		memcpy(&len, head, sizeof len);
	*len_out = len;
	return take(r, len);
}

static bool
records_are_good(struct reader r, unsigned n_records, size_t name_len)
{
	size_t wire_len = 0;

	for (unsigned i = 0; i < n_records && !r.failed; i++) {
		size_t len;
		const char *text = take_record(&r, &len);

		if (text == NULL || len > LINE_MAX_BYTES ||
		    !text_is_safe(text, len))
			return false;
		wire_len += name_len + len + PEER_LINE_MARKS;
	}
	return !r.failed && r.left == 0 &&
	       is_bounded_on_wire(n_records, wire_len);
}

bool
peer_read(const char *bytes, size_t len, struct peer_msg *out)
{
	struct reader r = { .at = bytes, .left = len };
	struct peer_header header = { 0 };
	const char *head = take(&r, sizeof header);
	const char *name;

	if (head != NULL)
		memcpy(&header, head, sizeof header);
	name = take(&r, header.name_len);
	if (r.failed || header.kind >= PEER_N_KINDS || header.zero != 0 ||
	    header.name_len > NAME_MAX_BYTES ||
	    header.n_records < kinds[header.kind].min_records ||
	    header.n_records > kinds[header.kind].max_records ||
	    !text_is_safe(name, header.name_len) ||
	    !records_are_good(r, header.n_records, header.name_len))
		return false;
	*out = (struct peer_msg){
		.kind = (enum peer_kind)header.kind,
		.author = { header.slot, header.generation },
		.news = header.news,
		.name = name,
		.name_len = header.name_len,
		.n_records = header.n_records,
		.rest = r.at,
		.rest_len = r.left,
	};
	return true;
}

bool
peer_next(struct peer_msg *msg, const char **text_out, size_t *len_out)
{
	struct reader r = { .at = msg->rest, .left = msg->rest_len };

	if (msg->n_records == 0)
		return false;
	*text_out = take_record(&r, len_out);
	msg->n_records--;
	msg->rest = r.at;
	msg->rest_len = r.left;
	return !r.failed;
}
