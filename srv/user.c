/* user.c - what a user does, carried out: directory, relay, client's queue.
 *
 * Runs in the user's child only.  Nothing here waits but for the directory's
 * lock, briefly (USER_BUSY).  The child's neighbour for descriptors and the
 * loop is child.c; how events look to the client is line_protocol.c. */
#include "srv/user.h"

#include "ipc/clock.h"
#include "ipc/log.h"
#include "ipc/memory.h"
#include "ipc/news.h"
#include "ipc/text.h"
#include "srv/bell.h"
#include "srv/line_protocol.h"
#include "srv/roll.h"
#include "srv/title.h"

#include <errno.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#define RENAME_LOG_MS 1000

int
user_init(struct user *user, struct directory *dir, struct user_ref self,
    struct outbuf *out)
{
	user->dir = dir;
	user->self = self;
	user->out = out;
	user->inbox = inbox_new();
	if (user->inbox == NULL)
		return -1;
	user->mail_fd = mailbox_open(self);
	if (user->mail_fd == -1)
		return -1;
	relay_init(&user->relay, dir, self, user->mail_fd);
	ignoring_init(&user->ignoring, &user->ignored);
	newsreader_init(
	    &user->news, dir, self, out, &user->ignoring, news_head(dir));
	return 0;
}

static struct span
own_name(const struct user *user)
{
	return (struct span){ user->name.text, user->name.len };
}

static struct span
span_of(const char *text)
{
	return (struct span){ text, strlen(text) };
}

void
user_notice(struct user *user, const char *text)
{
	struct event event = { .kind = EVENT_NOTICE, .text = span_of(text) };

	line_protocol_put(user->out, &event);
}

void
user_refuse(struct user *user, struct span text)
{
	struct event event = { .kind = EVENT_REFUSED, .text = text };

	line_protocol_put(user->out, &event);
}

enum user_result
user_decline(
    struct user *user, enum dir_counter counter, const char *format, ...)
{
	char text[512], shown[512];
	va_list ap;

	directory_count(user->dir, counter, 1);
	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	/* It may quote what the client sent. */
	text_printable(shown, sizeof shown, text, strlen(text));
	user_refuse(user, span_of(shown));
	return USER_REFUSED;
}

static enum event_kind
event_kind_of(enum peer_kind kind)
{
	switch (kind) {
	case PEER_SAID:
		return EVENT_SAID;
	case PEER_ACTED:
		return EVENT_ACTED;
	case PEER_WHISPERED:
		return EVENT_WHISPERED;
	case PEER_BELL:
	case PEER_N_KINDS:
		break;
	}
	bug("event for kind %d", (int)kind);
}

const char *
user_quote(struct span s, char quoted[USER_QUOTE_BYTES])
{
	text_printable(quoted, USER_QUOTE_BYTES, s.bytes, s.len);
	return quoted;
}

enum user_result
user_decline_unknown(struct user *user, struct span name)
{
	char quoted[USER_QUOTE_BYTES];

	return user_decline(user, DIR_COUNT_rejected_recipient,
	    "nobody named \"%s\" is here, nothing was sent; /who tells who is",
	    user_quote(name, quoted));
}

/* Sending ----------------------------------------------------------------- */

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
		.author = own_name(user),
		.recipient = recipient,
	};
	struct peer_msg msg;

	if (!peer_read(w->bytes, w->len, &msg))
		bug("a message of our own is not readable");
	event.kind = event_kind_of(msg.kind);
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

/* Coming, renaming, leaving ------------------------------------------------ */

/* This user is in the news. */
static void
ring_bell(struct user *user)
{
	if (bell_news(user->dir, user->self, &user->relay.sender))
		user->bell_is_wanted = true;
}

/* Make the process known by its user's name: in the log, to ps and top. */
static void
identify(const struct name *name)
{
	log_identify(name->text);
	title_set("%s", name->text);
	(void)prctl(PR_SET_NAME, name->text);
}

static enum user_result
join(struct user *user, const struct name *name)
{
	enum dir_result result = directory_join(user->dir, name);
	char welcome[NAME_MAX_BYTES + 64];

	if (result == DIR_BUSY)
		return USER_BUSY;
	if (result != DIR_OK)
		return user_decline(user, DIR_COUNT_rejected_name_taken,
		    "the name \"%s\" is taken; send another", name->text);
	user->name = *name;
	user->is_here = true;
	/* What was before is told by the list of who is here. */
	user->news.next = user->dir->own_news;
	directory_count(user->dir, DIR_COUNT_joined, 1);
	identify(name);
	log_info("joined from %s", directory_own(user->dir)->from);
	snprintf(welcome, sizeof welcome,
	    "Welcome, %s! /help tells the commands, exit leaves.", name->text);
	user_notice(user, welcome);
	ring_bell(user);
	roll_call(user, GREETING_NAMES);
	return USER_OK;
}

/* One line a second at most: a client can rename itself as fast as it likes. */
static void
log_rename(struct user *user)
{
	int64_t now = clock_ms();

	user->n_renames++;
	if (now < user->rename_log_next_at)
		return;
	if (user->n_renames == 1)
		log_info("is now %s", user->name.text);
	else
		log_info("is now %s, by %u names in between", user->name.text,
		    user->n_renames - 1);
	user->n_renames = 0;
	user->rename_log_next_at = now + RENAME_LOG_MS;
}

