/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Heads of a multipart form's parts: RFC 7578, 4.2 to 4.8, in the grammar of
 * RFC 2045, 5.1, and as browsers write them (HTML, 4.10.21.8).
 */

#include <string.h>
#include <strings.h>

#include <stadtkern/node.h>

#include "core/document/multipart_head.h"

struct span {
	const char	*at;
	const char	*end;
};

struct parameter {
	struct span	 name;
	struct span	 value;		/* without the quotes */
	bool		 quoted;
};

enum taken { TAKEN, TAKEN_ALL, TAKEN_BROKEN };

/* The header fields that count, as bits: none may come twice. */
enum { SEEN_DISPOSITION = 1, SEEN_TYPE = 2, SEEN_ENCODING = 4 };

static const char	 head_broken[] = "a part's head is broken";

static size_t
span_len(struct span span)
{
	return ((size_t)(span.end - span.at));
}

static bool
span_is(struct span span, const char *text)
{
	return (span_len(span) == strlen(text) &&
	    strncasecmp(span.at, text, span_len(span)) == 0);
}

static bool
is_blank(char c)
{
	return (c == ' ' || c == '\t');
}

static bool
is_token(char c)
{
	return (c > ' ' && c < 0x7f && strchr("()<>@,;:\\\"/[]?=", c) == NULL);
}

static void
blanks_skip(struct span *from)
{
	while (from->at < from->end && is_blank(*from->at))
		from->at++;
}

static bool
token_take(struct span *from, struct span *token)
{
	token->at = from->at;
	while (from->at < from->end && is_token(*from->at))
		from->at++;
	token->end = from->at;
	return (token->at < token->end);
}

static bool
char_take(struct span *from, char c)
{
	if (from->at == from->end || *from->at != c)
		return (false);
	from->at++;
	return (true);
}

/*
 * A backslash only guards a quote or itself: browsers write those of a path
 * as they are.
 */
static bool
is_guarded(const char *at, const char *end)
{
	return (*at == '\\' && end - at > 1 && (at[1] == '"' || at[1] == '\\'));
}

static bool
quoted_take(struct span *from, struct span *value)
{
	if (!char_take(from, '"'))
		return (false);
	value->at = from->at;
	while (from->at < from->end && *from->at != '"')
		from->at += is_guarded(from->at, from->end) ? 2 : 1;
	value->end = from->at;
	return (char_take(from, '"'));
}

/* Takes "; name=value" off the front. */
static enum taken
parameter_take(struct span *from, struct parameter *parameter)
{
	blanks_skip(from);
	if (from->at == from->end)
		return (TAKEN_ALL);
	if (*from->at != ';')
		return (TAKEN_BROKEN);
	while (from->at < from->end && (*from->at == ';' ||
	    is_blank(*from->at)))
		from->at++;
	if (from->at == from->end)
		return (TAKEN_ALL);
	if (!token_take(from, &parameter->name) || !char_take(from, '='))
		return (TAKEN_BROKEN);
	parameter->quoted = from->at < from->end && *from->at == '"';
	if (parameter->quoted ? !quoted_take(from, &parameter->value) :
	    !token_take(from, &parameter->value))
		return (TAKEN_BROKEN);
	return (TAKEN);
}

/* "type/subtype" */
static bool
media_type_take(struct span *from, struct span *type)
{
	struct span	 part;

	type->at = from->at;
	if (!token_take(from, &part) || !char_take(from, '/') ||
	    !token_take(from, &part))
		return (false);
	type->end = from->at;
	return (true);
}

/* Browsers, and curl, write just these three bytes of a name as escapes. */
static char
escape_read(const char *at, const char *end)
{
	if (end - at < 3)
		return ('\0');
	if (memcmp(at, "%22", 3) == 0)
		return ('"');
	if (strncasecmp(at, "%0d", 3) == 0)
		return ('\r');
	return (strncasecmp(at, "%0a", 3) == 0 ? '\n' : '\0');
}

static const char *
value_text(struct arena *arena, const struct parameter *parameter)
{
	const char	*at, *end;
	char		*text, *to, c;

	at = parameter->value.at;
	end = parameter->value.end;
	if (!parameter->quoted)
		return (arena_copy(arena, at, (size_t)(end - at)));
	to = text = arena_alloc(arena, (size_t)(end - at) + 1);
	while (at < end) {
		if ((c = escape_read(at, end)) != '\0') {
			*to++ = c;
			at += 3;
			continue;
		}
		if (is_guarded(at, end))
			at++;
		*to++ = *at++;
	}
	*to = '\0';
	return (text);
}

/* What the file claims to be called is not kept; filename* is RFC 8187's. */
static const char *
disposition_read(struct arena *arena, struct span value,
    struct multipart_head *head)
{
	struct parameter	 parameter;
	struct span		 token;
	enum taken		 taken;
	bool			 plain, extended, named;

