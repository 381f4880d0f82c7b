/* swarm.h - many clients of a server in one process, for load and for proof.
 *
 * A swarm connects, reads and writes through one epoll descriptor; what the
 * lines mean is its user's.  One thread, nothing blocks but swarm_turn and
 * swarm_turn_ns.  The
 * functions that can fail for want of memory end the process by abort(3): a
 * load generator without memory has nothing left to say. */
#ifndef TOOLS_SWARM_H
#define TOOLS_SWARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* The longest line that a server may send; more without a line feed ends the
 * client with EMSGSIZE. */
#define SWARM_LINE_MAX 65536

struct swarm;

struct swarm_client {
	struct swarm *swarm;
	/* -1 when closed */
	int fd;
	/* the user's: which client this is */
	uint32_t id;
	bool is_connected;
	/* not read while set; swarm_pause */
	bool is_paused;
	/* waiting for room to write, or for the connection */
	bool waits_for_room;
	/* the last line so far, without its end */
	char *tail;
	size_t tail_len;
	/* what the socket has not taken: out[out_start, out_end) */
	char *out;
	size_t out_start, out_end, out_size;
};

struct swarm_events {
	/* The connection has come about. */
	void (*connected)(void *arg, struct swarm_client *c);
	/* Whole lines, each with its line feed. */
	void (*lines)(
	    void *arg, struct swarm_client *c, const char *bytes, size_t len);
	/* In place of `lines`, for what is more than a line: all that has come
	 * and was not taken before.  Returns how much of it is taken; the rest,
	 * at most SWARM_LINE_MAX, comes again before what follows it.  */
	size_t (*bytes)(
	    void *arg, struct swarm_client *c, const char *bytes, size_t len);
	/* All that was sent has been taken by the socket, after a time in which
	 * it was not.  NULL: of no interest. */
	void (*room)(void *arg, struct swarm_client *c);
	/* The far end has closed (error 0), or the connection has failed; the
	 * client has been closed. */
	void (*ended)(void *arg, struct swarm_client *c, int error);
};

/* A swarm of up to `max` clients; arg is handed to the events. */
struct swarm *swarm_new(
    uint32_t max, const struct swarm_events *events, void *arg);
void swarm_free(struct swarm *swarm);

/* Client `id` of the swarm; it is connected only after swarm_connect. */
struct swarm_client *swarm_client(struct swarm *swarm, uint32_t id);

/* Begin to connect; `from` is the local address to use, or NULL.  -1 with errno
 * when that fails at once. */
int swarm_connect(struct swarm_client *c, const struct sockaddr *to,
    socklen_t to_len, const struct sockaddr *from, socklen_t from_len);

/* Send now what the socket takes, and the rest when it does. */
void swarm_send(struct swarm_client *c, const void *bytes, size_t len);

/* Bytes that the socket has not taken yet. */
size_t swarm_waiting(const struct swarm_client *c);

/* Stop or go on reading. */
void swarm_pause(struct swarm_client *c, bool is_paused);

/* Close at once, with unsent and unread bytes; with `reset` as a reset. */
void swarm_close(struct swarm_client *c, bool reset);

/* Wait at most timeout_ms (-1: for ever) and deal with what has come.  Returns
 * how many clients had something. */
int swarm_turn(struct swarm *swarm, int timeout_ms);

/* The same, for who has to be punctual: wait at most timeout_ns. */
int swarm_turn_ns(struct swarm *swarm, int64_t timeout_ns);

#endif
