/* SPDX-License-Identifier: EUPL-1.2 */
/* SVG: what passes holds nothing that acts or reaches out. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/theme/svg.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const never[] = { "<script", "<image", "<style",
	    "<foreignObject", "<!DOCTYPE", "<?xml-stylesheet" };
	struct findings	 findings;
	struct arena	*arena;
	size_t		 i;

	arena = arena_new(0);
	findings_init(&findings, arena);
	if (svg_check(arena, "x.svg", (const char *)data, len, &findings) !=
	    STATUS_OK) {
		if (findings.count == 0)
			abort();
	} else if (memmem(data, len, "<!--", 4) == NULL &&
	    memmem(data, len, "<![CDATA[", 9) == NULL) {
		for (i = 0; i < sizeof(never) / sizeof(never[0]); i++)
			if (memmem(data, len, never[i],
			    strlen(never[i])) != NULL)
				abort();
	}
	for (; findings.first != NULL; findings.first = findings.first->next)
		(void)finding_line(arena, findings.first);
	arena_free(arena);
	return (0);
}
