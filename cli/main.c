/* main.c - chat: options, start, exit status.
 *
 * What chat does is client.c. */
#include "cli/client.h"
#include "cli/complain.h"
#include "cli/help.h"
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

/* Takes the buffer over. */
static int
print_buffer(struct buffer *text)
{
	int status = CHAT_LOST;

	buffer_append(text, "", 1);
	if (text->failed)
		complain("out of memory");
	else
		status = print(buffer_data(text));
	buffer_free(text);
	return status;
}

static int
print_help(void)
{
	struct buffer text = { 0 };

	help_append(&text);
	return print_buffer(&text);
}

static void
complain_of(struct buffer *error)
{
	buffer_append(error, "", 1);
	if (error->failed)
		complain("out of memory");
	else
		complain_sentence(buffer_data(error));
	buffer_free(error);
}

static void
complain_of_usage(void)
{
	struct buffer text = { 0 };

	help_append_usage(&text);
	(void)fwrite(buffer_data(&text), 1, buffer_len(&text), stderr);
	buffer_free(&text);
}

static int
dump(const struct config *config)
{
	struct buffer text = { 0 }, error = { 0 };

	if (config_dump(config, &text, &error))
		return print_buffer(&text);
	buffer_free(&text);
	complain_of(&error);
	return CHAT_USAGE;
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
		return print_help();
	case CHAT_OPTIONS_VERSION:
		return print("chat " CHATD_VERSION "\n");
	case CHAT_OPTIONS_DUMP:
		return dump(&config);
	case CHAT_OPTIONS_BAD:
		complain_of_usage();
		return CHAT_USAGE;
	case CHAT_OPTIONS_BAD_FILE:
		return CHAT_USAGE;
	}
	status = client_run(&config);
	if (status == CHAT_INTERRUPTED)
		die_of_interrupt();
	return (int)status;
}
