/* SPDX-License-Identifier: EUPL-1.2 */
/* CSV into nodes: whatever was read can be written, the rest is a finding. */

#include <stdint.h>
#include <stdlib.h>

#include <stadtkern/node.h>

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct findings	 findings;
	struct arena	*arena;
	struct json	 json;
	struct node	*node;

	arena = arena_new(0);
	findings_init(&findings, arena);
	if (node_from_csv(arena, "fuzz", (const char *)data, len, &node,
	    &findings) == STATUS_OK) {
		json_init(&json, arena, SIZE_MAX);
		node_to_json(&json, NULL, node);
		if (findings.count != 0 || json_finish(&json, NULL) == NULL)
			abort();
	} else if (findings.first == NULL || node != NULL)
		abort();
	for (; findings.first != NULL; findings.first = findings.first->next)
		(void)finding_line(arena, findings.first);
	arena_free(arena);
	return (0);
}
