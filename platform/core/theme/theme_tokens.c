/* SPDX-License-Identifier: EUPL-1.2 */
/* From what themes write to each token's value in each mode. */

#include <assert.h>
#include <string.h>

#include "core/document/node_util.h"
#include "core/theme/theme_tokens.h"

#define DERIVED_LEAST	7.0	/* WCAG 2.2, 1.4.6: enhanced contrast */
#define PALETTE_STEPS	16	/* a primitive that refers to another, … */

enum progress { PROGRESS_NEW, PROGRESS_BUSY, PROGRESS_DONE, PROGRESS_FAILED };

struct resolver {
	const struct theme_chain *chain;
	struct arena		*arena;
	struct theme_value	(*values)[TOKEN_MODES];
	enum progress		(*progress)[TOKEN_MODES];
};

/* Where a value is written, and what layer it is of. */
struct written {
	const struct node	*node;
	size_t			 level;
	enum token_layer	 layer;
	enum token_type		 type;
	enum token_mode		 mode;
	const char		*pointer;
	unsigned int		 steps;
};

static bool	token_resolve(struct resolver *, size_t, enum token_mode);

/* One value stands for two modes; what is wrong with it is told once. */
static void
value_finding(const struct resolver *resolver, const struct written *written,
    enum finding_code code, const char *argument)
{
	const struct finding	*finding;
	const struct node	*node = written->node;

	for (finding = resolver->chain->findings->first; finding != NULL;
	    finding = finding->next)
		if (node != NULL && node->file != NULL &&
		    finding->file != NULL && finding->line == node->line &&
		    finding->column == node->column &&
		    strcmp(finding->file, node->file) == 0)
			return;
	node_finding(resolver->chain->findings, node, written->pointer, code,
	    argument);
}

/* "green.700" in one level's palette. */
static const struct node *
palette_find(const struct node *palette, const char *path)
{
	const struct node	*node;
	char			 name[64];
	size_t			 len;

	for (node = palette; node != NULL && *path != '\0';
	    path += len + (path[len] == '.')) {
		len = strcspn(path, ".");
		if (len >= sizeof(name))
			return (NULL);
		memcpy(name, path, len);
		name[len] = '\0';
		node = node_get(node, name);
	}
	return (node);
}

/* Splits "{semantic.primary}"; NULL: no reference. `*layer` LAYERS: bad. */
static const char *
reference_read(struct arena *arena, const char *text, enum token_layer *layer)
{
	const char	*word;
	size_t		 len, i;

	len = strlen(text);
	if (len < 2 || text[0] != '{')
		return (NULL);
	*layer = TOKEN_LAYERS;
	if (text[len - 1] != '}')
		return (text);
	for (i = 0; i < TOKEN_LAYERS; i++) {
		word = token_layer_text((enum token_layer)i);
		if (strncmp(text + 1, word, strlen(word)) != 0 ||
		    text[1 + strlen(word)] != '.')
			continue;
		*layer = (enum token_layer)i;
		text += strlen(word) + 2;
		return (arena_copy(arena, text, strlen(text) - 1));
	}
	return (text);
}

static bool	value_resolve(struct resolver *, const struct written *,
		    struct theme_value *);

static bool
primitive_resolve(struct resolver *resolver, const struct written *from,
    const char *path, struct theme_value *value)
{
	struct written		 next = *from;
	const struct node	*node;
	size_t			 i;

	if (from->steps == PALETTE_STEPS) {
		value_finding(resolver, from, FINDING_CONFLICT,
		    "the reference leads back to itself");
		return (false);
	}
	for (i = 0; i < resolver->chain->count; i++) {
		node = palette_find(resolver->chain->levels[i].file.primitive,
		    path);
		if (node_text(node) == NULL)
			continue;
		next.node = node;
		next.level = i;
		next.layer = TOKEN_PRIMITIVE;
		next.pointer = arena_format(resolver->arena, "/primitive/%s",
		    path);
		next.steps++;
		return (value_resolve(resolver, &next, value));
	}
	value_finding(resolver, from, FINDING_REFERENCE,
	    arena_format(resolver->arena, "no theme has primitive.%s", path));
	return (false);
}

