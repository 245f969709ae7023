/* SPDX-License-Identifier: EUPL-1.2 */
/* Where declared routes are served, and the topics they name. */

#include <string.h>

#include "core/plugin/mount.h"

#define LITERALS	"abcdefghijklmnopqrstuvwxyz0123456789-._~"
#define NAMES		"abcdefghijklmnopqrstuvwxyz0123456789_"

const char *
method_text(enum method method)
{
	switch (method) {
	case GET:
		return ("GET");
	case POST:
		return ("POST");
	case PUT:
		return ("PUT");
	case PATCH:
		return ("PATCH");
	case DELETE:
		return ("DELETE");
	case METHOD_END:
		break;
	}
	return ("");
}

enum router_side
mount_side(const struct route *route)
{
	return (route->access.kind == ACCESS_OFFICE ||
	    route->access.kind == ACCESS_SIGN_IN ? ROUTER_OFFICE :
	    ROUTER_PUBLIC);
}

static bool
table_next(const struct registry *registry, struct mounted *at)
{
	const struct mount	*mount;

	mount = at->mount == NULL ? at->loaded->plugin->mounts :
	    at->mount + 1;
	if (mount != NULL && mount->path != NULL) {
		at->mount = mount;
		at->route = mount->routes;
		return (true);
	}
	if (++at->loaded == registry->plugins + registry->count)
		return (false);
	at->mount = NULL;
	at->route = at->loaded->plugin->routes;
	return (true);
}

bool
mount_next(const struct registry *registry, struct mounted *at)
{
	if (at->loaded != NULL)
		at->route++;
	else if (registry->count == 0)
		return (false);
	else {
		at->loaded = &registry->plugins[0];
		at->route = at->loaded->plugin->routes;
	}
	while (at->route == NULL || at->route->method == METHOD_END) {
		if (!table_next(registry, at))
			return (false);
	}
	return (true);
}

const char *
mount_path(struct arena *arena, const struct mounted *at)
{
	const char	*name;

	if (at->mount != NULL)
		return (arena_format(arena, "%s%s", at->mount->path,
		    at->route->path));
	name = at->loaded->plugin->name;
	return (arena_format(arena, "%s/api/v1%s%s%s",
	    mount_side(at->route) == ROUTER_OFFICE ? "/office" : "",
	    *name == '\0' ? "" : "/", name, at->route->path));
}

bool
mount_list_has(const char *list, const char *word, size_t len)
{
	size_t	each;

	for (; list != NULL && *list != '\0'; list += each) {
		list += strspn(list, ", ");
		each = strcspn(list, ", ");
		if (each == len && memcmp(list, word, len) == 0)
			return (true);
	}
	return (false);
}

static enum status
segment_read(const char *at, size_t len, struct segment *segment)
{
	segment->at = at;
	segment->len = len;
	segment->parameter = len > 2 && *at == '{' && at[len - 1] == '}';
	if (!segment->parameter) {
		if (len == 0 || strspn(at, LITERALS) < len ||
		    strspn(at, ".") >= len)
			return (STATUS_INVALID);
		return (STATUS_OK);
	}
	segment->at++;
	segment->len -= 2;
	return (segment->len < MOUNT_NAME_MAX &&
	    strspn(segment->at, NAMES) >= segment->len ? STATUS_OK :
	    STATUS_INVALID);
}

static bool
is_repeated(const struct segment *segments, size_t count)
{
	const struct segment	*last;
	size_t			 i;

	last = &segments[count - 1];
	for (i = 0; i + 1 < count; i++) {
		if (last->parameter && segments[i].parameter &&
		    segments[i].len == last->len &&
		    memcmp(segments[i].at, last->at, last->len) == 0)
			return (true);
	}
	return (false);
}

enum status
mount_split(const char *path, struct segment *segments, size_t *count)
{
	size_t	len, parameters;

	*count = parameters = 0;
	if (path == NULL || *path != '/')
		return (STATUS_INVALID);
	while (*path == '/') {
		if (*count == ROUTER_SEGMENTS_MAX)
			return (STATUS_LIMIT);
		len = strcspn(++path, "/");
		if (segment_read(path, len, &segments[*count]) != STATUS_OK)
			return (STATUS_INVALID);
		if (segments[*count].parameter &&
		    ++parameters > ROUTER_PARAMETERS_MAX)
			return (STATUS_LIMIT);
		if (is_repeated(segments, ++*count))
			return (STATUS_INVALID);
		path += len;
	}
	return (STATUS_OK);
}

size_t
mount_count(const struct registry *registry)
{
	struct mounted	at = { NULL, NULL, NULL };
	size_t		count;

	for (count = 0; mount_next(registry, &at); count++)
		continue;
	return (count);
}

struct topics {
	struct arena	*arena;
	const char	**names;
	size_t		  count;
};

static void
topic_add(struct topics *topics, const struct loaded *loaded,
    const char *topic)
{
	const char	*name;
	size_t		 i;

	if (topic == NULL)
		return;
	name = arena_format(topics->arena, "%s/%s", loaded->plugin->name,
	    topic);
	for (i = 0; i < topics->count; i++) {
		if (strcmp(topics->names[i], name) == 0)
			return;
	}
	topics->names[topics->count++] = name;
}

static size_t
schedules_count(const struct registry *registry)
{
	const struct schedule	*schedule;
	size_t			 i, count;

	count = 0;
	for (i = 0; i < registry->count; i++) {
		schedule = registry->plugins[i].plugin->schedules;
		for (; schedule != NULL &&
		    schedule->kind != SCHEDULE_KIND_END; schedule++)
			count++;
	}
	return (count);
}

const char **
mount_topics(struct arena *arena, const struct registry *registry,
    size_t *count)
{
	struct topics		 topics = { .arena = arena };
	struct mounted		 at = { NULL, NULL, NULL };
	const struct loaded	*loaded;
	const struct schedule	*schedule;
	size_t			 i;

	topics.names = arena_alloc(arena, (2 * mount_count(registry) +
	    schedules_count(registry) + 1) * sizeof(*topics.names));
	while (mount_next(registry, &at)) {
		topic_add(&topics, at.loaded, at.route->cache);
		topic_add(&topics, at.loaded, at.route->changes);
	}
	for (i = 0; i < registry->count; i++) {
		loaded = &registry->plugins[i];
		schedule = loaded->plugin->schedules;
		for (; schedule != NULL &&
		    schedule->kind != SCHEDULE_KIND_END; schedule++)
			topic_add(&topics, loaded, schedule->changes);
	}
	*count = topics.count;
	return (topics.names);
}
