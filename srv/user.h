/* user.h - one user of the room: what he says goes to the others, what they say
 * comes to him.
 *
 * Owned by his child.  It knows the directory, the relay and the queue towards
 * the client, but no descriptor of the client and no loop: those are child.c.
 * Lines said one after the other travel together: user_say gathers them, and
 * user_flush sends them, before anything that must keep its order behind.
 * Besides user.c there are speaking.c, hearing.c, absence.c and whois.c. */
#ifndef SRV_USER_H
#define SRV_USER_H

#include "ipc/directory.h"
#include "ipc/mailbox.h"
#include "ipc/name.h"
#include "ipc/peer_msg.h"
#include "srv/event.h"
#include "srv/ignoring.h"
#include "srv/newsreader.h"
#include "srv/outbuf.h"
#include "srv/relay.h"

#include <stdbool.h>

/* Enough to recognise what is repeated: the longest name, with its NUL. */
#define USER_QUOTE_BYTES (NAME_MAX_BYTES + 1)

struct user {
	struct directory *dir;
	struct user_ref self;
	/* our mailbox's socket; also what the relay sends from */
	int mail_fd;
	struct outbuf *out;
	bool is_here;
	struct name name;
	struct relay relay;
	struct inbox *inbox;
	/* renames since one was logged, and when the next may be */
	unsigned n_renames;
	int64_t rename_log_next_at;
	/* the master has to be asked to ring the bell */
	bool bell_is_wanted;
	/* much has come or was said: user_tidy */
	bool is_untidy;
	/* lines said and not yet sent; n_batched of them */
	unsigned n_batched;
	enum peer_kind batch_kind;
	struct ignoring ignoring;
	/* The large ones last, so that what is always used is together. */
	struct newsreader news;
	struct peer_writer batch;
	/* for messages that are not gathered */
	struct peer_writer message;
	struct ignored ignored;
};

static inline struct span
user_own_name(const struct user *user)
{
	return (struct span){ user->name.text, user->name.len };
}

enum user_result {
	USER_OK,
	/* the client has been told why not; nothing was sent */
	USER_REFUSED,
	/* the directory's lock did not come: ask again soon */
	USER_BUSY,
	/* out of memory or the like, errno says: this child cannot go on */
	USER_FAILED,
};

/* Open the mailbox.  -1 with errno.  `out` stays the caller's. */
int user_init(struct user *user, struct directory *dir, struct user_ref self,
    struct outbuf *out);

/* What the client is told of a message of this kind, which is not PEER_BELL. */
enum event_kind user_event_kind(enum peer_kind kind);

/* Put an event of the server's own into the client's queue. */
void user_notice(struct user *user, const char *text);
void user_refuse(struct user *user, struct span text);

/* Refuse what the client wants, for the reason that the counter has.  Always
 * USER_REFUSED. */
__attribute__((format(printf, 3, 4))) enum user_result user_decline(
    struct user *user, enum dir_counter counter, const char *format, ...);

/* The same, since nobody is here under this name. */
enum user_result user_decline_unknown(struct user *user, struct span name);

/* What the client sent as a name, fit to be repeated to it. */
const char *user_quote(struct span s, char quoted[USER_QUOTE_BYTES]);

/* Take a name: the first one joins the room and is greeted, another renames. */
enum user_result user_take_name(struct user *user, struct span name);

/* speaking.c: kind is PEER_SAID or PEER_ACTED; text is safe and at most
 * LINE_MAX_BYTES. */
enum user_result user_say(
    struct user *user, enum peer_kind kind, struct span text);
enum user_result user_whisper(
    struct user *user, struct span to, struct span text);

/* speaking.c: send what has been gathered, then echo it to the client. */
enum user_result user_flush(struct user *user);

void user_who(struct user *user);

/* whois.c: how long the user of this name has been here and quiet, how much he
 * has said, and whether he is away. */
enum user_result user_whois(struct user *user, struct span name);

/* hearing.c: hear nothing more of who has this name (ignoring.h), or tell whom
 * we ignore, if it is empty; and hear him again. */
enum user_result user_ignore(struct user *user, struct span name);
enum user_result user_unignore(struct user *user, struct span name);

/* absence.c: be away, for the reason `text`, which may be empty; be back; tell
 * the client of another, as he was read, that he is away, if he is. */
enum user_result user_away(struct user *user, struct span text);
enum user_result user_back(struct user *user);
void user_tell_away(struct user *user, const struct dir_row *other);

/* Whether more can be handed over and echoed: neither waits too much for one of
 * the others, nor for our own client. */
bool user_has_room(const struct user *user);

/* hearing.c: take mail into the client's queue, at most MAIL_PER_TURN
 * datagrams, and fewer when the queue is long.  Returns true when the mailbox
 * was found empty. */
bool user_receive(struct user *user);

/* Whether everybody has all that was said. */
bool user_has_handed_over(const struct user *user);

/* Leave the room, once all has been handed over.  The others are told `reason`,
 * which is empty when it was the user's own choice; they are told nothing when
 * it is NULL, as when everybody leaves at once.  Mail goes on to be heard.
 * USER_OK, USER_BUSY, USER_FAILED. */
enum user_result user_leave(struct user *user, const char *reason);

/* hearing.c: remove the mailbox and take the last of what is in it: it was said
 * while we were here.  After user_leave. */
void user_stop_hearing(struct user *user);

/* It has become quiet: give back the memory that a burst has taken. */
void user_tidy(struct user *user);

/* Make the figures in the directory true. */
void user_show_figures(struct user *user);

#endif
