/* log.h - what an operator would act on, one line each, on standard error.
 *
 * A line is one write(2), so that a thousand processes do not interleave, and
 * passes text_printable.  Logging never blocks: a line that standard error
 * does not take at once is counted, and the next one that is taken says how
 * many were lost.  Never the text of a message. */
#ifndef IPC_LOG_H
#define IPC_LOG_H

#include <stddef.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* Reopen standard error for writing without blocking (its own open file, so
 * that the shell's terminal keeps its flags) and show lines up to `level`. */
void log_open(const char *program, enum log_level level);

/* What follows the program and the pid in every line: the role, or the name of
 * the user this process serves.  Copied. */
void log_identify(const char *role);

__attribute__((format(printf, 2, 3))) void log_line(
    enum log_level level, const char *format, ...);

/* As log_line, with ": " and the text of errno at the end.  Keeps errno. */
__attribute__((format(printf, 2, 3))) void log_line_errno(
    enum log_level level, const char *format, ...);

#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
#define log_warn(...) log_line(LOG_WARN, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)
#define log_error_errno(...) log_line_errno(LOG_ERROR, __VA_ARGS__)
#define log_warn_errno(...) log_line_errno(LOG_WARN, __VA_ARGS__)

/* What cannot happen has happened: log it and abort(3). */
__attribute__((format(printf, 1, 2), noreturn)) void bug(
    const char *format, ...);

#endif
