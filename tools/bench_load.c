/* bench_load.c - clients come in and listen; see the header. */
#include "tools/bench_load.h"

#include "ipc/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_MS UINT64_C(1000000)
/* Quiet for so long, or not until then. */
#define SETTLE_QUIET_NS (200 * NS_PER_MS)
#define SETTLE_MAX_NS (10000 * NS_PER_MS)
/* Bytes that wait in a client's socket on the way to the server: little, since
 * all of them have to be waited for in the end. */
#define SEND_BUFFER_BYTES (64 * 1024)
/* Clients of one address, when they are many. */
#define PER_ADDRESS 200
/* Beside the clients. */
#define DESCRIPTORS 32

uint64_t
bench_ns(const struct bench *b)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)((int64_t)now.tv_sec * 1000000000 + now.tv_nsec -
			  b->epoch_ns);
}

void
bench_fail(struct bench *b, const char *format, ...)
{
	va_list args;

	b->is_over = true;
	if (b->report->wrong[0] != '\0')
		return;
	va_start(args, format);
	(void)vsnprintf(
	    b->report->wrong, sizeof b->report->wrong, format, args);
	va_end(args);
	b->report->is_violated = b->is_listening;
}

/* Lines that carry no text ------------------------------------------------ */

static void
has_arrived(struct bench *b)
{
	b->n_arrived++;
}

static void
on_welcome(struct bench *b, struct swarm_client *c)
{
	char words[BENCH_WORDS_BYTES];

	b->guests[c->id].stage = BENCH_WELCOME;
	if (!b->joins) {
		has_arrived(b);
		return;
	}
	b->protocol->join(words, &b->guests[c->id]);
	swarm_send(c, words, strlen(words));
}

static void
on_joined(struct bench *b, struct swarm_client *c)
{
	b->guests[c->id].stage = BENCH_IN_ROOM;
	has_arrived(b);
}

static void
on_refused(struct bench *b, uint32_t id, const char *line, size_t len)
{
	char words[160];

	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		len--;
	(void)text_printable(words, sizeof words, line, len);
	bench_fail(b, "client %u is told: %s", id, words);
}

static void
on_other_line(void *arg, uint32_t id, const char *line, size_t len)
{
	struct bench *b = arg;
	struct swarm_client *c = swarm_client(b->swarm, id);
	char reply[BENCH_WORDS_BYTES];

	switch (b->protocol->answer(&b->guests[id], line, len, reply)) {
	case BENCH_NOTHING:
		break;
	case BENCH_IS_WELCOME:
		on_welcome(b, c);
		break;
	case BENCH_HAS_JOINED:
		on_joined(b, c);
		break;
	case BENCH_REPLY:
		swarm_send(c, reply, strlen(reply));
		break;
	case BENCH_REFUSED:
		on_refused(b, id, line, len);
		break;
	case BENCH_STRANGE:
		if (b->is_listening)
			bench_check_damaged(b->check, id);
		break;
	}
}

static void
on_text(void *arg, uint32_t recipient, const struct bench_text *text)
{
	struct bench *b = arg;

	bench_check_came(b->check, recipient, text->sender, text->number);
	if (b->on_text != NULL)
		b->on_text(b, recipient, text);
}

/* What the swarm tells ---------------------------------------------------- */

