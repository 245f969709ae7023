/* SPDX-License-Identifier: EUPL-1.2 */
/* Where declared routes are served, and the topics they name. */
#ifndef CORE_MOUNT_H
#define CORE_MOUNT_H

#include "core/plugin/registry.h"
#include "core/plugin/router.h"

#define MOUNT_NAME_MAX	32	/* bytes of a parameter's name */

/* What the office's side knows a session by (RFC 6265bis, 4.1.3.2). */
#define SESSION_COOKIE	"__Host-stadtkern"

/* A segment of a declared path; `at` is not NUL-terminated. */
struct segment {
	const char	*at;
	size_t		 len;
	bool		 parameter;	/* then `at` is the name without braces */
};

/* "GET"; static storage. */
const char	*method_text(enum method method);

enum router_side mount_side(const struct route *route);

/* One of the routes of a plugin: its own, or of one of its mounts. */
struct mounted {
	const struct loaded	*loaded;
	const struct mount	*mount;		/* NULL: the plugin's own */
	const struct route	*route;
};

/*
 * Steps through all routes of all plugins, both sides, in order of declaration:
 * start with a zeroed `at`; false after the last. Rehearsals are not counted
 * twice.
 */
bool		 mount_next(const struct registry *registry,
		    struct mounted *at);

/* "/api/v1/<plugin>/things/{id}", "/open311/v2/requests/{id}": without the
 * suffix of .formats. */
const char	*mount_path(struct arena *arena, const struct mounted *at);

/* Whether a comma-separated list has this word; NULL has none. */
bool		 mount_list_has(const char *list, const char *word,
		    size_t len);

/*
 * Splits a declared path, STATUS_INVALID where it is not of the form
 * "/literal/{name}". STATUS_LIMIT: more than ROUTER_SEGMENTS_MAX segments
 * or ROUTER_PARAMETERS_MAX parameters.
 */
enum status	 mount_split(const char *path, struct segment *segments,
		    size_t *count);

/* Routes of all plugins and both sides. */
size_t		 mount_count(const struct registry *registry);

/*
 * "<plugin>/<topic>" of all routes and schedules, each once, in order of
 * declaration: the same on both sides.
 */
const char	**mount_topics(struct arena *arena,
		    const struct registry *registry, size_t *count);

#endif
