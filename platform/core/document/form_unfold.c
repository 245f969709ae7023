/* SPDX-License-Identifier: EUPL-1.2 */
/* Names with brackets into nested maps and lists. */

#include <string.h>

#include "core/document/node_util.h"
#include "core/document/pointer.h"

/* "name", "name[]", "name[key]" or "name[key][]", taken apart. */
struct folded {
	const char	*name;
	const char	*key;		/* NULL: none */
	bool		 list;
};

/*
 * A name occurs once in a form's map. So whoever finds somebody at his own
 * place, other than the map that he goes into, came by another spelling.
 */
struct unfolding {
	struct arena	*arena;
	struct findings	*findings;
	bool		 failed;
};

static const char	 brackets[] = "[]";

static bool
text_ends_list(const char *text, size_t len)
{
	return (len > 2 && memcmp(text + len - 2, brackets, 2) == 0);
}

static struct folded
folded_read(struct arena *arena, const char *text)
{
	struct folded	 folded = { .name = text };
	size_t		 key, len, name;

	len = strlen(text);
	name = strcspn(text, brackets);
	if (name == 0 || name == len)
		return (folded);
	if ((folded.list = text_ends_list(text, len)))
		len -= 2;
	if (name == len) {
		folded.name = arena_copy(arena, text, name);
		return (folded);
	}
	key = strcspn(text + name + 1, brackets);
	if (text[name] != '[' || key == 0 || name + key + 2 != len ||
	    text[len - 1] != ']')
		return ((struct folded){ .name = text });
	folded.name = arena_copy(arena, text, name);
	folded.key = arena_copy(arena, text + name + 1, key);
	return (folded);
}

static struct node *
child_find(const struct node *map, const char *name)
{
	struct node	*child;

	for (child = map->first; child != NULL; child = child->next) {
		if (strcmp(child->name, name) == 0)
			return (child);
	}
	return (NULL);
}

static void
unfold_conflict(struct unfolding *unfolding, const char *pointer,
    const char *spelling)
{
	finding_add(unfolding->findings, pointer, NULL, 0, 0,
	    FINDING_CONFLICT, spelling);
	unfolding->failed = true;
}

static void
unfold_put(struct unfolding *unfolding, struct node *map, const char *pointer,
    const char *name, const struct node *child, const struct folded *folded)
{
	struct node	*list, *value;

	if (child_find(map, name) != NULL) {
		unfold_conflict(unfolding, pointer_member(unfolding->arena,
		    pointer, name), child->name);
		return;
	}
	value = node_share(unfolding->arena, child);
	if (folded->list && value->kind != NODE_LIST) {
		list = node_new(unfolding->arena, NODE_LIST);
		node_append(unfolding->arena, list, NULL, value);
		value = list;
	}
	node_append(unfolding->arena, map, name, value);
}

static void
unfold_child(struct unfolding *unfolding, struct node *map,
    const struct node *child)
{
	struct folded	 folded;
	struct node	*inner;
	const char	*pointer;

	folded = folded_read(unfolding->arena, child->name);
	if (folded.key == NULL) {
		unfold_put(unfolding, map, "", folded.name, child, &folded);
		return;
	}
	pointer = pointer_member(unfolding->arena, "", folded.name);
	if ((inner = child_find(map, folded.name)) == NULL) {
		inner = node_new(unfolding->arena, NODE_MAP);
		node_append(unfolding->arena, map, folded.name, inner);
	} else if (inner->kind != NODE_MAP) {
		unfold_conflict(unfolding, pointer, child->name);
		return;
	}
	unfold_put(unfolding, inner, pointer, folded.key, child, &folded);
}

enum status
node_unfold(struct arena *arena, const struct node *form, struct node **node,
    struct findings *findings)
{
	struct unfolding	 unfolding = { arena, findings, false };
	const struct node	*child;
	struct node		*map;

	map = node_new(arena, NODE_MAP);
	for (child = form->first; child != NULL; child = child->next)
		unfold_child(&unfolding, map, child);
	*node = unfolding.failed ? NULL : map;
	return (unfolding.failed ? STATUS_INVALID : STATUS_OK);
}
