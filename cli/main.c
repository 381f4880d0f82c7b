/* main.c - chat: options, start, exit status.
 *
 * What chat does is client.c. */
#include "cli/client.h"
#include "cli/complain.h"
#include "cli/language.h"
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

#define USAGE "usage: chat [-hV] [-n name] [setting ...] [host[:port]]\n"
#define HELP                                                                   \
	"  -n, --name name       be called this; default: $USER\n"             \
	"      --server address  host[:port], default: " CHAT_HOST_DEFAULT     \
	":" CHAT_PORT_DEFAULT "\n"                                             \
	"      --timestamps=no   no time before each line\n"                   \
	"      --bell when       ring on a mention, private, all or never\n"   \
	"      --quiet           hide joins, leaves and renames\n"             \
	"      --status=no       the name alone in the prompt\n"               \
	"      --reconnect=no    end when the connection is lost\n"            \
	"      --log file        append all that is shown to it\n"             \
	"      --config file     settings, instead of ~/.config/chat/config\n" \
	"      --dump-config     print the settings in force as such a file\n" \
	"  -h, --help            this\n"                                       \
	"  -V, --version         the version\n"                                \
	"see chat(1)\n"

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

static void
complain_of(struct buffer *error)
{
	buffer_append(error, "", 1);
	complain_sentence(
	    error->failed ? strerror(ENOMEM) : buffer_data(error));
	buffer_free(error);
}

static int
dump(const struct config *config)
{
	struct buffer text = { 0 }, error = { 0 };
	int status = CHAT_USAGE;

	if (config_dump(config, &text, &error)) {
		buffer_append(&text, "", 1);
		status = text.failed ? CHAT_LOST : print(buffer_data(&text));
	} else {
		complain_of(&error);
	}
	buffer_free(&text);
	return status;
}

int
main(int argc, char *argv[])
{
	static struct config config;
	struct buffer error = { 0 };
	enum chat_options_result asked;
	enum chat_status status;

	descriptor_open_standard();
	(void)setlocale(LC_ALL, "");
	language_init();
	(void)signal(SIGPIPE, SIG_IGN);

	asked = chat_options_parse(argc, argv, &config, &error);
	if (buffer_len(&error) > 0)
		complain_of(&error);
	switch (asked) {
	case CHAT_OPTIONS_RUN:
		break;
	case CHAT_OPTIONS_HELP:
		return print(USAGE HELP);
	case CHAT_OPTIONS_VERSION:
		return print("chat " CHATD_VERSION "\n");
	case CHAT_OPTIONS_DUMP:
		return dump(&config);
	case CHAT_OPTIONS_BAD:
		(void)fputs(USAGE, stderr);
		return CHAT_USAGE;
	case CHAT_OPTIONS_BAD_FILE:
		return CHAT_USAGE;
	}
	status = client_run(&config);
	if (status == CHAT_INTERRUPTED)
		die_of_interrupt();
	return (int)status;
}