static bool
token_reference(struct resolver *resolver, const struct written *from,
    enum token_layer layer, const char *name, struct theme_value *value)
{
	const char	*near;
	size_t		 index;

	index = token_find(layer, name);
	if (index == tokens_count) {
		near = token_near(layer, name);
		value_finding(resolver, from, FINDING_REFERENCE,
		    arena_format(resolver->arena, "there is no %s.%s%s%s",
		    token_layer_text(layer), name, near == NULL ? "" :
		    ", perhaps this is meant: ", near == NULL ? "" : near));
		return (false);
	}
	if (tokens[index].type != from->type) {
		value_finding(resolver, from, FINDING_TYPE,
		    token_says(from->type));
		return (false);
	}
	if (resolver->progress[index][from->mode] == PROGRESS_BUSY) {
		value_finding(resolver, from, FINDING_CONFLICT,
		    "the reference leads back to itself");
		return (false);
	}
	if (!token_resolve(resolver, index, from->mode))
		return (false);
	value->text = resolver->values[index][from->mode].text;
	value->colour = resolver->values[index][from->mode].colour;
	if (value->node == NULL) {
		value->node = resolver->values[index][from->mode].node;
		value->level = resolver->values[index][from->mode].level;
	}
	return (true);
}

static bool
value_resolve(struct resolver *resolver, const struct written *from,
    struct theme_value *value)
{
	enum token_layer	 layer;
	const char		*text, *name;

	text = from->node == NULL ? NULL : node_text(from->node);
	if (text == NULL) {
		value_finding(resolver, from, FINDING_TYPE, "a text");
		return (false);
	}
	if ((name = reference_read(resolver->arena, text, &layer)) == NULL) {
		if (!token_fits(from->type, text)) {
			value_finding(resolver, from, FINDING_FORMAT,
			    arena_format(resolver->arena,
			    "%s, or a token in braces",
			    token_says(from->type)));
			return (false);
		}
		value->text = text;
		return (from->type != TOKEN_COLOUR ||
		    colour_read(text, &value->colour));
	}
	if (layer == TOKEN_LAYERS) {
		value_finding(resolver, from, FINDING_FORMAT,
		    "{primitive.…}, {semantic.…} or {component.…}");
		return (false);
	}
	if (layer > from->layer) {
		value_finding(resolver, from, FINDING_CONFLICT,
		    arena_format(resolver->arena, "a %s token cannot refer to "
		    "the higher layer %s, only the other way",
		    token_layer_text(from->layer), token_layer_text(layer)));
		return (false);
	}
	return (layer == TOKEN_PRIMITIVE ?
	    primitive_resolve(resolver, from, name, value) :
	    token_reference(resolver, from, layer, name, value));
}

/*
 * The nearest theme's value for the mode. One value is for light and dark;
 * for high contrast it ends the search, as it is nearer than what follows.
 */
static const struct node *
token_written(const struct resolver *resolver, const struct token *token,
    enum token_mode mode, size_t *level)
{
	const struct theme_file	*file;
	const struct node	*node, *of_mode;
	size_t			 i;

	for (i = 0; i < resolver->chain->count; i++) {
		file = &resolver->chain->levels[i].file;
		node = node_get(token->layer == TOKEN_SEMANTIC ?
		    file->semantic : file->component, token->name);
		if (node == NULL || node->kind == NODE_NULL)
			continue;
		*level = i;
		of_mode = node;
		if (node->kind == NODE_MAP)
			of_mode = node_get(node, token_mode_text(mode));
		else if (mode == TOKEN_CONTRAST && token->least != 0)
			return (NULL);
		if (of_mode != NULL)
			return (of_mode);
		if (mode == TOKEN_CONTRAST && node_get(node, "light") != NULL)
			return (NULL);
	}
	return (NULL);
}

