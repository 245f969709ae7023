/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * stadtkern streets import: a city's street list, from a CSV file. It comes
 * whole: a list with a single mistake leaves the one before in its place.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "core/document/file.h"
#include "core/document/node_util.h"
#include "db/sync.h"

#define DISTRICT	"district:"	/* begins a column's name */
#define LIST_MAX	(256u << 20)	/* bytes of JSON */

struct entry {
	const char		*street;
	const char		*postcode;
	const char		*part;
	const char		*from;
	const char		*to;
	const char		*side;
	double			 lat;
	double			 lon;
	const struct node	*districts;
};

struct list {
	LIST_OF(struct entry)	 entries;
};

static const char *const sides[] = { "all", "odd", "even", NULL };

static const struct field entry_fields[] = {
	FIELD_TEXT(struct entry, street, .format = FIELD_FORMAT_LINE,
	    .max = 100, .required = true, .says = "the street's name"),
	FIELD_TEXT(struct entry, postcode, .format = FIELD_FORMAT_LINE,
	    .min = 5, .max = 5, .required = true, .says = "five digits"),
	FIELD_TEXT(struct entry, part, .format = FIELD_FORMAT_LINE,
	    .max = 100, .says = "part of the city"),
	FIELD_TEXT(struct entry, from, .format = FIELD_FORMAT_LINE, .max = 20,
	    .says = "first house number; all otherwise"),
	FIELD_TEXT(struct entry, to, .format = FIELD_FORMAT_LINE, .max = 20,
	    .says = "last house number; `from` otherwise"),
	FIELD_CHOICE(struct entry, side, .choices = sides,
	    .says = "which of them: all, odd or even"),
	FIELD_NUMBER(struct entry, lat, .min = -90, .max = 90,
	    .says = "latitude of its middle, WGS 84"),
	FIELD_NUMBER(struct entry, lon, .min = -180, .max = 180,
	    .says = "longitude"),
	FIELD_ANY(struct entry, districts),
	FIELD_END
};

static const struct field list_fields[] = {
	FIELD_LIST(struct list, entries, .fields = entry_fields, .min = 1,
	    .max = 200000, .required = true),
	FIELD_END
};

/* Moves "district:paper" of a row into its map `districts`. */
static void
row_gather(struct arena *arena, struct node *row)
{
	struct node	**at, *node, *map;
	const char	*name;

	map = node_new(arena, NODE_MAP);
	for (at = &row->first; (node = *at) != NULL;) {
		name = node->name;
		if (strncmp(name, DISTRICT, strlen(DISTRICT)) != 0 ||
		    !field_format_fits(FIELD_FORMAT_CODE,
		    name + strlen(DISTRICT))) {
			at = &node->next;
			continue;
		}
		*at = node->next;
		row->count--;
		node->next = NULL;
		node_append(arena, map, name + strlen(DISTRICT), node);
	}
	node_append(arena, row, "districts", map);
}

static struct node *
list_read(struct cli *cli, const char *path, struct findings *findings)
{
	struct node	*list, *row;
	char		*text;
	size_t		 len;

	if (file_read(cli->arena, path, NODE_CSV_MAX, &text, &len) !=
	    STATUS_OK) {
		finding_add(findings, "", path, 0, 0, FINDING_FILE, "");
		return (NULL);
	}
	if (node_from_csv(cli->arena, path, text, len, &list, findings) !=
	    STATUS_OK)
		return (NULL);
	for (row = list->first; row != NULL; row = row->next)
		row_gather(cli->arena, row);

	return (list);
}

/* The checked list as JSON, which is what statements take; NULL: findings. */
static const char *
list_check(struct cli *cli, struct node *list, struct findings *findings)
{
	struct field_context	 context = { .arena = cli->arena,
				    .findings = findings };
	struct values		 values;
	struct node		*map;
	size_t			 len;

	map = node_new(cli->arena, NODE_MAP);
	node_append(cli->arena, map, "entries", list);
	if (field_check(&context, list_fields, map, "", &values) != STATUS_OK)
		return (NULL);

	return (field_sql(cli->arena, &values, "entries", &len));
}

static enum finding_code
code_of(const char *text)
{
	int	code;

	for (code = 0; code < FINDING_COUNT; code++) {
		if (strcmp(finding_code_text((enum finding_code)code),
		    text) == 0)
			break;
	}

	return (code < FINDING_COUNT ? (enum finding_code)code :
	    FINDING_CONFLICT);
}

/* What only the database can say of it, with the places of the file. */
static void
faults_add(struct cli *cli, const PGresult *result, const struct node *list,
    struct findings *findings)
{
	const struct node	*row, *cell;
	const char		*field;
	long			 line;
	int			 i;

	for (i = 0; i < PQntuples(result); i++) {
		line = strtol(cli_column(result, i, "line"), NULL, 10);
		for (row = list->first; line > 0; line--)
			row = row->next;
		field = cli_column(result, i, "field");
		cell = node_get(row, field);
		node_finding(findings, cell != NULL ? cell : row,
		    arena_format(cli->arena, "/%s", field),
		    code_of(cli_column(result, i, "code")),
		    cli_column(result, i, "argument"));
	}
}

/* In a transaction of the tenant; how many streets there are, or NULL. */
static const char *
list_put(struct cli *cli, struct node *list, const char *json,
    struct findings *findings)
{
	PGresult	*result;
	const char	*streets;

	result = cli_query(cli, "street_list_faults",
	    (const struct cli_value[]){ { "list", json }, { NULL, NULL } },
	    NULL);
	if (result == NULL)
		return (NULL);
	faults_add(cli, result, list, findings);
	PQclear(result);
	if (findings->count != 0)
		return (NULL);
	result = cli_query(cli, "street_list_put", (const struct cli_value[]){
	    { "list", json }, { NULL, NULL } }, NULL);
	if (result == NULL)
		return (NULL);
	streets = arena_text(cli->arena, cli_column(result, 0, "streets"));
	PQclear(result);

	return (streets);
}

enum status
cli_streets_import(struct cli *cli, const char *slug, const char *path)
{
	struct findings	 findings;
	struct node	*list;
	const char	*json, *streets;
	int32_t		 id;

	findings_init(&findings, cli->arena);
	json = NULL;
	if ((list = list_read(cli, path, &findings)) != NULL)
		json = list_check(cli, list, &findings);
	streets = NULL;
	if (json != NULL) {
		if ((id = cli_tenant_id(cli, slug)) == 0 ||
		    sync_begin(cli->db, id) != STATUS_OK)
			return (STATUS_DATABASE);
		streets = list_put(cli, list, json, &findings);
		if (streets == NULL || sync_commit(cli->db) != STATUS_OK)
			sync_rollback(cli->db);
	}
	if (streets != NULL) {
		(void)printf("%s: %s streets\n", slug, streets);
		return (STATUS_OK);
	}
	cli_findings(cli->arena, &findings);
	(void)cli_fail("the streets of \"%s\" stay as they were", slug);

	return (STATUS_INVALID);
}

enum cli_exit
command_streets_import(struct cli *cli, int argc, char **argv)
{
	if (argc != 2)
		return (cli_usage(cli));
	if (cli_database(cli) == NULL)
		return (CLI_FAILED);

	return (cli_streets_import(cli, argv[0], argv[1]) == STATUS_OK ?
	    CLI_OK : CLI_FAILED);
}
