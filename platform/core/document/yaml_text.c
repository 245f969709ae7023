/* SPDX-License-Identifier: EUPL-1.2 */
/* The characters of a YAML text, and reading it from a file. */

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <stadtkern/node.h>

#include "core/document/utf8.h"
#include "core/document/yaml_text.h"

static bool
character_allowed(int32_t c)
{
	if (c < 0x20)
		return (c == '\t' || c == '\n' || c == '\r');
	return (c <= 0x7e || c == 0x85 || (c >= 0xa0 && c <= 0xfffd) ||
	    c >= 0x10000);
}

/* As libyaml counts: CR LF is one break. */
static bool
line_ends(int32_t c, const char *next, const char *end)
{
	if (c == '\r')
		return (next == end || *next != '\n');
	return (c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029);
}

bool
yaml_text_check(const char *file, const char *bytes, size_t len,
    struct findings *findings)
{
	const char	*at, *end;
	char		 argument[16];
	unsigned int	 column, line;
	int32_t		 c;

	if (len > NODE_YAML_MAX) {
		finding_add(findings, "", file, 0, 0, FINDING_TOO_LARGE,
		    "1 MiB");
		return (false);
	}
	line = column = 1;
	end = bytes + len;
	for (at = bytes; at < end;) {
		c = utf8_next(&at, end);
		if (c == UTF8_INVALID) {
			finding_add(findings, "", file, line, column,
			    FINDING_ENCODING, NULL);
			return (false);
		}
		if (!character_allowed(c)) {
			(void)snprintf(argument, sizeof(argument), "U+%04X",
			    (unsigned int)c);
			finding_add(findings, "", file, line, column,
			    FINDING_CONTROL, argument);
			return (false);
		}
		column++;
		if (line_ends(c, at, end)) {
			line++;
			column = 1;
		}
	}
	return (true);
}

/* Reads at most `max` bytes; -1 and errno when that fails. */
static ssize_t
file_read(int fd, char *bytes, size_t max)
{
	ssize_t	 got;
	size_t	 len;

	for (len = 0; len < max; len += (size_t)got) {
		got = read(fd, bytes + len, max - len);
		if (got == 0)
			break;
		if (got == -1 && errno == EINTR)
			got = 0;
		else if (got == -1)
			return (-1);
	}
	return ((ssize_t)len);
}

static enum status
file_fail(const char *path, const char *why, struct findings *findings)
{
	finding_add(findings, "", path, 0, 0, FINDING_FILE, why);
	return (STATUS_INVALID);
}

enum status
node_from_yaml_file(struct arena *arena, const char *path, struct node **node,
    struct findings *findings)
{
	struct stat	 info;
	enum status	 status;
	ssize_t		 len;
	char		*bytes;
	int		 fd;

	*node = NULL;
	path = arena_text(arena, path);
	/* O_NONBLOCK: a FIFO of this name does not hold anybody up. */
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) == -1)
		return (file_fail(path, strerror(errno), findings));
	bytes = NULL;
	if (fstat(fd, &info) == -1) {
		status = file_fail(path, strerror(errno), findings);
		goto out;
	}
	if (!S_ISREG(info.st_mode)) {
		status = file_fail(path, "no regular file", findings);
		goto out;
	}
	/* One byte more, so that a file above the limit is seen as such. */
	if ((bytes = malloc(NODE_YAML_MAX + 1)) == NULL)
		abort();
	if ((len = file_read(fd, bytes, NODE_YAML_MAX + 1)) == -1) {
		status = file_fail(path, strerror(errno), findings);
		goto out;
	}
	status = node_from_yaml(arena, path, bytes, (size_t)len, node,
	    findings);
out:
	free(bytes);
	(void)close(fd);
	return (status);
}
