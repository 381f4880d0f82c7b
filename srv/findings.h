/* findings.h - what a start finds out on its way, told to whoever wants to
 * know.
 *
 * A server that starts logs what is wrong or doubtful.  With --check the same
 * steps are taken for their findings alone: each is a line on standard output,
 * what is fine too.  Master only. */
#ifndef SRV_FINDINGS_H
#define SRV_FINDINGS_H

#include <stdbool.h>

struct findings {
	bool is_check;
	bool has_error;
};

/* Say that something is as it must be; in the log only for who debugs. */
__attribute__((format(printf, 2, 3))) void findings_ok(
    struct findings *findings, const char *format, ...);

/* The server could start, but not do all that it is asked to. */
__attribute__((format(printf, 2, 3))) void findings_warn(
    struct findings *findings, const char *format, ...);

/* The server cannot start; the text says what to do. */
__attribute__((format(printf, 2, 3))) void findings_error(
    struct findings *findings, const char *format, ...);

/* The same with ": " and the text of errno at the end. */
__attribute__((format(printf, 2, 3))) void findings_error_errno(
    struct findings *findings, const char *format, ...);

#endif
