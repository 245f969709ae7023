/* SPDX-License-Identifier: EUPL-1.2 */
/* Path and method to route. The tree is made by router_tree.c. */

#include <stdio.h>
#include <string.h>

#include "core/document/percent.h"
#include "core/document/utf8.h"
#include "core/plugin/router_tree.h"

/* The platform's own routes need no mask. */
#define PLATFORM_BIT	((uint64_t)1)

struct walk {
	const struct router	*router;
	uint64_t		 plugins;
	const char		*format;	/* the suffix taken off, or NULL */
	const char		**segments;
	size_t			 count;
	const char		*values[ROUTER_PARAMETERS_MAX];
};

static bool
is_on(const struct walk *walk, const struct endpoint *endpoint)
{
	const struct router_match	*match;
	const char			*formats;

	match = &walk->router->routes[endpoint->route];
	if ((walk->plugins >> match->loaded->index & 1) == 0)
		return (false);
	formats = match->route->formats;
	return (walk->format == NULL ? formats == NULL :
	    mount_list_has(formats, walk->format, strlen(walk->format)));
}

static bool
has_any(const struct walk *walk, const struct vertex *vertex)
{
	const struct endpoint	*endpoint;

	for (endpoint = vertex->endpoints; endpoint != NULL;
	    endpoint = endpoint->next) {
		if (is_on(walk, endpoint))
			return (true);
	}
	return (false);
}

/* What no segment may be, whichever way it was written. */
static bool
segment_fits(const char *text, size_t len)
{
	if (len == 0 || (len == 1 && text[0] == '.') ||
	    (len == 2 && text[0] == '.' && text[1] == '.'))
		return (false);
	return (utf8_count(text, len) != UTF8_INVALID);
}

/* Decodes `len` bytes in place; the segment becomes shorter or stays. */
static bool
segment_decode(char *text, size_t *len)
{
	size_t	from, to;
	int	byte;

	for (from = to = 0; from < *len; to++) {
		if (text[from] != '%') {
			text[to] = text[from++];
			continue;
		}
		byte = percent_read(text + from, *len - from);
		if (byte == -1 || byte == '\0' || byte == '/')
			return (false);
		text[to] = (char)byte;
		from += PERCENT_LEN;
	}
	*len = to;
	text[to] = '\0';
	return (segment_fits(text, to));
}

/* The decoded segments of a path, each NUL-terminated; 0: matches nothing. */
static size_t
path_split(struct arena *arena, const char *path, const char **segments)
{
	size_t	 count, len;
	char	*at, *end;

	if (*path != '/')
		return (0);
	at = arena_text(arena, path + 1);
	for (count = 0; at != NULL; at = end) {
		if (count == ROUTER_SEGMENTS_MAX)
			return (0);
		if ((end = strchr(at, '/')) != NULL)
			*end++ = '\0';
		len = strlen(at);
		if (!segment_decode(at, &len))
			return (0);
		segments[count++] = at;
	}
	return (count);
}

/*
 * Literals first. Where they lead nowhere, or only to plugins that the
 * tenant has not, a parameter may still fit.
 */
static const struct vertex *
walk_down(struct walk *walk, const struct vertex *vertex, size_t depth,
    size_t parameters)
{
	const struct vertex	*child, *found;

	if (depth == walk->count)
		return (has_any(walk, vertex) ? vertex :
		    NULL);
	child = vertex_literal(vertex, walk->segments[depth]);
	if (child != NULL && (found = walk_down(walk, child, depth + 1,
	    parameters)) != NULL)
		return (found);
	if (vertex->parameter == NULL || parameters == ROUTER_PARAMETERS_MAX)
		return (NULL);
	found = walk_down(walk, vertex->parameter, depth + 1, parameters + 1);
	if (found != NULL)
		walk->values[parameters] = walk->segments[depth];
	return (found);
}

static bool
method_fits(enum method method, const char *name)
{
	return (strcmp(method_text(method), name) == 0 ||
	    (method == GET && strcmp(name, "HEAD") == 0));
}

static void
allow_add(struct router_match *match, const char *method)
{
	size_t	len;

	len = strlen(match->allow);
	(void)snprintf(match->allow + len, sizeof(match->allow) - len,
	    "%s%s", len == 0 ? "" : ", ", method);
}

static void
allow_list(const struct walk *walk, const struct vertex *vertex,
    struct router_match *match)
{
	const struct endpoint	*endpoint;
	const struct route	*route;
	enum method		 method;

	memset(match, 0, sizeof(*match));
	match->cache_topic = match->changes_topic = -1;
	for (method = GET; method <= DELETE; method++) {
		for (endpoint = vertex->endpoints; endpoint != NULL;
		    endpoint = endpoint->next) {
			route = walk->router->routes[endpoint->route].route;
			if (route->method != method ||
			    !is_on(walk, endpoint))
				continue;
			allow_add(match, method_text(method));
			if (method == GET)
				allow_add(match, "HEAD");
			break;
		}
	}
}

