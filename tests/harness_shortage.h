/* harness_shortage.h - system calls of a server that fail for a while, as if
 * the machine had run out of something.
 *
 * The server runs under a seccomp(2) filter that hands the calls of interest to
 * a supervisor, which lets them pass or has them fail with the errno of the
 * moment.  So the program is the real one, and the shortage begins and ends
 * while it runs. */
#ifndef TESTS_HARNESS_SHORTAGE_H
#define TESTS_HARNESS_SHORTAGE_H

enum shortage_kind {
	/* fork */
	SHORTAGE_OF_PROCESSES,
	/* accept */
	SHORTAGE_AT_ACCEPT,
	/* socket */
	SHORTAGE_OF_SOCKETS,
	/* bind */
	SHORTAGE_AT_BIND,
	/* signalfd */
	SHORTAGE_OF_SIGNALFDS,
	/* fallocate */
	SHORTAGE_OF_SHARED_MEMORY,
	/* mkdir, mkdirat */
	SHORTAGE_OF_DIRECTORIES,
	SHORTAGE_N_KINDS,
};

struct shortage;

/* For server_wiring.shortage; gone when cleaning. */
struct shortage *shortage_new(void);

/* Calls of this kind fail from here on; 0: they pass. */
void shortage_set(struct shortage *s, enum shortage_kind kind, int error);

/* How many have failed so far. */
unsigned shortage_n_failed(const struct shortage *s, enum shortage_kind kind);

/* In the forked child that will be the server.  The process ends when it cannot
 * be. */
void shortage_enter(struct shortage *s);

#endif
