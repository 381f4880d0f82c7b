/* test_obituary.c - where the end of a session is counted. */
#include "srv/obituary.h"

#include "ipc/log.h"
#include "tests/harness_directory.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <signal.h>
#include <string.h>

TestSuite(obituary, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

struct end_case {
	int code, status;
	enum kill_reason killed;
	enum dir_counter counter;
};

ParameterizedTestParameters(obituary, of_a_process_is_counted)
{
	static struct end_case cases[] = {
		{ CLD_EXITED, 0, KILL_NONE, DIR_COUNT_ended_left },
		{ CLD_EXITED, 10, KILL_NONE, DIR_COUNT_ended_names_refused },
		{ CLD_EXITED, 11, KILL_NONE, DIR_COUNT_ended_name_late },
		{ CLD_EXITED, 12, KILL_NONE, DIR_COUNT_evicted_slow },
		{ CLD_EXITED, 13, KILL_NONE, DIR_COUNT_ended_lost },
		{ CLD_EXITED, 14, KILL_NONE, DIR_COUNT_ended_removed },
		{ CLD_EXITED, 15, KILL_NONE, DIR_COUNT_ended_server_stopped },
		{ CLD_EXITED, 16, KILL_NONE, DIR_COUNT_ended_server_stopped },
		{ CLD_EXITED, 17, KILL_NONE, DIR_COUNT_ended_resources },
		{ CLD_EXITED, 18, KILL_NONE, DIR_COUNT_ended_timed_out },
		{ CLD_EXITED, 1, KILL_NONE, DIR_COUNT_crashed_status },
		{ CLD_EXITED, 255, KILL_NONE, DIR_COUNT_crashed_status },
		{ CLD_KILLED, SIGKILL, KILL_NONE, DIR_COUNT_crashed_killed },
		{ CLD_DUMPED, SIGSEGV, KILL_NONE, DIR_COUNT_crashed_fault },
		{ CLD_KILLED, SIGBUS, KILL_NONE, DIR_COUNT_crashed_fault },
		{ CLD_KILLED, SIGILL, KILL_NONE, DIR_COUNT_crashed_fault },
		{ CLD_KILLED, SIGFPE, KILL_NONE, DIR_COUNT_crashed_fault },
		{ CLD_KILLED, SIGSYS, KILL_NONE, DIR_COUNT_crashed_fault },
		{ CLD_DUMPED, SIGABRT, KILL_NONE, DIR_COUNT_crashed_abort },
		{ CLD_KILLED, SIGALRM, KILL_NONE, DIR_COUNT_crashed_signal },
		{ CLD_KILLED, SIGKILL, KILL_STOPPED,
		    DIR_COUNT_evicted_stopped },
		{ CLD_KILLED, SIGKILL, KILL_WEDGED, DIR_COUNT_evicted_wedged },
		{ CLD_KILLED, SIGKILL, KILL_NO_MAILBOX,
		    DIR_COUNT_evicted_unreachable },
		{ CLD_KILLED, SIGKILL, KILL_LATE, DIR_COUNT_evicted_late },
		/* faster than the kill */
		{ CLD_EXITED, 0, KILL_STOPPED, DIR_COUNT_ended_left },
		{ CLD_EXITED, 15, KILL_LATE, DIR_COUNT_ended_server_stopped },
	};

	return cr_make_param_array(
	    struct end_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct end_case *c, obituary, of_a_process_is_counted)
{
	siginfo_t info = { .si_code = c->code };
	struct directory *dir = test_directory(4);
	struct dir_row row = { .from = "192.0.2.1:1" };

	log_open("chatd", LOG_ERROR);
	info.si_status = c->status;
	obituary_write(dir, &row, &info, c->killed);
	for (int i = 0; i < DIR_N_COUNTERS; i++)
		cr_expect_eq(dir->header->counters[i], i == (int)c->counter,
		    "%s is %d", counter_name((enum dir_counter)i),
		    (int)dir->header->counters[i]);
}
