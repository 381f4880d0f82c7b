/* findings.c - one text, for the log or for standard output. */
#include "srv/findings.h"

#include "ipc/log.h"
#include "ipc/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FINDING_BYTES 1024

static void
tell(const struct findings *findings, enum log_level level, const char *text)
{
	static const char *const words[] = {
		[LOG_ERROR] = "error",
		[LOG_WARN] = "warning",
		[LOG_INFO] = "ok",
		[LOG_DEBUG] = "ok",
	};
	char shown[FINDING_BYTES];

	if (!findings->is_check) {
		log_line(level, "%s", text);
		return;
	}
	(void)text_printable(shown, sizeof shown, text, strlen(text));
	(void)printf("%s: %s\n", words[level], shown);
}

__attribute__((format(printf, 3, 0))) static void
tell_formatted(struct findings *findings, enum log_level level,
    const char *format, va_list ap)
{
	char text[FINDING_BYTES];

	vsnprintf(text, sizeof text, format, ap);
	findings->has_error |= level == LOG_ERROR;
	tell(findings, level, text);
}

void
findings_ok(struct findings *findings, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	tell_formatted(findings, LOG_DEBUG, format, ap);
	va_end(ap);
}

void
findings_warn(struct findings *findings, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	tell_formatted(findings, LOG_WARN, format, ap);
	va_end(ap);
}

void
findings_error(struct findings *findings, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	tell_formatted(findings, LOG_ERROR, format, ap);
	va_end(ap);
}

void
findings_error_errno(struct findings *findings, const char *format, ...)
{
	int saved = errno;
	char text[FINDING_BYTES];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	findings_error(findings, "%s: %s", text, strerror(saved));
}
