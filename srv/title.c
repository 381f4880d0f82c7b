/* title.c - process titles.  libbsd writes them over the arguments; what is
 * added here is the tidying of one thing that it leaves. */
#include "srv/title.h"

#include <bsd/unistd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct {
	/* where argv[0] ended, and how long it was */
	char *end;
	size_t len;
} program;

void
title_init(int argc, char *argv[])
{
	program.len = strlen(argv[0]);
	program.end = argv[0] + program.len;
	setproctitle_init(argc, argv, environ);
}

void
title_set(const char *format, ...)
{
	char text[256];
	int len = snprintf(text, sizeof text, "chatd: ");
	va_list ap;

	va_start(ap, format);
	vsnprintf(text + len, sizeof text - (size_t)len, format, ap);
	va_end(ap);
	setproctitle("-%s", text);
	/* Behind a title shorter than the program's name libbsd leaves a dot,
	 * which ps would show. */
	if (program.end != NULL && strlen(text) < program.len)
		*program.end = '\0';
}
