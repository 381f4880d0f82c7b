/* harness_pty.h - a program on a bare pseudo-terminal, with the test as the
 * terminal: what it is sent is seen to the byte, and it may be slow or hang.
 *
 *	struct pty *p = pty_run((const char *const[]){ "/bin/sh", NULL }, 80,
 *24);
 *
 *	pty_types(p, "echo hello\r");
 *	pty_sees(p, "hello\r\n");
 *
 * Nothing is read but by the functions that say so: in between, the terminal
 * hangs.  What a screen makes of the bytes is harness_terminal.h's. */
#ifndef TESTS_HARNESS_PTY_H
#define TESTS_HARNESS_PTY_H

#include "tests/harness.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

struct pty;

struct pty *pty_run(const char *const argv[], int columns, int rows);

pid_t pty_pid(const struct pty *p);

/* Until it has ended: how, as await() tells. */
int pty_status(struct pty *p);

/* Keys, as they are, in one go; returns once the program has read as much, be
 * it the signal that a key stands for.  Or returns at once, for keys that may
 * end it. */
void pty_types(struct pty *p, const char *keys);
void pty_sends(struct pty *p, const char *keys);

/* Returns once the program has read it and sleeps again. */
void pty_signals(struct pty *p, int number);

void pty_resizes(struct pty *p, int columns, int rows);

/* As Ctrl-S does, at once: what the program writes is not taken; or it is. */
void pty_holds(struct pty *p, bool is_held);

/* Read until the text has come; at most so many bytes, whatever they are. */
#define pty_sees(p, text) pty_sees_at(__FILE__, __LINE__, p, text)
void pty_reads(struct pty *p, size_t most);

/* All that has been read since pty_forgets, or ever. */
const char *pty_seen(const struct pty *p);
void pty_forgets(struct pty *p);

/* What the kernel has counted of the program's write(2), of which the terminal
 * is the only target: how often, and how many bytes; once it sleeps. */
struct pty_cost {
	unsigned long writes;
	unsigned long bytes;
};

struct pty_cost pty_cost(struct pty *p);

/* Wait until it sleeps, and see that it goes on sleeping. */
void pty_rests(struct pty *p);

/* The modes that the terminal has now. */
struct termios pty_modes(const struct pty *p);

/* The function behind the macro. */
void pty_sees_at(const char *file, int line, struct pty *p, const char *text);

#endif