static void
on_connected(void *arg, struct swarm_client *c)
{
	struct bench *b = arg;
	const int size = SEND_BUFFER_BYTES;
	char words[BENCH_WORDS_BYTES];

	(void)setsockopt(c->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	b->protocol->hello(words, &b->guests[c->id]);
	swarm_send(c, words, strlen(words));
}

static size_t
on_bytes(void *arg, struct swarm_client *c, const char *bytes, size_t len)
{
	struct bench *b = arg;
	size_t taken;

	b->n_reads++;
	b->now_ns = bench_ns(b);
	taken = bench_scan_bytes(&b->scan, c->id, bytes, len);
	if (b->on_read != NULL)
		b->on_read(b, c->id);
	return taken;
}

static void
on_room(void *arg, struct swarm_client *c)
{
	struct bench *b = arg;

	if (b->on_room != NULL)
		b->on_room(b, c->id);
}

static void
on_ended(void *arg, struct swarm_client *c, int error)
{
	struct bench *b = arg;

	bench_fail(b, "client %u lost its connection: %s", c->id,
	    error == 0 ? "the server has closed it" : strerror(error));
}

/* Opening and closing ----------------------------------------------------- */

static bool
raise_descriptor_limit(struct bench *b)
{
	rlim_t wanted = (rlim_t)b->options->n_clients + DESCRIPTORS;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return true;
	if (limit.rlim_max < wanted) {
		limit.rlim_max = wanted;
		limit.rlim_cur = wanted;
		if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
			return true;
		bench_fail(b,
		    "%u clients need more descriptors than the limit allows; "
		    "raise it with ulimit -Hn %lu",
		    b->options->n_clients, (unsigned long)wanted);
		return false;
	}
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	return true;
}

/* A name that those of another run do not have. */
static void
name_guests(struct bench *b)
{
	unsigned run =
	    (unsigned)(b->epoch_ns / 1000 + getpid() * 7919) % (36 * 36 * 36);
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";

	for (uint32_t i = 0; i < b->options->n_clients; i++)
		snprintf(b->guests[i].name, sizeof b->guests[i].name,
		    "b%c%c%c%05u", digits[run % 36], digits[run / 36 % 36],
		    digits[run / 36 / 36], i % 100000);
}

bool
bench_open(struct bench *b, const struct bench_options *options,
    struct bench_report *report)
{
	static const struct swarm_events events = {
		.connected = on_connected,
		.bytes = on_bytes,
		.room = on_room,
		.ended = on_ended,
	};

	*b = (struct bench){
		.options = options,
		.protocol = options->protocol,
		.report = report,
	};
	b->epoch_ns = (int64_t)bench_ns(b);
	if (!raise_descriptor_limit(b))
		return false;
	b->guests = calloc(options->n_clients, sizeof *b->guests);
	if (b->guests == NULL) {
		bench_fail(b, "out of memory");
		return false;
	}
	b->swarm = swarm_new(options->n_clients, &events, b);
	b->scan = (struct bench_scan){
		.text_len = options->text_len,
		.end = b->protocol->end_received,
		.end_len = strlen(b->protocol->end_received),
		.on_text = on_text,
		.on_line = on_other_line,
		.arg = b,
	};
	name_guests(b);
	return true;
}

void
bench_close(struct bench *b)
{
	swarm_free(b->swarm);
	if (b->guests != NULL)
		for (uint32_t i = 0; i < b->options->n_clients; i++)
			free(b->guests[i].prefix);
	free(b->guests);
	free(b->before);
	free(b->n_said);
	bench_check_free(b->check);
}

/* Coming in --------------------------------------------------------------- */

bool
bench_patience_is_gone(const struct bench *b, uint64_t last_ns)
{
	return (double)(bench_ns(b) - last_ns) >
	       b->options->patience * BENCH_NS_PER_S;
}

/* The local address of a client: when there are many, of one in 127.0.0.0/8 for
 * each few, so that ports and the server's limits on an address suffice. */
static const struct sockaddr *
pick_address(const struct bench *b, uint32_t id, struct sockaddr_in *out)
{
	const struct sockaddr_in *to =
	    (const struct sockaddr_in *)&b->options->server;
	uint32_t n = id / PER_ADDRESS;

	if (b->options->n_clients <= PER_ADDRESS || to->sin_family != AF_INET ||
	    ntohl(to->sin_addr.s_addr) >> 24 != IN_LOOPBACKNET)
		return NULL;
	*out = (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr =
		    htonl(INADDR_LOOPBACK + (n / 250 << 8) + n % 250),
	};
	return (const struct sockaddr *)out;
}

static void
begin_one(struct bench *b)
{
	uint32_t id = b->n_begun++;
	struct sockaddr_in from;
	const struct sockaddr *address = pick_address(b, id, &from);

	if (swarm_connect(swarm_client(b->swarm, id),
		(const struct sockaddr *)&b->options->server,
		b->options->server_len, address, sizeof from) == -1)
		bench_fail(
		    b, "client %u cannot connect: %s", id, strerror(errno));
}

static bool
may_begin(const struct bench *b)
{
	uint32_t at_a_time = b->options->under_way;

	return !b->is_over && b->n_begun < b->options->n_clients &&
	       (at_a_time == 0 || b->n_begun - b->n_arrived < at_a_time);
}

bool
bench_arrive(struct bench *b, bool joins)
{
	uint32_t n = b->options->n_clients, n_before = 0;
	uint64_t last_ns = bench_ns(b);

	b->joins = joins;
	while (!b->is_over && b->n_arrived < n) {
		while (may_begin(b))
			begin_one(b);
		bench_turn(b, 100 * NS_PER_MS);
		if (b->n_arrived > n_before) {
			n_before = b->n_arrived;
			last_ns = bench_ns(b);
		} else if (bench_patience_is_gone(b, last_ns)) {
			bench_fail(b,
			    "the server has let in %u of %u clients and no "
			    "more for %g s",
			    b->n_arrived, n, b->options->patience);
		}
	}
	return !b->is_over;
}

void
bench_turn(struct bench *b, uint64_t ns)
{
	(void)swarm_turn_ns(b->swarm, (int64_t)ns);
}

void
bench_await_quiet(struct bench *b, uint64_t quiet_ns)
{
	uint64_t begun_ns = bench_ns(b), since_ns = begun_ns;
	uint64_t now_ns = begun_ns, n_reads = b->n_reads;

	while (!b->is_over && now_ns - since_ns < quiet_ns &&
	       now_ns - begun_ns < SETTLE_MAX_NS) {
		bench_turn(b, quiet_ns - (now_ns - since_ns));
		now_ns = bench_ns(b);
		if (b->n_reads > n_reads)
			since_ns = now_ns;
		n_reads = b->n_reads;
	}
}

void
bench_settle(struct bench *b)
{
	bench_await_quiet(b, SETTLE_QUIET_NS);
}

/* Cost -------------------------------------------------------------------- */

struct bench_server
bench_server(const struct bench *b)
{
	return (struct bench_server){ b->options->pids, b->options->n_pids };
}

uint64_t
bench_server_cpu_ns(const struct bench *b)
{
	struct bench_server server = bench_server(b);

	return server.n_pids == 0 ? 0 : bench_cost_cpu_ns(&server);
}

/* Of a processor. */
#define LIMIT_SHARE 0.95

struct bench_span
bench_span_begin(const struct bench *b)
{
	return (struct bench_span){ bench_ns(b), bench_cost_own() };
}

uint64_t
bench_span_end(struct bench *b, const struct bench_span *span, bool is_flat_out)
{
	struct bench_own own = bench_cost_own();
	uint64_t ns = bench_ns(b) - span->begun_ns;
	double share = (double)(own.cpu_ns - span->own.cpu_ns) / (double)ns;
	double waited =
	    (double)(own.waited_ns - span->own.waited_ns) / (double)ns;

	bench_report_add(b->report, "own_cpu_percent",
	    "% of a processor used by chat-bench itself", share * 100, 0);
	bench_report_add(b->report, "own_wait_percent",
	    "% of the time chat-bench waited for a processor", waited * 100, 0);
	b->report->was_limit = is_flat_out && share >= LIMIT_SHARE;
	return ns;
}
