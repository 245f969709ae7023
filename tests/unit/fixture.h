/* SPDX-License-Identifier: EUPL-1.2 */
/* Reads a file of tests/fixtures/ for a unit test; run from the top folder. */
#ifndef UNIT_FIXTURE_H
#define UNIT_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>

#include <stadtkern/field.h>

/* Exactly as long as the file, so that the sanitizers see an over-read. */
static inline struct bytes
fixture_read(const char *name)
{
	struct bytes	 bytes = { NULL, 0 };
	unsigned char	*at;
	char		 path[256];
	FILE		*file;
	long		 end;

	(void)snprintf(path, sizeof(path), "tests/fixtures/%s", name);
	if ((file = fopen(path, "rb")) == NULL)
		return (bytes);
	(void)fseek(file, 0, SEEK_END);
	end = ftell(file);
	(void)fseek(file, 0, SEEK_SET);
	if (end >= 0 && (at = malloc(end == 0 ? 1 : (size_t)end)) != NULL) {
		bytes.len = fread(at, 1, (size_t)end, file);
		bytes.at = at;
	}
	(void)fclose(file);
	return (bytes);
}

static inline void
fixture_free(struct bytes bytes)
{
	free((void *)(uintptr_t)bytes.at);
}

#endif
