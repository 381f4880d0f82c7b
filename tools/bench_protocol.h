/* bench_protocol.h - how chat-bench talks to one kind of server.  One file per
 * protocol has a table of these; none of them makes a system call. */
#ifndef TOOLS_BENCH_PROTOCOL_H
#define TOOLS_BENCH_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "b", three of the run's, five digits: IRC servers take nine. */
#define BENCH_NAME_BYTES 10
/* What goes before a text, or is said to be let in. */
#define BENCH_WORDS_BYTES 256

enum bench_stage {
	/* not connected, or connected and not welcome yet */
	BENCH_OUTSIDE,
	/* welcome, and asked to join */
	BENCH_WELCOME,
	BENCH_IN_ROOM,
};

struct bench_guest {
	enum bench_stage stage;
	char name[BENCH_NAME_BYTES];
	/* IRC: nick!user@host, as the server shows it; owned.  Else NULL. */
	char *prefix;
};

/* What a line that carries no text of ours means. */
enum bench_answer {
	BENCH_NOTHING,
	/* it is welcome now; the stage is the caller's to change */
	BENCH_IS_WELCOME,
	BENCH_HAS_JOINED,
	/* what stands in `reply` is to be sent */
	BENCH_REPLY,
	/* the server refuses something */
	BENCH_REFUSED,
	/* no line that this server sends */
	BENCH_STRANGE,
};

struct bench_protocol {
	const char *name;
	/* where such a server listens unless told otherwise */
	uint16_t port;
	uint32_t text_max;
	/* a client gets what it says to all, to one */
	bool echoes, echoes_private;
	/* behind a line to the server, and from it */
	const char *end_sent, *end_received;

	/* These write a string of at most BENCH_WORDS_BYTES, NUL included.
	 * What a client says first; what it says when it is welcome; */
	void (*hello)(char *out, const struct bench_guest *guest);
	void (*join)(char *out, const struct bench_guest *guest);
	/* what goes before a text to the room, or to `to` alone unless NULL; */
	void (*before_sent)(
	    char *out, const struct bench_guest *to, size_t text_len);
	/* and what comes before it at the recipient, line feeds included. */
	void (*before_received)(char *out, const struct bench_guest *from,
	    const struct bench_guest *to, size_t text_len);

	/* The guest has got this line, `len` bytes with its line feed. */
	enum bench_answer (*answer)(struct bench_guest *guest, const char *line,
	    size_t len, char reply[BENCH_WORDS_BYTES]);
};

extern const struct bench_protocol bench_chatd, bench_irc, bench_nats,
    bench_resp;

/* The one of this name, or NULL. */
const struct bench_protocol *bench_protocol_find(const char *name);

/* Whether the line begins with this. */
bool bench_line_begins(const char *line, size_t len, const char *with);

#endif
