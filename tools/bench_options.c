/* bench_options.c - what the command line of chat-bench asks for.
 *
 * Its texts are the short form of chat-bench(1). */
#include "tools/bench_options.h"

#include "tools/bench_text.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char bench_options_help[] =
    "usage: chat-bench [-j] [-p PROTOCOL] [-s ADDR:PORT] [-c N] [-S N]\n"
    "                  [-w N] [-r RATE] [-b BYTES] [-t SECONDS]\n"
    "                  [--warm-up SECONDS] [--patience SECONDS] [-u N]\n"
    "                  [--pid PID] SCENARIO\n"
    "\n"
    "Put a load on a chat server, measure it, and check every line.\n"
    "\n"
    "scenarios:\n"
    "  throughput  senders say lines to all as fast as the server takes them\n"
    "  latency     lines are said to all at a fixed rate\n"
    "  private     pairs of clients send a line to and fro\n"
    "  connect     clients connect as fast as they can\n"
    "  join        clients connect and enter one room as fast as they can\n"
    "  idle        clients are in the room and say nothing: their memory\n"
    "\n"
    "  -p, --protocol NAME     chatd, irc, nats or resp (default chatd)\n"
    "  -s, --server ADDR:PORT  the server (default 127.0.0.1 and the\n"
    "                          protocol's usual port)\n"
    "  -c, --clients N         how many (default 100; for private: 2)\n"
    "  -S, --senders N         how many of them speak (default 1; for\n"
    "                          latency: all)\n"
    "  -w, --window N          lines of a sender that another client has not\n"
    "                          seen yet (default: any number)\n"
    "  -r, --rate RATE         lines a second, of all together (default 100)\n"
    "  -b, --bytes N           of a line's text (default 64)\n"
    "  -t, --seconds SECONDS   to measure (default 5)\n"
    "      --warm-up SECONDS   before that (default 1)\n"
    "      --patience SECONDS  for lines that do not come (default 20)\n"
    "  -u, --under-way N       connections being made at a time; 0 is all\n"
    "                          (default 64)\n"
    "      --pid PID           a process of the server, to tell what it\n"
    "                          costs; again for more\n"
    "  -j, --json              print a JSON object\n"
    "  -h, --help              this text\n"
    "  -V, --version           the version\n"
    "\n"
    "The exit status is 0 when all lines came as they should, 1 when not, 2\n"
    "when it could not be measured, 64 for a wrong command line.\n";

static const struct {
	const char *name;
	enum bench_scenario scenario;
} scenarios[] = {
	{ "throughput", BENCH_THROUGHPUT },
	{ "latency", BENCH_LATENCY },
	{ "private", BENCH_PRIVATE },
	{ "connect", BENCH_CONNECT },
	{ "join", BENCH_JOIN },
	{ "idle", BENCH_IDLE },
};

__attribute__((format(printf, 1, 2))) static bool
refuse(const char *format, ...)
{
	va_list args;

	(void)fputs("chat-bench: ", stderr);
	va_start(args, format);
	(void)vfprintf(stderr, format, args);
	va_end(args);
	(void)fputs("; see chat-bench --help\n", stderr);
	return false;
}

/* Values ------------------------------------------------------------------ */

static bool
read_number(const char *option, const char *value, unsigned long min,
    unsigned long max, uint32_t *out)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(value, &end, 10);
	if (value[0] < '0' || value[0] > '9' || *end != '\0' || errno != 0 ||
	    n < min || n > max)
		return refuse("%s takes a number from %lu to %lu, not '%s'",
		    option, min, max, value);
	*out = (uint32_t)n;
	return true;
}

static bool
read_quantity(
    const char *option, const char *value, double min, double max, double *out)
{
	char *end;
	double x = strtod(value, &end);

	if (end == value || *end != '\0' || !isfinite(x) || x < min || x > max)
		return refuse("%s takes a number from %g to %g, not '%s'",
		    option, min, max, value);
	*out = x;
	return true;
}

static bool
read_pid(const char *value, struct bench_options *out)
{
	uint32_t pid = 0;

	if (out->n_pids == BENCH_PIDS_MAX)
		return refuse("--pid is given more than %d times; children of "
			      "a process need not be named",
		    BENCH_PIDS_MAX);
	if (!read_number("--pid", value, 1, INT32_MAX, &pid))
		return false;
	out->pids[out->n_pids++] = (pid_t)pid;
	return true;
}

static bool
read_protocol(const char *value, struct bench_options *out)
{
	out->protocol = bench_protocol_find(value);
	return out->protocol != NULL ||
	       refuse("there is no protocol '%s'; there are chatd, irc, nats "
		      "and resp",
		   value);
}

/* ADDR:PORT or [ADDR]:PORT, in numbers: a name's many addresses would be many
 * servers. */
static bool
read_server(const char *value, struct bench_options *out)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM,
	};
	const char *colon = strrchr(value, ':');
	struct addrinfo *found;
	char host[64];
	size_t len = colon == NULL ? 0 : (size_t)(colon - value);

	if (len > 2 && value[0] == '[' && value[len - 1] == ']') {
		value++;
		len -= 2;
	} else if (memchr(value, ':', len) != NULL) {
		len = 0;
	}
	snprintf(host, sizeof host, "%.*s", (int)len, value);
	if (len == 0 || len >= sizeof host ||
	    getaddrinfo(host, colon + 1, &hints, &found) != 0)
		return refuse("--server takes an address and a port in "
			      "numbers, as 127.0.0.1:5310 or [::1]:5310");
	memcpy(&out->server, found->ai_addr, found->ai_addrlen);
	out->server_len = found->ai_addrlen;
	freeaddrinfo(found);
	return true;
}

