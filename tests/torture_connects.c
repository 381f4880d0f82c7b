/* torture_connects.c - floods of connections: who is in the room does not feel
 * them, and afterwards everything is as before. */
#include "ipc/clock.h"
#include "tests/harness_condition.h"
#include "tests/harness_flood.h"
#include "tests/harness_latency.h"
#include "tests/harness_network.h"
#include "tests/harness_torture.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(torture_connects, .fini = harness_clean, .timeout = TORTURE_TIMEOUT);

#define N_NAMED 50

static void
flood_from(uint32_t n_addresses)
{
	const unsigned n_rounds = torture_rounds(1, 20);
	struct server *s;
	struct crowd *c;
	struct condition condition;
	uint32_t before, during;
	struct flood *f;
	int64_t began, took;

	network_of_its_own();
	network_add_addresses("10.0.0.1", 16);
	/* The short form is over before the default limit is reached. */
	s = server_start((const char *const[]){ "--listen", "10.0.0.1:0",
	    torture_is_long() ? NULL : "--max-nameless", "64:80:256", NULL });
	c = crowd_new(s, N_NAMED);
	(void)torture_seed();
	crowd_all_come(c);
	latency_begin(c, 0, N_NAMED);
	before = latency_p99_of_us(torture_rounds(1, 5));
	condition = condition_of(s);

	f = flood_begin(s->port, n_addresses);
	began = clock_ms();
	during = latency_p99_of_us(n_rounds);
	took = clock_ms() - began;
	flood_end(f);
	fprintf(stderr, "%u connects in %d ms, %u refused, %u joined\n",
	    f->n_begun, (int)took, f->n_refused, f->n_welcome);
	crowd_is_sound(c);
	cr_assert_gt(f->n_refused, 0);
	/* One line a second, and one more for each beginning. */
	cr_assert_leq(server_log_count(s, "warning: refused"), took / 1000 + 2);
	if (torture_is_long())
		cr_assert_leq(during, 2 * before);

	condition_returns(s, &condition);
	/* The limits have not latched. */
	flood_is_welcome(f, 60);
	crowd_settles(c);
}

Test(torture_connects, from_one_address_are_not_felt)
{
	flood_from(1);
}

Test(torture_connects, from_everywhere_are_not_felt)
{
	flood_from(50000);
}
