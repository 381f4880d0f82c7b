/* torture_connects.c - floods of connections: who is in the room does not feel
 * them, and afterwards everything is as before. */
#include "ipc/clock.h"
#include "tests/harness_condition.h"
#include "tests/harness_guest.h"
#include "tests/harness_latency.h"
#include "tests/harness_network.h"
#include "tests/harness_torture.h"
#include "tools/swarm.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

TestSuite(torture_connects, .fini = harness_clean, .timeout = TORTURE_TIMEOUT);

#define N_NAMED 50
#define MAX_STRANGERS 4096
#define CONNECTS_PER_MS 2

/* Those who come: half of them are silent, half give a name and leave. */
struct flood {
	struct swarm *swarm;
	struct sockaddr_in to;
	/* from how many addresses */
	uint32_t n_addresses;
	int64_t next_at;
	uint32_t next;
	unsigned n_begun, n_refused, n_welcome;
};

static void
on_connected(void *arg, struct swarm_client *c)
{
	char text[64];

	(void)arg;
	if (c->id % 2 == 0)
		return;
	snprintf(text, sizeof text, "stranger%u\nexit\n", c->id);
	swarm_send(c, text, strlen(text));
}

static void
on_lines(void *arg, struct swarm_client *c, const char *bytes, size_t len)
{
	struct flood *f = arg;

	(void)c;
	f->n_refused += memmem(bytes, len, "! too many are ", 15) != NULL;
	f->n_welcome += memmem(bytes, len, "* Welcome, ", 11) != NULL;
}

static void
on_ended(void *arg, struct swarm_client *c, int error)
{
	(void)arg;
	(void)c;
	(void)error;
}

static void
free_swarm(void *swarm)
{
	swarm_free(swarm);
}

static void
flood_begin(struct flood *f, unsigned port, uint32_t n_addresses)
{
	static const struct swarm_events events = {
		.connected = on_connected,
		.lines = on_lines,
		.ended = on_ended,
	};

	*f = (struct flood){
		.swarm = swarm_new(MAX_STRANGERS, &events, f),
		.to = { .sin_family = AF_INET,
		    .sin_port = htons((uint16_t)port) },
		.n_addresses = n_addresses,
		.next_at = clock_ms(),
	};
	cr_assert_eq(inet_pton(AF_INET, "10.0.0.1", &f->to.sin_addr), 1);
	harness_on_clean(free_swarm, f->swarm);
}

static void
connect_one(struct flood *f)
{
	struct swarm_client *c = swarm_client(f->swarm, f->next);
	struct sockaddr_in from = {
		.sin_family = AF_INET,
		.sin_addr.s_addr =
		    htonl(0x0a000002u + f->next % f->n_addresses),
	};

	f->next = (f->next + 1) % MAX_STRANGERS;
	/* The oldest gives way: it is refused, or silent long enough. */
	swarm_close(c, false);
	if (swarm_connect(c, (struct sockaddr *)&f->to, sizeof f->to,
		(struct sockaddr *)&from, sizeof from) == 0)
		f->n_begun++;
}

static void
flood_on(void *arg)
{
	struct flood *f = arg;

	for (; f->next_at <= clock_ms(); f->next_at++)
		for (int i = 0; i < CONNECTS_PER_MS; i++)
			connect_one(f);
	(void)swarm_turn(f->swarm, 0);
}

/* All strangers go.  Who is still in the listener's queue is met by the server
 * later; it has met all when it answers one who came after them. */
static void
flood_end(struct flood *f)
{
	int64_t until = clock_ms() + PATIENCE_MS;

	for (uint32_t i = 0; i < MAX_STRANGERS; i++)
		swarm_close(swarm_client(f->swarm, i), false);
	f->n_refused = f->n_welcome = 0;
	/* One of the two gives a name. */
	connect_one(f);
	connect_one(f);
	while (f->n_refused + f->n_welcome == 0 && clock_ms() < until)
		(void)swarm_turn(f->swarm, 10);
	cr_assert_gt(f->n_refused + f->n_welcome, 0);
	for (uint32_t i = 0; i < MAX_STRANGERS; i++)
		swarm_close(swarm_client(f->swarm, i), false);
}

static void
flood_from(uint32_t n_addresses)
{
	const unsigned n_rounds = torture_rounds(1, 20);
	struct server *s;
	struct crowd *c;
	struct condition condition;
	uint32_t before, during = 0;
	static struct flood f;
	int64_t began;

	network_of_its_own();
	network_add_addresses("10.0.0.1", 16);
	/* The short form is over before the default limit is reached. */
	s = server_start((const char *const[]){ "--listen", "10.0.0.1:0",
	    torture_is_long() ? NULL : "--max-nameless", "64:30:256", NULL });
	c = crowd_new(s, N_NAMED);
	(void)torture_seed();
	crowd_all_come(c);
	latency_begin(c, 0, N_NAMED);
	before = latency_p99_us();
	condition = condition_of(s);

	flood_begin(&f, s->port, n_addresses);
	began = clock_ms();
	for (unsigned i = 0; i < n_rounds; i++) {
		uint32_t p99 = latency_p99_while_us(flood_on, &f);

		during = p99 > during ? p99 : during;
	}
	fprintf(stderr,
	    "%u connects in %d ms, %u refused, %u joined; p99 %u us, then "
	    "%u us\n",
	    f.n_begun, (int)(clock_ms() - began), f.n_refused, f.n_welcome,
	    before, during);
	crowd_is_sound(c);
	cr_assert_gt(f.n_refused, 0);
	/* One line a second, and one more for each beginning. */
	cr_assert_leq(server_log_count(s, "warning: refused"),
	    (unsigned)(clock_ms() - began) / 1000 + 2);
	if (torture_is_long())
		cr_assert_leq(during, 2 * before);

	flood_end(&f);
	condition_returns(s, &condition);
	/* The limits have not latched. */
	for (uint32_t i = 0; i < 60; i++)
		connect_one(&f);
	f.n_refused = 0;
	began = clock_ms();
	while (clock_ms() < began + 200)
		(void)swarm_turn(f.swarm, 10);
	cr_assert_eq(f.n_refused, 0);
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
