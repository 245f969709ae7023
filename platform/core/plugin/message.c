/* SPDX-License-Identifier: EUPL-1.2 */
/* Texts by language; which language a caller gets is in language.c. */

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "core/plugin/message.h"
#include "core/plugin/texts.h"

#define FILL_MAX	65536u

static const struct texts *
texts_find(const struct messages *messages, const char *language)
{
	const struct texts	*texts;

	for (texts = messages->first; texts != NULL; texts = texts->next) {
		if (strcmp(texts->language, language) == 0)
			return (texts);
	}
	return (NULL);
}

static int
text_compare(const void *a, const void *b)
{
	const struct text	*x = a, *y = b;

	return (strcmp(x->key, y->key));
}

static const struct text *
text_find(const struct texts *texts, const char *key)
{
	const struct text	want = { .key = key };

	if (texts == NULL || texts->count == 0)
		return (NULL);
	return (bsearch(&want, texts->items, texts->count, sizeof(want),
	    text_compare));
}

static size_t
leaves(const struct node *map)
{
	const struct node	*child;
	size_t			 count;

	count = 0;
	for (child = map->first; child != NULL; child = child->next)
		count += child->kind == NODE_MAP ? leaves(child) : 1;
	return (count);
}

static void
flatten(struct arena *arena, const struct node *map, const char *prefix,
    struct texts *texts, struct findings *findings)
{
	const struct node	*child;
	const char		*key;

	for (child = map->first; child != NULL; child = child->next) {
		/* What the citizens' app says is the app's; its build reads
		   it, with plural forms that differ by language. */
		if (*prefix == '\0' && strcmp(child->name, "app") == 0)
			continue;
		key = *prefix == '\0' ? child->name :
		    arena_format(arena, "%s.%s", prefix, child->name);
		if (child->kind == NODE_MAP) {
			flatten(arena, child, key, texts, findings);
		} else if (child->kind == NODE_TEXT ||
		    child->kind == NODE_SCALAR) {
			texts->items[texts->count].key = key;
			texts->items[texts->count].text = child->text;
			texts->items[texts->count].node = child;
			texts->count++;
		} else {
			finding_add(findings, arena_format(arena, "/%s", key),
			    child->file, child->line, child->column,
			    FINDING_TYPE, "text");
		}
	}
}

/* "a.b" may be written nested and joined, so that YAML sees no duplicate. */
static void
duplicates(struct arena *arena, const struct texts *texts,
    struct findings *findings)
{
	const struct text	*item;
	size_t			 i;

	for (i = 1; i < texts->count; i++) {
		item = &texts->items[i];
		if (strcmp(item->key, texts->items[i - 1].key) == 0)
			finding_add(findings, arena_format(arena, "/%s",
			    item->key), item->node->file, item->node->line,
			    item->node->column, FINDING_DUPLICATE, NULL);
	}
}

static void
texts_read(struct arena *arena, struct messages *messages, const char *dir,
    const char *language, struct findings *findings)
{
	struct texts	*texts;
	struct node	*node;
	const char	*path;

	path = arena_format(arena, "%s/%s.yaml", dir, language);
	if (node_from_yaml_file(arena, path, &node, findings) != STATUS_OK)
		return;
	if (node->kind != NODE_MAP) {
		finding_add(findings, "", path, node->line, node->column,
		    FINDING_TYPE, "map");
		return;
	}
	texts = arena_alloc(arena, sizeof(*texts));
	texts->language = arena_text(arena, language);
	texts->items = arena_alloc(arena, (leaves(node) + 1) *
	    sizeof(*texts->items));
	flatten(arena, node, "", texts, findings);
	qsort(texts->items, texts->count, sizeof(*texts->items), text_compare);
	duplicates(arena, texts, findings);
	texts->next = messages->first;
	messages->first = texts;
}

/* de.yaml, en.yaml, nds.yaml: ISO 639 codes. */
static int
is_language_file(const struct dirent *entry)
{
	size_t	len;

	len = strspn(entry->d_name, "abcdefghijklmnopqrstuvwxyz");
	return ((len == 2 || len == 3) &&
	    strcmp(entry->d_name + len, ".yaml") == 0);
}

