/* SPDX-License-Identifier: EUPL-1.2 */
/* Where in a JSON text a value stands. */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/document/json_position.h"

struct walk {
	const char	*at;
	const char	*end;
};

static void
walk_space(struct walk *walk)
{
	while (walk->at < walk->end && strchr(" \t\r\n,:", *walk->at) != NULL)
		walk->at++;
}

static void
walk_string(struct walk *walk)
{
	for (walk->at++; walk->at < walk->end && *walk->at != '"'; walk->at++)
		if (*walk->at == '\\' && walk->at + 1 < walk->end)
			walk->at++;
	if (walk->at < walk->end)
		walk->at++;
}

/* Over one value, however deep: brackets are counted, not recursed into. */
static void
walk_value(struct walk *walk)
{
	unsigned int	 depth;

	depth = 0;
	for (;;) {
		walk_space(walk);
		if (walk->at == walk->end)
			return;
		if (*walk->at == '"') {
			walk_string(walk);
		} else if (*walk->at == '{' || *walk->at == '[') {
			depth++;
			walk->at++;
		} else if (*walk->at == '}' || *walk->at == ']') {
			if (depth > 0)
				depth--;
			walk->at++;
		} else {
			walk->at++;
			while (walk->at < walk->end &&
			    strchr(" \t\r\n,:]}", *walk->at) == NULL)
				walk->at++;
		}
		if (depth == 0)
			return;
	}
}

/* One reference token against a key as written: ~1 is /, ~0 is ~. */
static bool
token_is(const char *token, size_t token_len, const char *key, size_t key_len)
{
	size_t	 i, k;
	char	 c;

	for (i = k = 0; i < token_len; i++, k++) {
		c = token[i];
		if (c == '~' && i + 1 < token_len)
			c = token[++i] == '1' ? '/' : '~';
		if (k >= key_len || key[k] != c)
			return (false);
	}
	return (k == key_len);
}

/* To the named member or the numbered item of the value at hand. */
static bool
walk_into(struct walk *walk, const char *token, size_t token_len)
{
	const char	*key;
	unsigned long	 index;
	char		 open;

	walk_space(walk);
	if (walk->at == walk->end)
		return (false);
	open = *walk->at;
	if (open != '{' && open != '[')
		return (false);
	walk->at++;
	index = strtoul(token, NULL, 10);
	for (;;) {
		walk_space(walk);
		if (walk->at == walk->end || *walk->at == '}' ||
		    *walk->at == ']')
			return (false);
		if (open == '[') {
			if (index-- == 0)
				return (true);
		} else {
			key = walk->at + 1;
			walk_string(walk);
			if (token_is(token, token_len, key,
			    (size_t)(walk->at - key - 1))) {
				walk_space(walk);
				return (true);
			}
		}
		walk_value(walk);
	}
}

void
json_position(const char *bytes, size_t len, const char *pointer,
    unsigned int *line, unsigned int *column)
{
	struct walk	 walk = { bytes, bytes + len };
	const char	*p, *found;
	size_t		 token_len;

	walk_space(&walk);
	found = walk.at;
	while (*pointer == '/') {
		pointer++;
		token_len = strcspn(pointer, "/");
		if (!walk_into(&walk, pointer, token_len))
			break;
		found = walk.at;
		pointer += token_len;
	}
	*line = 1;
	*column = 1;
	for (p = bytes; p < found; p++) {
		if (*p == '\n') {
			(*line)++;
			*column = 1;
		} else if (((unsigned char)*p & 0xc0) != 0x80) {
			(*column)++;
		}
	}
}