/* As far from its grounds as high contrast wants it, or as it can. */
static void
contrast_derive(const struct resolver *resolver, const struct token *token,
    struct theme_value *value)
{
	struct colour_demand	 demands[TOKEN_GROUNDS];
	size_t			 count, ground;

	for (count = 0; count < TOKEN_GROUNDS &&
	    token->grounds[count] != NULL; count++) {
		ground = token_find(token->layer, token->grounds[count]);
		demands[count].least = DERIVED_LEAST;
		demands[count].from =
		    resolver->values[ground][TOKEN_CONTRAST].colour;
	}
	(void)colour_nearest(value->colour, demands, count, &value->colour);
	value->text = arena_alloc(resolver->arena, COLOUR_TEXT);
	colour_write(value->colour, (char *)(uintptr_t)value->text);
	value->derived = true;
}

static bool
contrast_resolve(struct resolver *resolver, size_t index)
{
	const struct token	*token = &tokens[index];
	struct theme_value	*value;
	struct written		 written = { .node = NULL };
	size_t			 i, ground;

	written.pointer = arena_format(resolver->arena, "/%s/%s",
	    token_layer_text(token->layer), token->name);
	if (!token_resolve(resolver, index, TOKEN_LIGHT))
		return (false);
	for (i = 0; i < TOKEN_GROUNDS && token->grounds[i] != NULL; i++) {
		ground = token_find(token->layer, token->grounds[i]);
		if (token_resolve(resolver, ground, TOKEN_CONTRAST))
			continue;
		/* Its ground is made from the token itself. */
		written.node = resolver->values[index][TOKEN_LIGHT].node;
		if (resolver->progress[ground][TOKEN_CONTRAST] ==
		    PROGRESS_BUSY)
			value_finding(resolver, &written, FINDING_CONFLICT,
			    "write its value for contrast, or that of "
			    "what it stands on");
		return (false);
	}
	value = &resolver->values[index][TOKEN_CONTRAST];
	*value = resolver->values[index][TOKEN_LIGHT];
	if (token->least != 0)
		contrast_derive(resolver, token, value);
	return (true);
}

static bool
token_find_value(struct resolver *resolver, size_t index,
    enum token_mode mode)
{
	const struct token	*token = &tokens[index];
	struct theme_value	*value = &resolver->values[index][mode];
	struct written		 written = { .layer = token->layer,
				    .type = token->type, .mode = mode };
	struct node		 otherwise = { .kind = NODE_TEXT,
				    .text = token->otherwise };
	bool			 light;

	written.pointer = arena_format(resolver->arena, "/%s/%s",
	    token_layer_text(token->layer), token->name);
	written.node = token_written(resolver, token, mode, &written.level);
	value->node = written.node;
	value->level = written.level;
	if (written.node != NULL)
		return (value_resolve(resolver, &written, value));
	light = mode == TOKEN_CONTRAST && token_written(resolver, token,
	    TOKEN_LIGHT, &written.level) != NULL;
	if (light)
		return (contrast_resolve(resolver, index));
	if (token->otherwise == NULL) {
		written.node = resolver->chain->levels[0].node;
		node_finding(resolver->chain->findings, written.node,
		    written.pointer, FINDING_REQUIRED,
		    token_mode_text(mode));
		return (false);
	}
	written.node = &otherwise;
	value->otherwise = true;
	return (value_resolve(resolver, &written, value));
}

static bool
token_resolve(struct resolver *resolver, size_t index, enum token_mode mode)
{
	enum progress	*progress = &resolver->progress[index][mode];

	if (*progress == PROGRESS_NEW) {
		*progress = PROGRESS_BUSY;
		*progress = token_find_value(resolver, index, mode) ?
		    PROGRESS_DONE : PROGRESS_FAILED;
	}
	return (*progress == PROGRESS_DONE);
}

