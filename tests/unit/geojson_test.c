/* SPDX-License-Identifier: EUPL-1.2 */
/* Boundaries: what is taken, and where a wrong one is told to be wrong. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/tenant/geojson.h"
#include "core/document/json_position.h"

#define RING	"[[7,51],[7.4,51],[7.4,51.2],[7,51]]"

static struct arena	*arena;

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

/* "" when it is taken, otherwise the findings, a line each. */
static const char *
read_lines(const char *text, size_t len, struct geojson_boundary *boundary)
{
	struct findings		 findings;
	const struct finding	*finding;
	const char		*lines;
	char			*exact;
	enum status		 status;

	findings_init(&findings, arena);
	exact = malloc(len == 0 ? 1 : len);
	assert_non_null(exact);
	memcpy(exact, text, len);
	status = geojson_boundary_read(arena, "b", exact, len, boundary,
	    &findings);
	free(exact);
	assert_int_equal(status == STATUS_OK, findings.count == 0);
	lines = "";
	for (finding = findings.first; finding != NULL;
	    finding = finding->next)
		lines = arena_format(arena, "%s%s\n", lines,
		    finding_line(arena, finding));
	return (lines);
}

static void
taken(const char *text)
{
	struct geojson_boundary	 boundary;
	struct json		 json;
	const char		*lines;

	lines = read_lines(text, strlen(text), &boundary);
	if (*lines != '\0')
		fail_msg("%s", lines);
	assert_true(boundary.bbox[0] == 7 && boundary.bbox[1] == 51 &&
	    boundary.bbox[2] == 7.4 && boundary.bbox[3] == 51.2);
	json_init(&json, arena, 4096);
	node_to_json(&json, NULL, boundary.geometry);
	assert_null(strstr(json_finish(&json, NULL), "note"));
}

static void
polygons_and_features_are_taken(void **state)
{
	(void)state;
	taken("{\"type\":\"Polygon\",\"coordinates\":[" RING "]}");
	taken("{\"type\":\"Polygon\",\"note\":1,\"coordinates\":[" RING ","
	    "[[7.1,51.01],[7.2,51.01],[7.2,51.02],[7.1,51.01]]]}");
	taken("{\"type\":\"MultiPolygon\",\"coordinates\":[[" RING "],["
	    RING "]]}");
	taken("{\"type\":\"Feature\",\"properties\":null,\"geometry\":"
	    "{\"type\":\"Polygon\",\"coordinates\":[" RING "]}}");
}

static void
what_is_no_boundary_is_told_where(void **state)
{
	static const struct {
		const char	*text;
		const char	*line;
	} cases[] = {
		{ "", "b:" },
		{ "{\"type\":\n  x}", "b:2:" },
		{ "[1]", "b:1:1: the document has the wrong type" },
		{ "{\"a\": 1}", "/type is required" },
		{ "{\"type\": 5}", "/type is required" },
		{ "{\"type\": \"Feature\",\n \"geometry\": null}",
		  "b:2:14: /geometry has the wrong type" },
		{ "{\"type\": \"Point\", \"coordinates\": [7, 51]}",
		  "b:1:10: /type is not an allowed value" },
		{ "{\"type\": \"FeatureCollection\", \"features\": []}",
		  "b:1:10: /type is not an allowed value" },
		{ "{\"type\": \"Polygon\"}",
		  "b:1:1: /coordinates has the wrong type" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[]}",
		  "b:1:33: /coordinates has the wrong type" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[5]}",
		  "b:1:34: /coordinates/0 has the wrong type" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[[7,51],[7,51]]]}",
		  "/coordinates/0 has too few entries, at least 4" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[[7,51],[8,51],"
		  "[8,52],\n[7,51.1]]]}",
		  "b:2:1: /coordinates/0/3 does not have the expected form: "
		  "a closed ring" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[[7,51],[8,51],"
		  "[8,\"x\"],[7,51]]]}",
		  "/coordinates/0/2/1 has the wrong type" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[[7,51],[8,51,3],"
		  "[8,52],[7,51]]]}", "/coordinates/0/1 has the wrong type" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[[7,51],[181,51],"
		  "[8,52],[7,51]]]}",
		  "/coordinates/0/1/0 is too large, at most 180 degrees" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[[7,51],[8,-91],"
		  "[8,52],[7,51]]]}",
		  "/coordinates/0/1/1 is too small, at least -90 degrees" },
		{ "{\"type\":\"MultiPolygon\",\"coordinates\":[" RING "]}",
		  "/coordinates/0/0 has too few entries" },
		{ "{\"type\":\"Polygon\",\"coordinates\":[[[51,7],[51,7.4],"
		  "[51.2,7.4],[51,7]]]}",
		  "/coordinates contradicts another value: longitude and "
		  "latitude are exchanged" },
	};
	struct geojson_boundary	 boundary;
	const char		*lines;
	size_t			 i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		lines = read_lines(cases[i].text, strlen(cases[i].text),
		    &boundary);
		if (strstr(lines, cases[i].line) == NULL)
			fail_msg("\"%s\" gave:\n%s", cases[i].text, lines);
	}
}

static void
a_file_above_1_mib_is_refused_unread(void **state)
{
	struct geojson_boundary	 boundary;
	char			*text;

	(void)state;
	text = arena_alloc(arena, GEOJSON_MAX + 1);
	memset(text, ' ', GEOJSON_MAX + 1);
	assert_string_equal(read_lines(text, GEOJSON_MAX + 1, &boundary),
	    "b:1:1: the document is too long, greatest number of characters: "
	    "1048576\n");
}

static void
positions_are_found_by_pointer(void **state)
{
	static const char	 text[] = "{\"a\": [1, {\"b/c\": \"x\"}],\n"
				    " \"ä\\\"]\": {\"d\": -1.5e3}, \"e\":2}";
	static const struct {
		const char	*pointer;
		unsigned int	 line;
		unsigned int	 column;
	} cases[] = {
		{ "", 1, 1 }, { "/a", 1, 7 }, { "/a/0", 1, 8 },
		{ "/a/1", 1, 11 }, { "/a/1/b~1c", 1, 19 },
		{ "/ä\\\"]/d", 2, 16 }, { "/e", 2, 29 },
		{ "/a/7", 1, 7 }, { "/nothing/there", 1, 1 },
	};
	unsigned int	 line, column;
	size_t		 i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		json_position(text, strlen(text), cases[i].pointer, &line,
		    &column);
		if (line != cases[i].line || column != cases[i].column)
			fail_msg("%s is at %u:%u", cases[i].pointer, line,
			    column);
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		T(polygons_and_features_are_taken),
		T(what_is_no_boundary_is_told_where),
		T(a_file_above_1_mib_is_refused_unread),
		T(positions_are_found_by_pointer),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
