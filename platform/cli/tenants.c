/* SPDX-License-Identifier: EUPL-1.2 */
/* stadtkern tenant check|add|pause|resume|show */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "core/document/node_util.h"
#include "courier/publish_files.h"
#include "db/sync.h"

#define HOSTS_MAX	(64u * 1024)

static size_t
slugs_count(const char *const *slugs)
{
	size_t	 count;

	for (count = 0; slugs[count] != NULL; count++)
		continue;
	return (count);
}

static bool
slug_listed(const char *const *slugs, const char *slug)
{
	for (; *slugs != NULL; slugs++)
		if (strcmp(*slugs, slug) == 0)
			return (true);
	return (false);
}

/* Of a document only its hosts, to outlive the arena it was read into. */
static struct node *
hosts_keep(struct arena *arena, const struct node *document)
{
	struct node		*kept, *tenant, *hosts, *host;
	const struct node	*all;

	all = node_get(node_get(document, "tenant"), "hosts");
	if (all == NULL)
		return (NULL);
	hosts = node_copy(arena, all);
	for (host = hosts->first; host != NULL; host = host->next)
		host->file = arena_text(arena, host->file);
	tenant = node_new(arena, NODE_MAP);
	node_append(arena, tenant, "hosts", hosts);
	kept = node_new(arena, NODE_MAP);
	node_append(arena, kept, "tenant", tenant);
	return (kept);
}

/* Each in an arena of its own: there may be ten thousand. */
static struct node *
tenant_check(struct cli *cli, const struct registry *registry,
    const char *slug, struct findings *findings)
{
	struct findings	 ignored;
	struct arena	*arena;
	struct node	*document, *kept;

	arena = arena_new(0);
	findings_init(&ignored, arena);
	document = NULL;
	(void)tenant_read(arena, registry, cli->env.home, slug, NULL,
	    &document, findings == NULL ? &ignored : findings);
	kept = hosts_keep(cli->arena, document);
	arena_free(arena);
	return (kept);
}

void
cli_tenants_check(struct cli *cli, const struct registry *registry,
    const char *const *all, const char *const *chosen,
    struct findings *findings)
{
	struct node	**documents;
	size_t		  i, count;

	count = slugs_count(all);
	documents = arena_alloc(cli->arena, (count + 1) * sizeof(*documents));
	for (i = 0; i < count; i++)
		documents[i] = tenant_check(cli, registry, all[i],
		    slug_listed(chosen, all[i]) ? findings : NULL);
	tenant_hosts_check(cli->arena, all, documents, count, findings);
	for (; *chosen != NULL; chosen++)
		if (!slug_listed(all, *chosen))
			finding_add(findings, "", arena_format(cli->arena,
			    "%s/tenants/%s.yaml", cli->env.home, *chosen), 0,
			    0, FINDING_FILE, "no such file");
}

enum cli_exit
command_tenant_check(struct cli *cli, int argc, char **argv)
{
	const struct registry	 *registry;
	struct findings		  findings;
	const char		**all, **chosen;
	int			  i;

	if ((registry = cli_registry(cli)) == NULL)
		return (CLI_FAILED);
	all = tenant_slugs(cli->arena, cli->env.home);
	if (all[0] == NULL)
		return (cli_fail("no tenants in \"%s/tenants\", does "
		    "STADTKERN_HOME name the right folder?", cli->env.home));
	chosen = arena_alloc(cli->arena,
	    ((size_t)argc + 1) * sizeof(*chosen));
	for (i = 0; i < argc; i++)
		chosen[i] = argv[i];
	findings_init(&findings, cli->arena);
	cli_tenants_check(cli, registry, all, argc == 0 ? all : chosen,
	    &findings);
	if (findings.count != 0) {
		cli_findings(cli->arena, &findings);
		return (cli_fail("%zu finding%s; what runs keeps running as it "
		    "was", findings.count, findings.count == 1 ? "" : "s"));
	}
	(void)printf("%zu tenant%s in order\n",
	    slugs_count(argc == 0 ? all : chosen),
	    slugs_count(argc == 0 ? all : chosen) == 1 ? "" : "s");
	return (CLI_OK);
}

