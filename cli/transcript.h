/* transcript.h - a file to which all that is shown is appended:
 *
 *	2026-11-25T23:01:02+01:00 alice: hello
 */
#ifndef CLI_TRANSCRIPT_H
#define CLI_TRANSCRIPT_H

#include "cli/buffer.h"
#include "cli/message.h"
#include "cli/render.h"

#include <stdbool.h>
#include <time.h>

struct transcript {
	/* -1: there is none, and what follows does nothing */
	int fd;
	struct look look;
	/* what has yet to be written */
	struct buffer pending;
};

/* Open the file, or make one that nobody else may read; "~/" is $HOME, and ""
 * is no file.  Notices are in the person's language if they are shown so.  -1
 * and errno. */
int transcript_open(struct transcript *t, const char *path, bool is_translated);
void transcript_close(struct transcript *t);

/* The time of the lines that follow. */
void transcript_set_time(struct transcript *t, time_t now);

/* A line as it is shown, without colours and marks. */
void transcript_message(struct transcript *t, const struct message *m);
void transcript_own(struct transcript *t, const char *text);

/* Write what there is.  -1 and errno: it cannot be, and the file is closed. */
int transcript_write(struct transcript *t);

#endif
