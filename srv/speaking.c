/* speaking.c - what a user says, to all or to one.
 *
 * Runs in the user's child only.  Lines that are said to all are gathered until
 * user_flush: what one read has brought goes out together.  The rest of what a
 * user does is user.c. */
#include "srv/user.h"

#include "ipc/log.h"
#include "srv/line_protocol.h"

static void
begin(struct user *user, struct peer_writer *w, enum peer_kind kind)
{
	peer_begin(w, kind, user->self, user->dir->own_news, user->name.text,
	    user->name.len);
}

/* Show the client what it said itself, from the very message that the others
 * got. */
static void
echo(struct user *user, const struct peer_writer *w, struct span recipient)
{
	struct event event = {
		.author = user_own_name(user),
		.recipient = recipient,
	};
	struct peer_msg msg;

	if (!peer_read(w->bytes, w->len, &msg))
		bug("a message of our own is not readable");
	event.kind = user_event_kind(msg.kind);
	while (peer_next(&msg, &event.text.bytes, &event.text.len))
		line_protocol_put(user->out, &event);
}

static void
count_lines(struct user *user, unsigned n)
{
	atomic_fetch_add_explicit(
	    &directory_own(user->dir)->n_said, n, memory_order_relaxed);
	directory_count(user->dir, DIR_COUNT_lines, n);
}

enum user_result
user_flush(struct user *user)
{
	unsigned n = user->n_batched;

	if (n == 0)
		return USER_OK;
	user->n_batched = 0;
	count_lines(user, n);
	if (relay_to_all(&user->relay, user->batch.bytes, user->batch.len) ==
	    -1)
		return USER_FAILED;
	echo(user, &user->batch, (struct span){ 0 });
	return USER_OK;
}

enum user_result
user_say(struct user *user, enum peer_kind kind, struct span text)
{
	if (user->n_batched > 0 && user->batch_kind == kind &&
	    peer_add(&user->batch, text.bytes, text.len)) {
		user->n_batched++;
		return USER_OK;
	}
	if (user_flush(user) == USER_FAILED)
		return USER_FAILED;
	begin(user, &user->batch, kind);
	if (!peer_add(&user->batch, text.bytes, text.len))
		bug("a line of %zu bytes", text.len);
	user->batch_kind = kind;
	user->n_batched = 1;
	return USER_OK;
}

enum user_result
user_whisper(struct user *user, struct span to, struct span text)
{
	struct dir_row row;
	struct name name;
	enum relay_result sent = RELAY_HANDED;

	if (name_parse(to.bytes, to.len, &name) != NAME_OK ||
	    directory_find(user->dir, &name, &row) != DIR_OK)
		sent = RELAY_GONE;
	begin(user, &user->message, PEER_WHISPERED);
	if (!peer_add(&user->message, text.bytes, text.len))
		bug("a line of %zu bytes", text.len);
	if (sent == RELAY_HANDED && !user_ref_equal(row.ref, user->self))
		sent = relay_to_one(&user->relay, row.ref, user->message.bytes,
		    user->message.len);
	switch (sent) {
	case RELAY_HANDED:
		count_lines(user, 1);
		echo(user, &user->message,
		    (struct span){ row.name.text, row.name.len });
		user_tell_away(user, &row);
		return USER_OK;
	case RELAY_GONE:
		return user_decline_unknown(user, to);
	case RELAY_FAILED:
		break;
	}
	return USER_FAILED;
}
