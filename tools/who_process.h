/* who_process.h - what the kernel says of the users' processes.
 *
 * Kept apart from the copying of the directory because it costs more: a look at
 * one process takes about as long as copying a hundred entries. */
#ifndef TOOLS_WHO_PROCESS_H
#define TOOLS_WHO_PROCESS_H

#include "tools/who_view.h"

/* HERE, STOPPED or DEAD.  A zombie is dead. */
enum who_state who_process_state(pid_t pid);

/* Set the state of the first `max` rows that are readable. */
void who_process_judge(struct who_view *view, size_t max);

#endif
