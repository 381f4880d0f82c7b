/* e2e_bench.c - chat-bench against a real server, and against one that breaks
 * its promises. */
#include "tests/harness_server.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(e2e_bench, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

static struct program_result result;

/* Run chat-bench against 127.0.0.1:port with these words, separated by single
 * blanks.  Returns its exit status. */
static int
bench(unsigned port, const char *words)
{
	char line[256];
	char **argv;

	snprintf(line, sizeof line, BIN_DIR "/chat-bench -s 127.0.0.1:%u %s",
	    port, words);
	(void)test_words(line, &argv);
	program_run(&result, NULL, (const char *const *)argv);
	return result.status;
}

static void
prints(const char *text)
{
	cr_assert_not_null(
	    strstr(result.out, text), "no '%s' in:\n%s", text, result.out);
}

static void
complains(const char *text)
{
	cr_assert_not_null(
	    strstr(result.err, text), "no '%s' in:\n%s", text, result.err);
}

/* The number of this figure. */
static double
figure(const char *key)
{
	const char *at = strstr(result.out, key);
	double value = -1;

	cr_assert_not_null(at, "no %s in:\n%s", key, result.out);
	cr_assert_eq(sscanf(at + strlen(key), "\": %lf", &value), 1);
	return value;
}

/* A real server ----------------------------------------------------------- */

Test(e2e_bench, a_server_under_full_load_keeps_its_promises)
{
	struct server *s = server_start(NULL);
	char words[120];

	snprintf(words, sizeof words,
	    "-j -c 10 -S 3 -t 1 --warm-up 0.2 --pid %d throughput",
	    (int)s->pid);
	cr_assert_eq(bench(s->port, words), 0, "%s", result.err);
	prints("\"violated\": false");
	cr_assert_gt(figure("deliveries_per_s"), 0);
	cr_assert_gt(figure("server_cpu_us_per_delivery"), 0);
	cr_assert_gt(figure("own_cpu_percent"), 0);
	cr_assert_str_empty(result.err);
}

Test(e2e_bench, so_it_does_with_a_window_and_long_lines)
{
	struct server *s = server_start(NULL);

	cr_assert_eq(
	    bench(s->port, "-c 10 -S 10 -w 20 -b 4096 -t 0.5 --warm-up 0 "
			   "throughput"),
	    0, "%s", result.err);
	prints("deliveries a second");
}

Test(e2e_bench, every_scenario_runs)
{
	struct server *s = server_start(NULL);
	char words[120];

	cr_assert_eq(bench(s->port, "-j -c 5 -r 50 -t 0.5 --warm-up 0 latency"),
	    0, "%s", result.err);
	cr_assert_gt(figure("latency_ms_p50"), 0);
	cr_assert_leq(figure("latency_ms_p50"), figure("latency_ms_p99"));
	cr_assert_leq(figure("latency_ms_p99"), figure("latency_ms_max"));
	cr_assert_eq(bench(s->port, "-j -c 6 -t 0.5 --warm-up 0 private"), 0,
	    "%s", result.err);
	cr_assert_gt(figure("round_trips_per_s"), 0);
	cr_assert_gt(figure("round_trip_us_p50"), 0);
	cr_assert_eq(bench(s->port, "-j -c 20 -u 0 join"), 0, "%s", result.err);
	cr_assert_gt(figure("joins_per_s"), 0);
	snprintf(
	    words, sizeof words, "-j -c 20 -t 0.1 --pid %d idle", (int)s->pid);
	cr_assert_eq(bench(s->port, words), 0, "%s", result.err);
	cr_assert_eq(figure("processes"), 21);
	cr_assert_gt(figure("pss_kib_per_client"), 0);
}

Test(e2e_bench, a_server_that_is_full_is_no_broken_promise)
{
	const char *const limits[] = { "--max-users", "5", NULL };
	struct server *s = server_start(limits);

	cr_assert_eq(bench(s->port, "-c 10 throughput"), 2);
	complains("the server is full");
}

Test(e2e_bench, no_server_is_a_complaint)
{
	struct server *s = server_start(NULL);

	cr_assert_eq(server_stop(s), 0);
	cr_assert_eq(bench(s->port, "-c 10 throughput"), 2);
	complains("client 0 lost its connection: Connection refused");
}

Test(e2e_bench, a_wrong_command_line_is_a_status_of_its_own)
{
	cr_assert_eq(bench(1, "dance"), 64);
	complains("there is no scenario 'dance'");
}

/* One that breaks its promises -------------------------------------------- */

#define N_CLIENTS 3
/* Of the lines that have been said in all, one goes wrong, at client 1. */
#define WRONG_LINE 20
#define VICTIM 1

enum fault { NONE, DROP, DOUBLE, SWAP, DAMAGE, RENAME, CUT_OFF };

struct stub_client {
	int fd;
	char name[64];
	char buffer[8192];
	size_t len;
};

struct stub {
	int listener_fd;
	enum fault fault;
	struct stub_client clients[N_CLIENTS];
	unsigned n_clients, n_said;
	char held[8192];
};

static void
put(const struct stub_client *c, const char *line)
{
	(void)!write(c->fd, line, strlen(line));
}

