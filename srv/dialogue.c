/* dialogue.c - from lines to deeds; see the header. */
#include "srv/dialogue.h"

#include "ipc/clock.h"
#include "ipc/limits.h"
#include "ipc/log.h"
#include "srv/command.h"

#define REFUSAL_LOG_MS 1000
/* What a turn of the child's loop may spend on lines that are not merely said;
 * then the mail goes first again, however many lines one read has brought. */
#define TURN_COST 256

static enum user_result
help(struct user *user)
{
	for (unsigned i = 0; command_help(i) != NULL; i++)
		user_notice(user, command_help(i));
	return USER_OK;
}

/* Tell the client why its line was refused, and count that. */
static void
refuse(struct user *user, const struct request *request)
{
	directory_count(user->dir, request->counter, 1);
	user_refuse(user, request->text);
}

/* Carry out what is neither said nor leaving: what was said before goes first.
 */
static enum user_result
carry_out_in_order(struct user *user, const struct request *request)
{
	if (user_flush(user) == USER_FAILED)
		return USER_FAILED;
	switch (request->kind) {
	case REQUEST_NAME:
		return user_take_name(user, request->name);
	case REQUEST_WHISPER:
		return user_whisper(user, request->name, request->text);
	case REQUEST_WHO:
		user_who(user);
		return USER_OK;
	case REQUEST_WHOIS:
		return user_whois(user, request->name);
	case REQUEST_IGNORE:
		return user_ignore(user, request->name);
	case REQUEST_UNIGNORE:
		return user_unignore(user, request->name);
	case REQUEST_AWAY:
		return user_away(user, request->text);
	case REQUEST_BACK:
		return user_back(user);
	case REQUEST_HELP:
		return help(user);
	case REQUEST_REFUSE:
		refuse(user, request);
		return USER_REFUSED;
	case REQUEST_NOTHING:
	case REQUEST_SAY:
	case REQUEST_ACT:
	case REQUEST_LEAVE:
		break;
	}
	bug("request %d", (int)request->kind);
}

static enum user_result
carry_out(struct user *user, const struct request *request)
{
	switch (request->kind) {
	case REQUEST_NOTHING:
	case REQUEST_LEAVE:
		return USER_OK;
	case REQUEST_SAY:
		return user_say(user, PEER_SAID, request->text);
	case REQUEST_ACT:
		return user_say(user, PEER_ACTED, request->text);
	case REQUEST_NAME:
	case REQUEST_WHISPER:
	case REQUEST_WHO:
	case REQUEST_WHOIS:
	case REQUEST_IGNORE:
	case REQUEST_UNIGNORE:
	case REQUEST_AWAY:
	case REQUEST_BACK:
	case REQUEST_HELP:
	case REQUEST_REFUSE:
		break;
	}
	return carry_out_in_order(user, request);
}

/* The lock did not come in time.  Returns whether to try the same line again:
 * whoever holds the lock will be dealt with in the meantime. */
static bool
try_again(struct dialogue *d)
{
	int64_t now = clock_ms();

	if (d->busy_since == 0)
		d->busy_since = now;
	if (now - d->busy_since <= LOCK_GIVE_UP_MS)
		return true;
	session_refuse(&d->request, DIR_COUNT_rejected_busy,
	    "the directory is busy; try again in a while");
	refuse(d->user, &d->request);
	return false;
}

/* One line a second at most, and nothing of what was sent. */
static void
log_refusal(struct dialogue *d)
{
	int64_t now = clock_ms();

	d->n_unlogged++;
	if (now < d->log_next_at)
		return;
	log_info("refused %u %s", d->n_unlogged,
	    d->user->is_here ? "of its lines" : "of its names");
	d->n_unlogged = 0;
	d->log_next_at = now + REFUSAL_LOG_MS;
}

static int
cost_of(const struct request *request)
{
	switch (request->kind) {
	case REQUEST_NOTHING:
	case REQUEST_SAY:
	case REQUEST_ACT:
	case REQUEST_LEAVE:
		return 0;
	case REQUEST_WHISPER:
	case REQUEST_WHOIS:
	case REQUEST_IGNORE:
	case REQUEST_UNIGNORE:
	case REQUEST_AWAY:
	case REQUEST_BACK:
	case REQUEST_REFUSE:
		return 1;
	case REQUEST_NAME:
	case REQUEST_WHO:
	case REQUEST_HELP:
		/* the lock and a word to everybody, or a look at all of them */
		return 16;
	}
	bug("request %d", (int)request->kind);
}

/* Carry out d->request. */
static enum dialogue_result
take_request(struct dialogue *d)
{
	bool was_here = d->user->is_here;
	enum user_result result = carry_out(d->user, &d->request);

	if (result == USER_BUSY && try_again(d))
		return DIALOGUE_BUSY;
	d->busy_since = 0;
	if (result == USER_FAILED)
		return DIALOGUE_FAILED;
	if (result == USER_REFUSED)
		log_refusal(d);
	if (d->request.kind == REQUEST_LEAVE)
		return DIALOGUE_LEFT;
	if (result != USER_OK && !was_here &&
	    ++d->n_refused_names == NAME_TRIES)
		return DIALOGUE_NAMES_REFUSED;
	return DIALOGUE_GOES_ON;
}

enum dialogue_result
dialogue_take_lines(struct dialogue *d)
{
	enum dialogue_result result = DIALOGUE_GOES_ON;
	enum line_result found;
	struct span line;
	int cost = 0;

	while (result == DIALOGUE_GOES_ON) {
		if (!user_has_room(d->user) || cost >= TURN_COST) {
			result = DIALOGUE_PAUSED;
			break;
		}
		found = line_reader_next(&d->reader, &line);
		if (found == LINE_NONE)
			break;
		if (found == LINE_TAKEN)
			session_read(d->user->is_here, line, &d->request);
		else
			session_refuse(&d->request, DIR_COUNT_rejected_too_long,
			    "your line is longer than 4096 bytes; send it in "
			    "pieces");
		cost += cost_of(&d->request);
		result = take_request(d);
		if (result == DIALOGUE_BUSY)
			line_reader_back(&d->reader);
	}
	if (result != DIALOGUE_FAILED && user_flush(d->user) == USER_FAILED)
		return DIALOGUE_FAILED;
	if (result == DIALOGUE_GOES_ON && d->reader.at_eof)
		return DIALOGUE_LEFT;
	return result;
}
