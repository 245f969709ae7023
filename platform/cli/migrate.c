/* SPDX-License-Identifier: EUPL-1.2 */
/* stadtkern keys|migrate: what has to be there before anything runs. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "core/document/file.h"
#include "core/document/node_util.h"
#include "db/migrate.h"
#include "db/sync.h"

#define GEO_MAX		(16u * 1024 * 1024)

enum cli_exit
command_keys(struct cli *cli, int argc, char **argv)
{
	const char	*dir;

	(void)argv;
	if (argc != 0)
		return (cli_usage(cli));
	if (mkdir(cli->env.var, 0755) == -1 && errno != EEXIST)
		return (cli_fail("folder cannot be made: \"%s\": %s",
		    cli->env.var, strerror(errno)));
	dir = cli_keys_dir(cli);
	if (keys_create(dir) != STATUS_OK)
		return (cli_fail("keys cannot be made in \"%s\"", dir));
	(void)printf("keys are in %s; keep a copy of it in a safe place, "
	    "without them nothing sealed can be opened\n", dir);
	return (CLI_OK);
}

static enum status
municipality_put(struct cli *cli, const struct node *feature,
    unsigned int *changed)
{
	const struct node	*properties;
	struct json		 json;
	PGresult		*result;
	const char		*ags, *problem;

	properties = node_get(feature, "properties");
	ags = node_text(node_get(properties, "ags"));
	json_init(&json, cli->arena, GEO_MAX);
	if (node_get(feature, "geometry") == NULL) {
		(void)cli_fail("municipality without geometry: \"%s\"",
		    ags == NULL ? "" : ags);
		return (STATUS_INVALID);
	}
	node_to_json(&json, NULL, node_get(feature, "geometry"));
	result = cli_query(cli, "municipality_put",
	    (const struct cli_value[]){ { "ags", ags },
	    { "name", node_text(node_get(properties, "name")) },
	    { "geometry", json_finish(&json, NULL) }, { NULL, NULL } },
	    &problem);
	if (result == NULL) {
		if (problem != NULL)
			(void)cli_fail("municipality \"%s\": %s",
			    ags == NULL ? "" : ags, problem);
		return (STATUS_DATABASE);
	}
	*changed += strcmp(cli_column(result, 0, "changed"), "1") == 0;
	PQclear(result);
	return (STATUS_OK);
}

/* The municipalities of platform/geo into the database. */
static enum status
municipalities_load(struct cli *cli)
{
	struct findings		 findings;
	struct node		*document;
	const struct node	*feature;
	const char		*path;
	char			*text;
	size_t			 len;
	unsigned int		 changed;

	path = arena_format(cli->arena,
	    "%s/platform/geo/municipalities.geojson", cli->env.home);
	findings_init(&findings, cli->arena);
	if (file_read(cli->arena, path, GEO_MAX, &text, &len) != STATUS_OK ||
	    node_from_json(cli->arena, text, len, &document,
	    &findings) != STATUS_OK ||
	    (feature = node_get(document, "features")) == NULL) {
		cli_findings(cli->arena, &findings);
		(void)cli_fail("no GeoJSON FeatureCollection: \"%s\"", path);
		return (STATUS_IO);
	}
	if (sync_begin(cli->db, 0) != STATUS_OK)
		return (STATUS_DATABASE);
	changed = 0;
	for (feature = feature->first; feature != NULL;
	    feature = feature->next) {
		if (municipality_put(cli, feature, &changed) != STATUS_OK) {
			sync_rollback(cli->db);
			return (STATUS_DATABASE);
		}
	}
	if (sync_commit(cli->db) != STATUS_OK)
		return (STATUS_DATABASE);
	if (changed != 0)
		(void)printf("municipalities loaded: %u\n", changed);
	return (STATUS_OK);
}

enum cli_exit
command_migrate(struct cli *cli, int argc, char **argv)
{
	unsigned int	 applied;

	(void)argv;
	if (argc != 0)
		return (cli_usage(cli));
	if (cli_database(cli) == NULL)
		return (CLI_FAILED);
	applied = 0;
	if (migrate_run(cli->db, arena_format(cli->arena, "%s/migrations",
	    cli->env.home), &applied) != STATUS_OK)
		return (cli_fail("migrations applied before it stopped: %u",
		    applied));
	if (municipalities_load(cli) != STATUS_OK)
		return (CLI_FAILED);
	if (applied == 0)
		(void)printf("the database is up to date\n");
	else
		(void)printf("migrations applied: %u\n", applied);
	return (CLI_OK);
}