/* What goes together ------------------------------------------------------ */

static bool
find_scenario(int n_arguments, char **arguments, struct bench_options *out)
{
	if (n_arguments == 0)
		return refuse("name a scenario: throughput, latency, private, "
			      "connect, join or idle");
	if (n_arguments > 1)
		return refuse("one scenario at a time");
	for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
		if (strcmp(arguments[0], scenarios[i].name) == 0) {
			out->scenario = scenarios[i].scenario;
			out->scenario_name = scenarios[i].name;
			return true;
		}
	return refuse("there is no scenario '%s'", arguments[0]);
}

static void
fill_in(struct bench_options *out)
{
	bool is_private = out->scenario == BENCH_PRIVATE;

	if (out->protocol == NULL)
		out->protocol = &bench_chatd;
	if (out->server_len == 0) {
		struct sockaddr_in *in = (struct sockaddr_in *)&out->server;

		in->sin_family = AF_INET;
		in->sin_port = htons(out->protocol->port);
		in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		out->server_len = sizeof *in;
	}
	if (out->n_clients == 0)
		out->n_clients = is_private ? 2 : 100;
	if (out->n_senders == 0)
		out->n_senders = is_private || out->scenario == BENCH_LATENCY
				     ? out->n_clients
				     : 1;
}

static bool
check(const struct bench_options *options)
{
	bool is_private = options->scenario == BENCH_PRIVATE;

	if (options->n_senders > options->n_clients)
		return refuse("there are more senders than clients");
	if (is_private && (options->n_clients % 2 != 0 ||
			      options->n_senders != options->n_clients))
		return refuse("private takes an even number of clients, and "
			      "all are senders");
	if (options->n_clients < 2 && options->scenario <= BENCH_PRIVATE)
		return refuse(
		    "a line needs somebody else to hear it: --clients "
		    "is at least 2");
	if ((uint64_t)options->n_clients * options->n_senders > BENCH_PAIRS_MAX)
		return refuse("clients times senders is more than %llu",
		    (unsigned long long)BENCH_PAIRS_MAX);
	if (options->window > 0 && options->scenario != BENCH_THROUGHPUT)
		return refuse("--window is for throughput");
	if (options->text_len > options->protocol->text_max)
		return refuse("a line of %s has room for %u bytes",
		    options->protocol->name, options->protocol->text_max);
	if (options->scenario == BENCH_IDLE && options->n_pids == 0)
		return refuse("idle needs --pid, to see the server's memory");
	return true;
}

/* ------------------------------------------------------------------------- */

enum { WARM_UP = 256, PATIENCE, PID };

static bool
take(int option, const char *value, struct bench_options *out)
{
	switch (option) {
	case 'p':
		return read_protocol(value, out);
	case 's':
		return read_server(value, out);
	case 'c':
		return read_number(
		    "--clients", value, 1, BENCH_CLIENTS_MAX, &out->n_clients);
	case 'S':
		return read_number(
		    "--senders", value, 1, BENCH_CLIENTS_MAX, &out->n_senders);
	case 'w':
		return read_number(
		    "--window", value, 1, BENCH_NUMBERS_MAX, &out->window);
	case 'r':
		return read_quantity("--rate", value, 0.01, 1e7, &out->rate);
	case 'b':
		return read_number("--bytes", value, BENCH_TEXT_MIN,
		    BENCH_TEXT_MAX, &out->text_len);
	case 't':
		return read_quantity(
		    "--seconds", value, 0.01, 86400, &out->seconds);
	case WARM_UP:
		return read_quantity(
		    "--warm-up", value, 0, 3600, &out->warm_up);
	case PATIENCE:
		return read_quantity(
		    "--patience", value, 0.1, 3600, &out->patience);
	case 'u':
		return read_number("--under-way", value, 0, BENCH_CLIENTS_MAX,
		    &out->under_way);
	case PID:
		return read_pid(value, out);
	case 'j':
		out->json = true;
		return true;
	default:
		/* getopt_long has said what is wrong with it */
		return false;
	}
}

enum bench_request
bench_options_parse(int argc, char **argv, struct bench_options *out)
{
	static const struct option longs[] = {
		{ "protocol", required_argument, NULL, 'p' },
		{ "server", required_argument, NULL, 's' },
		{ "clients", required_argument, NULL, 'c' },
		{ "senders", required_argument, NULL, 'S' },
		{ "window", required_argument, NULL, 'w' },
		{ "rate", required_argument, NULL, 'r' },
		{ "bytes", required_argument, NULL, 'b' },
		{ "seconds", required_argument, NULL, 't' },
		{ "warm-up", required_argument, NULL, WARM_UP },
		{ "patience", required_argument, NULL, PATIENCE },
		{ "under-way", required_argument, NULL, 'u' },
		{ "pid", required_argument, NULL, PID },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	int option;

	*out = (struct bench_options){
		.rate = 100,
		.text_len = 64,
		.seconds = 5,
		.warm_up = 1,
		.patience = 20,
		.under_way = 64,
	};
	while ((option = getopt_long(
		    argc, argv, "p:s:c:S:w:r:b:t:u:jhV", longs, NULL)) != -1) {
		if (option == 'h')
			return BENCH_HELP;
		if (option == 'V')
			return BENCH_VERSION;
		if (!take(option, optarg, out))
			return BENCH_USAGE;
	}
	if (!find_scenario(argc - optind, argv + optind, out))
		return BENCH_USAGE;
	fill_in(out);
	return check(out) ? BENCH_RUN : BENCH_USAGE;
}
