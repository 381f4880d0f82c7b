/* who_process.h - what the kernel says of the users' processes.
 *
 * Kept apart from the copying of the directory because it costs more: a look at
 * one process takes about as long as copying a hundred entries. */
#ifndef TOOLS_WHO_PROCESS_H
#define TOOLS_WHO_PROCESS_H

#include "tools/who_view.h"

/* HERE, STOPPED or DEAD.  A zombie is dead. */
enum who_state who_process_state(pid_t pid);

/* Where the server cannot tell the states of its users' processes itself, ask
 * the kernel for those of the first `max` rows that are readable. */
void who_process_judge(struct who_view *view, size_t max);

#endif
