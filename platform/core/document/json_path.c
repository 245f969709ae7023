/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * jansson says at which byte it stopped, a caller wants to know at which
 * member. This walks the text up to there.
 */

#include <jansson.h>
#include <stdbool.h>

#include <stadtkern/node.h>

#include "core/document/json_path.h"
#include "core/document/pointer.h"

struct level {
	bool		 object;
	size_t		 index;		/* in a list */
	const char	*name;		/* the member's, with its quotes */
	size_t		 name_len;	/* 0: none yet */
};

struct path {
	struct level	 levels[NODE_DEPTH_MAX];
	size_t		 depth;		/* may be more than there are levels */
};

static struct level *
path_top(struct path *path)
{
	if (path->depth == 0 || path->depth > NODE_DEPTH_MAX)
		return (NULL);
	return (&path->levels[path->depth - 1]);
}

/* Behind the string that begins at `at`. */
static const char *
string_skip(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++) {
		if (*at == '\\' && at + 1 < end)
			at++;
	}
	return (at < end ? at + 1 : end);
}

static void
path_step(struct path *path, char c)
{
	struct level	*top;

	switch (c) {
	case '{':
	case '[':
		path->depth++;
		if ((top = path_top(path)) != NULL) {
			top->object = c == '{';
			top->index = 0;
			top->name_len = 0;
		}
		break;
	case '}':
	case ']':
		if (path->depth != 0)
			path->depth--;
		break;
	case ',':
		if ((top = path_top(path)) != NULL) {
			top->index++;
			top->name_len = 0;
		}
		break;
	}
}

static const char *
path_text(const struct path *path, struct arena *arena)
{
	const struct level	*level;
	const char		*pointer;
	json_t			*name;
	size_t			 i;

	pointer = "";
	for (i = 0; i < path->depth && i < NODE_DEPTH_MAX; i++) {
		level = &path->levels[i];
		if (!level->object) {
			pointer = pointer_item(arena, pointer, level->index);
			continue;
		}
		if (level->name_len == 0)
			break;
		name = json_loadb(level->name, level->name_len,
		    JSON_DECODE_ANY, NULL);
		if (!json_is_string(name)) {
			json_decref(name);
			break;
		}
		pointer = pointer_member(arena, pointer,
		    json_string_value(name));
		json_decref(name);
	}
	return (pointer);
}

const char *
json_path(struct arena *arena, const char *bytes, size_t len)
{
	struct path	 path;
	struct level	*top;
	const char	*at, *end, *next;

	path.depth = 0;
	end = bytes + len;
	for (at = bytes; at < end; at = next) {
		next = at + 1;
		if (*at != '"') {
			path_step(&path, *at);
			continue;
		}
		next = string_skip(at, end);
		top = path_top(&path);
		if (top != NULL && top->object && top->name_len == 0) {
			top->name = at;
			top->name_len = (size_t)(next - at);
		}
	}
	return (path_text(&path, arena));
}