static enum status
hosts_free_check(struct cli *cli, const char *slug,
    const struct node *document)
{
	struct json		 json;
	PGresult		*result;
	int			 i;

	json_init(&json, cli->arena, HOSTS_MAX);
	node_to_json(&json, NULL,
	    node_get(node_get(document, "tenant"), "hosts"));
	result = cli_query(cli, "tenant_hosts_taken",
	    (const struct cli_value[]){ { "slug", slug },
	    { "hosts", json_finish(&json, NULL) }, { NULL, NULL } }, NULL);
	if (result == NULL)
		return (STATUS_DATABASE);
	for (i = 0; i < PQntuples(result); i++)
		(void)cli_fail("host \"%s\" of \"%s\" belongs to tenant "
		    "\"%s\"", cli_column(result, i, "host"), slug,
		    cli_column(result, i, "slug"));
	i = PQntuples(result);
	PQclear(result);
	return (i == 0 ? STATUS_OK : STATUS_REFUSED);
}

/* A row with a key pair of its own. */
static enum status
row_create(struct cli *cli, const char *slug)
{
	struct keys	 keys;
	struct bytes	 wrapped;
	unsigned char	 public_key[CRYPTO_KEY_LEN];
	PGresult	*result;
	const char	*id;
	enum status	 status;

	if (keys_load(&keys, cli_keys_dir(cli), KEYS_CLI) != STATUS_OK) {
		(void)cli_fail("keys are missing in \"%s\", run: "
		    "stadtkern keys", cli_keys_dir(cli));
		return (STATUS_CRYPTO);
	}
	result = cli_query(cli, "tenant_create", (const struct cli_value[]){
	    { "slug", slug }, { NULL, NULL } }, NULL);
	if (result == NULL)
		return (STATUS_DATABASE);
	id = arena_text(cli->arena, cli_column(result, 0, "id"));
	PQclear(result);
	status = crypto_tenant_keys(cli->arena, &keys,
	    (int32_t)strtol(id, NULL, 10), public_key, &wrapped);
	explicit_bzero(&keys, sizeof(keys));
	if (status != STATUS_OK)
		return (status);
	result = cli_query(cli, "tenant_keys_set", (const struct cli_value[]){
	    { "id", id },
	    { "public_key", cli_hex(cli->arena, public_key,
	    sizeof(public_key)) },
	    { "wrapped", cli_hex(cli->arena, wrapped.at, wrapped.len) },
	    { NULL, NULL } }, NULL);
	if (result == NULL)
		return (STATUS_DATABASE);
	PQclear(result);
	return (STATUS_OK);
}

/* The files of the tenant's theme that are not there yet; NULL (said). */
static const char *
files_make(struct cli *cli, const char *slug, const struct node *document)
{
	struct findings	 findings;
	PGresult	*result;
	const char	*missing, *files;
	enum status	 status;

	result = cli_query(cli, "tenant_files_missing",
	    (const struct cli_value[]){ { "slug", slug }, { "names",
	    publish_files_names(cli->arena, document) }, { NULL, NULL } },
	    NULL);
	if (result == NULL)
		return (NULL);
	missing = arena_text(cli->arena, cli_column(result, 0, "missing"));
	PQclear(result);
	findings_init(&findings, cli->arena);
	status = publish_files_make(cli->arena, document, missing, &files,
	    &findings);
	if (status == STATUS_OK)
		return (files);
	cli_findings(cli->arena, &findings);
	(void)cli_fail("the pictures of \"%s\" were not drawn: %s", slug,
	    status_text(status));
	return (NULL);
}

static enum status
files_publish(struct cli *cli, const char *slug, const char *files,
    const struct node *document)
{
	PGresult	*result;

	result = cli_query(cli, "tenant_files_publish",
	    (const struct cli_value[]){ { "slug", slug }, { "names",
	    publish_files_names(cli->arena, document) }, { "files", files },
	    { NULL, NULL } }, NULL);
	PQclear(result);
	return (result == NULL ? STATUS_DATABASE : STATUS_OK);
}

