/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * YAML into nodes, from libyaml's events. What makes YAML hard to foresee
 * is refused: anchors, aliases, tags, merge keys, several documents.
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include <stadtkern/node.h>

#include "core/document/pointer.h"
#include "core/document/yaml_text.h"

#define LIMIT(value)	LIMIT_TEXT(value)
#define LIMIT_TEXT(value)	#value

struct reader {
	struct arena	*arena;
	struct findings	*findings;
	const char	*file;
	yaml_parser_t	 parser;
	unsigned int	 depth;
	bool		 failed;	/* something was found */
	bool		 stopped;	/* nothing more can be read */
};

static unsigned int
mark_line(const yaml_mark_t *mark)
{
	return ((unsigned int)mark->line + 1);
}

static unsigned int
mark_column(const yaml_mark_t *mark)
{
	return ((unsigned int)mark->column + 1);
}

/* Pointers of findings that are only counted are not made. */
static const char *
reader_pointer(const struct reader *reader, const struct place *place)
{
	if (reader->findings->count >= FINDINGS_MAX)
		return ("");
	return (pointer_of(reader->arena, "", place));
}

static void
reader_fail(struct reader *reader, const struct place *place,
    const yaml_mark_t *mark, enum finding_code code, const char *argument)
{
	finding_add(reader->findings, reader_pointer(reader, place),
	    reader->file, mark_line(mark), mark_column(mark), code, argument);
	reader->failed = true;
}

/* libyaml's words: what it was doing, since which line, what went wrong. */
static void
reader_report(struct reader *reader)
{
	const yaml_parser_t	*parser;
	const char		*problem;

	parser = &reader->parser;
	reader->stopped = true;
	if (parser->error == YAML_MEMORY_ERROR)
		abort();
	problem = parser->problem == NULL ? "" : parser->problem;
	if (parser->context != NULL) {
		problem = arena_format(reader->arena,
		    "%s (from line %u on): %s", parser->context,
		    mark_line(&parser->context_mark), problem);
	}
	reader_fail(reader, NULL, &parser->problem_mark, FINDING_SYNTAX,
	    problem);
}

static bool
reader_next(struct reader *reader, yaml_event_t *event)
{
	if (reader->stopped)
		return (false);
	if (yaml_parser_parse(&reader->parser, event) == 0) {
		reader_report(reader);
		return (false);
	}
	return (true);
}

static void
refuse_anchor(struct reader *reader, const struct place *place,
    const yaml_event_t *event, const yaml_char_t *anchor,
    const yaml_char_t *tag)
{
	if (anchor != NULL) {
		reader_fail(reader, place, &event->start_mark,
		    FINDING_SYNTAX, "anchors (&) are not used here");
	}
	if (tag != NULL) {
		reader_fail(reader, place, &event->start_mark,
		    FINDING_SYNTAX, "tags (!) are not used here");
	}
}

static struct node *
node_at(struct reader *reader, enum node_kind kind, const yaml_event_t *event)
{
	struct node	*node;

	node = node_new(reader->arena, kind);
	node->file = reader->file;
	node->line = mark_line(&event->start_mark);
	node->column = mark_column(&event->start_mark);
	return (node);
}

/* The scalar's text, or NULL, and a finding, when it holds a NUL. */
static const char *
scalar_text(struct reader *reader, const yaml_event_t *event,
    const struct place *place)
{
	const char	*value;
	size_t		 len;

	value = (const char *)event->data.scalar.value;
	len = event->data.scalar.length;
	if (memchr(value, '\0', len) != NULL) {
		reader_fail(reader, place, &event->start_mark,
		    FINDING_CONTROL, "U+0000");
		return (NULL);
	}
	return (arena_copy(reader->arena, value, len));
}

