/* SPDX-License-Identifier: EUPL-1.2 */
/* SVG: what is a drawing, and what is refused. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stadtkern/buf.h>

#include "core/theme/svg.h"

#include "folder.h"

#define OPEN								\
	"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\""
#define WITH(content)	OPEN ">" content "</svg>"

static struct arena	*arena;
static struct findings	 findings;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new(0);
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return (0);
}

static enum status
check(const char *text)
{
	findings_init(&findings, arena);
	return (svg_check(arena, "x.svg", text, strlen(text), &findings));
}

/* Refused, and the first line begins so. */
static void
refused(const char *text, const char *begins)
{
	const char	*line;

	if (check(text) != STATUS_INVALID || findings.first == NULL)
		fail_msg("not refused: %s", text);
	line = finding_line(arena, findings.first);
	if (strncmp(line, begins, strlen(begins)) != 0)
		fail_msg("%s\nis not\n%s", line, begins);
}

static void
a_drawing_passes(void **state)
{
	(void)state;
	assert_int_equal(check("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<!-- a remark -->\n" OPEN " role=\"img\"><title>Förderturm</title>"
	    "<defs><linearGradient id=\"a\"><stop offset=\"0\" "
	    "stop-color=\"#123\"/></linearGradient><linearGradient id=\"b\" "
	    "href=\"#a\"/><clipPath id=\"c\"><path d=\"M0 0z\"/></clipPath>"
	    "</defs><g fill=\"url(#b)\" clip-path=\"url(#c)\" "
	    "transform=\"rotate(3)\"><path d=\"M0 0h8v8z\"/></g></svg>"),
	    STATUS_OK);
}

static void
the_emblems_and_pictures_we_ship_pass(void **state)
{
	static const char *const files[] = { "base/emblem.svg",
	    "castrop-rauxel/emblem.svg", "gladbeck/emblem.svg",
	    "herne/emblem.svg", "herne/hero.svg", "waltrop/emblem.svg" };
	const char	*text;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		text = folder_read(arena, arena_format(arena, "themes/%s",
		    files[i]));
		assert_non_null(text);
		if (check(text) != STATUS_OK)
			fail_msg("%s", finding_line(arena, findings.first));
	}
}

static void
whatever_could_do_something_is_refused(void **state)
{
	static const struct {
		const char	*text;
		const char	*line;
	} cases[] = {
		{ WITH("<script>alert(1)</script>"), "/script is" },
		{ WITH("<foreignObject/>"), "/foreignObject is" },
		{ WITH("<style>*{}</style>"), "/style is" },
		{ WITH("<image href=\"x.png\"/>"), "/image is" },
		{ WITH("<use href=\"#a\"/>"), "/use is" },
		{ WITH("<a href=\"#a\"/>"), "/a is" },
		{ WITH("<animate/>"), "/animate is" },
		{ WITH("<set/>"), "/set is" },
		{ WITH("<text>A</text>"), "/text is" },
		{ WITH("<filter/>"), "/filter is" },
		{ OPEN " onload=\"a()\"/>", "/svg/onload is" },
		{ WITH("<g onclick=\"a()\"/>"), "/g/onclick is" },
		{ WITH("<g style=\"fill:url(//x)\"/>"), "/g/style is" },
		{ WITH("<g class=\"a\"/>"), "/g/class is" },
		{ WITH("<g fill=\"url(//x/#a)\"/>"), "/g/fill is" },
		{ WITH("<g fill=\"url(#a) url(//x)\"/>"), "/g/fill is" },
		{ WITH("<g fill=\"URL(x)\"/>"), "/g/fill is" },
		{ WITH("<g fill=\"u\\72l(x)\"/>"), "/g/fill is" },
		{ WITH("<g fill=\"&#117;rl(x)\"/>"), "/g/fill is" },
		{ WITH("<g id=\"javascript:x\"/>"), "/g/id is" },
		{ WITH("<linearGradient href=\"x.svg#a\"/>"),
		    "/linearGradient/href is" },
		{ WITH("<linearGradient xmlns:x=\"http://www.w3.org/1999/xlink\" "
		    "x:href=\"http://x/#a\"/>"), "/linearGradient/href is" },
		{ WITH("<g xml:base=\"http://x/\"/>"), "/g/base is" },
		{ WITH("<x:script xmlns:x=\"http://www.w3.org/1999/xhtml\"/>"),
		    "/script is" },
		{ WITH("<g xmlns=\"\"/>"), "/g is" },
	};
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(check(cases[i].text), STATUS_INVALID);
		if (strstr(finding_line(arena, findings.first),
		    cases[i].line) == NULL)
			fail_msg("%s: %s", cases[i].text,
			    finding_line(arena, findings.first));
		assert_int_equal(findings.first->code, FINDING_FORBIDDEN);
	}
}

