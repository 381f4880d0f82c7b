/* harness_condition.h - what an operator would look at to see whether something
 * has been left behind or has grown. */
#ifndef TESTS_HARNESS_CONDITION_H
#define TESTS_HARNESS_CONDITION_H

#include "tests/harness_server.h"

struct condition {
	/* of the master */
	unsigned n_descriptors;
	unsigned long private_kib;
	unsigned n_children;
	/* in the instance's directory */
	unsigned n_files;
};

struct condition condition_of(const struct server *s);

/* Waits until all is as before: a session that has just ended leaves its
 * descriptor and its file behind for a moment.  Fails the test when it stays
 * otherwise, or when there is more memory. */
void condition_returns(const struct server *s, const struct condition *before);

/* The number behind a word, which begins a line, in a file of /proc/PID; 0 when
 * there is no such process or word. */
unsigned long condition_number(pid_t pid, const char *file, const char *word);

/* Memory of a process that is not a file's, with what it has from the master;
 * and what it shares with nobody.  0 when there is no such process. */
unsigned long condition_private_kib(pid_t pid);
unsigned long condition_own_kib(pid_t pid);

#endif
