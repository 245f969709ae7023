/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * stadtkern demo: tenants, streets, staff and plugins' data to look at. May be
 * run again: what is there stays as it is. The staff share one password, which lies in
 * <var>/demo-password, readable for its owner only.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/document/file.h"
#include "db/sync.h"

#define PASSWORD_MAX	64
#define DEMO_SQL_MAX	(1024u * 1024)

struct demo_person {
	const char	*email;
	const char	*name;
	const char	*role;
};

struct demo {
	LIST_OF(const char *) tenants;
	LIST_OF(struct demo_person) staff;
};

static const struct field person_fields[] = {
	FIELD_TEXT(struct demo_person, email, .required = true,
	    .format = FIELD_FORMAT_EMAIL),
	FIELD_TEXT(struct demo_person, name, .required = true),
	FIELD_TEXT(struct demo_person, role, .required = true,
	    .format = FIELD_FORMAT_CODE),
	FIELD_END
};

static const struct field demo_fields[] = {
	FIELD_LIST(struct demo, tenants, .required = true,
	    .format = FIELD_FORMAT_CODE),
	FIELD_LIST(struct demo, staff, .required = true,
	    .fields = person_fields),
	FIELD_END
};

/* demo.yaml of a plugin. */
static const struct field plugin_fields[] = {
	FIELD_LIST(struct demo, staff, .required = true,
	    .fields = person_fields),
	FIELD_END
};

static struct demo *
demo_file(struct cli *cli, const char *path, const struct field *fields)
{
	struct findings		 findings;
	struct field_context	 context = { .arena = cli->arena,
				    .findings = &findings };
	struct values		 values;
	struct node		*node;

	findings_init(&findings, cli->arena);
	if (node_from_yaml_file(cli->arena, path, &node,
	    &findings) == STATUS_OK &&
	    field_check(&context, fields, node, "", &values) == STATUS_OK)
		return (values.data);
	cli_findings(cli->arena, &findings);
	return (NULL);
}

static void
staff_append(struct cli *cli, struct demo *demo, const struct demo *more)
{
	struct demo_person	*all;
	size_t			 i;

	all = arena_alloc(cli->arena,
	    (demo->staff.count + more->staff.count) * sizeof(*all));
	for (i = 0; i < demo->staff.count; i++)
		all[i] = demo->staff.items[i];
	for (i = 0; i < more->staff.count; i++)
		all[demo->staff.count + i] = more->staff.items[i];
	demo->staff.items = all;
	demo->staff.count += more->staff.count;
}

/* The platform's, and those who work with a plugin from its folder. */
static const struct demo *
demo_read(struct cli *cli, const struct registry *registry)
{
	const struct demo	*more;
	struct demo		*demo;
	const char		*path;
	size_t			 i;

	demo = demo_file(cli, arena_format(cli->arena,
	    "%s/platform/cli/demo.yaml", cli->env.home), demo_fields);
	for (i = 1; demo != NULL && i < registry->count; i++) {
		path = arena_format(cli->arena, "%s/demo.yaml",
		    registry->plugins[i].dir);
		if (access(path, F_OK) == -1)
			continue;
		if ((more = demo_file(cli, path, plugin_fields)) == NULL)
			return (NULL);
		staff_append(cli, demo, more);
	}
	return (demo);
}

/* The password of an earlier run, or NULL. */
static const char *
password_kept(struct cli *cli, const char *path)
{
	char	 line[PASSWORD_MAX];
	FILE	*file;
	bool	 got;

	if ((file = fopen(path, "re")) == NULL)
		return (NULL);
	got = fgets(line, sizeof(line), file) != NULL;
	(void)fclose(file);
	return (got ? arena_copy(cli->arena, line, strcspn(line, "\r\n")) :
	    NULL);
}

static const char *
password_make(struct cli *cli, const char *path)
{
	const char	*password;
	FILE		*file;
	int		 fd;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	file = fd == -1 ? NULL : fdopen(fd, "w");
	if (file == NULL) {
		if (fd != -1)
			(void)close(fd);
		(void)cli_fail("file cannot be written: \"%s\": %s", path,
		    strerror(errno));
		return (NULL);
	}
	password = cli_password(cli->arena);
	(void)fprintf(file, "%s\n", password);
	if (fclose(file) == 0)
		return (password);
	(void)cli_fail("file cannot be written: \"%s\"", path);
	return (NULL);
}

