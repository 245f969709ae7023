/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A city's base map: tiles that somebody else publishes and the courier has
 * fetched. Who asks first is told to come again; the answer holds nothing of
 * the caller, so anybody may keep it.
 */

#include <string.h>

#include "base/basemap.h"
#include "core/tenant/tenant_map.h"

#define KEEP	"public, max-age=3600"
#define NUMBER_MAX	4194303		/* 2^22 - 1 */

struct basemap {
	int64_t		 z;
	int64_t		 x;
	int64_t		 y;
	const char	*url;
};

const struct field basemap_fields[] = {
	FIELD_INT(struct basemap, z, .min = 0, .max = 22, .required = true,
	    .says = "zoom"),
	FIELD_INT(struct basemap, x, .min = 0, .max = NUMBER_MAX,
	    .required = true, .says = "column"),
	FIELD_INT(struct basemap, y, .min = 0, .max = NUMBER_MAX,
	    .required = true, .says = "row"),
	FIELD_COMPUTED(struct basemap, url),
	FIELD_END
};

enum status
basemap_prepare(struct exchange *x)
{
	struct basemap	*basemap;

	basemap = exchange_path(x);
	if (!tenant_map_covers(x->tenant, basemap->z, basemap->x,
	    basemap->y))
		return (exchange_refuse(x, "not-found", NULL));
	basemap->url = x->tenant->file.map.basemap.url;
	return (STATUS_OK);
}

static enum status
basemap_later(struct exchange *x, const char *code, const char *seconds)
{
	exchange_add_header(x, "retry-after", seconds);
	return (exchange_refuse(x, code, NULL));
}

enum status
basemap_answer(struct exchange *x, const struct row *row)
{
	struct bytes	 content;
	const char	*state;

	state = row_text(row, "state");
	if (state == NULL)
		return (STATUS_DATABASE);
	if (strcmp(state, "pending") == 0)
		return (basemap_later(x, "tile-pending", "1"));
	if (strcmp(state, "unavailable") == 0)
		return (basemap_later(x, "tile-unavailable",
		    row_text(row, "seconds")));
	exchange_add_header(x, "cache-control", KEEP);
	content = row_bytes(row, "content");
	if (content.at == NULL)
		return (exchange_answer(x, 204, NULL, NULL, 0));
	exchange_add_header(x, "etag", arena_format(x->arena, "\"%s\"",
	    row_text(row, "hash")));
	return (exchange_answer(x, 200, row_text(row, "media_type"),
	    (const char *)content.at, content.len));
}
