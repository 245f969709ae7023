/* SPDX-License-Identifier: EUPL-1.2 */
/* SVG by lists of what is allowed, on expat's events. */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <expat.h>

#include <stadtkern/buf.h>

#include "core/theme/svg.h"

#define SVG_NAMESPACE	"http://www.w3.org/2000/svg"
#define XLINK_HREF	"http://www.w3.org/1999/xlink href"
#define SEPARATOR	' '
#define NAME_MAX_LEN	40u	/* of a foreign name in a finding */
#define VALUE_MAX	32768u

/* Sorted. `text` and `use` are out: fonts differ, and uses multiply. */
static const char *const elements[] = { "circle", "clipPath", "defs", "desc",
    "ellipse", "g", "line", "linearGradient", "path", "polygon", "polyline",
    "radialGradient", "rect", "stop", "svg", "title" };

static const char *const attributes[] = { "aria-hidden", "aria-label",
    "clip-path", "clip-rule", "clipPathUnits", "color", "cx", "cy", "d",
    "display", "fill", "fill-opacity", "fill-rule", "fr", "fx", "fy",
    "gradientTransform", "gradientUnits", "height", "href", "id", "offset",
    "opacity", "paint-order", "pathLength", "points", "preserveAspectRatio",
    "r", "role", "rx", "ry", "shape-rendering", "spreadMethod", "stop-color",
    "stop-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset",
    "stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
    "stroke-opacity", "stroke-width", "transform", "version", "viewBox",
    "visibility", "width", "x", "x1", "x2", "y", "y1", "y2" };

struct svg {
	struct arena	*arena;
	struct findings	*findings;
	const char	*file;
	XML_Parser	 parser;
	size_t		 count;
	unsigned int	 depth;
	bool		 stopped;
};

static int
text_compare(const void *key, const void *item)
{
	return (strcmp(key, *(const char *const *)item));
}

#define LISTED(name, list)						\
	(bsearch(name, list, sizeof(list) / sizeof(list[0]),		\
	    sizeof(list[0]), text_compare) != NULL)

static void
svg_finding(struct svg *svg, const char *pointer, enum finding_code code,
    const char *argument)
{
	finding_add(svg->findings, pointer, svg->file,
	    (unsigned int)XML_GetCurrentLineNumber(svg->parser),
	    (unsigned int)XML_GetCurrentColumnNumber(svg->parser) + 1, code,
	    argument);
}

static void
svg_stop(struct svg *svg, enum finding_code code, const char *argument)
{
	svg_finding(svg, "/svg", code, argument);
	svg->stopped = true;
	(void)XML_StopParser(svg->parser, XML_FALSE);
}

/* A foreign name in a pointer: what could spoil a terminal is replaced. */
static const char *
svg_pointer(struct svg *svg, const char *element, const char *attribute)
{
	char	*text, *at;

	text = arena_format(svg->arena, "/%.*s%s%.*s", (int)NAME_MAX_LEN,
	    element, attribute == NULL ? "" : "/", (int)NAME_MAX_LEN,
	    attribute == NULL ? "" : attribute);
	for (at = text; *at != '\0'; at++)
		if ((unsigned char)*at <= ' ' || (unsigned char)*at > '~')
			*at = '?';
	return (text);
}

/* The name without our namespace; NULL: of another one. */
static const char *
name_local(const char *name)
{
	size_t	 len = strlen(SVG_NAMESPACE);

	if (strncmp(name, SVG_NAMESPACE, len) != 0 || name[len] != SEPARATOR)
		return (NULL);
	return (name + len + 1);
}

static const char *
name_last(const char *name)
{
	const char	*last;

	last = strrchr(name, SEPARATOR);
	return (last == NULL ? name : last + 1);
}

/* "#name" with an XML name of plain letters; `end` follows it. */
static bool
fragment_fits(const char *text, char end)
{
	size_t	 len;

	if (*text != '#')
		return (false);
	len = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");
	return (len != 0 && len <= 100 && text[len + 1] == end);
}

/*
 * Values cannot carry anything away: an address only as #fragment, no
 * escapes that would hide one.
 */
static bool
value_fits(const char *value)
{
	if (strlen(value) > VALUE_MAX || strchr(value, '\\') != NULL ||
	    strstr(value, "/*") != NULL || strstr(value, "://") != NULL)
		return (false);
	if (strncmp(value, "url(", 4) == 0)
		return (fragment_fits(value + 4, ')') &&
		    strchr(value, ')')[1] == '\0');
	return (strcasestr(value, "url") == NULL &&
	    strcasestr(value, "script:") == NULL &&
	    strcasestr(value, "data:") == NULL);
}

