/* hearing.c - what a user hears: the mail, and the news before it; and whom he
 * does not, by /ignore and /unignore.
 *
 * Runs in the user's child only.  Whom he ignores concerns nobody else: the
 * others are not told, and what they say goes on to reach the child, which
 * drops it (ignoring.h).  The rest of what a user does is user.c. */
#include "srv/user.h"

#include "ipc/log.h"
#include "ipc/news.h"
#include "srv/line_protocol.h"
#include "srv/roll.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Mail -------------------------------------------------------------------- */

/* Show the client every line of one checked message. */
static void
show(struct user *user, struct peer_msg *msg)
{
	struct event event = {
		.author = { msg->name, msg->name_len },
		.recipient = user_own_name(user),
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
	event.kind = user_event_kind(msg->kind);
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

/* Whom he does not hear --------------------------------------------------- */

/* Whoever has the name; else the name as it was given, and NULL. */
static const struct user_ref *
look_up(const struct user *user, struct name *name, struct dir_row *row_out)
{
	if (directory_find(user->dir, name, row_out) != DIR_OK)
		return NULL;
	/* He is called what he calls himself. */
	*name = row_out->name;
	return &row_out->ref;
}

enum user_result
user_ignore(struct user *user, struct span wanted)
{
	char quoted[USER_QUOTE_BYTES], notice[2 * NAME_MAX_BYTES + 64];
	const struct user_ref *who;
	enum name_result result;
	struct dir_row row;
	struct name name;

	if (wanted.len == 0) {
		roll_ignored(user);
		return USER_OK;
	}
	result = name_parse(wanted.bytes, wanted.len, &name);
	if (result != NAME_OK)
		return user_decline(user, DIR_COUNT_rejected_name,
		    "\"%s\" cannot be a name: %s", user_quote(wanted, quoted),
		    name_result_text(result));
	if (name_same(&name, &user->name))
		return user_decline(user, DIR_COUNT_rejected_command,
		    "that is you; nobody can ignore himself");
	who = look_up(user, &name, &row);
	if (!ignoring_add(&user->ignoring, &name, who))
		return user_decline(user, DIR_COUNT_rejected_command,
		    "you ignore %d names, which is as many as can be; end one "
		    "by /unignore name",
		    IGNORED_NAMES);
	snprintf(notice, sizeof notice,
	    "you no longer hear %s; /unignore %s ends it", name.text,
	    name.text);
	user_notice(user, notice);
	return USER_OK;
}

enum user_result
user_unignore(struct user *user, struct span wanted)
{
	char quoted[USER_QUOTE_BYTES], notice[NAME_MAX_BYTES + 32];
	struct dir_row row;
	struct name name;

	if (name_parse(wanted.bytes, wanted.len, &name) != NAME_OK ||
	    !ignoring_remove(
		&user->ignoring, &name, look_up(user, &name, &row)))
		return user_decline(user, DIR_COUNT_rejected_command,
		    "you do not ignore \"%s\"", user_quote(wanted, quoted));
	snprintf(notice, sizeof notice, "you hear %s again", name.text);
	user_notice(user, notice);
	return USER_OK;
}
