/* SPDX-License-Identifier: EUPL-1.2 */
/* The tree that JSON, YAML and forms are read into. */

#include <string.h>

#include <stadtkern/node.h>

struct node *
node_new(struct arena *arena, enum node_kind kind)
{
	struct node	*node;

	node = arena_alloc(arena, sizeof(*node));
	node->kind = kind;
	return (node);
}

const struct node *
node_get(const struct node *map, const char *name)
{
	const struct node	*child;

	if (map == NULL || map->kind != NODE_MAP)
		return (NULL);
	for (child = map->first; child != NULL; child = child->next) {
		if (strcmp(child->name, name) == 0)
			return (child);
	}
	return (NULL);
}

void
node_append(struct arena *arena, struct node *parent, const char *name,
    struct node *child)
{
	struct node	**at;

	child->name = arena_text(arena, name);
	for (at = &parent->first; *at != NULL; at = &(*at)->next)
		continue;
	*at = child;
	parent->count++;
}

static void
node_children_to_json(struct json *json, const struct node *node)
{
	const struct node	*child;

	for (child = node->first; child != NULL; child = child->next)
		node_to_json(json, child->name, child);
	json_close(json);
}

void
node_to_json(struct json *json, const char *name, const struct node *node)
{
	switch (node->kind) {
	case NODE_NULL:
	case NODE_BYTES:
		json_null_value(json, name);
		break;
	case NODE_BOOL:
		json_bool(json, name, node->boolean);
		break;
	case NODE_INT:
		json_int(json, name, node->integer);
		break;
	case NODE_NUMBER:
		json_number(json, name, node->number);
		break;
	case NODE_TEXT:
	case NODE_SCALAR:
		json_text(json, name, node->text);
		break;
	case NODE_LIST:
		json_open_array(json, name);
		node_children_to_json(json, node);
		break;
	case NODE_MAP:
		json_open_object(json, name);
		node_children_to_json(json, node);
		break;
	}
}
