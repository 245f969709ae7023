/* SPDX-License-Identifier: EUPL-1.2 */
/* What is made of the text of a message. Runs in the sandbox. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <stadtkern/buf.h>

#include "courier/message.h"

#define TEXT_BYTES	(4u * 1024 * 1024)
#define LINE_MARK	200		/* bytes of a line that are looked at */

/* Bytes of a valid character of RFC 3629 at `at`; 0: none. */
static size_t
character_len(const unsigned char *at, size_t left)
{
	size_t		 len, i;
	uint32_t	 code;

	if (at[0] < 0x80)
		return (1);
	if (at[0] < 0xc2 || at[0] > 0xf4)
		return (0);
	len = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
	if (len > left)
		return (0);
	code = at[0] & (0xffu >> (len + 1));
	for (i = 1; i < len; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return (0);
		code = code << 6 | (at[i] & 0x3fu);
	}
	if ((len == 3 && code < 0x800) || (len == 4 && code < 0x10000) ||
	    code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return (0);
	return (len);
}

/* C0 and C1 controls, and what turns the direction of what follows. */
static bool
character_fits(const unsigned char *at, size_t len)
{
	if (len == 1)
		return (at[0] >= ' ' ? at[0] != 0x7f :
		    at[0] == '\n' || at[0] == '\t');
	if (len == 2 && at[0] == 0xc2 && at[1] < 0xa0)
		return (false);
	if (len == 3 && at[0] == 0xe2 && ((at[1] == 0x80 && at[2] >= 0xaa &&
	    at[2] <= 0xae) || (at[1] == 0x81 && at[2] >= 0xa6 &&
	    at[2] <= 0xa9)))
		return (false);
	/* U+FFFE, U+FFFF are no characters. */
	return (len != 3 || at[0] != 0xef || at[1] != 0xbf || at[2] < 0xbe);
}

char *
message_clean(struct arena *arena, const char *text, size_t len, size_t max,
    bool *cut)
{
	const unsigned char	*at, *end;
	struct buf		 buf;
	size_t			 step, count;

	buf_init(&buf, arena, len * 3 + 1);
	at = (const unsigned char *)text;
	end = at + len;
	for (count = 0; at < end && count < max; at += step, count++) {
		step = character_len(at, (size_t)(end - at));
		if (step == 0) {
			step = 1;
			buf_text(&buf, "\xef\xbf\xbd");
		} else if (character_fits(at, step))
			buf_add(&buf, at, step);
		else if (*at == '\r' && (at + 1 == end || at[1] != '\n'))
			buf_char(&buf, '\n');
	}
	if (cut != NULL)
		*cut = *cut || at < end;
	while (buf.len > 0 && (buf.data[buf.len - 1] == '\n' ||
	    buf.data[buf.len - 1] == ' '))
		buf.len--;
	return (buf_finish(&buf, NULL));
}

static size_t
line_len(const char *line)
{
	return (strcspn(line, "\n"));
}

static size_t
quote_depth(const char *line)
{
	return (strspn(line, ">"));
}

char *
message_unflow(struct arena *arena, const char *text, bool delsp)
{
	struct buf	 buf;
	const char	*line;
	size_t		 len, depth, start;
	bool		 flows, joins;

	buf_init(&buf, arena, strlen(text) + 2);
	for (line = text; *line != '\0'; line += len + (line[len] == '\n')) {
		len = line_len(line);
		depth = quote_depth(line);
		joins = buf.len > 0 && buf.data[buf.len - 1] != '\n';
		/* RFC 3676, 4.4: a blank that was stuffed. */
		start = depth + (depth < len && line[depth] == ' ');
		if (!joins && depth > 0)
			buf_add(&buf, line, start);
		flows = len > start && line[len - 1] == ' ' &&
		    !(len - start == 3 && strncmp(line + start, "-- ", 3) == 0);
		/* What is quoted otherwise begins another paragraph. */
		if (flows && line[len] == '\n' &&
		    quote_depth(line + len + 1) != depth)
			flows = false;
		buf_add(&buf, line + start, len - start -
		    (flows && delsp ? 1 : 0));
		if (!flows)
			buf_char(&buf, '\n');
	}
	return (buf_finish(&buf, NULL));
}

/* ---- HTML ---- */

static const struct {
	const char	*name;
	const char	*text;
} entities[] = {
	{ "amp", "&" }, { "lt", "<" }, { "gt", ">" }, { "quot", "\"" },
	{ "apos", "'" }, { "nbsp", " " }, { "auml", "ä" }, { "ouml", "ö" },
	{ "uuml", "ü" }, { "Auml", "Ä" }, { "Ouml", "Ö" }, { "Uuml", "Ü" },
	{ "szlig", "ß" }, { "euro", "€" }, { "ndash", "–" },
	{ "mdash", "—" }, { "bdquo", "„" }, { "ldquo", "“" },
	{ "rdquo", "”" }, { "hellip", "…" }, { "eacute", "é" },
	{ "egrave", "è" }, { "deg", "°" }, { "sect", "§" },
};

/* Elements whose content nobody reads. */
static const char *const	hidden[] = { "script", "style", "head",
				    "title", "template", "svg", "object" };
static const char *const	breaking[] = { "br", "p", "/p", "div", "/div",
				    "tr", "li", "h1", "h2", "h3", "h4",
				    "/h1", "/h2", "/h3", "/h4", "table",
				    "/table", "blockquote", "/blockquote",
				    "hr", "ul", "/ul", "ol", "/ol" };

static void
code_add(struct buf *buf, unsigned long code)
{
	if (code < 0x20 || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		code = ' ';
	if (code < 0x80)
		buf_char(buf, (char)code);
	else if (code < 0x800) {
		buf_char(buf, (char)(0xc0 | code >> 6));
		buf_char(buf, (char)(0x80 | (code & 0x3f)));
	} else if (code < 0x10000) {
		buf_char(buf, (char)(0xe0 | code >> 12));
		buf_char(buf, (char)(0x80 | (code >> 6 & 0x3f)));
		buf_char(buf, (char)(0x80 | (code & 0x3f)));
	} else {
		buf_char(buf, (char)(0xf0 | code >> 18));
		buf_char(buf, (char)(0x80 | (code >> 12 & 0x3f)));
		buf_char(buf, (char)(0x80 | (code >> 6 & 0x3f)));
		buf_char(buf, (char)(0x80 | (code & 0x3f)));
	}
}

/* At an '&': how many bytes were an entity; 0: it is just an '&'. */
static size_t
entity_add(struct buf *buf, const char *at, size_t left)
{
	char		 name[12];
	size_t		 len, i;
	unsigned long	 code;

	for (len = 1; len < left && len < sizeof(name) && at[len] != ';';
	    len++)
		name[len - 1] = at[len];
	if (len >= left || len >= sizeof(name) || at[len] != ';')
		return (0);
	name[len - 1] = '\0';
	if (name[0] == '#') {
		code = name[1] == 'x' || name[1] == 'X' ?
		    strtoul(name + 2, NULL, 16) : strtoul(name + 1, NULL, 10);
		code_add(buf, code);
		return (len + 1);
	}
	for (i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		if (strcmp(entities[i].name, name) == 0) {
			buf_text(buf, entities[i].text);
			return (len + 1);
		}
	}
	return (0);
}

static bool
tag_is(const char *at, size_t left, const char *name)
{
	size_t	 len;

	len = strlen(name);
	return (left > len && strncasecmp(at, name, len) == 0 &&
	    (at[len] == '>' || at[len] == '/' ||
	    isspace((unsigned char)at[len])));
}

static bool
tag_among(const char *at, size_t left, const char *const *names, size_t count,
    size_t *which)
{
	for (*which = 0; *which < count; (*which)++) {
		if (tag_is(at, left, names[*which]))
			return (true);
	}
	return (false);
}

/* Where `</name` begins, from `at` on; the end where it does not. */
static const char *
tag_end(const char *at, const char *end, const char *name)
{
	size_t	 len;

	len = strlen(name);
	for (; (at = memchr(at, '<', (size_t)(end - at))) != NULL; at++) {
		if ((size_t)(end - at) > len + 2 && at[1] == '/' &&
		    strncasecmp(at + 2, name, len) == 0)
			return (at);
	}
	return (end);
}

/* At a '<': where the text goes on. */
static const char *
tag_pass(struct buf *buf, const char *at, const char *end)
{
	const char	*close;
	size_t		 left, which;

	at++;
	left = (size_t)(end - at);
	if (left >= 3 && memcmp(at, "!--", 3) == 0) {
		close = memmem(at, left, "-->", 3);
		return (close == NULL ? end : close + 3);
	}
	if (tag_among(at, left, breaking, sizeof(breaking) /
	    sizeof(breaking[0]), &which))
		buf_char(buf, '\n');
	else if (tag_among(at, left, hidden, sizeof(hidden) /
	    sizeof(hidden[0]), &which))
		at = tag_end(at, end, hidden[which]) + 1;
	if (at >= end)
		return (end);
	close = memchr(at, '>', (size_t)(end - at));
	return (close == NULL ? end : close + 1);
}

/* No more than one empty line, no blanks around lines. */
static char *
lines_tidy(struct arena *arena, const char *text)
{
	struct buf	 buf;
	const char	*line;
	size_t		 len, next, empty;

	buf_init(&buf, arena, strlen(text) + 2);
	empty = 2;
	for (line = text; *line != '\0'; line += next) {
		len = line_len(line);
		next = len + (line[len] == '\n');
		while (len > 0 && line[len - 1] == ' ')
			len--;
		empty = len == 0 ? empty + 1 : 0;
		if (empty > 1)
			continue;
		buf_add(&buf, line, len);
		buf_char(&buf, '\n');
	}
	return (buf_finish(&buf, NULL));
}

char *
message_html(struct arena *arena, const char *html, size_t len)
{
	const char	*at, *end;
	struct buf	 buf;
	size_t		 step;

	buf_init(&buf, arena, TEXT_BYTES);
	for (at = html, end = html + len; at < end;) {
		if (*at == '<') {
			at = tag_pass(&buf, at, end);
			continue;
		}
		step = *at == '&' ? entity_add(&buf, at, (size_t)(end - at)) :
		    0;
		if (step > 0) {
			at += step;
			continue;
		}
		if (!isspace((unsigned char)*at))
			buf_char(&buf, *at);
		else if (buf.len > 0 && buf.data[buf.len - 1] != ' ' &&
		    buf.data[buf.len - 1] != '\n')
			buf_char(&buf, ' ');
		at++;
	}
	/* What does not fit is left out whole; there is other text then. */
	at = buf_finish(&buf, NULL);
	return (lines_tidy(arena, at == NULL ? "" : at));
}

/* ---- quotes ---- */

static bool
line_holds(const char *line, size_t len, const char *what)
{
	return (memmem(line, len, what, strlen(what)) != NULL);
}

static bool
line_begins(const char *line, size_t len, const char *what)
{
	return (len >= strlen(what) && memcmp(line, what, strlen(what)) == 0);
}

/* A line behind which only somebody else's words follow. */
static bool
line_ends_reply(const char *line, size_t len)
{
	while (len > 0 && line[len - 1] == ' ')
		len--;
	if (len > LINE_MARK)
		return (false);
	if (line_begins(line, len, "-----") && (line_holds(line, len,
	    "Original") || line_holds(line, len, "Ursprüngliche")))
		return (true);
	if (len >= 20 && strspn(line, "_") >= len)
		return (true);
	if (len == 2 && memcmp(line, "--", 2) == 0)
		return (true);
	if (len == 0 || line[len - 1] != ':')
		return (false);
	return ((line_begins(line, len, "Am ") &&
	    line_holds(line, len, "schrieb")) ||
	    (line_begins(line, len, "On ") &&
	    line_holds(line, len, "wrote")));
}

char *
message_unquote(struct arena *arena, const char *text)
{
	struct buf	 buf;
	const char	*line;
	char		*shown;
	size_t		 len;

	buf_init(&buf, arena, strlen(text) + 2);
	for (line = text; *line != '\0'; line += len + (line[len] == '\n')) {
		len = line_len(line);
		if (line_ends_reply(line, len))
			break;
		if (len > 0 && *line == '>')
			continue;
		buf_add(&buf, line, len);
		buf_char(&buf, '\n');
	}
	shown = lines_tidy(arena, buf_finish(&buf, NULL));
	len = strlen(shown);
	while (len > 0 && isspace((unsigned char)shown[len - 1]))
		shown[--len] = '\0';
	return (len == 0 ? arena_text(arena, text) : shown);
}