static enum status
document_publish(struct cli *cli, const char *slug, const char *config,
    const char *files, const struct node *document)
{
	PGresult	*result;
	const char	*problem;

	if (files_publish(cli, slug, files, document) != STATUS_OK)
		return (STATUS_DATABASE);
	result = cli_query(cli, "tenant_publish", (const struct cli_value[]){
	    { "slug", slug }, { "config", config },
	    { "boundary", tenant_boundary(cli->arena, document) },
	    { NULL, NULL } }, &problem);
	if (result != NULL) {
		PQclear(result);
		return (STATUS_OK);
	}
	if (problem != NULL)
		(void)cli_fail("tenant \"%s\" was not published: %s", slug,
		    problem);
	return (STATUS_DATABASE);
}

/* Within a transaction: whatever is missing of the tenant. */
static enum tenant_outcome
tenant_put(struct cli *cli, const char *slug, const char *files,
    const struct node *document)
{
	PGresult		*result;
	const char		*config, *published;
	enum tenant_outcome	 outcome;

	config = tenant_config(cli->arena, document);
	result = cli_query(cli, "tenant_lock", NULL, NULL);
	PQclear(result);
	if (result == NULL)
		return (TENANT_FAILED);
	result = cli_query(cli, "tenant_find", (const struct cli_value[]){
	    { "slug", slug }, { NULL, NULL } }, NULL);
	if (result == NULL || hosts_free_check(cli, slug,
	    document) != STATUS_OK) {
		PQclear(result);
		return (TENANT_FAILED);
	}
	published = cli_column(result, 0, "config");
	if (PQntuples(result) == 0)
		outcome = row_create(cli, slug) == STATUS_OK ? TENANT_ADDED :
		    TENANT_FAILED;
	else if (published != NULL && strcmp(published, config) == 0 &&
	    cli_column(result, 0, "config_error") == NULL)
		outcome = TENANT_UNCHANGED;
	else
		outcome = TENANT_PUBLISHED;
	PQclear(result);
	if ((outcome == TENANT_ADDED || outcome == TENANT_PUBLISHED) &&
	    document_publish(cli, slug, config, files,
	    document) != STATUS_OK)
		outcome = TENANT_FAILED;
	return (outcome);
}

enum tenant_outcome
cli_tenant_add(struct cli *cli, const char *slug)
{
	const struct registry	*registry;
	struct findings		 findings;
	struct node		*document;
	const char		*files;
	enum tenant_outcome	 outcome;

	if ((registry = cli_registry(cli)) == NULL ||
	    cli_database(cli) == NULL)
		return (TENANT_FAILED);
	findings_init(&findings, cli->arena);
	if (tenant_read(cli->arena, registry, cli->env.home, slug, NULL,
	    &document, &findings) != STATUS_OK) {
		cli_findings(cli->arena, &findings);
		(void)cli_fail("tenant \"%s\" was not added, its files have "
		    "%zu finding%s", slug, findings.count,
		    findings.count == 1 ? "" : "s");
		return (TENANT_FAILED);
	}
	if ((files = files_make(cli, slug, document)) == NULL ||
	    sync_begin(cli->db, 0) != STATUS_OK)
		return (TENANT_FAILED);
	outcome = tenant_put(cli, slug, files, document);
	if (outcome == TENANT_FAILED || sync_commit(cli->db) != STATUS_OK) {
		sync_rollback(cli->db);
		return (TENANT_FAILED);
	}
	return (outcome);
}

enum cli_exit
command_tenant_add(struct cli *cli, int argc, char **argv)
{
	static const char *const says[] = {
		[TENANT_ADDED] = "added and in service",
		[TENANT_PUBLISHED] = "was there already, published anew",
		[TENANT_UNCHANGED] = "was there already, nothing to publish",
	};
	enum tenant_outcome	 outcome;
	enum cli_exit		 code;
	int			 i;

	if (argc == 0)
		return (cli_usage(cli));
	code = CLI_OK;
	for (i = 0; i < argc; i++) {
		outcome = cli_tenant_add(cli, argv[i]);
		if (outcome == TENANT_FAILED)
			code = CLI_FAILED;
		else
			(void)printf("%s: %s\n", argv[i], says[outcome]);
	}
	return (code);
}

