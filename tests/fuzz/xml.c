/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * XML from JSON, against the same made from the tree that jansson reads: both
 * agree on what is JSON, but for duplicates, numbers beyond a double and NUL,
 * which only a tree needs to refuse.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <stadtkern/node.h>
#include <stadtkern/xml.h>

#include "core/document/utf8.h"
#include "core/document/xml_name.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const struct xml_item items[] = {
	{ "x", "a" }, { "a", "b" }, { NULL, NULL }
};

static void
slow_text(struct buf *buf, const char *text)
{
	const char	*end, *from;
	int32_t		 code;

	for (end = text + strlen(text); text < end; ) {
		from = text;
		code = utf8_next(&text, end);
		if (code == '&' || code == '<' || code == '>')
			buf_format(buf, "&%s;", code == '&' ? "amp" :
			    code == '<' ? "lt" : "gt");
		else if (code == '\r')
			buf_text(buf, "&#13;");
		else if ((code >= 0x20 || code == '\t' || code == '\n') &&
		    code != 0xfffe && code != 0xffff)
			buf_add(buf, from, (size_t)(text - from));
	}
}

/* False where it cannot be told: how a number was written. */
static bool
slow_element(struct buf *buf, const char *name, const struct node *node)
{
	const struct node	*child;
	const char		*item;
	size_t			 before;

	item = strcmp(name, "x") == 0 ? "a" : strcmp(name, "a") == 0 ? "b" :
	    "item";
	buf_format(buf, "<%s>", name);
	before = buf->len;
	if (node->kind == NODE_INT || node->kind == NODE_NUMBER)
		return (false);
	if (node->kind == NODE_BOOL)
		buf_text(buf, node->boolean ? "true" : "false");
	if (node->kind == NODE_TEXT)
		slow_text(buf, node->text);
	for (child = node->first; child != NULL; child = child->next) {
		if (!slow_element(buf, node->kind == NODE_LIST ? item :
		    child->name, child))
			return (false);
	}
	if (buf->len == before) {
		buf->len--;
		buf_text(buf, "/>");
	} else
		buf_format(buf, "</%s>", name);
	return (true);
}

/* Whether all members' names are names of XML. */
static bool
has_names(const struct node *node)
{
	const struct node	*child;
	size_t			 len;

	for (child = node->first; child != NULL; child = child->next) {
		len = child->name == NULL ? 0 : strlen(child->name);
		if ((node->kind == NODE_MAP && (len == 0 ||
		    xml_name_len(child->name, child->name + len) != len)) ||
		    !has_names(child))
			return (false);
	}
	return (true);
}

static void
check_written(struct arena *arena, const char *xml, const struct node *node)
{
	struct buf	 buf;

	buf_init(&buf, arena, SIZE_MAX);
	buf_text(&buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	if (slow_element(&buf, "x", node) &&
	    strcmp(buf_finish(&buf, NULL), xml) != 0)
		abort();
}

static void
check_refused(const struct finding *finding)
{
	switch (finding->code) {
	case FINDING_DUPLICATE:
	case FINDING_TOO_SMALL:
	case FINDING_TOO_LARGE:
	case FINDING_CONTROL:
		break;
	default:
		abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct findings	 findings;
	struct arena	*arena;
	struct buf	 buf;
	struct node	*node;
	enum status	 read, written;
	const char	*json;

	arena = arena_new(0);
	findings_init(&findings, arena);
	json = (const char *)data;
	buf_init(&buf, arena, SIZE_MAX);
	written = xml_from_json(&buf, "x", items, json, len);
	read = node_from_json(arena, json, len, &node, &findings);
	if (written == STATUS_OK && read == STATUS_OK)
		check_written(arena, buf_finish(&buf, NULL), node);
	else if (written == STATUS_OK)
		check_refused(findings.first);
	else if (written != STATUS_INVALID || (read == STATUS_OK &&
	    has_names(node) && memmem(json, len, "\\u", 2) == NULL))
		abort();
	/* With less room than it needs, it says so and nothing else. */
	if (written == STATUS_OK) {
		struct buf	 full;

		buf_init(&full, arena, buf.len - 1 - len % buf.len % 16);
		if (xml_from_json(&full, "x", items, json, len) !=
		    STATUS_LIMIT)
			abort();
	}
	arena_free(arena);
	return (0);
}
