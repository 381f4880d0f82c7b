/* transcript.c - a file to which all that is shown is appended.
 *
 * Several chats may have the same file: whole lines are written at its end.  A
 * pipe that nobody reads is an error and not waited for. */
#include "cli/transcript.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* In a file of settings no shell expands it. */
static int
expand(const char *path, char *expanded, size_t size)
{
	const char *home = getenv("HOME");
	int len;

	if (strncmp(path, "~/", 2) != 0 || home == NULL)
		home = "";
	else
		path++;
	len = snprintf(expanded, size, "%s%s", home, path);
	if (len > 0 && (size_t)len < size)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

int
transcript_open(struct transcript *t, const char *path, bool is_translated)
{
	char expanded[PATH_MAX];

	*t = (struct transcript){
		.fd = -1,
		.look.is_translated = is_translated,
	};
	if (path[0] == '\0')
		return 0;
	if (expand(path, expanded, sizeof expanded) == -1)
		return -1;
	t->fd = open(expanded,
	    O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
	    0600);
	return t->fd == -1 ? -1 : 0;
}

void
transcript_close(struct transcript *t)
{
	if (t->fd != -1)
		(void)close(t->fd);
	t->fd = -1;
	buffer_free(&t->pending);
}

/* With the colon that strftime leaves out of the zone. */
void
transcript_set_time(struct transcript *t, time_t now)
{
	char zone[8];
	struct tm tm;

	if (t->fd == -1 || localtime_r(&now, &tm) == NULL)
		return;
	(void)strftime(zone, sizeof zone, "%z", &tm);
	(void)strftime(t->look.stamp, sizeof t->look.stamp, "%FT%T", &tm);
	(void)snprintf(t->look.stamp + strlen(t->look.stamp),
	    sizeof t->look.stamp - strlen(t->look.stamp), "%.3s:%s", zone,
	    zone + 3);
}

void
transcript_message(struct transcript *t, const struct message *m)
{
	if (t->fd != -1)
		render_message(&t->pending, &t->look, m, ATTENTION_NONE);
}

void
transcript_own(struct transcript *t, const char *text)
{
	if (t->fd != -1)
		render_own(&t->pending, &t->look, text);
}

static int
give_up(struct transcript *t, int error)
{
	transcript_close(t);
	errno = error;
	return -1;
}

int
transcript_write(struct transcript *t)
{
	if (t->pending.failed)
		return give_up(t, ENOMEM);
	while (t->fd != -1 && buffer_len(&t->pending) > 0) {
		ssize_t n = write(
		    t->fd, buffer_data(&t->pending), buffer_len(&t->pending));

		if (n == -1 && errno != EINTR)
			return give_up(t, errno);
		if (n > 0)
			buffer_drop(&t->pending, (size_t)n);
	}
	return 0;
}
