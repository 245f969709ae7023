/* SPDX-License-Identifier: EUPL-1.2 */
/* Small steps on nodes that tenants, themes and settings share. */

#include "core/document/node_util.h"

struct node *
node_share(struct arena *arena, const struct node *node)
{
	struct node	*copy;

	copy = arena_copy(arena, node, sizeof(*node));
	copy->next = NULL;
	return (copy);
}

struct node *
node_copy(struct arena *arena, const struct node *node)
{
	struct node		*copy, **tail;
	const struct node	*child;

	if (node == NULL)
		return (NULL);
	copy = node_share(arena, node);
	copy->name = arena_text(arena, node->name);
	copy->text = arena_text(arena, node->text);
	if (copy->kind == NODE_TEXT && copy->file == NULL)
		copy->kind = NODE_SCALAR;
	tail = &copy->first;
	for (child = node->first; child != NULL; child = child->next) {
		*tail = node_copy(arena, child);
		tail = &(*tail)->next;
	}
	return (copy);
}

struct node *
node_text_new(struct arena *arena, const char *text)
{
	struct node	*node;

	node = node_new(arena, NODE_TEXT);
	node->text = arena_text(arena, text);
	return (node);
}

struct node *
node_number_new(struct arena *arena, double number)
{
	struct node	*node;

	node = node_new(arena, NODE_NUMBER);
	node->number = number;
	return (node);
}

const char *
node_text(const struct node *node)
{
	if (node == NULL ||
	    (node->kind != NODE_TEXT && node->kind != NODE_SCALAR))
		return (NULL);
	return (node->text);
}

void
node_finding(struct findings *findings, const struct node *node,
    const char *pointer, enum finding_code code, const char *argument)
{
	finding_add(findings, pointer, node == NULL ? NULL : node->file,
	    node == NULL ? 0 : node->line, node == NULL ? 0 : node->column,
	    code, argument);
}