static void
texts_unknown(struct arena *arena, const struct messages *messages,
    struct findings *findings)
{
	const struct texts	*german, *texts;
	size_t			 i;

	german = texts_find(messages, "de");
	for (texts = messages->first; texts != NULL && german != NULL;
	    texts = texts->next) {
		for (i = 0; i < texts->count; i++) {
			if (text_find(german, texts->items[i].key) != NULL)
				continue;
			finding_add(findings, arena_format(arena, "/%s",
			    texts->items[i].key), texts->items[i].node->file,
			    texts->items[i].node->line,
			    texts->items[i].node->column, FINDING_REFERENCE,
			    "de.yaml has no such text");
		}
	}
}

enum status
messages_read(struct arena *arena, const char *dir,
    struct messages **messages, struct findings *findings)
{
	struct dirent	**entries;
	size_t		  before;
	bool		  german;
	int		  i, count;

	before = findings->count;
	*messages = arena_alloc(arena, sizeof(**messages));
	german = false;
	entries = NULL;
	/* Backwards, as each language goes to the front of the list. */
	count = scandir(dir, &entries, is_language_file, alphasort);
	for (i = count - 1; i >= 0; i--) {
		*strchr(entries[i]->d_name, '.') = '\0';
		german = german || strcmp(entries[i]->d_name, "de") == 0;
		texts_read(arena, *messages, dir, entries[i]->d_name, findings);
		free(entries[i]);
	}
	free(entries);
	if (!german)
		texts_read(arena, *messages, dir, "de", findings);
	texts_unknown(arena, *messages, findings);
	return (findings->count == before ? STATUS_OK : STATUS_INVALID);
}

const char *
message_get(const struct messages *messages, const char *language,
    const char *key)
{
	const struct text	*text;

	text = text_find(texts_find(messages, language), key);
	if (text == NULL)
		text = text_find(texts_find(messages, "de"), key);
	return (text == NULL ? NULL : text->text);
}

bool
messages_have(const struct messages *messages, const char *language)
{
	return (texts_find(messages, language) != NULL);
}

void
messages_missing(const struct messages *messages, const char *language,
    struct findings *findings)
{
	const struct texts	*german, *texts;
	const struct node	*node;
	size_t			 i;

	german = texts_find(messages, "de");
	texts = texts_find(messages, language);
	for (i = 0; german != NULL && i < german->count; i++) {
		if (text_find(texts, german->items[i].key) != NULL)
			continue;
		node = german->items[i].node;
		finding_add(findings, arena_format(findings->arena, "/%s",
		    german->items[i].key), node->file, node->line,
		    node->column, FINDING_REQUIRED,
		    arena_format(findings->arena, "%s.yaml", language));
	}
}

static const char *
argument_text(struct arena *arena, const struct node *node)
{
	if (node == NULL)
		return (NULL);
	switch (node->kind) {
	case NODE_TEXT:
	case NODE_SCALAR:
		return (node->text);
	case NODE_INT:
		return (arena_format(arena, "%lld", (long long)node->integer));
	case NODE_NUMBER:
		return (arena_format(arena, "%.15g", node->number));
	default:
		return (NULL);
	}
}

char *
message_fill(struct arena *arena, const char *text,
    const struct node *arguments)
{
	struct buf	 buf;
	const char	*close, *value;
	char		*filled;

	buf_init(&buf, arena, FILL_MAX);
	while (*text != '\0') {
		value = NULL;
		close = *text == '{' ? strchr(text, '}') : NULL;
		if (close != NULL)
			value = argument_text(arena, node_get(arguments,
			    arena_copy(arena, text + 1,
			    (size_t)(close - text) - 1)));
		if (value != NULL) {
			buf_text(&buf, value);
			text = close + 1;
		} else
			buf_char(&buf, *text++);
	}
	filled = buf_finish(&buf, NULL);
	return (filled == NULL ? arena_text(arena, "") : filled);
}
