/* SPDX-License-Identifier: EUPL-1.2 */
/* Log lines, each in one write(2), so that processes do not mix theirs. */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/log.h"

#define LOG_LINE_MAX	1024
#define LOG_PROCESS_MAX	32

static char	log_process[LOG_PROCESS_MAX] = "none";

static const char *
level_text(enum log_level level)
{
	switch (level) {
	case LOG_LEVEL_INFO:
		return ("info");
	case LOG_LEVEL_WARN:
		return ("warn");
	case LOG_LEVEL_ERROR:
		return ("error");
	}
	return ("error");
}

/* Whatever got into a field, it cannot forge a second line. */
static void
line_clean(char *line, size_t len)
{
	size_t	i;

	for (i = 0; i < len; i++) {
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	}
}

void
log_init(const char *process)
{
	(void)snprintf(log_process, sizeof(log_process), "%s", process);
}

void
log_event(enum log_level level, const char *what, const char *fields, ...)
{
	char		 line[LOG_LINE_MAX];
	va_list		 args;
	size_t		 len, left;
	ssize_t		 written;
	int		 n, saved;

	saved = errno;
	n = snprintf(line, sizeof(line) - 1, "level=%s what=\"%s\" process=%s",
	    level_text(level), what, log_process);
	len = n < 0 ? 0 : (size_t)n;
	if (len < sizeof(line) - 2 && *fields != '\0') {
		line[len++] = ' ';
		left = sizeof(line) - 1 - len;
		va_start(args, fields);
		n = vsnprintf(line + len, left, fields, args);
		va_end(args);
		len += n < 0 ? 0 : (size_t)n;
	}
	if (len > sizeof(line) - 2)
		len = sizeof(line) - 2;
	line_clean(line, len);
	line[len++] = '\n';
	do {
		written = write(STDERR_FILENO, line, len);
	} while (written == -1 && errno == EINTR);
	errno = saved;
}
