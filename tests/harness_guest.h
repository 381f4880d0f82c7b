/* harness_guest.h - somebody in the room, so that a test reads like a chat:
 *
 *	struct server *s = server_start(NULL);
 *	struct guest *alice = guest_join(s, "alice");
 *	struct guest *bob = guest_join(s, "bob");
 *
 *	guest_says(alice, "hello");
 *	guest_sees(bob, "alice: hello");
 *
 * A guest speaks the line protocol over a raw socket, or through a program such
 * as chat.  What he is expected to see has PATIENCE_MS to come; when it does
 * not, the test fails at the caller's line and tells what came instead.  Texts
 * are printf formats, without the line end. */
#ifndef TESTS_HARNESS_GUEST_H
#define TESTS_HARNESS_GUEST_H

#include "tests/harness_server.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>

struct guest;

/* Coming and going -------------------------------------------------------- */

/* Connect, no more: the greeting is there to be seen. */
#define guest_connect(s) guest_connect_at(__FILE__, __LINE__, s)

/* Connect, give the name and see "* Welcome, NAME!".  The line that tells who
 * is here follows and has not been seen. */
#define guest_join(s, name) guest_join_at(__FILE__, __LINE__, s, name)

/* Connect to another address of the server, given in numbers. */
struct guest *guest_connect_to(
    const struct server *s, const char *host, unsigned port);

/* Somebody behind two descriptors, which are the guest's from here and are two
 * where they lead to the same thing. */
struct guest *guest_behind(const char *name, int in_fd, int out_fd);

/* Run a program and talk to it instead of to a server; guest_pid is its pid and
 * guest_status how it ended. */
struct guest *guest_run(const char *const argv[]);
pid_t guest_pid(const struct guest *g);
int guest_status(struct guest *g);
/* What it has written on standard error; valid until the next call. */
const char *guest_errors(struct guest *g);

/* Close the connection; at once, also with unread input (guest_reset), or only
 * the sending half (guest_hangs_up), after which he still sees. */
void guest_close(struct guest *g);
void guest_reset(struct guest *g);
void guest_hangs_up(struct guest *g);

/* The socket, for tests that misbehave. */
int guest_fd(const struct guest *g);

/* Have the kernel take little for him while he does not read. */
void guest_takes_little(struct guest *g);

/* Saying ------------------------------------------------------------------ */

/* Send a line, "\n" added. */
#define guest_says(g, ...) guest_says_at(__FILE__, __LINE__, g, __VA_ARGS__)

/* Send bytes as they are. */
#define guest_sends(g, bytes, len)                                             \
	guest_sends_at(__FILE__, __LINE__, g, bytes, len)

/* Send a string as it is. */
#define guest_sends_text(g, text) guest_sends(g, text, strlen(text))

/* Seeing ------------------------------------------------------------------ */

/* Read until this very line comes; lines before it are passed over. */
#define guest_sees(g, ...) guest_sees_at(__FILE__, __LINE__, g, __VA_ARGS__)

/* Read until a line comes that begins so; the line, valid until the next call
 * for this guest. */
#define guest_sees_start(g, ...)                                               \
	guest_sees_start_at(__FILE__, __LINE__, g, __VA_ARGS__)

/* The very next line is this one. */
#define guest_sees_next(g, ...)                                                \
	guest_sees_next_at(__FILE__, __LINE__, g, __VA_ARGS__)

/* The next line, whatever it is; valid until the next call for this guest. */
#define guest_line(g) guest_line_at(__FILE__, __LINE__, g)

/* Nothing with `part` in it has come to g, nor comes, of what `from` has done
 * so far: `from` says a marker to everyone, and g reads up to it.  Lines of one
 * sender keep their order, so no time has to be waited.  Others pass over the
 * marker without seeing it. */
#define guest_sees_nothing_like(g, from, part)                                 \
	guest_sees_nothing_like_at(__FILE__, __LINE__, g, from, part)

/* Read until g has everything that `from` has said so far. */
#define guest_catches_up(g, from) guest_sees_nothing_like(g, from, NULL)

/* Read to the end of file; lines before it are passed over. */
#define guest_sees_end(g) guest_sees_end_at(__FILE__, __LINE__, g)

/* The same, where a reset of the connection is as good. */
#define guest_is_cut_off(g) guest_is_cut_off_at(__FILE__, __LINE__, g)

/* The functions behind the macros. */
struct guest *guest_connect_at(
    const char *file, int line, const struct server *s);
struct guest *guest_join_at(
    const char *file, int line, const struct server *s, const char *name);
__attribute__((format(printf, 4, 5))) void guest_says_at(
    const char *file, int line, struct guest *g, const char *format, ...);
void guest_sends_at(
    const char *file, int line, struct guest *g, const void *bytes, size_t len);
__attribute__((format(printf, 4, 5))) void guest_sees_at(
    const char *file, int line, struct guest *g, const char *format, ...);
__attribute__((format(printf, 4, 5))) const char *guest_sees_start_at(
    const char *file, int line, struct guest *g, const char *format, ...);
__attribute__((format(printf, 4, 5))) void guest_sees_next_at(
    const char *file, int line, struct guest *g, const char *format, ...);
const char *guest_line_at(const char *file, int line, struct guest *g);
void guest_sees_nothing_like_at(const char *file, int line, struct guest *g,
    struct guest *from, const char *part);
void guest_sees_end_at(const char *file, int line, struct guest *g);
void guest_is_cut_off_at(const char *file, int line, struct guest *g);

#endif