static enum cli_exit
active_set(struct cli *cli, int argc, char **argv, const char *active)
{
	PGresult	*result;
	bool		 changed;

	if (argc != 1)
		return (cli_usage(cli));
	if (cli_database(cli) == NULL || cli_tenant_id(cli, argv[0]) == 0)
		return (CLI_FAILED);
	result = cli_query(cli, "tenant_active_set",
	    (const struct cli_value[]){ { "slug", argv[0] },
	    { "active", active }, { NULL, NULL } }, NULL);
	if (result == NULL)
		return (CLI_FAILED);
	changed = strcmp(cli_column(result, 0, "changed"), "1") == 0;
	PQclear(result);
	(void)printf("%s: %s%s\n", argv[0], changed ? "" : "already ",
	    strcmp(active, "true") == 0 ? "in service" : "paused");
	return (CLI_OK);
}

enum cli_exit
command_tenant_pause(struct cli *cli, int argc, char **argv)
{
	return (active_set(cli, argc, argv, "false"));
}

enum cli_exit
command_tenant_resume(struct cli *cli, int argc, char **argv)
{
	return (active_set(cli, argc, argv, "true"));
}

static void
hosts_print(struct cli *cli, const char *config)
{
	struct findings		 findings;
	struct node		*document;
	const struct node	*host;

	findings_init(&findings, cli->arena);
	if (config == NULL || node_from_json(cli->arena, config,
	    strlen(config), &document, &findings) != STATUS_OK)
		return;
	host = node_get(node_get(document, "tenant"), "hosts");
	for (host = host == NULL ? NULL : host->first; host != NULL;
	    host = host->next)
		(void)printf("  host       %s\n", node_text(host));
}

static enum cli_exit
tenant_show(struct cli *cli, const char *slug)
{
	PGresult	*row, *counts;
	const char	*error;
	int32_t		 id;

	if ((id = cli_tenant_id(cli, slug)) == 0)
		return (CLI_FAILED);
	if (sync_begin(cli->db, id) != STATUS_OK)
		return (CLI_FAILED);
	row = cli_query(cli, "tenant_find", (const struct cli_value[]){
	    { "slug", slug }, { NULL, NULL } }, NULL);
	counts = row == NULL ? NULL :
	    cli_query(cli, "tenant_counts", NULL, NULL);
	sync_rollback(cli->db);
	if (counts == NULL) {
		PQclear(row);
		return (CLI_FAILED);
	}
	(void)printf("%s: %s, version %s, number %d\n", slug,
	    strcmp(cli_column(row, 0, "active"), "t") == 0 ? "in service" :
	    "paused", cli_column(row, 0, "version"), id);
	hosts_print(cli, cli_column(row, 0, "config"));
	(void)printf("  staff      %s\n  devices    %s\n  accounts   %s\n"
	    "  jobs       %s, dead %s\n", cli_column(counts, 0, "staff"),
	    cli_column(counts, 0, "devices"),
	    cli_column(counts, 0, "accounts"), cli_column(counts, 0, "jobs"),
	    cli_column(counts, 0, "dead_jobs"));
	if ((error = cli_column(row, 0, "config_error")) != NULL)
		(void)printf("  the files have findings, the last good version "
		    "serves: %s\n  run: stadtkern tenant check %s\n", error,
		    slug);
	PQclear(row);
	PQclear(counts);
	return (CLI_OK);
}

enum cli_exit
command_tenant_show(struct cli *cli, int argc, char **argv)
{
	PGresult	*result;
	enum cli_exit	 code;
	int		 i;

	if (argc > 1)
		return (cli_usage(cli));
	if (cli_database(cli) == NULL)
		return (CLI_FAILED);
	if (argc == 1)
		return (tenant_show(cli, argv[0]));
	if ((result = cli_query(cli, "tenant_list", NULL, NULL)) == NULL)
		return (CLI_FAILED);
	code = CLI_OK;
	for (i = 0; i < PQntuples(result); i++)
		if (tenant_show(cli, cli_column(result, i, "slug")) != CLI_OK)
			code = CLI_FAILED;
	if (PQntuples(result) == 0)
		(void)printf("no tenants yet, run: stadtkern tenant add "
		    "<slug>\n");
	PQclear(result);
	return (code);
}
