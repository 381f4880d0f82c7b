/* e2e_memory.c - what a user costs who is merely there, and after a burst. */
#include "ipc/limits.h"
#include "tests/harness_condition.h"
#include "tests/harness_guest.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Of one who has joined and is told of others. */
#define IDLE_MAX_KIB 52
#define LINES 400

static struct server *s;
static struct guest *alice, *bob;

static void
set_up(void)
{
	s = server_start(NULL);
	alice = guest_join(s, "alice");
	bob = guest_join(s, "bob");
	guest_sees(alice, "* bob joined");
}

TestSuite(
    memory, .init = set_up, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

/* A sanitizer has its own memory beside ours, and a kernel with larger pages
 * rounds up to those: then there is nothing to be measured. */
static bool
can_be_measured(void)
{
	return sysconf(_SC_PAGESIZE) == 4096 && TEST_SLOWNESS == 1;
}

struct bound {
	pid_t pid;
	unsigned long kib;
};

static bool
is_within(void *arg)
{
	const struct bound *b = arg;

	return condition_own_kib(b->pid) <= b->kib;
}

Test(memory, of_a_user_who_is_merely_there_is_small)
{
	unsigned long kib;

	guest_close(bob);
	guest_sees(alice, "* bob left");
	kib = condition_own_kib(server_child_pid(s, "alice"));
	if (can_be_measured())
		cr_expect_leq(kib, IDLE_MAX_KIB, "%lu KiB", kib);
}

Test(memory, that_a_burst_has_taken_is_given_back)
{
	static char text[LINES * 1001 + 1];
	struct bound speaker = { .pid = server_child_pid(s, "alice") };
	struct bound reader = { .pid = server_child_pid(s, "bob") };

	/* The list of who is here, and the allocator's first page. */
	speaker.kib = condition_own_kib(speaker.pid) + 40;
	reader.kib = condition_own_kib(reader.pid) + 16;
	for (int i = 0; i < LINES; i++) {
		memset(text + 1001 * i, 'x', 1000);
		text[1001 * i + 1000] = '\n';
	}
	guest_sends(alice, text, LINES * 1001);
	guest_says(alice, "done");
	guest_sees(alice, "alice: done");
	guest_sees(bob, "alice: done");
	if (!can_be_measured())
		return;
	cr_expect(wait_until(is_within, &reader, PATIENCE_MS),
	    "%lu KiB, not %lu", condition_own_kib(reader.pid), reader.kib);
	cr_expect(wait_until(is_within, &speaker, PATIENCE_MS),
	    "%lu KiB, not %lu", condition_own_kib(speaker.pid), speaker.kib);
}