static enum user_result
rename_to(struct user *user, const struct name *name)
{
	enum dir_result result = directory_rename(user->dir, name);
	struct name old = user->name;
	struct event event = {
		.kind = EVENT_RENAMED,
		.author = { old.text, old.len },
		.text = { name->text, name->len },
	};

	if (result == DIR_BUSY)
		return USER_BUSY;
	if (result != DIR_OK)
		return user_decline(user, DIR_COUNT_rejected_name_taken,
		    "the name \"%s\" is taken; you are still %s", name->text,
		    old.text);
	user->name = *name;
	directory_count(user->dir, DIR_COUNT_renamed, 1);
	log_rename(user);
	identify(name);
	ring_bell(user);
	line_protocol_put(user->out, &event);
	return USER_OK;
}

enum user_result
user_take_name(struct user *user, struct span wanted)
{
	enum name_result result;
	char quoted[USER_QUOTE_BYTES];
	struct name name;

	result = name_parse(wanted.bytes, wanted.len, &name);
	if (result != NAME_OK)
		return user_decline(user, DIR_COUNT_rejected_name,
		    "\"%s\" cannot be a name: %s", user_quote(wanted, quoted),
		    name_result_text(result));
	if (!user->is_here)
		return join(user, &name);
	if (strcmp(name.text, user->name.text) == 0)
		return user_decline(user, DIR_COUNT_rejected_name_taken,
		    "you are %s already", name.text);
	return rename_to(user, &name);
}

enum user_result
user_leave(struct user *user, const char *reason)
{
	enum user_result result;

	if (!user->is_here)
		return USER_OK;
	result = user_flush(user);
	if (directory_leave(user->dir, reason) == DIR_BUSY)
		return USER_BUSY;
	user->is_here = false;
	if (reason != NULL)
		ring_bell(user);
	return result;
}

bool
user_has_handed_over(const struct user *user)
{
	return relay_is_clear(&user->relay);
}

void
user_who(struct user *user)
{
	roll_call(user, UINT32_MAX);
}

/* Mail -------------------------------------------------------------------- */

/* Show the client every line of one checked message. */
static void
show(struct user *user, struct peer_msg *msg)
{
	struct event event = {
		.author = { msg->name, msg->name_len },
		.recipient = own_name(user),
	};

	if (msg->kind == PEER_BELL) {
		newsreader_hear(&user->news, msg->news);
		return;
	}
	/* Who the author is comes before what he says, and before the question
	 * whether it is heard. */
	user->is_untidy |= newsreader_tell(&user->news, msg->news);
	if (ignoring_drops(&user->ignoring, msg->author))
		return;
	event.kind = event_kind_of(msg->kind);
	while (peer_next(msg, &event.text.bytes, &event.text.len))
		line_protocol_put(user->out, &event);
}

static void
take(struct user *user, const struct mail *mail)
{
	struct peer_msg msg;

	if (mail->is_damaged || !peer_read(mail->bytes, mail->len, &msg) ||
	    !directory_vouches(user->dir, msg.author, mail->sender_pid)) {
		directory_count(user->dir, DIR_COUNT_datagrams_discarded, 1);
		return;
	}
	show(user, &msg);
}

bool
user_has_room(const struct user *user)
{
	return outbuf_waiting(user->out) < OUTBUF_PAUSE_BYTES &&
	       !relay_is_congested(&user->relay);
}

/* How far the news concerns us: not at all without a name, and for who has left
 * as long as he hears the others. */
static uint64_t
news_end(const struct user *user)
{
	if (user->name.len == 0)
		return 0;
	if (user->is_here || directory_phase(user->dir) != DIR_RUNNING)
		return news_head(user->dir);
	return user->dir->own_news;
}

bool
user_receive(struct user *user)
{
	/* Whoever is in the news up to here had said before what he said: it is
	 * in our mailbox by now, and goes first. */
	uint64_t end = news_end(user);
	struct mail mail[MAIL_VECTOR];

	for (int taken = 0; taken < MAIL_PER_TURN; taken += MAIL_VECTOR) {
		int n = inbox_receive(user->inbox, user->mail_fd, mail);

		if (n == -1)
			bug("mailbox: %s", strerror(errno));
		for (int i = 0; i < n; i++)
			take(user, &mail[i]);
		user->is_untidy |=
		    n > 1 || (n == 1 && mail[0].len >= TIDY_BYTES);
		if (n < MAIL_VECTOR) {
			user->is_untidy |= newsreader_tell(&user->news, end);
			return true;
		}
		/* The others must see that we are behind before more comes. */
		if (outbuf_waiting(user->out) >= OUTBUF_PAUSE_BYTES)
			break;
	}
	return false;
}

void
user_stop_hearing(struct user *user)
{
	/* Nothing comes in any more, so this ends; and who has a backlog for us
	 * learns that it is of no use. */
	mailbox_close_to_senders(user->self, user->mail_fd);
	while (!user_receive(user))
		;
}

void
user_tidy(struct user *user)
{
	inbox_tidy(user->inbox);
	newsreader_tidy(&user->news);
	if (user->n_batched == 0)
		memory_give_back(&user->batch, sizeof user->batch);
	memory_give_back(&user->message, sizeof user->message);
	if (user->out->has_grown || user->relay.list != NULL)
		(void)malloc_trim(0);
	user->out->has_grown = false;
}

void
user_show_figures(struct user *user)
{
	struct dir_slot *slot = directory_own(user->dir);

	atomic_fetch_add_explicit(&slot->n_turns, 1, memory_order_relaxed);
	atomic_store_explicit(&slot->queued_bytes,
	    outbuf_waiting(user->out) + relay_waiting(&user->relay),
	    memory_order_relaxed);
}
