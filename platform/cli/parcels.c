/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * stadtkern parcels import: a city's parcels from GeoJSON, in the shape that
 * NRW's cadastre gives them out (ALKIS). They come whole: with a single mistake
 * the ones before stay. A city has 50,000, so features are taken one by one.
 *
 * What is read of a feature is listed below; all else, whoever owns it above
 * all, goes no further than this program's memory.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "core/document/file.h"
#include "core/document/json_position.h"
#include "core/document/node_util.h"
#include "core/tenant/features.h"
#include "core/tenant/geojson.h"
#include "db/sync.h"

#define FILE_MAX_BYTES	(512u << 20)
#define AT_ONCE		500		/* features for a statement */
#define LIST_MAX	(64u << 20)
#define DIGITS		"0123456789"

struct import {
	struct cli		*cli;
	const char		*path;
	const char		*bytes;
	size_t			 len;
	struct findings		 findings;
	struct arena		*arena;		/* of the features at hand */
	struct json		 list;
	size_t			 count;		/* of them */
	struct feature		 features[AT_ONCE];
};

static void
import_finding(struct import *import, const struct feature *feature,
    const char *pointer, enum finding_code code, const char *argument)
{
	unsigned int	line, column;

	json_position(feature->at, feature->len, pointer, &line, &column);
	if (line == 1)
		column += feature->column - 1;
	finding_add(&import->findings, arena_format(import->cli->arena,
	    "/features/%zu%s", feature->index, pointer), import->path,
	    line + feature->line - 1, column, code,
	    arena_text(import->cli->arena, argument));
}

/* Land 2, Gemarkung 4, Flur 3, Zähler 5, Nenner 4, Folge 2. */
static bool
key_fits(const char *key)
{
	return (strlen(key) == 20 && strspn(key, DIGITS) >= 6 &&
	    (strspn(key + 6, DIGITS) >= 3 || strncmp(key + 6, "___", 3) == 0) &&
	    strspn(key + 9, DIGITS) >= 5 && strncmp(key + 9, "00000", 5) != 0 &&
	    (strspn(key + 14, DIGITS) >= 4 ||
	    strncmp(key + 14, "____", 4) == 0) &&
	    (strspn(key + 18, DIGITS) == 2 || strcmp(key + 18, "__") == 0));
}

/* As it is given, or made of its parts. */
static const char *
key_read(struct import *import, const struct feature *feature,
    const struct node *properties)
{
	const char	*key, *district, *section, *number, *under;

	key = node_text(node_get(properties, "flstkennz"));
	district = node_text(node_get(properties, "gemaschl"));
	section = node_text(node_get(properties, "flur"));
	number = node_text(node_get(properties, "flstnrzae"));
	under = node_text(node_get(properties, "flstnrnen"));
	if (key == NULL && district != NULL && section != NULL &&
	    number != NULL)
		key = arena_format(import->arena, "%s%03ld%05ld%s__", district,
		    strtol(section, NULL, 10), strtol(number, NULL, 10),
		    under == NULL ? "____" : arena_format(import->arena,
		    "%04ld", strtol(under, NULL, 10)));
	if (key == NULL)
		import_finding(import, feature, "/properties/flstkennz",
		    FINDING_REQUIRED, NULL);
	else if (!key_fits(key))
		import_finding(import, feature, "/properties/flstkennz",
		    FINDING_FORMAT, "20 characters of a Flurstückskennzeichen");
	else
		return (key);
	return (NULL);
}

static const struct node *
geometry_read(struct import *import, const struct feature *feature)
{
	struct geojson_boundary	 boundary;
	struct findings		 findings;
	const struct finding	*finding;
	bool			 metres;

	findings_init(&findings, import->arena);
	if (geojson_boundary_read(import->arena, NULL, feature->at,
	    feature->len, &boundary, &findings) == STATUS_OK)
		return (boundary.geometry);
	for (finding = findings.first; finding != NULL;
	    finding = finding->next) {
		metres = finding->code == FINDING_TOO_LARGE;
		import_finding(import, feature, finding->pointer,
		    metres ? FINDING_CONFLICT : finding->code,
		    metres ? "degrees of WGS 84 (CRS84) are wanted, these "
		    "look like metres (EPSG:25832)" : finding->argument);
	}
	return (NULL);
}

/* One feature into the list of those at hand. */
static void
feature_take(struct import *import, const struct feature *feature)
{
	const struct node	*properties, *geometry, *owned, *area;
	struct findings		 syntax;
	struct node		*node;
	const char		*key;

	findings_init(&syntax, import->arena);
	if (node_from_json(import->arena, feature->at, feature->len, &node,
	    &syntax) != STATUS_OK) {
		import_finding(import, feature, "", FINDING_SYNTAX,
		    syntax.first == NULL ? NULL : syntax.first->argument);
		return;
	}
	properties = node_get(node, "properties");
	owned = node_get(properties, "city_owned");
	area = node_get(properties, "flaeche");
	key = key_read(import, feature, properties);
	geometry = geometry_read(import, feature);
	if (owned != NULL && owned->kind != NODE_BOOL &&
	    owned->kind != NODE_NULL)
		import_finding(import, feature, "/properties/city_owned",
		    FINDING_TYPE, "true or false");
	if (import->findings.count != 0 || key == NULL || geometry == NULL)
		return;
	json_open_object(&import->list, NULL);
	json_text(&import->list, "key", key);
	if (node_text(node_get(properties, "gemarkung")) != NULL)
		json_text(&import->list, "district",
		    node_text(node_get(properties, "gemarkung")));
	if (owned != NULL && owned->kind == NODE_BOOL)
		json_bool(&import->list, "city_owned", owned->boolean);
	if (area != NULL && area->kind == NODE_INT && area->integer >= 0 &&
	    area->integer < 1000000000)
		json_int(&import->list, "area", area->integer);
	node_to_json(&import->list, "geometry", geometry);
	json_close(&import->list);
	import->features[import->count++] = *feature;
}

