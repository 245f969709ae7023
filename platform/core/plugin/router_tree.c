/* SPDX-License-Identifier: EUPL-1.2 */
/* Makes the tree of path segments. */

#include <stdlib.h>
#include <string.h>

#include "core/plugin/router_tree.h"

static int
vertex_compare(const void *a, const void *b)
{
	const struct vertex *const	*x = a, *const *y = b;

	return (strcmp((*x)->literal, (*y)->literal));
}

const struct vertex *
vertex_literal(const struct vertex *vertex, const char *literal)
{
	size_t	low, high, middle;
	int	order;

	low = 0;
	high = vertex->count;
	while (low < high) {
		middle = low + (high - low) / 2;
		order = strcmp(vertex->sorted[middle]->literal, literal);
		if (order == 0)
			return (vertex->sorted[middle]);
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return (NULL);
}

static struct vertex *
vertex_child(struct arena *arena, struct vertex *vertex,
    const struct segment *segment)
{
	struct vertex	*child;

	if (segment->parameter) {
		if (vertex->parameter == NULL)
			vertex->parameter = arena_alloc(arena, sizeof(*child));
		return (vertex->parameter);
	}
	for (child = vertex->first; child != NULL; child = child->next) {
		if (strlen(child->literal) == segment->len &&
		    memcmp(child->literal, segment->at, segment->len) == 0)
			return (child);
	}
	child = arena_alloc(arena, sizeof(*child));
	child->literal = arena_copy(arena, segment->at, segment->len);
	child->next = vertex->first;
	vertex->first = child;
	vertex->count++;
	return (child);
}

static void
vertex_sort(struct arena *arena, struct vertex *vertex)
{
	struct vertex	*child;
	size_t		 i;

	vertex->sorted = arena_alloc(arena, (vertex->count + 1) *
	    sizeof(*vertex->sorted));
	i = 0;
	for (child = vertex->first; child != NULL; child = child->next) {
		vertex->sorted[i++] = child;
		vertex_sort(arena, child);
	}
	qsort(vertex->sorted, vertex->count, sizeof(*vertex->sorted),
	    vertex_compare);
	if (vertex->parameter != NULL)
		vertex_sort(arena, vertex->parameter);
}

static void
tree_add(struct router *router, size_t number, const char *path,
    bool rehearsal)
{
	struct segment		 segments[ROUTER_SEGMENTS_MAX];
	struct router_match	*match;
	struct endpoint		*endpoint;
	struct vertex		*vertex;
	size_t			 count, i;

	match = &router->routes[number];
	match->count = 0;
	/* registry_load() has refused what cannot be split. */
	(void)mount_split(path, segments, &count);
	vertex = router->root;
	for (i = 0; i < count; i++) {
		if (segments[i].parameter)
			match->names[match->count++] = arena_copy(
			    router->arena, segments[i].at, segments[i].len);
		vertex = vertex_child(router->arena, vertex, &segments[i]);
	}
	endpoint = arena_alloc(router->arena, sizeof(*endpoint));
	endpoint->route = number;
	endpoint->rehearsal = rehearsal;
	endpoint->next = vertex->endpoints;
	vertex->endpoints = endpoint;
}

static int
topic_of(const struct router *router, const struct loaded *loaded,
    const char *topic)
{
	if (topic == NULL)
		return (-1);
	return (router_topic_number(router, arena_format(router->arena,
	    "%s/%s", loaded->plugin->name, topic)));
}

static void
route_add(struct router *router, const struct mounted *at,
    unsigned int index)
{
	const struct route	*route;
	struct router_match	*match;
	size_t			 number;

	route = at->route;
	number = router->route_count++;
	match = &router->routes[number];
	match->loaded = at->loaded;
	match->mount = at->mount;
	match->route = route;
	match->index = index;
	if (route->run != NULL)
		match->run = registry_statement(at->loaded, route->run);
	if (route->then != NULL)
		match->then = registry_statement(at->loaded, route->then);
	match->cache_topic = topic_of(router, at->loaded, route->cache);
	match->changes_topic = topic_of(router, at->loaded, route->changes);
	tree_add(router, number, mount_path(router->arena, at), false);
	if (at->mount != NULL && at->mount->rehearsal != NULL)
		tree_add(router, number, arena_format(router->arena, "%s%s",
		    at->mount->rehearsal, route->path), true);
}

struct router *
router_new(const struct registry *registry, enum router_side side)
{
	struct mounted	 at = { NULL, NULL, NULL };
	struct router	*router;
	struct arena	*arena;
	unsigned int	 index;

	arena = arena_new(0);
	router = arena_alloc(arena, sizeof(*router));
	router->arena = arena;
	router->registry = registry;
	router->root = arena_alloc(arena, sizeof(*router->root));
	router->routes = arena_alloc(arena, (mount_count(registry) + 1) *
	    sizeof(*router->routes));
	router->topics = mount_topics(arena, registry, &router->topic_count);
	for (index = 0; mount_next(registry, &at); index++) {
		if (mount_side(at.route) == side ||
		    (at.mount != NULL && at.mount->both))
			route_add(router, &at, index);
	}
	vertex_sort(arena, router->root);
	return (router);
}

void
router_free(struct router *router)
{
	if (router != NULL)
		arena_free(router->arena);
}