static void
a_doctype_an_entity_and_an_instruction_are_refused(void **state)
{
	(void)state;
	refused("<!DOCTYPE svg [<!ENTITY a \"b\">]>\n" WITH("&a;"),
	    "x.svg:1:15: /svg is not allowed here: take the DOCTYPE out");
	refused("<?xml-stylesheet href=\"x\"?>" WITH(""),
	    "x.svg:1:1: /svg is not allowed here: take the processing");
	refused(WITH("&a;"), "x.svg:1:");
}

static void
what_is_wrong_is_told_with_line_and_column(void **state)
{
	(void)state;
	refused(OPEN ">\n<g>\n  <script/>\n</g>\n</svg>\n",
	    "x.svg:3:3: /script is not allowed here: take it out");
	refused(OPEN ">\n<g></svg>", "x.svg:2:");
}

static void
what_is_no_svg_or_does_not_scale_is_refused(void **state)
{
	(void)state;
	refused("", "x.svg:1:1: the document cannot be read");
	refused("<html/>", "x.svg:1:1: /svg does not have the expected form");
	refused("<svg viewBox=\"0 0 8 8\"/>", "x.svg:1:1: /svg does not");
	refused("<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
	    "x.svg:1:1: /svg/viewBox is required");
	refused("<svg xmlns=\"http://www.w3.org/2000/svg\" "
	    "viewBox=\"0 0 0 8\"/>", "x.svg:1:1: /svg/viewBox is required");
	refused("<svg xmlns=\"http://www.w3.org/2000/svg\" "
	    "viewBox=\"0 0 nan 8\"/>", "x.svg:1:1: /svg/viewBox is required");
}

static const char *
repeated(const char *what, size_t count, const char *then, size_t closes)
{
	struct buf	 buf;

	buf_init(&buf, arena, 1 << 20);
	buf_text(&buf, OPEN ">");
	for (; count > 0; count--)
		buf_text(&buf, what);
	for (; closes > 0; closes--)
		buf_text(&buf, then);
	buf_text(&buf, "</svg>");
	return (buf_finish(&buf, NULL));
}

static void
size_depth_and_number_have_limits(void **state)
{
	(void)state;
	assert_int_equal(check(repeated("<g>", 15, "</g>", 15)), STATUS_OK);
	refused(repeated("<g>", 16, "</g>", 16), "x.svg:1:");
	assert_int_equal(findings.first->code, FINDING_DEPTH);
	assert_int_equal(check(repeated("<g/>", 1999, "", 0)), STATUS_OK);
	refused(repeated("<g/>", 2000, "", 0), "x.svg:1:");
	assert_int_equal(findings.first->code, FINDING_TOO_MANY);
	refused(repeated("          ", 7000, "", 0), "x.svg");
	assert_int_equal(findings.first->code, FINDING_TOO_LARGE);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		T(a_drawing_passes),
		T(the_emblems_and_pictures_we_ship_pass),
		T(whatever_could_do_something_is_refused),
		T(a_doctype_an_entity_and_an_instruction_are_refused),
		T(what_is_wrong_is_told_with_line_and_column),
		T(what_is_no_svg_or_does_not_scale_is_refused),
		T(size_depth_and_number_have_limits),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
