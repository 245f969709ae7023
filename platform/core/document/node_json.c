/* SPDX-License-Identifier: EUPL-1.2 */
/* JSON into nodes, through jansson. */

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#include <stadtkern/node.h>

#include "core/document/json_path.h"
#include "core/document/pointer.h"

struct reader {
	struct arena	*arena;
	struct findings	*findings;
	bool		 too_deep;
	unsigned int	 depth;
};

#define LIMIT(value)	LIMIT_TEXT(value)
#define LIMIT_TEXT(value)	#value

static const char	 depth_text[] = LIMIT(NODE_DEPTH_MAX);

static bool
text_begins(const char *text, const char *with)
{
	return (strncmp(text, with, strlen(with)) == 0);
}

/* jansson quotes what it stopped at; a person's words stay out of answers. */
static const char *
error_text(struct arena *arena, const json_error_t *error)
{
	const char	*near;

	if ((near = strstr(error->text, " near ")) == NULL)
		return (arena_text(arena, error->text));
	return (arena_copy(arena, error->text, (size_t)(near - error->text)));
}

static enum finding_code
error_overflow(const json_error_t *error, const char **argument)
{
	if (text_begins(error->text, "too big negative integer")) {
		*argument = "-9223372036854775808";
		return (FINDING_TOO_SMALL);
	}
	*argument = text_begins(error->text, "too big integer") ?
	    "9223372036854775807" : "1.7976931348623157e+308";
	return (FINDING_TOO_LARGE);
}

static enum finding_code
error_code(struct arena *arena, const json_error_t *error,
    const char **argument)
{
	*argument = "";
	switch (json_error_code(error)) {
	case json_error_duplicate_key:
		return (FINDING_DUPLICATE);
	case json_error_invalid_utf8:
		return (FINDING_ENCODING);
	case json_error_null_character:
	case json_error_null_byte_in_key:
		*argument = "U+0000";
		return (FINDING_CONTROL);
	case json_error_numeric_overflow:
		return (error_overflow(error, argument));
	case json_error_stack_overflow:
		*argument = depth_text;
		return (FINDING_DEPTH);
	case json_error_premature_end_of_input:
		*argument = "it ends too early";
		return (FINDING_SYNTAX);
	case json_error_end_of_input_expected:
		*argument = "something follows after its end";
		return (FINDING_SYNTAX);
	default:
		break;
	}
	if (text_begins(error->text, "control character"))
		return (FINDING_CONTROL);
	*argument = error_text(arena, error);
	return (FINDING_SYNTAX);
}

static void
error_report(const struct reader *reader, const char *bytes, size_t len,
    const json_error_t *error)
{
	enum finding_code	 code;
	const char		*argument, *pointer;
	size_t			 at;

	code = error_code(reader->arena, error, &argument);
	at = error->position < 0 ? 0 : (size_t)error->position;
	if (at > len)
		at = len;
	pointer = json_path(reader->arena, bytes, at);
	finding_add(reader->findings, pointer, NULL,
	    error->line < 1 ? 1 : (unsigned int)error->line,
	    error->column < 1 ? 1 : (unsigned int)error->column, code,
	    argument);
}

static struct node *node_of(struct reader *reader, json_t *value,
		    const struct place *place);

static void
node_of_object(struct reader *reader, struct node *map, json_t *object,
    const struct place *above)
{
	struct place	 place = { .above = above };
	struct node	**at;
	json_t		*value;

	at = &map->first;
	json_object_foreach(object, place.name, value) {
		*at = node_of(reader, value, &place);
		(*at)->name = arena_text(reader->arena, place.name);
		at = &(*at)->next;
		map->count++;
	}
}

static void
node_of_array(struct reader *reader, struct node *list, json_t *array,
    const struct place *above)
{
	struct place	 place = { .above = above };
	struct node	**at;
	json_t		*value;

	at = &list->first;
	json_array_foreach(array, place.index, value) {
		*at = node_of(reader, value, &place);
		at = &(*at)->next;
		list->count++;
	}
}

static struct node *
node_of_compound(struct reader *reader, json_t *value,
    const struct place *place)
{
	struct node	*node;

	node = node_new(reader->arena,
	    json_is_object(value) ? NODE_MAP : NODE_LIST);
	if (reader->depth == NODE_DEPTH_MAX) {
		/* The outermost one is enough. */
		if (!reader->too_deep) {
			finding_add(reader->findings,
			    pointer_of(reader->arena, "", place), NULL, 0, 0,
			    FINDING_DEPTH, depth_text);
		}
		reader->too_deep = true;
		return (node);
	}
	reader->depth++;
	if (node->kind == NODE_MAP)
		node_of_object(reader, node, value, place);
	else
		node_of_array(reader, node, value, place);
	reader->depth--;
	return (node);
}

static struct node *
node_of(struct reader *reader, json_t *value, const struct place *place)
{
	struct node	*node;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		return (node_of_compound(reader, value, place));
	case JSON_STRING:
		node = node_new(reader->arena, NODE_TEXT);
		node->text = arena_copy(reader->arena,
		    json_string_value(value), json_string_length(value));
		return (node);
	case JSON_INTEGER:
		node = node_new(reader->arena, NODE_INT);
		node->integer = json_integer_value(value);
		node->number = (double)node->integer;
		return (node);
	case JSON_REAL:
		node = node_new(reader->arena, NODE_NUMBER);
		node->number = json_real_value(value);
		return (node);
	case JSON_TRUE:
	case JSON_FALSE:
		node = node_new(reader->arena, NODE_BOOL);
		node->boolean = json_is_true(value);
		return (node);
	case JSON_NULL:
		break;
	}
	return (node_new(reader->arena, NODE_NULL));
}

enum status
node_from_json(struct arena *arena, const char *bytes, size_t len,
    struct node **node, struct findings *findings)
{
	struct reader	 reader;
	json_error_t	 error;
	json_t		*value;

	*node = NULL;
	(void)memset(&reader, 0, sizeof(reader));
	reader.arena = arena;
	reader.findings = findings;
	value = json_loadb(bytes, len,
	    JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (value == NULL) {
		error_report(&reader, bytes, len, &error);
		return (STATUS_INVALID);
	}
	/* jansson overlooks a NUL behind a number. */
	if (memchr(bytes, '\0', len) != NULL) {
		json_decref(value);
		finding_add(findings, "", NULL, 0, 0, FINDING_CONTROL,
		    "U+0000");
		return (STATUS_INVALID);
	}
	*node = node_of(&reader, value, NULL);
	json_decref(value);
	if (reader.too_deep) {
		*node = NULL;
		return (STATUS_INVALID);
	}
	return (STATUS_OK);
}
