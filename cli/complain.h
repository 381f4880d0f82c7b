/* complain.h - what chat itself has to say where there is no screen of its own:
 * on standard error, a line that begins with "chat: ". */
#ifndef CLI_COMPLAIN_H
#define CLI_COMPLAIN_H

#include <stdarg.h>

/* The text may hold bytes of a server: it is made printable. */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

__attribute__((format(printf, 1, 0))) void complain_args(
    const char *format, va_list args);

#endif
