/* title.h - what ps and top show of a process: its role or its user. */
#ifndef SRV_TITLE_H
#define SRV_TITLE_H

/* Call first in main, before threads and forks. */
void title_init(int argc, char *argv[]);

/* Show "chatd: TEXT" as the command line. */
__attribute__((format(printf, 1, 2))) void title_set(const char *format, ...);

#endif
