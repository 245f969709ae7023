/* SPDX-License-Identifier: EUPL-1.2 */
/* A whole file in an arena. */

#include <sys/stat.h>

#include <stdio.h>

#include "core/document/file.h"

enum status
file_read(struct arena *arena, const char *path, size_t max, char **text,
    size_t *len)
{
	struct stat	 st;
	enum status	 status;
	FILE		*file;
	char		*bytes;
	size_t		 got;

	if ((file = fopen(path, "re")) == NULL)
		return (STATUS_IO);
	status = STATUS_IO;
	if (fstat(fileno(file), &st) == -1)
		goto out;
	status = STATUS_LIMIT;
	if (!S_ISREG(st.st_mode) || (size_t)st.st_size > max)
		goto out;
	bytes = arena_alloc(arena, (size_t)st.st_size + 1);
	got = fread(bytes, 1, (size_t)st.st_size, file);
	status = STATUS_IO;
	if (ferror(file))
		goto out;
	*text = bytes;
	*len = got;
	status = STATUS_OK;
out:
	(void)fclose(file);
	return (status);
}
