/* scheduling.h - how the kernel lets our processes take their turns.
 *
 * Where lines come one by one, most of what a delivery costs is that a process
 * is woken and switched to (ipc/README.md, "What a delivery costs"). */
#ifndef SRV_SCHEDULING_H
#define SRV_SCHEDULING_H

/* The C library has the kernel write the number of the processor into every
 * process whenever that is switched to (rseq(2)), which none of ours asks for.
 * In the master, before it forks: children inherit it.  Whatever the kernel
 * says, all goes on as well, but slower. */
void scheduling_forgo_rseq(void);

/* Who speaks wakes as many as there are others.  Each of them would interrupt
 * him, to be interrupted by him again: under SCHED_BATCH (sched(7)) they take
 * their turns when he has done.  What the operator has chosen stays.  In a
 * child. */
void scheduling_wait_for_turns(void);

#endif