	plain = extended = named = false;
	if (!token_take(&value, &token) || !span_is(token, "form-data"))
		return (head_broken);
	while ((taken = parameter_take(&value, &parameter)) == TAKEN) {
		bool	*seen = span_is(parameter.name, "name") ? &named :
			    span_is(parameter.name, "filename") ? &plain :
			    span_is(parameter.name, "filename*") ? &extended :
			    NULL;

		if (seen == NULL)
			continue;
		if (*seen)
			return (head_broken);
		*seen = true;
		if (seen == &named && span_len(parameter.value) != 0)
			head->name = value_text(arena, &parameter);
	}
	head->file = plain || extended;
	return (taken == TAKEN_BROKEN ? head_broken : NULL);
}

static const char *
type_read(struct span value, struct multipart_head *head)
{
	struct parameter	 parameter;
	struct span		 type;
	enum taken		 taken;

	if (!media_type_take(&value, &type))
		return (head_broken);
	while ((taken = parameter_take(&value, &parameter)) == TAKEN) {
		if (span_is(parameter.name, "charset") &&
		    !span_is(parameter.value, "utf-8") &&
		    !span_is(parameter.value, "us-ascii"))
			head->charset = true;
	}
	return (taken == TAKEN_BROKEN ? head_broken : NULL);
}

static const char *
encoding_read(struct span value)
{
	struct span	 token;

	if (!token_take(&value, &token))
		return (head_broken);
	blanks_skip(&value);
	if (value.at != value.end)
		return (head_broken);
	if (!span_is(token, "7bit") && !span_is(token, "8bit") &&
	    !span_is(token, "binary"))
		return ("a part has a transfer encoding");
	return (NULL);
}

static bool
line_has_control(struct span line)
{
	for (; line.at < line.end; line.at++) {
		if (((unsigned char)*line.at < 0x20 && *line.at != '\t') ||
		    *line.at == 0x7f)
			return (true);
	}
	return (false);
}

static const char *
line_read(struct arena *arena, struct span line, unsigned int *seen,
    struct multipart_head *head)
{
	struct span	 name;
	unsigned int	 bit;

	if (line_has_control(line) || !token_take(&line, &name) ||
	    !char_take(&line, ':'))
		return (head_broken);
	blanks_skip(&line);
	bit = span_is(name, "Content-Disposition") ? SEEN_DISPOSITION :
	    span_is(name, "Content-Type") ? SEEN_TYPE :
	    span_is(name, "Content-Transfer-Encoding") ? SEEN_ENCODING : 0;
	if ((*seen & bit) != 0)
		return (head_broken);
	*seen |= bit;
	switch (bit) {
	case SEEN_DISPOSITION:
		return (disposition_read(arena, line, head));
	case SEEN_TYPE:
		return (type_read(line, head));
	case SEEN_ENCODING:
		return (encoding_read(line));
	default:
		return (NULL);
	}
}

const char *
multipart_head_read(struct arena *arena, const char *from, size_t len,
    struct multipart_head *head)
{
	const char	*said, *wrong;
	struct span	 left, line;
	unsigned int	 seen;

	(void)memset(head, 0, sizeof(*head));
	left.at = from;
	left.end = from + (len < NODE_FORM_HEAD_MAX ? len : NODE_FORM_HEAD_MAX);
	wrong = NULL;
	seen = 0;
	while (left.at < left.end) {
		line.at = left.at;
		line.end = memmem(line.at, span_len(left), "\r\n", 2);
		if (line.end == NULL)
			break;
		left.at = line.end + 2;
		if (line.at == line.end) {
			head->len = (size_t)(left.at - from);
			return (wrong == NULL && head->name == NULL ?
			    "a part has no name" : wrong);
		}
		said = line_read(arena, line, &seen, head);
		if (wrong == NULL)
			wrong = said;
	}
	if (len > NODE_FORM_HEAD_MAX)
		return ("a part's head is too long");
	/* Only a head may end with the part: then the content is absent. */
	head->len = len;
	if (wrong != NULL || left.at != left.end)
		return (wrong == NULL ? head_broken : wrong);
	return (head->name == NULL ? "a part has no name" : NULL);
}

static bool
boundary_fits(const char *boundary)
{
	size_t	 len;

	len = strspn(boundary, "0123456789abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? ");
	return (boundary[len] == '\0' && len >= 1 &&
	    len <= MULTIPART_BOUNDARY_MAX && boundary[len - 1] != ' ');
}

const char *
multipart_boundary(struct arena *arena, const char *content_type)
{
	struct parameter	 parameter;
	struct span		 from, type;
	enum taken		 taken;
	const char		*boundary;

	from.at = content_type;
	from.end = content_type + strlen(content_type);
	boundary = NULL;
	blanks_skip(&from);
	if (!media_type_take(&from, &type) ||
	    !span_is(type, "multipart/form-data"))
		return (NULL);
	while ((taken = parameter_take(&from, &parameter)) == TAKEN) {
		if (!span_is(parameter.name, "boundary"))
			continue;
		if (boundary != NULL)
			return (NULL);
		boundary = arena_copy(arena, parameter.value.at,
		    span_len(parameter.value));
	}
	if (taken == TAKEN_BROKEN || boundary == NULL ||
	    !boundary_fits(boundary))
		return (NULL);
	return (boundary);
}