/* What the victim is sent of the line that goes wrong. */
static void
put_wrong(struct stub *stub, struct stub_client *c, char *line)
{
	switch (stub->fault) {
	case NONE:
		put(c, line);
		break;
	case DROP:
		break;
	case DOUBLE:
		put(c, line);
		put(c, line);
		break;
	case SWAP:
		strcpy(stub->held, line);
		break;
	case DAMAGE:
		line[strlen(line) - 5] ^= 1;
		put(c, line);
		break;
	case RENAME:
		line[0] = 'c';
		put(c, line);
		break;
	case CUT_OFF:
		shutdown(c->fd, SHUT_RDWR);
		break;
	}
}

static void
say_to_all(struct stub *stub, const struct stub_client *from, const char *text)
{
	char line[8192];

	for (unsigned i = 0; i < stub->n_clients; i++) {
		struct stub_client *c = &stub->clients[i];

		snprintf(line, sizeof line, "%s: %s\n", from->name, text);
		if (i == VICTIM && stub->n_said == WRONG_LINE) {
			put_wrong(stub, c, line);
			continue;
		}
		put(c, line);
		/* held back until the same sender's next line has come */
		if (i == VICTIM && stub->held[0] != '\0' &&
		    memcmp(stub->held, line, strlen(from->name)) == 0) {
			put(c, stub->held);
			stub->held[0] = '\0';
		}
	}
	stub->n_said++;
}

static void
on_stub_line(struct stub *stub, struct stub_client *c, const char *line)
{
	char welcome[128];

	if (c->name[0] != '\0') {
		say_to_all(stub, c, line);
		return;
	}
	memcpy(c->name, line, strnlen(line, sizeof c->name - 1));
	snprintf(welcome, sizeof welcome, "* Welcome, %s!\n", c->name);
	put(c, welcome);
}

/* False at the end of the connection. */
static bool
read_stub_client(struct stub *stub, struct stub_client *c)
{
	ssize_t n =
	    read(c->fd, c->buffer + c->len, sizeof c->buffer - 1 - c->len);
	char *feed;

	if (n <= 0)
		return false;
	c->len += (size_t)n;
	c->buffer[c->len] = '\0';
	while ((feed = strchr(c->buffer, '\n')) != NULL) {
		*feed = '\0';
		on_stub_line(stub, c, c->buffer);
		c->len -= (size_t)(feed + 1 - c->buffer);
		memmove(c->buffer, feed + 1, c->len + 1);
	}
	return true;
}

static int
serve(void *arg)
{
	static struct stub stub;

	stub = *(struct stub *)arg;
	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		struct pollfd fds[1 + N_CLIENTS] = { { stub.listener_fd,
		    stub.n_clients < N_CLIENTS ? POLLIN : 0, 0 } };

		for (unsigned i = 0; i < stub.n_clients; i++)
			fds[1 + i] =
			    (struct pollfd){ stub.clients[i].fd, POLLIN, 0 };
		if (poll(fds, 1 + stub.n_clients, -1) == -1)
			return 1;
		for (unsigned i = 0; i < stub.n_clients; i++)
			if (fds[1 + i].revents != 0 &&
			    !read_stub_client(&stub, &stub.clients[i])) {
				close(stub.clients[i].fd);
				stub.clients[i].fd = -1;
			}
		if (fds[0].revents & POLLIN)
			stub.clients[stub.n_clients++].fd =
			    accept(stub.listener_fd, NULL, NULL);
	}
}

static int
listen_somewhere(unsigned *port_out)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	cr_assert_eq(bind(fd, (struct sockaddr *)&address, len), 0);
	cr_assert_eq(listen(fd, N_CLIENTS), 0);
	cr_assert_eq(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	*port_out = ntohs(address.sin_port);
	return fd;
}

struct fault_case {
	enum fault fault;
	int status;
	char sentence[64];
	char faults[64];
};

ParameterizedTestParameters(e2e_bench, what_a_broken_promise_is_called)
{
	static struct fault_case cases[] = {
		{ NONE, 0, "", "" },
		{ DROP, 1, "came before an earlier one",
		    "1 lost, 0 doubled, "
		    "0 reordered, 0 damaged" },
		{ DOUBLE, 1, "came twice",
		    "0 lost, 1 doubled, 0 reordered, "
		    "0 damaged" },
		{ SWAP, 1, "came before an earlier one",
		    "0 lost, 0 doubled, "
		    "1 reordered, 0 damaged" },
		{ DAMAGE, 1, "client 1: got what nobody said",
		    "1 lost, "
		    "0 doubled, 0 reordered, 1 damaged" },
		{ RENAME, 1, "client 1: got what nobody said",
		    "1 lost, "
		    "0 doubled, 0 reordered, 1 damaged" },
		{ CUT_OFF, 1, "client 1 lost its connection", "0 lost" },
	};

	return cr_make_param_array(
	    struct fault_case, cases, sizeof cases / sizeof cases[0]);
}

ParameterizedTest(struct fault_case *c, e2e_bench,
    what_a_broken_promise_is_called, .fini = harness_clean,
    .timeout = SUITE_TIMEOUT)
{
	unsigned port;
	struct stub stub = { .fault = c->fault };
	pid_t pid;
	int status;

	stub.listener_fd = listen_somewhere(&port);
	pid = spawn(serve, &stub);
	close(stub.listener_fd);
	status = bench(port,
	    "-c 3 -S 2 -u 1 -r 200 -t 0.3 --warm-up 0 --patience 1 latency");
	kill_and_await(pid);
	cr_assert_eq(status, c->status, "%s", result.err);
	complains(c->sentence);
	prints(c->faults);
}
