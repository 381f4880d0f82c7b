/* main.c - chat: options, start, exit status.
 *
 * What chat does is client.c. */
#include "cli/client.h"
#include "cli/complain.h"
#include "cli/options.h"
#include "ipc/descriptor.h"
#include "ipc/version.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USAGE "usage: chat [-hV] [-n name] [host[:port]]\n"
#define HELP                                                                   \
	"  -n, --name name  be called this; default: $USER\n"                  \
	"  -h, --help       this\n"                                            \
	"  -V, --version    the version\n"                                     \
	"default server: " CHAT_HOST_DEFAULT ":" CHAT_PORT_DEFAULT             \
	"; see chat(1)\n"

/* So that the parent sees what ended us: a shell, for instance, ends a loop
 * around chat when ^C ended chat. */
static void
die_of_interrupt(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	(void)raise(SIGINT);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static int
print(const char *text)
{
	(void)fputs(text, stdout);
	if (fflush(stdout) == 0)
		return EXIT_SUCCESS;
	complain("standard output: %s", strerror(errno));
	return CHAT_LOST;
}

int
main(int argc, char *argv[])
{
	struct chat_options options;
	const char *error;
	enum chat_status status;

	descriptor_open_standard();
	(void)setlocale(LC_ALL, "");
	(void)signal(SIGPIPE, SIG_IGN);

	switch (chat_options_parse(argc, argv, &options, &error)) {
	case CHAT_OPTIONS_RUN:
		break;
	case CHAT_OPTIONS_HELP:
		return print(USAGE HELP);
	case CHAT_OPTIONS_VERSION:
		return print("chat " CHATD_VERSION "\n");
	case CHAT_OPTIONS_BAD:
		complain("%s", error);
		(void)fputs(USAGE, stderr);
		return CHAT_USAGE;
	}
	status = client_run(&options);
	if (status == CHAT_INTERRUPTED)
		die_of_interrupt();
	return (int)status;
}
