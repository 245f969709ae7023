/* SPDX-License-Identifier: EUPL-1.2 */
/* A boundary file, whatever it holds. */

#include <assert.h>
#include <stdint.h>

#include "core/tenant/geojson.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct geojson_boundary	 boundary;
	struct findings		 findings;
	struct arena		*arena;
	enum status		 status;

	arena = arena_new(0);
	findings_init(&findings, arena);
	status = geojson_boundary_read(arena, "boundary.geojson",
	    (const char *)data, len, &boundary, &findings);
	assert((status == STATUS_OK) == (findings.count == 0));
	assert(status != STATUS_OK || (boundary.bbox[0] <= boundary.bbox[2] &&
	    boundary.bbox[1] <= boundary.bbox[3]));
	arena_free(arena);
	return (0);
}
