/* SPDX-License-Identifier: EUPL-1.2 */
/* Finding the ends of features. */

#include <stdbool.h>
#include <string.h>

#include "core/tenant/features.h"

#define MEMBER	"\"features\""

static void
step(struct features *f, size_t len)
{
	for (; len > 0 && f->at < f->end; len--, f->at++) {
		if (*f->at == '\n') {
			f->line++;
			f->column = 1;
		} else
			f->column++;
	}
}

static void
blanks(struct features *f)
{
	while (f->at < f->end && *f->at != '\0' &&
	    strchr(" \t\r\n", *f->at) != NULL)
		step(f, 1);
}

static bool
is_at(const struct features *f, char c)
{
	return (f->at < f->end && *f->at == c);
}

/* Over a string, an object, a list or a plain value. */
static bool
pass(struct features *f)
{
	size_t	depth;
	bool	string;

	depth = 0;
	string = false;
	while (f->at < f->end) {
		if (string && *f->at == '\\')
			step(f, 1);
		else if (*f->at == '"')
			string = !string;
		else if (!string && strchr("{[", *f->at) != NULL &&
		    *f->at != '\0')
			depth++;
		else if (!string && strchr("}]", *f->at) != NULL &&
		    *f->at != '\0') {
			if (depth == 0)
				return (true);
			depth--;
		} else if (!string && depth == 0 && *f->at == ',')
			return (true);
		step(f, 1);
	}
	return (false);
}

/* To the first feature: past the members before. */
static bool
enter(struct features *f)
{
	bool	its;

	blanks(f);
	if (!is_at(f, '{'))
		return (false);
	do {
		step(f, 1);
		blanks(f);
		its = (size_t)(f->end - f->at) > strlen(MEMBER) &&
		    memcmp(f->at, MEMBER, strlen(MEMBER)) == 0;
		if (its) {
			step(f, strlen(MEMBER));
			blanks(f);
			if (!is_at(f, ':'))
				return (false);
			step(f, 1);
			blanks(f);
			return (is_at(f, '['));
		}
		if (!is_at(f, '"') || !pass(f))
			return (false);
	} while (is_at(f, ','));
	return (false);
}

void
features_begin(struct features *f, const char *bytes, size_t len)
{
	memset(f, 0, sizeof(*f));
	f->at = bytes;
	f->end = bytes + len;
	f->line = f->column = 1;
}

enum status
features_next(struct features *f, struct feature *feature)
{
	if (f->count == 0) {
		if (!enter(f))
			return (STATUS_INVALID);
	} else if (is_at(f, ']'))
		return (STATUS_NOT_FOUND);
	step(f, 1);		/* the bracket, or the comma */
	blanks(f);
	if (f->count == 0 && is_at(f, ']'))
		return (STATUS_NOT_FOUND);
	feature->at = f->at;
	feature->index = f->count;
	feature->line = f->line;
	feature->column = f->column;
	if (!is_at(f, '{') || !pass(f) || (!is_at(f, ',') && !is_at(f, ']')))
		return (STATUS_INVALID);
	feature->len = (size_t)(f->at - feature->at);
	f->count++;
	return (STATUS_OK);
}
