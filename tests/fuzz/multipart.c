/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Multipart forms into nodes: the first line is the Content-Type, the rest the
 * body. Files lie in the body, texts are UTF-8, and what was read unfolds.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <stadtkern/node.h>

#include "core/document/utf8.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_value(const struct node *value, const uint8_t *body, size_t len)
{
	switch (value->kind) {
	case NODE_BYTES:
		if (value->bytes.len == 0 || value->bytes.at < body ||
		    value->bytes.at + value->bytes.len > body + len)
			abort();
		break;
	case NODE_SCALAR:
		if (*value->text == '\0' || utf8_count(value->text,
		    strlen(value->text)) == UTF8_INVALID)
			abort();
		break;
	case NODE_LIST:
		if (value->count < 2)
			abort();
		for (value = value->first; value != NULL; value = value->next)
			check_value(value, body, len);
		break;
	default:
		abort();
	}
}

static void
check_form(struct arena *arena, const struct node *form, const uint8_t *body,
    size_t len)
{
	const struct node	*child;
	struct findings		 findings;
	struct json		 json;
	struct node		*node;

	for (child = form->first; child != NULL; child = child->next) {
		if (*child->name == '\0')
			abort();
		check_value(child, body, len);
	}
	findings_init(&findings, arena);
	if (node_unfold(arena, form, &node, &findings) != STATUS_OK) {
		if (findings.count == 0 || node != NULL)
			abort();
		return;
	}
	json_init(&json, arena, SIZE_MAX);
	node_to_json(&json, NULL, node);
	if (findings.count != 0 || json_finish(&json, NULL) == NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct findings	 findings;
	struct arena	*arena;
	struct node	*node;
	const uint8_t	*body;
	const char	*type;
	size_t		 body_len;

	if (len == 0 || (body = memchr(data, '\n', len)) == NULL)
		return (0);
	arena = arena_new(0);
	findings_init(&findings, arena);
	type = arena_copy(arena, data, (size_t)(body - data));
	body++;
	body_len = (size_t)(data + len - body);
	if (node_from_multipart(arena, type, (const char *)body, body_len,
	    &node, &findings) == STATUS_OK) {
		if (findings.count != 0)
			abort();
		check_form(arena, node, body, body_len);
	} else if (findings.first == NULL || node != NULL)
		abort();
	for (; findings.first != NULL; findings.first = findings.first->next)
		(void)finding_line(arena, findings.first);
	arena_free(arena);
	return (0);
}
