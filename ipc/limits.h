/* limits.h - every size and every duration that two files must agree on, each
 * with its reason.  Durations are in milliseconds and are measured with
 * CLOCK_MONOTONIC; sizes are in bytes unless a name says otherwise. */
#ifndef IPC_LIMITS_H
#define IPC_LIMITS_H

#include <assert.h>

/* Names ------------------------------------------------------------------ */

/* A name fits one column of chat-who and the prefix of a line. */
#define NAME_MAX_CHARS 32
/* Four bytes is the longest UTF-8 form of a character. */
#define NAME_MAX_BYTES (NAME_MAX_CHARS * 4)
/* The folded form that names are compared by.  Folding lengthens a handful of
 * ligatures; a name whose folded form does not fit is refused. */
#define NAME_KEY_MAX_BYTES NAME_MAX_BYTES

/* Lines ------------------------------------------------------------------ */

/* A line a client sends, without its LF or CRLF: eight times RFC 1459's 512,
 * room for a pasted paragraph.  What is said is never longer either, also
 * after control characters have been made visible. */
#define LINE_MAX_BYTES 4096
/* The longest line a client is sent: "[name -> name] text". */
#define WIRE_LINE_MAX_BYTES (LINE_MAX_BYTES + 2 * NAME_MAX_BYTES + 64)

/* Peer messages ---------------------------------------------------------- */

/* What one read of a client brings goes to each recipient as one datagram, so
 * this is also the most text that one datagram carries.  64 KiB is where a
 * larger batch stops paying for itself. */
#define CLIENT_READ_BYTES 65536
/* A datagram: header, name, and a read's worth of records (a record head is
 * larger than the line feed that it replaces, so not every read fits one). */
#define PEER_MSG_MAX_BYTES 98304
/* A datagram with the kernel's own part of it. */
#define SEND_BUFFER_BYTES (PEER_MSG_MAX_BYTES + 8192)
/* What the lines of one datagram may be on the wire: a name of 128 bytes before
 * each of many short lines is a lot more than was read. */
#define BATCH_WIRE_BYTES (128 * 1024)
/* Datagrams that one recvmmsg takes, and the most that one turn of a child's
 * loop handles before it looks at its other descriptors. */
#define MAIL_VECTOR 16
#define MAIL_PER_TURN 64
/* Datagrams that one sendmmsg hands over: as many as a page of the stack holds
 * with their addresses, since everybody sends some when he comes.  To wake who
 * gets one costs ten times a call and more, so a longer row saves nothing. */
#define SEND_VECTOR 20
/* Sockets that one process sends from at most: what is under way from each is
 * bounded by the system (net.core.wmem_max). */
#define SENDER_SOCKETS 64

/* What one who goes away says about it: a sentence, which stands in everybody's
 * entry of the directory. */
#define AWAY_MAX_BYTES 128

/* Queues ----------------------------------------------------------------- */

/* Bytes waiting for a client that does not read; past this it is told and
 * disconnected.  The kernel's socket buffers come on top. */
#define OUTBUF_MAX_BYTES (4 * 1024 * 1024)
/* Past this a child stops reading its own client until it has read: a client
 * that floods is held to the pace at which it takes its own echo. */
#define OUTBUF_PAUSE_BYTES (256 * 1024)
/* What all clients that flood may bring in a turn of their children together: a
 * reader may get several turns' worth before he can show that he is behind, and
 * OUTBUF_MAX_BYTES must hold it. */
#define FLOOD_BYTES_PER_TURN (512 * 1024)
/* While a client that reads is behind (more than OUTBUF_PAUSE_BYTES wait for
 * it), a client that says more than this is read no faster: no person types so
 * much.  When many flood they share FLOOD_BYTES_PER_S, so that who can read as
 * much as that is never cut off, but nobody gets less than
 * PACE_MIN_BYTES_PER_S, which is still fast typing. */
#define PACE_BYTES_PER_S 16384
#define FLOOD_BYTES_PER_S (256 * 1024)
#define PACE_MIN_BYTES_PER_S 1024
#define PACE_BURST_BYTES 4096
/* A sender that is held back looks again after this. */
#define PACE_LOOK_MS 10
/* A client that is behind and takes nothing at all for so long does not read;
 * it holds up nobody any more. */
#define LAG_JUDGE_MS 8000
/* Nor does one that takes something and does not catch up in this time: what a
 * client may say meanwhile has to fit a backlog. */
#define LAG_MAX_MS (7 * LAG_JUDGE_MS)
/* Peer-message bytes waiting in one sender for one full mailbox.  Past this the
 * sender's client is not read until the recipient drains or is evicted. */
#define BACKLOG_PAUSE_BYTES (1024 * 1024)
/* The hard bound: a paused sender still adds the rest of one read, its own
 * leave and the like; beyond it a child cannot keep its promises, and ends. */
#define BACKLOG_MAX_BYTES (2 * 1024 * 1024)

/* Patience --------------------------------------------------------------- */

/* A child that moved this much in a turn gives memory back when it has been
 * quiet for so long: what is touched once stays otherwise, for each user. */
