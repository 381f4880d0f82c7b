/* harness_flood.c - a process that connects and connects; see the header. */
#include "tests/harness_flood.h"

#include "ipc/clock.h"
#include "tests/harness.h"
#include "tools/swarm.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define MAX_STRANGERS 4096
#define CONNECTS_PER_MS (FLOOD_PER_SECOND / 1000)

struct strangers {
	struct flood *flood;
	struct swarm *swarm;
	uint32_t next;
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
	struct strangers *s = arg;

	(void)c;
	s->flood->n_refused +=
	    memmem(bytes, len, "! too many are ", 15) != NULL;
	s->flood->n_welcome += memmem(bytes, len, "* Welcome, ", 11) != NULL;
}

static void
on_ended(void *arg, struct swarm_client *c, int error)
{
	(void)arg;
	(void)c;
	(void)error;
}

static struct swarm *
swarm_of(struct strangers *s)
{
	static const struct swarm_events events = {
		.connected = on_connected,
		.lines = on_lines,
		.ended = on_ended,
	};

	return swarm_new(MAX_STRANGERS, &events, s);
}

static void
connect_one(struct strangers *s)
{
	struct swarm_client *c = swarm_client(s->swarm, s->next);
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)s->flood->port),
		.sin_addr.s_addr = htonl(0x0a000001u),
	};
	struct sockaddr_in from = {
		.sin_family = AF_INET,
		.sin_addr.s_addr =
		    htonl(0x0a000002u + s->next % s->flood->n_addresses),
	};

	s->next = (s->next + 1) % MAX_STRANGERS;
	/* The oldest gives way: it is refused, or silent long enough. */
	swarm_close(c, false);
	if (swarm_connect(c, (struct sockaddr *)&to, sizeof to,
		(struct sockaddr *)&from, sizeof from) == 0)
		s->flood->n_begun++;
}

static unsigned
n_answered(const struct flood *f)
{
	return f->n_refused + f->n_welcome;
}

static void
close_all(struct strangers *s)
{
	for (uint32_t i = 0; i < MAX_STRANGERS; i++)
		swarm_close(swarm_client(s->swarm, i), false);
}

/* Who is still in the listener's queue is met by the server later; it has met
 * all when it answers one who came after them.  Returns whether it has. */
static bool
have_all_been_met(struct strangers *s)
{
	int64_t until = clock_ms() + PATIENCE_MS;
	unsigned n;

	close_all(s);
	n = n_answered(s->flood);
	/* One of the two gives a name. */
	connect_one(s);
	connect_one(s);
	while (n_answered(s->flood) == n && clock_ms() < until)
		(void)swarm_turn(s->swarm, 10);
	return n_answered(s->flood) > n;
}

static int
flood_on(void *arg)
{
	struct strangers s = { .flood = arg };
	int64_t next_at = clock_ms();

	/* Its work is that of other machines. */
	(void)setpriority(PRIO_PROCESS, 0, 19);
	s.swarm = swarm_of(&s);
	while (!s.flood->must_end) {
		for (; next_at <= clock_ms(); next_at++)
			for (int i = 0; i < CONNECTS_PER_MS; i++)
				connect_one(&s);
		(void)swarm_turn(s.swarm, 1);
	}
	return have_all_been_met(&s) ? 0 : 1;
}

static void
unmap(void *flood)
{
	munmap(flood, sizeof(struct flood));
}

struct flood *
flood_begin(unsigned port, uint32_t n_addresses)
{
	struct flood *f = mmap(NULL, sizeof *f, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	cr_assert_neq(f, MAP_FAILED);
	harness_on_clean(unmap, f);
	f->port = port;
	f->n_addresses = n_addresses;
	f->pid = spawn(flood_on, f);
	return f;
}

void
flood_end(struct flood *f)
{
	f->must_end = 1;
	cr_assert_eq(await(f->pid), 0, "the server answers nobody");
}

void
flood_is_welcome(struct flood *f, unsigned n)
{
	struct strangers s = { .flood = f };
	unsigned n_welcome = f->n_welcome, n_refused = f->n_refused;
	int64_t until = clock_ms() + PATIENCE_MS;

	s.swarm = swarm_of(&s);
	for (unsigned i = 0; i < n; i++)
		connect_one(&s);
	while (
	    n_answered(f) < n_welcome + n_refused + n / 2 && clock_ms() < until)
		(void)swarm_turn(s.swarm, 10);
	cr_assert_eq(f->n_refused, n_refused);
	cr_assert_eq(f->n_welcome, n_welcome + n / 2);
	swarm_free(s.swarm);
}
