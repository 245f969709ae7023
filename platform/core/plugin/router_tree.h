/* SPDX-License-Identifier: EUPL-1.2 */
/* The tree of path segments that a router walks. */
#ifndef CORE_ROUTER_TREE_H
#define CORE_ROUTER_TREE_H

#include "core/plugin/mount.h"
#include "core/plugin/router.h"

struct endpoint {
	struct endpoint	*next;
	size_t		 route;		/* in router->routes */
	bool		 rehearsal;
};

struct vertex {
	const char	*literal;	/* NULL: root or parameter */
	struct vertex	*first;		/* literal children, sorted once made */
	struct vertex	*next;
	struct vertex	**sorted;
	size_t		 count;
	struct vertex	*parameter;
	struct endpoint	*endpoints;
};

struct router {
	struct arena		*arena;
	const struct registry	*registry;
	struct vertex		*root;
	struct router_match	*routes;	/* without values */
	size_t			 route_count;
	const char		**topics;
	size_t			 topic_count;
};

/* The literal child of this name, or NULL. */
const struct vertex *vertex_literal(const struct vertex *vertex,
		    const char *literal);

#endif
