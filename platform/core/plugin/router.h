/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Path and method → route. One trie of path segments for all plugins, built
 * once; which plugins a tenant has is a mask that is looked at on the way.
 */
#ifndef CORE_ROUTER_H
#define CORE_ROUTER_H

#include "core/plugin/registry.h"

#define ROUTER_PARAMETERS_MAX	4
#define ROUTER_SEGMENTS_MAX	12

enum router_side { ROUTER_PUBLIC, ROUTER_OFFICE };

enum router_verdict { ROUTER_FOUND, ROUTER_NOT_FOUND, ROUTER_NOT_ALLOWED };

struct router;

struct router_match {
	const struct loaded	*loaded;
	const struct route	*route;
	const struct statement	*run;		/* NULL: answered by hooks */
	const struct statement	*then;
	unsigned int		 index;		/* of the route, among all */
	int			 cache_topic;	/* number, -1: none */
	int			 changes_topic;
	size_t			 count;
	const char		*names[ROUTER_PARAMETERS_MAX];
	const char		*values[ROUTER_PARAMETERS_MAX];	/* decoded */
	/*
	 * Where the path lies below a mount, also when nothing was found
	 * there: its owner is then .loaded.
	 */
	const struct mount	*mount;
	bool			 rehearsal;	/* below mount->rehearsal */
	const char		*format;	/* "json"; NULL: no suffix */
	char			 allow[48];	/* for NOT_ALLOWED: Allow header */
};

struct router	*router_new(const struct registry *registry,
		    enum router_side side);
void		 router_free(struct router *router);

/*
 * `path` is the raw request path without query. Segments are
 * percent-decoded (RFC 3986, 2.1); empty segments, "." and "..", a broken
 * escape, an encoded '/' or NUL, or invalid UTF-8 match nothing. HEAD matches
 * GET. A route with .formats matches when the last segment ends in '.' and one
 * of them, which is no part of a parameter's value then.
 */
enum router_verdict router_match(const struct router *router,
		    uint64_t plugins, const char *method, const char *path,
		    struct arena *arena, struct router_match *match);

/* "<plugin>/<topic>" by number, NULL beyond the last; and back, -1: none. */
const char	*router_topic(const struct router *router, int number);
int		 router_topic_number(const struct router *router,
		    const char *topic);

/* The routes of this side, in order of declaration: 0, 1, … until NULL. */
const struct router_match *router_route(const struct router *router,
		    size_t number);

#endif
