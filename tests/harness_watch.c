/* harness_watch.c - chat-who -w in a real terminal. */
#include "tests/harness_watch.h"

#include "tests/harness_condition.h"
#include "tests/harness_guest.h"

#include <criterion/criterion.h>

void
watch_starts(
    struct terminal *t, const struct server *server, const char *options)
{
	terminal_types(t,
	    "clear; %s/chat-who -w %s --run-dir %s %s; echo \"ended $?\"",
	    BIN_DIR, options, server->run_dir, server->instance);
	terminal_presses(t, "Enter");
}

struct terminal *
watch_of_alice(struct server *server)
{
	struct terminal *t = terminal_open(80, 24);

	(void)guest_join(server, "alice");
	watch_starts(t, server, "");
	terminal_shows(t, "alice ");
	terminal_is_alternate(t, true);
	return t;
}

/* It wakes up once for each frame. */
struct sleeper {
	pid_t pid;
	unsigned long until;
};

static unsigned long
times_slept(pid_t pid)
{
	return condition_number(pid, "status", "voluntary_ctxt_switches:");
}

static bool
has_slept(void *arg)
{
	const struct sleeper *sleeper = arg;

	return times_slept(sleeper->pid) >= sleeper->until;
}

void
watch_frames_go_by(pid_t watch)
{
	struct sleeper sleeper = { watch, times_slept(watch) + 3 };

	cr_assert(wait_until(has_slept, &sleeper, PATIENCE_MS));
}
