/* version.h - the version of all our programs, which are built together. */
#ifndef IPC_VERSION_H
#define IPC_VERSION_H

#define CHATD_VERSION "0.1"

#endif
