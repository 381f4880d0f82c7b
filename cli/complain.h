/* complain.h - what chat itself has to say where there is no screen of its own:
 * on standard error, a line that begins with "chat: ". */
#ifndef CLI_COMPLAIN_H
#define CLI_COMPLAIN_H

/* The format is translated.  What it is filled with may hold bytes of a server:
 * it is made printable. */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

/* One that is in the person's language already. */
void complain_sentence(const char *sentence);

#endif