/* Takes "json" off a last segment "requests.json"; NULL: there is none. */
static const char *
format_take(struct arena *arena, const char **segments, size_t count)
{
	const char	*segment, *dot;

	segment = segments[count - 1];
	dot = strrchr(segment, '.');
	if (dot == NULL || dot == segment || dot[1] == '\0')
		return (NULL);
	segments[count - 1] = arena_copy(arena, segment,
	    (size_t)(dot - segment));
	return (dot + 1);
}

/* A suffix that is none of a route's formats is a part of its name. */
static const struct vertex *
walk_formats(struct walk *walk, struct arena *arena)
{
	const struct vertex	*vertex;
	const char		*last;

	last = walk->segments[walk->count - 1];
	walk->format = format_take(arena, walk->segments, walk->count);
	if (walk->format != NULL) {
		vertex = walk_down(walk, walk->router->root, 0, 0);
		if (vertex != NULL)
			return (vertex);
		walk->segments[walk->count - 1] = last;
		walk->format = NULL;
	}
	return (walk_down(walk, walk->router->root, 0, 0));
}

static enum router_verdict
match_method(const struct walk *walk, const struct vertex *vertex,
    const char *method, struct router_match *match)
{
	const struct endpoint		*endpoint;
	const struct router_match	*found;
	size_t				 i;

	for (endpoint = vertex->endpoints; endpoint != NULL;
	    endpoint = endpoint->next) {
		found = &walk->router->routes[endpoint->route];
		if (!method_fits(found->route->method, method) ||
		    !is_on(walk, endpoint))
			continue;
		*match = *found;
		match->format = walk->format;
		match->rehearsal = endpoint->rehearsal;
		for (i = 0; i < match->count; i++)
			match->values[i] = walk->values[i];
		return (ROUTER_FOUND);
	}
	allow_list(walk, vertex, match);
	return (ROUTER_NOT_ALLOWED);
}

static bool
is_below(const char *path, const char *mount)
{
	size_t	len;

	len = mount == NULL ? 0 : strlen(mount);
	return (len != 0 && strncmp(path, mount, len) == 0 &&
	    path[len] == '/');
}

/* What a mount would have been asked for, so that it can refuse. */
static void
match_mount(const struct router *router, uint64_t plugins, const char *path,
    struct arena *arena, struct router_match *match)
{
	struct mounted	 at = { NULL, NULL, NULL };
	const char	*dot;
	size_t		 longest;

	longest = 0;
	dot = strrchr(path, '.');
	while (mount_next(router->registry, &at)) {
		if (at.mount == NULL ||
		    (plugins >> at.loaded->index & 1) == 0 ||
		    strlen(at.mount->path) < longest ||
		    (!is_below(path, at.mount->path) &&
		    !is_below(path, at.mount->rehearsal)))
			continue;
		if (at.mount != match->mount)
			match->format = NULL;
		match->loaded = at.loaded;
		match->mount = at.mount;
		longest = strlen(at.mount->path);
		if (dot != NULL && mount_list_has(at.route->formats, dot + 1,
		    strlen(dot + 1)))
			match->format = arena_text(arena, dot + 1);
	}
}

enum router_verdict
router_match(const struct router *router, uint64_t plugins,
    const char *method, const char *path, struct arena *arena,
    struct router_match *match)
{
	const char		*segments[ROUTER_SEGMENTS_MAX];
	struct walk		 walk = { .router = router,
				    .plugins = plugins | PLATFORM_BIT,
				    .segments = segments };
	const struct vertex	*vertex;
	enum router_verdict	 verdict;

	vertex = NULL;
	verdict = ROUTER_NOT_FOUND;
	memset(match, 0, sizeof(*match));
	match->cache_topic = match->changes_topic = -1;
	if ((walk.count = path_split(arena, path, segments)) != 0)
		vertex = walk_formats(&walk, arena);
	if (vertex != NULL)
		verdict = match_method(&walk, vertex, method, match);
	if (verdict != ROUTER_FOUND)
		match_mount(router, walk.plugins, path, arena, match);
	return (verdict);
}

const char *
router_topic(const struct router *router, int number)
{
	if (number < 0 || (size_t)number >= router->topic_count)
		return (NULL);
	return (router->topics[number]);
}

int
router_topic_number(const struct router *router, const char *topic)
{
	size_t	i;

	for (i = 0; i < router->topic_count; i++) {
		if (strcmp(router->topics[i], topic) == 0)
			return ((int)i);
	}
	return (-1);
}

const struct router_match *
router_route(const struct router *router, size_t number)
{
	return (number < router->route_count ? &router->routes[number] : NULL);
}
