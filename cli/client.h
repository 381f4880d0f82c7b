/* client.h - chat from the first connection to the last line. */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include "cli/options.h"

/* The exit status of chat, documented in chat.1. */
enum chat_status {
	/* goodbye was said */
	CHAT_LEFT = 0,
	/* the server did not let us in, and has said why */
	CHAT_REFUSED = 1,
	/* there was no server, or it has gone, or the output has */
	CHAT_LOST = 2,
	CHAT_USAGE = 64,
	/* plus the number of the signal that ends us; the terminal has been
	 * given back, and the caller lets the signal have its way */
	CHAT_SIGNALLED = 128,
};

/* Connect, talk until one side ends it, and return an enum chat_status.  Uses
 * standard input and output, and standard error for what chat itself has to
 * say where that is not the screen. */
int client_run(const struct chat_options *options);

#endif