static void
modes_known_check(const struct resolver *resolver, const struct node *node,
    const char *pointer)
{
	const struct node	*child;
	size_t			 i;

	if (node->kind != NODE_MAP)
		return;
	for (child = node->first; child != NULL; child = child->next) {
		for (i = 0; i < TOKEN_MODES; i++)
			if (strcmp(child->name,
			    token_mode_text((enum token_mode)i)) == 0)
				break;
		if (i == TOKEN_MODES)
			finding_add(resolver->chain->findings,
			    arena_format(resolver->arena, "%s/%s", pointer,
			    child->name), child->file, child->name_line,
			    child->name_column, FINDING_UNKNOWN,
			    "light, dark, contrast");
	}
}

/* Keys of one layer in one file that the table does not have. */
static void
layer_known_check(const struct resolver *resolver, const struct node *map,
    enum token_layer layer)
{
	const struct node	*child;
	const char		*pointer;

	if (map == NULL)
		return;
	if (map->kind != NODE_MAP) {
		node_finding(resolver->chain->findings, map,
		    arena_format(resolver->arena, "/%s",
		    token_layer_text(layer)), FINDING_TYPE, "an object");
		return;
	}
	for (child = map->first; child != NULL; child = child->next) {
		pointer = arena_format(resolver->arena, "/%s/%s",
		    token_layer_text(layer), child->name);
		if (token_find(layer, child->name) == tokens_count)
			finding_add(resolver->chain->findings, pointer,
			    child->file, child->name_line, child->name_column,
			    FINDING_UNKNOWN, token_near(layer, child->name));
		else
			modes_known_check(resolver, child, pointer);
	}
}

/* The palette is looked at whole, whether it is used or not. */
static void
palette_check(struct resolver *resolver, size_t level,
    const struct node *map, const char *pointer, unsigned int depth)
{
	struct written		 written = { .level = level,
				    .layer = TOKEN_PRIMITIVE,
				    .type = TOKEN_COLOUR };
	struct theme_value	 value;
	const struct node	*child;

	if (map == NULL)
		return;
	if (map->kind != NODE_MAP) {
		node_finding(resolver->chain->findings, map, pointer,
		    FINDING_TYPE, "an object");
		return;
	}
	for (child = map->first; child != NULL; child = child->next) {
		written.node = child;
		written.pointer = arena_format(resolver->arena, "%s/%s",
		    pointer, child->name);
		if (child->kind == NODE_MAP && depth > 1)
			palette_check(resolver, level, child, written.pointer,
			    depth - 1);
		else
			(void)value_resolve(resolver, &written, &value);
	}
}

enum status
theme_tokens_read(const struct theme_chain *chain,
    struct theme_tokens *theme_tokens)
{
	struct resolver	 resolver = { .chain = chain,
			    .arena = chain->arena };
	size_t		 before, i, mode;

	before = chain->findings->count;
	resolver.values = arena_alloc(chain->arena,
	    tokens_count * sizeof(*resolver.values));
	resolver.progress = arena_alloc(chain->arena,
	    tokens_count * sizeof(*resolver.progress));
	for (i = 0; i < chain->count; i++) {
		palette_check(&resolver, i, chain->levels[i].file.primitive,
		    "/primitive", 2);
		layer_known_check(&resolver, chain->levels[i].file.semantic,
		    TOKEN_SEMANTIC);
		layer_known_check(&resolver, chain->levels[i].file.component,
		    TOKEN_COMPONENT);
	}
	for (i = 0; i < tokens_count; i++)
		for (mode = 0; mode < TOKEN_MODES; mode++)
			(void)token_resolve(&resolver, i,
			    (enum token_mode)mode);
	theme_tokens->chain = chain;
	theme_tokens->values = resolver.values;
	return (chain->findings->count == before ? STATUS_OK :
	    STATUS_INVALID);
}

const struct theme_value *
theme_tokens_value(const struct theme_tokens *theme_tokens,
    enum token_layer layer, const char *name, enum token_mode mode)
{
	size_t	 index;

	index = token_find(layer, name);
	assert(index < tokens_count);
	return (&theme_tokens->values[index][mode]);
}
