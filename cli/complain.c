/* complain.c - what chat itself has to say where there is no screen.
 *
 * Only the role files main.c and client.c complain; the others hand their
 * reasons up.  A sentence that cannot be written is lost: there is nobody left
 * to tell. */
#include "cli/complain.h"

#include "cli/buffer.h"
#include "cli/language.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
complain_args(const char *format, va_list args)
{
	struct buffer b = { 0 };
	char *text;

	if (vasprintf(&text, _(format), args) == -1)
		return;
	buffer_append_printable(&b, text, strlen(text));
	(void)fprintf(
	    stderr, "chat: %.*s\n", (int)buffer_len(&b), buffer_data(&b));
	buffer_free(&b);
	free(text);
}

void
complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain_args(format, args);
	va_end(args);
}
