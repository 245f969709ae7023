/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * application/x-www-form-urlencoded (URL Standard, 5.1) into nodes: queries
 * and forms.
 */

#include <stdbool.h>
#include <string.h>

#include <stadtkern/node.h>

#include "core/document/percent.h"
#include "core/document/pointer.h"
#include "core/document/utf8.h"

#define LIMIT(value)	LIMIT_TEXT(value)
#define LIMIT_TEXT(value)	#value

struct form {
	struct arena	*arena;
	struct findings	*findings;
	struct node	*map;
	struct node	*last;
	size_t		 count;
	bool		 failed;
};

static void
form_fail(struct form *form, const char *pointer, enum finding_code code,
    const char *argument)
{
	finding_add(form->findings, pointer, NULL, 0, 0, code, argument);
	form->failed = true;
}

/* Undoes "+" and %-escapes; NULL, and a finding, when that fails. */
static const char *
form_decode(struct form *form, const char *from, size_t len,
    const char *pointer)
{
	char	*text, *to;
	size_t	 i;
	int	 byte;

	to = text = arena_alloc(form->arena, len + 1);
	for (i = 0; i < len; i++) {
		if (from[i] != '%') {
			*to++ = from[i] == '+' ? ' ' : from[i];
			continue;
		}
		if ((byte = percent_read(from + i, len - i)) == -1) {
			form_fail(form, pointer, FINDING_SYNTAX,
			    "a broken %-escape");
			return (NULL);
		}
		*to++ = (char)byte;
		i += PERCENT_LEN - 1;
	}
	*to = '\0';
	if (utf8_count(text, (size_t)(to - text)) == UTF8_INVALID) {
		form_fail(form, pointer, FINDING_ENCODING, NULL);
		return (NULL);
	}
	if (memchr(text, '\0', (size_t)(to - text)) != NULL) {
		form_fail(form, pointer, FINDING_CONTROL, "U+0000");
		return (NULL);
	}
	return (text);
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

	first = node_new(form->arena, NODE_SCALAR);
	first->text = node->text;
	node->kind = NODE_LIST;
	node->text = NULL;
	node_append(form->arena, node, NULL, first);
}

static void
form_add(struct form *form, const char *name, const char *text)
{
	struct node	*before, *value;

	value = node_new(form->arena, NODE_SCALAR);
	value->text = text;
	if ((before = form_find(form, name)) != NULL) {
		if (before->kind == NODE_SCALAR)
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

static void
form_parameter(struct form *form, const char *from, size_t len)
{
	const char	*equals, *name, *text;
	size_t		 name_len;

	equals = memchr(from, '=', len);
	name_len = equals == NULL ? len : (size_t)(equals - from);
	name = form_decode(form, from, name_len, "");
	if (name == NULL || equals == NULL)
		return;
	text = form_decode(form, equals + 1, len - name_len - 1,
	    pointer_member(form->arena, "", name));
	if (text != NULL && *text != '\0')
		form_add(form, name, text);
}

enum status
node_from_form(struct arena *arena, const char *bytes, size_t len,
    struct node **node, struct findings *findings)
{
	struct form	 form;
	const char	*and, *at, *end;

	(void)memset(&form, 0, sizeof(form));
	form.arena = arena;
	form.findings = findings;
	form.map = node_new(arena, NODE_MAP);
	*node = NULL;
	end = bytes + len;
	for (at = bytes; at < end; at = and + 1) {
		and = memchr(at, '&', (size_t)(end - at));
		if (and == NULL)
			and = end;
		if (and == at)
			continue;
		if (form.count++ == NODE_FORM_MAX) {
			form_fail(&form, "", FINDING_TOO_MANY,
			    LIMIT(NODE_FORM_MAX));
			break;
		}
		form_parameter(&form, at, (size_t)(and - at));
	}
	if (form.failed)
		return (STATUS_INVALID);
	*node = form.map;
	return (STATUS_OK);
}
