/* scheduling.c - rseq(2) and sched(7). */
#include "srv/scheduling.h"

#include <sched.h>
#include <stddef.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What is registered is the first layout at least, and whole such. */
#define RSEQ_BYTES 32

void
scheduling_forgo_rseq(void)
{
	size_t n = (__rseq_size + RSEQ_BYTES - 1) / RSEQ_BYTES * RSEQ_BYTES;
	char *area = (char *)__builtin_thread_pointer() + __rseq_offset;

	/* sched_getcpu(3) then asks the kernel. */
	if (n > 0)
		(void)syscall(
		    SYS_rseq, area, n, RSEQ_FLAG_UNREGISTER, RSEQ_SIG);
}

void
scheduling_wait_for_turns(void)
{
	static const struct sched_param none;

	if (sched_getscheduler(0) == SCHED_OTHER)
		(void)sched_setscheduler(0, SCHED_BATCH, &none);
}