/* Accounts that are there keep their password, unless `anew`. */
static enum status
staff_put(struct cli *cli, const struct demo *demo, const char *slug,
    const char *password, bool anew)
{
	const struct demo_person	*entry;
	struct person			 person;
	PGresult			*result;
	bool				 there;
	int32_t				 id;
	size_t				 i;

	if ((id = cli_tenant_id(cli, slug)) == 0)
		return (STATUS_NOT_FOUND);
	for (i = 0; i < demo->staff.count; i++) {
		entry = &demo->staff.items[i];
		if (sync_begin(cli->db, id) != STATUS_OK)
			return (STATUS_DATABASE);
		result = cli_query(cli, "staff_find",
		    (const struct cli_value[]){ { "email", entry->email },
		    { NULL, NULL } }, NULL);
		there = result != NULL && PQntuples(result) == 1;
		PQclear(result);
		sync_rollback(cli->db);
		if (there && !anew)
			continue;
		person.email = entry->email;
		person.name = entry->name;
		person.roles = entry->role;
		person.password = password;
		if (cli_staff_put(cli, slug, &person) != STATUS_OK)
			return (STATUS_DATABASE);
	}
	return (STATUS_OK);
}

/* The list in the tenant's folder, where there is one. */
static enum status
streets_put(struct cli *cli, const char *slug)
{
	const char	*path;

	path = arena_format(cli->arena, "%s/tenants/%s/streets.csv",
	    cli->env.home, slug);
	if (access(path, F_OK) == -1)
		return (STATUS_OK);
	return (cli_streets_import(cli, slug, path));
}

static const char *
demo_sql(struct cli *cli, const struct loaded *loaded)
{
	char	*sql;
	size_t	 len;

	if (file_read(cli->arena, arena_format(cli->arena, "%s/demo.sql",
	    loaded->dir), DEMO_SQL_MAX, &sql, &len) != STATUS_OK)
		return (NULL);
	return (len == 0 ? NULL : sql);
}

/* The plugins' own demonstration data, for a tenant that is new. */
static enum status
plugins_fill(struct cli *cli, const struct registry *registry,
    const char *slug)
{
	const char	*sql;
	PGresult	*result;
	ExecStatusType	 status;
	int32_t		 id;
	size_t		 i;

	if ((id = cli_tenant_id(cli, slug)) == 0)
		return (STATUS_NOT_FOUND);
	for (i = 1; i < registry->count; i++) {
		if ((sql = demo_sql(cli, &registry->plugins[i])) == NULL)
			continue;
		if (sync_begin(cli->db, id) != STATUS_OK)
			return (STATUS_DATABASE);
		/* More than one statement: the simple protocol. */
		result = PQexec(cli->db, sql);
		status = PQresultStatus(result);
		PQclear(result);
		if ((status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK &&
		    status != PGRES_EMPTY_QUERY) ||
		    sync_commit(cli->db) != STATUS_OK) {
			(void)cli_fail("demo.sql of \"%s\" failed: %s",
			    registry->plugins[i].plugin->name,
			    PQerrorMessage(cli->db));
			sync_rollback(cli->db);
			return (STATUS_DATABASE);
		}
	}
	return (STATUS_OK);
}

static void
logins_print(const struct demo *demo, const char *password)
{
	size_t	 i;

	(void)printf("staff of every demonstration tenant:\n");
	for (i = 0; i < demo->staff.count; i++)
		(void)printf("  %-24s %s (%s)\n", demo->staff.items[i].email,
		    password, demo->staff.items[i].role);
}

enum cli_exit
command_demo(struct cli *cli, int argc, char **argv)
{
	const struct registry	*registry;
	const struct demo	*demo;
	const char		*path, *password;
	enum tenant_outcome	 outcome;
	bool			 anew;
	size_t			 i;

	(void)argv;
	if (argc != 0)
		return (cli_usage(cli));
	if ((registry = cli_registry(cli)) == NULL ||
	    (demo = demo_read(cli, registry)) == NULL ||
	    cli_database(cli) == NULL)
		return (CLI_FAILED);
	path = arena_format(cli->arena, "%s/demo-password", cli->env.var);
	password = password_kept(cli, path);
	anew = password == NULL;
	if (anew && (password = password_make(cli, path)) == NULL)
		return (CLI_FAILED);
	for (i = 0; i < demo->tenants.count; i++) {
		outcome = cli_tenant_add(cli, demo->tenants.items[i]);
		if (outcome == TENANT_FAILED || staff_put(cli, demo,
		    demo->tenants.items[i], password, anew) != STATUS_OK)
			return (CLI_FAILED);
		if (outcome == TENANT_ADDED &&
		    (streets_put(cli, demo->tenants.items[i]) != STATUS_OK ||
		    plugins_fill(cli, registry, demo->tenants.items[i]) !=
		    STATUS_OK))
			return (CLI_FAILED);
		(void)printf("%s: %s\n", demo->tenants.items[i],
		    outcome == TENANT_ADDED ? "added" : "there already");
	}
	logins_print(demo, password);
	return (CLI_OK);
}
