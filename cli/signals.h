/* signals.h - the signals that chat lives on with, as a descriptor: SIGINT,
 * SIGTSTP, SIGCONT and SIGWINCH. */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

/* Block them and return a non-blocking descriptor that is readable when one has
 * come, for the caller to close; -1 and errno. */
int signals_open(void);

/* The number of one that has come; 0 if none has. */
int signals_next(int fd);

#endif
