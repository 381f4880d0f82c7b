/* user.c - what a user does, carried out: directory, relay, client's queue.
 *
 * Runs in the user's child only.  Nothing here waits but for the directory's
 * lock, briefly (USER_BUSY).  Here are his coming, renaming and leaving; what
 * he says is speaking.c, what he hears hearing.c.  The child's neighbour for
 * descriptors and the loop is child.c; how events look to the client is
 * line_protocol.c. */
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
span_of(const char *text)
{
	return (struct span){ text, strlen(text) };
}

enum event_kind
user_event_kind(enum peer_kind kind)
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

bool
user_has_room(const struct user *user)
{
	return outbuf_waiting(user->out) < OUTBUF_PAUSE_BYTES &&
	       !relay_is_congested(&user->relay);
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