static struct node *
node_of_scalar(struct reader *reader, const yaml_event_t *event,
    const struct place *place)
{
	struct node	*node;

	refuse_anchor(reader, place, event, event->data.scalar.anchor,
	    event->data.scalar.tag);
	node = node_at(reader, NODE_TEXT, event);
	if ((node->text = scalar_text(reader, event, place)) == NULL)
		node->text = "";
	if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return (node);
	node->kind = NODE_SCALAR;
	if (*node->text == '\0' || strcmp(node->text, "~") == 0 ||
	    strcmp(node->text, "null") == 0) {
		node->kind = NODE_NULL;
		node->text = NULL;
	}
	return (node);
}

static struct node *node_of(struct reader *reader, yaml_event_t *event,
		    const struct place *place);

/* The key that `event` begins, or NULL when it cannot be used. */
static const char *
member_name(struct reader *reader, yaml_event_t *event,
    const struct place *above)
{
	const char	*name;

	if (event->type != YAML_SCALAR_EVENT) {
		reader_fail(reader, above, &event->start_mark, FINDING_SYNTAX,
		    "a key has to be a plain word");
		(void)node_of(reader, event, above);
		return (NULL);
	}
	refuse_anchor(reader, above, event, event->data.scalar.anchor,
	    event->data.scalar.tag);
	name = scalar_text(reader, event, above);
	if (name != NULL && strcmp(name, "<<") == 0) {
		reader_fail(reader, above, &event->start_mark, FINDING_SYNTAX,
		    "merge keys (<<) are not used here");
	}
	return (name);
}

/* A key and its value; NULL when one of them was refused. */
static struct node *
node_of_member(struct reader *reader, yaml_event_t *key,
    const struct place *above)
{
	struct place	 place = { .above = above };
	struct node	*value;
	yaml_event_t	 event;
	yaml_mark_t	 mark;

	mark = key->start_mark;
	place.name = member_name(reader, key, above);
	if (!reader_next(reader, &event))
		return (NULL);
	value = node_of(reader, &event, place.name == NULL ? above : &place);
	yaml_event_delete(&event);
	if (value == NULL || place.name == NULL)
		return (NULL);
	value->name = place.name;
	value->name_line = mark_line(&mark);
	value->name_column = mark_column(&mark);
	return (value);
}

/* Orders by name, and equal names by their place. */
static int
member_compare(const void *a, const void *b)
{
	const struct node	*left, *right;
	int			 order;

	left = *(const struct node *const *)a;
	right = *(const struct node *const *)b;
	if ((order = strcmp(left->name, right->name)) != 0)
		return (order);
	if (left->name_line != right->name_line)
		return (left->name_line < right->name_line ? -1 : 1);
	return (left->name_column < right->name_column ? -1 :
	    left->name_column > right->name_column);
}

static void
report_duplicates(struct reader *reader, const struct node *map,
    const struct place *above)
{
	struct place		  place = { .above = above };
	const struct node	**members, *child, *first;
	char			  line[16];
	size_t			  i;

	if (map->count < 2)
		return;
	if ((members = calloc(map->count, sizeof(*members))) == NULL)
		abort();
	i = 0;
	for (child = map->first; child != NULL; child = child->next)
		members[i++] = child;
	qsort(members, map->count, sizeof(*members), member_compare);
	first = members[0];
	for (i = 1; i < map->count; i++) {
		if (strcmp(members[i]->name, first->name) != 0) {
			first = members[i];
			continue;
		}
		place.name = first->name;
		(void)snprintf(line, sizeof(line), "%u", first->name_line);
		finding_add(reader->findings, reader_pointer(reader, &place),
		    reader->file, members[i]->name_line,
		    members[i]->name_column, FINDING_DUPLICATE, line);
		reader->failed = true;
	}
	free(members);
}

static void
node_of_map(struct reader *reader, struct node *map,
    const struct place *place)
{
	struct node	**at, *child;
	yaml_event_t	  event;

	at = &map->first;
	while (reader_next(reader, &event)) {
		if (event.type == YAML_MAPPING_END_EVENT) {
			yaml_event_delete(&event);
			break;
		}
		child = node_of_member(reader, &event, place);
		yaml_event_delete(&event);
		if (child == NULL)
			continue;
		*at = child;
		at = &child->next;
		map->count++;
	}
	report_duplicates(reader, map, place);
}

