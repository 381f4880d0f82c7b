/* test_outbuf.c - the queue towards a client that reads slowly, or not at all.
 */
#include "srv/outbuf.h"

#include "ipc/limits.h"
#include "tests/harness.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The buffer writes to fds[0]; the client is fds[1]. */
static int fds[2];
static struct outbuf out;

static void
set_up(void)
{
	int small = 4096;

	cr_assert_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	cr_assert_eq(
	    setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
	/* as in every process of chatd */
	cr_assert_neq(signal(SIGPIPE, SIG_IGN), SIG_ERR);
	outbuf_init(&out, fds[0]);
}

static void
tear_down(void)
{
	outbuf_free(&out);
	close(fds[0]);
	if (fds[1] != -1)
		close(fds[1]);
}

TestSuite(outbuf, .init = set_up, .fini = tear_down, .timeout = SUITE_TIMEOUT);

static bool
put(const char *bytes, size_t len)
{
	char *at = outbuf_reserve(&out, len);

	if (at == NULL)
		return false;
	memcpy(at, bytes, len);
	outbuf_commit(&out, len);
	return true;
}

/* A line of n bytes with its line feed. */
static bool
put_line(char letter, size_t n)
{
	char *at = outbuf_reserve(&out, n);

	if (at == NULL)
		return false;
	memset(at, letter, n - 1);
	at[n - 1] = '\n';
	outbuf_commit(&out, n);
	return true;
}

/* What the client can read now, at most max bytes. */
static size_t
client_reads(char *bytes, size_t max)
{
	ssize_t n = read(fds[1], bytes, max);

	cr_assert(n >= 0 || errno == EAGAIN, "%s", strerror(errno));
	/* which poll would tell */
	if (n > 0)
		outbuf_ready(&out);
	return n < 0 ? 0 : (size_t)n;
}

static size_t
client_reads_all(char *bytes, size_t max)
{
	size_t len = 0, n;

	while ((n = client_reads(bytes + len, max - len)) > 0)
		len += n;
	return len;
}

/* Write until the client's socket is full and something waits. */
static void
stuff(void)
{
	do {
		cr_assert(put_line('s', 1000));
		outbuf_write(&out);
	} while (outbuf_waiting(&out) == 0);
}

/* A fixed sequence, so that a failure comes again. */
static uint32_t
random_next(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

Test(outbuf, takes_no_memory_of_the_heap_before_much_is_put)
{
	outbuf_write(&out);
	cr_expect_eq(out.bytes, out.first);
	cr_expect_eq(outbuf_waiting(&out), 0);
}

Test(outbuf, writes_what_was_put)
{
	char bytes[32];

	cr_assert(put("hello ", 6));
	cr_assert(put("world\n", 6));
	cr_expect_eq(outbuf_waiting(&out), 12);
	outbuf_write(&out);
	cr_expect_eq(outbuf_waiting(&out), 0);
	cr_assert_eq(client_reads(bytes, sizeof bytes), 12);
	cr_expect_eq(memcmp(bytes, "hello world\n", 12), 0);
}

Test(outbuf, keeps_what_the_client_does_not_take)
{
	static char bytes[1 << 20];
	size_t n_put = 0, n_read = 0;

	while (n_put < 300 * 1000) {
		cr_assert(put_line('x', 1000));
		n_put += 1000;
		outbuf_write(&out);
	}
	cr_assert_gt(outbuf_waiting(&out), 0);
	while (outbuf_waiting(&out) > 0) {
		n_read += client_reads_all(bytes, sizeof bytes);
		outbuf_write(&out);
	}
	n_read += client_reads_all(bytes, sizeof bytes);
	cr_expect_eq(n_read, n_put);
}

/* Bytes that tell their place in the stream. */
static char
byte_at(size_t place)
{
	return (char)(place * 2654435761u >> 13);
}

static void
put_numbered(size_t *n_put, size_t len)
{
	char *at = outbuf_reserve(&out, len);

	cr_assert_not_null(at);
	for (size_t i = 0; i < len; i++)
		at[i] = byte_at(*n_put + i);
	/* Less may be committed than was reserved. */
	len -= len / 3;
	outbuf_commit(&out, len);
	*n_put += len;
}

static void
client_reads_numbered(size_t *n_read, size_t max)
{
	char bytes[8192];
	size_t n = client_reads(bytes, max < sizeof bytes ? max : sizeof bytes);

	for (size_t i = 0; i < n; i++)
		cr_assert_eq(
		    bytes[i], byte_at(*n_read + i), "byte %zu", *n_read + i);
	*n_read += n;
}

Test(outbuf, keeps_order_and_bytes_whatever_the_client_takes)
{
	size_t n_put = 0, n_read = 0;
	uint32_t seed = 12345;

	for (int i = 0; i < 20000; i++) {
		/* At times the client is behind, at times it catches up. */
		unsigned pace = i / 2000 % 2 ? 200 : 5000;

		put_numbered(&n_put, 1 + random_next(&seed) % 1500);
		if (random_next(&seed) % 2)
			outbuf_write(&out);
		if (random_next(&seed) % 2)
			client_reads_numbered(
			    &n_read, 1 + random_next(&seed) % pace);
		if (outbuf_waiting(&out) > OUTBUF_MAX_BYTES - 2000)
			break;
	}
	while (n_read < n_put) {
		outbuf_write(&out);
		client_reads_numbered(&n_read, 8192);
	}
	cr_expect_eq(outbuf_waiting(&out), 0);
	cr_expect_not(out.overflowed);
}

Test(outbuf, is_not_written_again_before_the_client_takes_something)
{
	uint64_t n_written;
	char byte;

	stuff();
	n_written = out.n_written;
	/* Unknown to us, there is room. */
	while (read(fds[1], &byte, 1) == 1)
		;
	outbuf_write(&out);
	cr_expect_eq(out.n_written, n_written);
	outbuf_ready(&out);
	outbuf_write(&out);
	cr_expect_gt(out.n_written, n_written);
}

Test(outbuf, gives_its_memory_back_when_all_is_written)
{
	static char bytes[1 << 20];

	stuff();
	for (int i = 0; i < 500; i++)
		cr_assert(put_line('x', 1000));
	cr_expect_gt(out.capacity, 500000);
	while (outbuf_waiting(&out) > 0) {
		(void)client_reads_all(bytes, sizeof bytes);
		outbuf_write(&out);
	}
	cr_expect_eq(out.bytes, out.first);
	cr_expect(out.has_grown);
	cr_expect(put("again\n", 6));
}

Test(outbuf, does_not_grow_while_the_client_keeps_up)
{
	static char bytes[1 << 20];

	for (int i = 0; i < 10000; i++) {
		cr_assert(put_line('x', 100));
		outbuf_write(&out);
		(void)client_reads_all(bytes, sizeof bytes);
	}
	cr_expect_leq(out.capacity, 4096);
}

/* The client is always behind, and never by much. */
Test(outbuf, does_not_grow_with_bytes_that_were_written)
{
	char bytes[2000];

	stuff();
	for (int i = 0; i < 20000; i++) {
		while (outbuf_waiting(&out) < 20000)
			cr_assert(put_line('x', 100));
		(void)client_reads(bytes, sizeof bytes);
		outbuf_write(&out);
		cr_assert_gt(outbuf_waiting(&out), 0);
	}
	cr_expect_leq(out.capacity, 65536, "%zu", out.capacity);
}

Test(outbuf, takes_as_much_as_its_bound_and_no_more)
{
	stuff();
	while (outbuf_waiting(&out) + 4096 <= OUTBUF_MAX_BYTES)
		cr_assert(put_line('x', 4096));
	cr_expect_not(out.overflowed);
	if (outbuf_waiting(&out) < OUTBUF_MAX_BYTES)
		cr_assert(
		    put_line('y', OUTBUF_MAX_BYTES - outbuf_waiting(&out)));
	cr_expect_not(out.overflowed);
	cr_expect_eq(outbuf_waiting(&out), OUTBUF_MAX_BYTES);
	cr_expect_not(put("z", 1));
	cr_expect(out.overflowed);
	cr_expect_eq(outbuf_waiting(&out), OUTBUF_MAX_BYTES);
}

Test(outbuf, remembers_an_overflow_although_room_comes)
{
	static char bytes[1 << 20];

	stuff();
	while (put_line('x', 4096))
		;
	cr_assert(out.overflowed);
	(void)client_reads_all(bytes, sizeof bytes);
	outbuf_write(&out);
	cr_expect(out.overflowed);
	cr_expect(put_line('x', 100));
	cr_expect(out.overflowed);
}

/* No outbuf_write in between: a client that reads gets it all the same. */
Test(outbuf, writes_a_long_queue_early)
{
	static char bytes[1 << 20];
	int large = 1 << 18;
	size_t n_read = 0;

	cr_assert_eq(
	    setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &large, sizeof large), 0);
	for (size_t n_put = 0; n_put < 4 * OUTBUF_MAX_BYTES; n_put += 4096) {
		cr_assert(put_line('x', 4096), "after %zu", n_put);
		n_read += client_reads_all(bytes, sizeof bytes);
	}
	cr_expect_gt(n_read, 0);
}

Test(outbuf, is_not_written_early_while_it_is_short)
{
	char bytes[16];

	cr_assert(put_line('x', 60000));
	cr_expect_eq(client_reads(bytes, sizeof bytes), 0);
	cr_assert(put_line('x', 10000));
	cr_expect_gt(client_reads(bytes, sizeof bytes), 0);
}

Test(outbuf, of_a_client_that_is_gone_is_dead_and_takes_nothing)
{
	close(fds[1]);
	fds[1] = -1;
	cr_assert(put("hello\n", 6));
	outbuf_write(&out);
	cr_expect(out.dead);
	cr_expect_eq(outbuf_waiting(&out), 0);
	cr_expect_not(put("hello\n", 6));
	cr_expect_not(out.overflowed);
	outbuf_write(&out);
	outbuf_cut(&out);
	cr_expect_eq(outbuf_waiting(&out), 0);
}

/* A TCP connection, to its client's end of which `close_with` is done before
 * the buffer is written: by what it is lost. */
static int
lost_by(struct linger close_with)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int client = socket(AF_INET, SOCK_STREAM, 0), result;
	socklen_t len = sizeof address;
	struct outbuf tcp;
	char *at;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	cr_assert_eq(bind(listener, (struct sockaddr *)&address, len), 0);
	cr_assert_eq(listen(listener, 1), 0);
	cr_assert_eq(
	    getsockname(listener, (struct sockaddr *)&address, &len), 0);
	cr_assert_eq(connect(client, (struct sockaddr *)&address, len), 0);
	outbuf_init(&tcp, accept(listener, NULL, NULL));
	cr_assert_eq(setsockopt(client, SOL_SOCKET, SO_LINGER, &close_with,
			 sizeof close_with),
	    0);
	close(client);
	/* The first write after an orderly close is still taken. */
	for (int i = 0; i < 3 && !tcp.dead; i++) {
		at = outbuf_reserve(&tcp, 1);
		*at = 'x';
		outbuf_commit(&tcp, 1);
		outbuf_write(&tcp);
	}
	cr_expect(tcp.dead);
	result = tcp.lost_by;
	outbuf_free(&tcp);
	close(tcp.fd);
	close(listener);
	return result;
}

