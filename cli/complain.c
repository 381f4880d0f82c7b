/* complain.c - what chat itself has to say where there is no screen.
 *
 * Only the role files main.c and client.c complain; the others hand their
 * reasons up.  A sentence that cannot be written is lost: there is nobody left
 * to tell. */
#include "cli/complain.h"

#include "cli/buffer.h"
#include "cli/language.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
complain_sentence(const char *sentence)
{
	struct buffer b = { 0 };

	buffer_append_printable(&b, sentence, strlen(sentence));
	(void)fprintf(
	    stderr, "chat: %.*s\n", (int)buffer_len(&b), buffer_data(&b));
	buffer_free(&b);
}

void
complain(const char *format, ...)
{
	va_list args;
	char *sentence;

	va_start(args, format);
	if (vasprintf(&sentence, _(format), args) != -1) {
		complain_sentence(sentence);
		free(sentence);
	}
	va_end(args);
}
