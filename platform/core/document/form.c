/* SPDX-License-Identifier: EUPL-1.2 */
/* The map that queries and forms are read into. */

#include <string.h>

#include "core/document/form.h"
#include "core/document/node_util.h"
#include "core/document/utf8.h"

void
form_init(struct form *form, struct arena *arena, struct findings *findings)
{
	(void)memset(form, 0, sizeof(*form));
	form->arena = arena;
	form->findings = findings;
	form->map = node_new(arena, NODE_MAP);
}

void
form_fail(struct form *form, const char *pointer, enum finding_code code,
    const char *argument)
{
	finding_add(form->findings, pointer, NULL, 0, 0, code, argument);
	form->failed = true;
}

bool
form_count(struct form *form)
{
	if (form->count++ < NODE_FORM_MAX)
		return (true);
	form_fail(form, "", FINDING_TOO_MANY, LIMIT(NODE_FORM_MAX));
	return (false);
}

bool
form_text_fits(struct form *form, const char *pointer, const char *text,
    size_t len)
{
	if (utf8_count(text, len) == UTF8_INVALID) {
		form_fail(form, pointer, FINDING_ENCODING, NULL);
		return (false);
	}
	if (memchr(text, '\0', len) != NULL) {
		form_fail(form, pointer, FINDING_CONTROL, "U+0000");
		return (false);
	}
	return (true);
}

static struct node *
form_find(const struct form *form, const char *name)
{
	struct node	*child;

	for (child = form->map->first; child != NULL; child = child->next) {
		if (strcmp(child->name, name) == 0)
			return (child);
	}
	return (NULL);
}

/* Turns what is there into the list that it is the first item of. */
static void
form_make_list(struct form *form, struct node *node)
{
	struct node	*first;

	first = node_share(form->arena, node);
	node->kind = NODE_LIST;
	node->text = NULL;
	node->bytes = (struct bytes){ NULL, 0 };
	node_append(form->arena, node, NULL, first);
}

void
form_add(struct form *form, const char *name, struct node *value)
{
	struct node	*before;

	if ((before = form_find(form, name)) != NULL) {
		if (before->kind != NODE_LIST)
			form_make_list(form, before);
		node_append(form->arena, before, NULL, value);
		return;
	}
	value->name = name;
	if (form->last == NULL)
		form->map->first = value;
	else
		form->last->next = value;
	form->last = value;
	form->map->count++;
}

enum status
form_finish(const struct form *form, struct node **node)
{
	*node = form->failed ? NULL : form->map;
	return (form->failed ? STATUS_INVALID : STATUS_OK);
}
