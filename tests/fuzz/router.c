/* SPDX-License-Identifier: EUPL-1.2 */
/* A request's method and path, one line each, against a few routes. */

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/plugin/mount.h"
#include "core/plugin/router.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const struct route routes[] = {
	{ GET, "/finds/{id}", PUBLIC },
	{ POST, "/finds/{id}/claims/{claim}", PUBLIC },
	{ GET, "/finds/near/{a}/{b}/{c}/{d}", PUBLIC },
	{ GET, "/{a}/{b}/{c}/map.geojson", PUBLIC },
	ROUTE_END
};

static const struct route formatted[] = {
	{ GET, "/finds", PUBLIC, .formats = "json, xml" },
	{ GET, "/finds/{id}", PUBLIC, .formats = "json" },
	{ GET, "/{a}", PUBLIC },
	ROUTE_END
};

static const struct mount mounts[] = {
	{ .path = "/std", .rehearsal = "/std/test", .routes = formatted },
	MOUNT_END
};

static const struct plugin plugin = {
	PLUGIN_HEADER("", "1"), .routes = routes, .mounts = mounts
};

static struct loaded	loaded = { .plugin = &plugin };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct registry	 registry = {
		.count = 1, .plugins = &loaded
	};
	static struct router		*router;
	struct router_match		 match;
	struct arena			*arena;
	const char			*path;
	char				*method;
	size_t				 i;

	if (router == NULL)
		router = router_new(&registry, ROUTER_PUBLIC);
	arena = arena_new(0);
	method = arena_copy(arena, data, len);
	path = "";
	if (strchr(method, '\n') != NULL) {
		path = arena_text(arena, strchr(method, '\n') + 1);
		*strchr(method, '\n') = '\0';
	}
	if (router_match(router, 1, method, path, arena, &match) ==
	    ROUTER_FOUND) {
		for (i = 0; i < match.count; i++)
			assert(*match.values[i] != '\0' &&
			    strchr(match.values[i], '/') == NULL);
		assert(match.format == NULL || mount_list_has(
		    match.route->formats, match.format,
		    strlen(match.format)));
		assert(!match.rehearsal || match.mount == &mounts[0]);
	}
	arena_free(arena);
	return (0);
}