Test(outbuf, tells_a_lost_connection_from_one_that_was_closed)
{
	cr_expect_eq(lost_by((struct linger){ .l_onoff = 1, .l_linger = 0 }),
	    ECONNRESET);
	cr_expect_eq(lost_by((struct linger){ 0 }), 0);
}

Test(outbuf, finds_out_that_the_client_is_gone_when_written_early)
{
	close(fds[1]);
	fds[1] = -1;
	for (int i = 0; i < 40 && put_line('x', 4096); i++)
		;
	cr_expect(out.dead);
	cr_expect_not(out.overflowed);
}

/* Many lines written at once stop within one. */
static void
write_part_of_a_line(size_t line_len)
{
	for (size_t n = 0; n < 60000; n += line_len)
		cr_assert(put_line('x', line_len));
	outbuf_write(&out);
	cr_assert_gt(outbuf_waiting(&out), 0);
	cr_assert_gt(out.start, 0);
	cr_assert_neq(out.bytes[out.start - 1], '\n');
}

Test(outbuf, cut_keeps_the_rest_of_a_line_that_is_partly_written)
{
	static char bytes[1 << 20];
	size_t len;

	write_part_of_a_line(777);
	outbuf_cut(&out);
	cr_expect_lt(outbuf_waiting(&out), 777);
	cr_assert(put("! goodbye\n", 10));
	len = client_reads_all(bytes, sizeof bytes);
	while (outbuf_waiting(&out) > 0) {
		outbuf_write(&out);
		len += client_reads_all(bytes + len, sizeof bytes - len);
	}
	cr_assert_eq(len % 777, 10, "%zu", len);
	cr_expect_eq(memcmp(bytes + len - 10, "! goodbye\n", 10), 0);
	for (size_t at = 776; at < len - 10; at += 777)
		cr_assert_eq(bytes[at], '\n', "byte %zu", at);
}

Test(outbuf, cut_clears_an_overflow_and_makes_room)
{
	stuff();
	while (put_line('x', 4096))
		;
	cr_assert(out.overflowed);
	outbuf_cut(&out);
	cr_expect_not(out.overflowed);
	cr_expect_leq(outbuf_waiting(&out), 4096);
	cr_expect(put("! goodbye\n", 10));
}

Test(outbuf, cut_of_nothing_is_nothing)
{
	outbuf_cut(&out);
	cr_expect_eq(outbuf_waiting(&out), 0);
	cr_assert(put("a\n", 2));
	outbuf_write(&out);
	outbuf_cut(&out);
	cr_expect_eq(outbuf_waiting(&out), 0);
}

Test(outbuf, freed_twice_does_no_harm)
{
	cr_assert(put("a\n", 2));
	outbuf_free(&out);
	outbuf_free(&out);
	cr_expect_eq(outbuf_waiting(&out), 0);
}