static void
node_of_list(struct reader *reader, struct node *list,
    const struct place *above)
{
	struct place	  place = { .above = above };
	struct node	**at, *child;
	yaml_event_t	  event;

	at = &list->first;
	for (; reader_next(reader, &event); place.index++) {
		if (event.type == YAML_SEQUENCE_END_EVENT) {
			yaml_event_delete(&event);
			break;
		}
		child = node_of(reader, &event, &place);
		yaml_event_delete(&event);
		if (child == NULL)
			continue;
		*at = child;
		at = &child->next;
		list->count++;
	}
}

static struct node *
node_of_compound(struct reader *reader, const yaml_event_t *event,
    const struct place *place)
{
	struct node	*node;

	if (reader->depth == NODE_DEPTH_MAX) {
		reader_fail(reader, place, &event->start_mark,
		    FINDING_DEPTH, LIMIT(NODE_DEPTH_MAX));
		reader->stopped = true;
		return (NULL);
	}
	reader->depth++;
	if (event->type == YAML_MAPPING_START_EVENT) {
		refuse_anchor(reader, place, event,
		    event->data.mapping_start.anchor,
		    event->data.mapping_start.tag);
		node = node_at(reader, NODE_MAP, event);
		node_of_map(reader, node, place);
	} else {
		refuse_anchor(reader, place, event,
		    event->data.sequence_start.anchor,
		    event->data.sequence_start.tag);
		node = node_at(reader, NODE_LIST, event);
		node_of_list(reader, node, place);
	}
	reader->depth--;
	return (node);
}

/* The node that begins with `event`; NULL after an alias or a stop. */
static struct node *
node_of(struct reader *reader, yaml_event_t *event, const struct place *place)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return (node_of_scalar(reader, event, place));
	case YAML_MAPPING_START_EVENT:
	case YAML_SEQUENCE_START_EVENT:
		return (node_of_compound(reader, event, place));
	default:
		reader_fail(reader, place, &event->start_mark,
		    FINDING_SYNTAX, "aliases (*) are not used here");
		return (NULL);
	}
}

static void
read_stream(struct reader *reader, struct node **node)
{
	yaml_event_t	 event;
	bool		 ended;

	for (ended = false; !ended && reader_next(reader, &event);
	    yaml_event_delete(&event)) {
		switch (event.type) {
		case YAML_STREAM_END_EVENT:
			ended = true;
			break;
		case YAML_DOCUMENT_START_EVENT:
			if (*node == NULL)
				break;
			reader_fail(reader, NULL, &event.start_mark,
			    FINDING_SYNTAX, "a second document begins");
			ended = true;
			break;
		case YAML_STREAM_START_EVENT:
		case YAML_DOCUMENT_END_EVENT:
			break;
		default:
			*node = node_of(reader, &event, NULL);
			break;
		}
	}
}

enum status
node_from_yaml(struct arena *arena, const char *file, const char *bytes,
    size_t len, struct node **node, struct findings *findings)
{
	struct reader	 reader;

	*node = NULL;
	if (!yaml_text_check(file, bytes, len, findings))
		return (STATUS_INVALID);
	(void)memset(&reader, 0, sizeof(reader));
	reader.arena = arena;
	reader.findings = findings;
	reader.file = file;
	if (yaml_parser_initialize(&reader.parser) == 0)
		abort();
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader.parser,
	    (const unsigned char *)bytes, len);
	read_stream(&reader, node);
	yaml_parser_delete(&reader.parser);
	if (reader.failed) {
		*node = NULL;
		return (STATUS_INVALID);
	}
	if (*node == NULL) {
		*node = node_new(arena, NODE_NULL);
		(*node)->file = file;
		(*node)->line = (*node)->column = 1;
	}
	return (STATUS_OK);
}