static void
attribute_check(struct svg *svg, const char *element, const char *name,
    const char *value)
{
	const char	*pointer;
	bool		 link;

	pointer = svg_pointer(svg, element, name_last(name));
	link = strcmp(name, "href") == 0 || strcmp(name, XLINK_HREF) == 0;
	if (link) {
		if (!fragment_fits(value, '\0'))
			svg_finding(svg, pointer, FINDING_FORBIDDEN,
			    "only a #fragment of the same file can be "
			    "referred to");
	} else if (strncasecmp(name, "on", 2) == 0)
		svg_finding(svg, pointer, FINDING_FORBIDDEN,
		    "a drawing does nothing; take the event attribute out");
	else if (strcmp(name, "style") == 0 || strcmp(name, "class") == 0)
		svg_finding(svg, pointer, FINDING_FORBIDDEN,
		    "write fill, stroke and the like as attributes");
	else if (!LISTED(name, attributes))
		svg_finding(svg, pointer, FINDING_FORBIDDEN,
		    "take it out, or save as plain SVG");
	else if (!value_fits(value))
		svg_finding(svg, pointer, FINDING_FORBIDDEN,
		    "a colour, a number or url(#name) of the same file");
}

/* Four numbers, the last two above 0. */
static bool
view_box_fits(const char *value)
{
	double	 number[4];
	char	*end;
	int	 i;

	for (i = 0; i < 4; i++) {
		value += strspn(value, " ,\t\r\n");
		number[i] = strtod(value, &end);
		if (end == value || number[i] > 100000 ||
		    number[i] < -100000 || number[i] != number[i])
			return (false);
		value = end;
	}
	return (value[strspn(value, " \t\r\n")] == '\0' && number[2] > 0 &&
	    number[3] > 0);
}

static void
root_check(struct svg *svg, const char *element, const char **pairs)
{
	if (strcmp(element, "svg") != 0) {
		svg_stop(svg, FINDING_FORMAT, "the outermost element is "
		    "<svg xmlns=\"" SVG_NAMESPACE "\">");
		return;
	}
	for (; *pairs != NULL; pairs += 2)
		if (strcmp(pairs[0], "viewBox") == 0 &&
		    view_box_fits(pairs[1]))
			return;
	svg_finding(svg, "/svg/viewBox", FINDING_REQUIRED,
	    "four numbers such as 0 0 64 64, so that it scales");
}

static void
element_start(void *arg, const XML_Char *name, const XML_Char **pairs)
{
	struct svg	*svg = arg;
	const char	*element;

	if (svg->stopped)
		return;
	if (++svg->count > SVG_COUNT_MAX) {
		svg_stop(svg, FINDING_TOO_MANY, "2000 elements");
		return;
	}
	if (++svg->depth > SVG_DEPTH_MAX) {
		svg_stop(svg, FINDING_DEPTH, "16");
		return;
	}
	element = name_local(name);
	if (svg->depth == 1)
		root_check(svg, element == NULL ? "" : element, pairs);
	if (svg->stopped)
		return;
	if (element == NULL || !LISTED(element, elements)) {
		svg_finding(svg, svg_pointer(svg, name_last(name), NULL),
		    FINDING_FORBIDDEN, "take it out; allowed are shapes, "
		    "groups and gradients, text as paths");
		return;
	}
	for (; *pairs != NULL; pairs += 2)
		attribute_check(svg, element, pairs[0], pairs[1]);
}

static void
element_end(void *arg, const XML_Char *name)
{
	struct svg	*svg = arg;

	(void)name;
	svg->depth--;
}

/* Entities are made in a DOCTYPE: without one there are none. */
static void
doctype_start(void *arg, const XML_Char *name, const XML_Char *system,
    const XML_Char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	svg_stop(arg, FINDING_FORBIDDEN, "take the DOCTYPE out");
}

static void
instruction(void *arg, const XML_Char *target, const XML_Char *data)
{
	(void)target;
	(void)data;
	svg_stop(arg, FINDING_FORBIDDEN,
	    "take the processing instruction <?...?> out");
}

enum status
svg_check(struct arena *arena, const char *file, const char *bytes,
    size_t len, struct findings *findings)
{
	struct svg	 svg = { .arena = arena, .findings = findings,
			    .file = file };
	size_t		 before;

	before = findings->count;
	if (len > SVG_MAX) {
		finding_add(findings, "", file, 0, 0, FINDING_TOO_LARGE,
		    "64 KiB");
		return (STATUS_INVALID);
	}
	svg.parser = XML_ParserCreateNS("UTF-8", SEPARATOR);
	if (svg.parser == NULL)
		abort();	/* as arenas do */
	XML_SetUserData(svg.parser, &svg);
	XML_SetElementHandler(svg.parser, element_start, element_end);
	XML_SetStartDoctypeDeclHandler(svg.parser, doctype_start);
	XML_SetProcessingInstructionHandler(svg.parser, instruction);
	if (XML_Parse(svg.parser, bytes, (int)len, XML_TRUE) !=
	    XML_STATUS_OK && !svg.stopped)
		svg_finding(&svg, "", FINDING_SYNTAX,
		    XML_ErrorString(XML_GetErrorCode(svg.parser)));
	XML_ParserFree(svg.parser);
	return (findings->count == before ? STATUS_OK : STATUS_INVALID);
}