#define TIDY_BYTES 2048
#define TIDY_MS 1000
/* A client that has not given a name. */
#define NAME_WAIT_MS 30000
/* After this it counts as one that may never do so: programs send theirs at
 * once, also when a thousand come together. */
#define NAMELESS_MS 250
/* Refused names before the client is closed. */
#define NAME_TRIES 3
/* A child that is stopped (SIGSTOP, ^Z) is evicted after this. */
#define STOPPED_MS 3000
/* A backlog that has not moved for this long is reported to the master ... */
#define STUCK_REPORT_MS 1000
/* ... who pings the suspect and kills it when it has not answered by then. */
#define PING_ANSWER_MS 2000
/* One wait for the directory lock, short because the child's mailbox is not
 * drained meanwhile; the operation is tried again ... */
#define LOCK_WAIT_MS 20
#define LOCK_RETRY_MS 20
/* ... until this, by when a holder that died or stopped has been dealt with. */
#define LOCK_GIVE_UP_MS 8000
/* A waiter looks at the lock word at least this often: a releaser may be
 * killed between freeing the word and posting the semaphore. */
#define LOCK_SLICE_MS 10
/* After shutdown(SHUT_WR): time for the client to read its last lines, since
 * close(2) with unread input would reset the connection and lose them. */
#define LINGER_MS 2000
/* A leaving child waits this long for its backlogs to drain: longer than any
 * stuck recipient can live, and one who is behind is waited for. */
#define HAND_OVER_MS                                                           \
	(STOPPED_MS + STUCK_REPORT_MS + PING_ANSWER_MS + LAG_JUDGE_MS)
/* Then its client has this long to take its last lines. */
#define LEAVE_MS 7000
/* Orderly end of the server: hand over what was said, write out, then kill. */
#define DRAIN_MS 2000
#define FINISH_MS 1500
#define LINGER_STOP_MS 500
/* ... and each of the two steps is longer by what a crowd of processes needs to
 * get its turn: some 200 us of a processor each. */
#define STOP_USERS_PER_MS 5
/* Signals to stop that come within this are one. */
#define SAME_STOP_MS 200
/* A SIGTERM to a child is for that user alone if the server does not turn out
 * to stop as well in this time: it may be for the whole process group. */
#define REMOVAL_WAIT_MS 100
/* A vanished client: first probe, spacing and number of TCP keepalive probes,
 * in seconds; TCP_USER_TIMEOUT bounds unacknowledged data alike. */
#define KEEPALIVE_IDLE_S 60
#define KEEPALIVE_INTERVAL_S 10
#define KEEPALIVE_PROBES 3
#define TCP_GONE_MS                                                            \
	((KEEPALIVE_IDLE_S + KEEPALIVE_INTERVAL_S * KEEPALIVE_PROBES) * 1000)
/* Pause of the accept loop when descriptors, memory or processes run out. */
#define ACCEPT_PAUSE_MS 100

/* Tables ----------------------------------------------------------------- */

#define MAX_USERS_DEFAULT 1024
#define MAX_USERS_LIMIT 30000
#define MAX_LISTENERS 16
/* Instance names are file names in two places. */
#define INSTANCE_MAX_BYTES 64
/* Names listed in the notice that greets a newcomer. */
#define GREETING_NAMES 20

/* Names that one user can ignore ... */
#define IGNORED_NAMES 64
/* ... and people who have had one of them and are here still, a slot and a
 * generation each: they may be more, since others take the names. */
#define IGNORED_PEOPLE 128

/* News: who came, went and was renamed -------------------------------------
 */

/* Entries kept for those who read them later: everybody may come while somebody
 * does not get to read, or in a small room, come and go a lot. */
#define NEWS_KEPT_MIN 1024
/* News that comes alone is told at once, also the tenth in a row; but everybody
 * is woken at most every tenth of a millisecond per user.  To wake somebody
 * costs some 10 us, so that is a tenth of a processor ... */
#define BELL_USERS_PER_MS 10
#define BELL_CREDIT 10
/* ... and while a crowd comes and goes a hundredth: every millisecond per user,
 * until these are enough to gather what comes. */
#define BELL_CROWD_MS 100
/* More of one kind than this, found at the same time, make one line ... */
#define NEWS_ONE_BY_ONE 3
/* ... which has so many names. */
#define NEWS_NAMES 10

static_assert(PEER_MSG_MAX_BYTES > CLIENT_READ_BYTES + NAME_MAX_BYTES,
    "a read of long lines fits one datagram");
static_assert(BACKLOG_MAX_BYTES > BACKLOG_PAUSE_BYTES + 4 * PEER_MSG_MAX_BYTES,
    "a paused sender can still say that it leaves");
static_assert(LAG_MAX_MS / 1000 * PACE_BYTES_PER_S < BACKLOG_PAUSE_BYTES,
    "who is behind never stops one who says no more than that");
static_assert(LOCK_GIVE_UP_MS > STOPPED_MS + PING_ANSWER_MS + STUCK_REPORT_MS,
    "waiters outlast a stopped holder");

#endif
