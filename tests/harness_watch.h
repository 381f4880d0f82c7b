/* harness_watch.h - chat-who -w in a real terminal. */
#ifndef TESTS_HARNESS_WATCH_H
#define TESTS_HARNESS_WATCH_H

#include "tests/harness_server.h"
#include "tests/harness_terminal.h"

#include <sys/types.h>

/* Have the shell start it, with more options.  When it ends, a line tells
 * "ended STATUS". */
void watch_starts(
    struct terminal *t, const struct server *server, const char *options);

/* Alice joins, and is watched on a screen of 24 rows and 80 columns. */
struct terminal *watch_of_alice(struct server *server);

/* Wait for several frames' time. */
void watch_frames_go_by(pid_t watch);

#endif
