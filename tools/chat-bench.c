/* chat-bench.c - puts a load on a chat server, measures it, and checks every
 * line.  Which scenario, and the exit status, are decided here. */
#include "tools/bench_scenario.h"

#include "ipc/version.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sysexits.h>

enum outcome {
	SOUND = 0,
	/* lines were lost, doubled, reordered or damaged */
	VIOLATED = 1,
	NOT_MEASURED = 2,
	WRONG_USAGE = EX_USAGE,
	/* no memory, or nowhere to write to */
	BROKEN = EX_OSERR,
};

static void
run(struct bench *b)
{
	switch (b->options->scenario) {
	case BENCH_THROUGHPUT:
		bench_throughput(b);
		break;
	case BENCH_LATENCY:
		bench_latency(b);
		break;
	case BENCH_PRIVATE:
		bench_private(b);
		break;
	case BENCH_CONNECT:
	case BENCH_JOIN:
		bench_storm(b);
		break;
	case BENCH_IDLE:
		bench_idle(b);
		break;
	}
}

/* The clients are other machines, whose processors are their own: what they get
 * done must not depend on how many processes the server is. */
static void
take_precedence(void)
{
	(void)setpriority(PRIO_PROCESS, 0, -20);
}

static enum outcome
measure(const struct bench_options *options)
{
	struct bench_report report = { 0 };
	struct bench b;

	take_precedence();
	if (bench_open(&b, options, &report))
		run(&b);
	bench_close(&b);
	if (bench_report_print(&report, options, stdout) == -1) {
		perror("chat-bench: cannot write the report");
		return BROKEN;
	}
	if (report.wrong[0] == '\0')
		return SOUND;
	(void)fprintf(stderr, "chat-bench: %s\n", report.wrong);
	return report.is_violated ? VIOLATED : NOT_MEASURED;
}

static enum outcome
say(const char *text)
{
	if (fputs(text, stdout) != EOF && fflush(stdout) != EOF)
		return SOUND;
	perror("chat-bench: cannot write");
	return BROKEN;
}

int
main(int argc, char **argv)
{
	struct bench_options options;

	switch (bench_options_parse(argc, argv, &options)) {
	case BENCH_RUN:
		return measure(&options);
	case BENCH_HELP:
		return say(bench_options_help);
	case BENCH_VERSION:
		return say("chat-bench " CHATD_VERSION "\n");
	case BENCH_USAGE:
		break;
	}
	return WRONG_USAGE;
}
