/* obituary.c - the counter and the log line of a session that is over. */
#include "srv/obituary.h"

#include "ipc/clock.h"
#include "ipc/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum dir_counter
counter_of_signal(int signal)
{
	switch (signal) {
	case SIGKILL:
		return DIR_COUNT_crashed_killed;
	case SIGSEGV:
	case SIGBUS:
	case SIGILL:
	case SIGFPE:
	case SIGSYS:
		return DIR_COUNT_crashed_fault;
	case SIGABRT:
		return DIR_COUNT_crashed_abort;
	default:
		return DIR_COUNT_crashed_signal;
	}
}

static enum dir_counter
counter_of_kill(enum kill_reason reason)
{
	switch (reason) {
	case KILL_STOPPED:
		return DIR_COUNT_evicted_stopped;
	case KILL_WEDGED:
		return DIR_COUNT_evicted_wedged;
	case KILL_NO_MAILBOX:
		return DIR_COUNT_evicted_unreachable;
	case KILL_LATE:
		return DIR_COUNT_evicted_late;
	case KILL_NONE:
		break;
	}
	bug("a child killed for no reason");
}

enum dir_counter
obituary_counter(const siginfo_t *info, enum kill_reason killed)
{
	if (info->si_code == CLD_EXITED)
		return ending_counter(ending_of_status(info->si_status));
	return killed == KILL_NONE ? counter_of_signal(info->si_status)
				   : counter_of_kill(killed);
}

static enum log_level
level_of(enum dir_counter counter)
{
	return counter_group(counter) == DIR_GROUP_crashed ||
		       counter == DIR_COUNT_ended_resources
		   ? LOG_WARN
		   : LOG_INFO;
}

static void
describe(char *why, size_t size, const siginfo_t *info, enum kill_reason killed)
{
	enum ending ending;

	if (info->si_code != CLD_EXITED && killed != KILL_NONE) {
		snprintf(why, size, "killed, %s", kill_reason_text(killed));
	} else if (info->si_code != CLD_EXITED) {
		snprintf(why, size, "killed by signal %d (%s)", info->si_status,
		    strsignal(info->si_status));
	} else {
		ending = ending_of_status(info->si_status);
		if (ending == ENDING_UNKNOWN)
			snprintf(why, size, "unknown exit status %d",
			    info->si_status);
		else
			snprintf(why, size, "%s", ending_text(ending));
	}
}

void
obituary_write(struct directory *dir, const struct dir_row *row,
    const siginfo_t *info, enum kill_reason killed)
{
	enum dir_counter counter = obituary_counter(info, killed);
	int64_t ms = clock_ms() - row->claimed_at;
	bool has_name = row->name.len > 0;
	char why[128];

	directory_count(dir, counter, 1);
	describe(why, sizeof why, info, killed);
	log_line(level_of(counter),
	    "the session of %s from %s (pid %d) ended after %" PRId64
	    ".%d s: %s",
	    has_name ? row->name.text : "a client without a name", row->from,
	    (int)info->si_pid, ms / 1000, (int)(ms % 1000 / 100), why);
}

void
obituary_write_own(struct directory *dir, enum ending ending)
{
	siginfo_t info = { .si_code = CLD_EXITED };
	struct dir_row row;

	info.si_pid = getpid();
	info.si_status = ending_status(ending);
	(void)directory_read(dir, dir->own_slot, &row);
	obituary_write(dir, &row, &info, KILL_NONE);
}