static void
hand_begin(struct import *import)
{
	import->arena = arena_new(1 << 20);
	import->count = 0;
	json_init(&import->list, import->arena, LIST_MAX);
	json_open_array(&import->list, NULL);
}

/* Those at hand into the database. */
static enum status
hand_put(struct import *import)
{
	PGresult	*result;
	const char	*list;
	long		 line;
	int		 i;

	json_close(&import->list);
	list = json_finish(&import->list, NULL);
	if (list == NULL) {
		finding_add(&import->findings, "/features", import->path, 0, 0,
		    FINDING_TOO_LONG, arena_format(import->cli->arena, "%u",
		    LIST_MAX));
		return (STATUS_OK);
	}
	result = cli_query(import->cli, "parcels_add",
	    (const struct cli_value[]){ { "list", list }, { NULL, NULL } },
	    NULL);
	if (result == NULL)
		return (STATUS_DATABASE);
	for (i = 0; i < PQntuples(result); i++) {
		line = strtol(cli_column(result, i, "line"), NULL, 10);
		import_finding(import, &import->features[line], "/geometry",
		    FINDING_CONFLICT, cli_column(result, i, "argument"));
	}
	PQclear(result);
	return (STATUS_OK);
}

static enum status
features_put(struct import *import)
{
	struct features	 reader;
	struct feature	 feature;
	enum status	 status, put;

	features_begin(&reader, import->bytes, import->len);
	status = STATUS_OK;
	while (status == STATUS_OK) {
		hand_begin(import);
		while (import->count < AT_ONCE && (status =
		    features_next(&reader, &feature)) == STATUS_OK)
			feature_take(import, &feature);
		put = STATUS_OK;
		if (import->count != 0 && import->findings.count == 0)
			put = hand_put(import);
		arena_free(import->arena);
		if (put != STATUS_OK)
			return (put);
	}
	if (status == STATUS_INVALID)
		finding_add(&import->findings, "", import->path, reader.line,
		    reader.column, FINDING_SYNTAX, "expected is a "
		    "FeatureCollection with features");
	else if (reader.count == 0)
		finding_add(&import->findings, "/features", import->path, 0, 0,
		    FINDING_TOO_FEW, "1");
	return (STATUS_OK);
}

static enum status
import_run(struct import *import, int32_t id, const char *slug)
{
	PGresult	*before, *now;
	enum status	 status;

	if (sync_begin(import->cli->db, id) != STATUS_OK)
		return (STATUS_DATABASE);
	before = cli_query(import->cli, "parcels_begin",
	    (const struct cli_value[]){ { NULL, NULL } }, NULL);
	status = before == NULL ? STATUS_DATABASE : features_put(import);
	now = NULL;
	if (status == STATUS_OK && import->findings.count == 0)
		now = cli_query(import->cli, "parcels_counts",
		    (const struct cli_value[]){ { NULL, NULL } }, NULL);
	if (now == NULL || sync_commit(import->cli->db) != STATUS_OK) {
		sync_rollback(import->cli->db);
		status = status == STATUS_OK ? STATUS_INVALID : status;
	} else
		(void)printf("%s: %s parcels, %s of them the city's, of %s "
		    "nobody said; %s before\n", slug,
		    cli_column(now, 0, "parcels"),
		    cli_column(now, 0, "city_owned"),
		    cli_column(now, 0, "unknown"),
		    cli_column(before, 0, "before"));
	PQclear(before);
	PQclear(now);
	return (status);
}

enum cli_exit
command_parcels_import(struct cli *cli, int argc, char **argv)
{
	struct import	*import;
	char		*text;
	int32_t		 id;

	if (argc != 2)
		return (cli_usage(cli));
	import = arena_alloc(cli->arena, sizeof(*import));
	import->cli = cli;
	import->path = argv[1];
	findings_init(&import->findings, cli->arena);
	if (file_read(cli->arena, argv[1], FILE_MAX_BYTES, &text,
	    &import->len) != STATUS_OK)
		return (cli_fail("\"%s\" cannot be read, or is larger than "
		    "%u bytes", argv[1], FILE_MAX_BYTES));
	import->bytes = text;
	if (cli_database(cli) == NULL || (id = cli_tenant_id(cli,
	    argv[0])) == 0)
		return (CLI_FAILED);
	if (import_run(import, id, argv[0]) == STATUS_OK)
		return (CLI_OK);
	cli_findings(cli->arena, &import->findings);
	return (cli_fail("the parcels of \"%s\" stay as they were", argv[0]));
}
