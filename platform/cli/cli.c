/* SPDX-License-Identifier: EUPL-1.2 */
/* What all commands need: plugins, database, statements, telling people. */

#include <pwd.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/document/file.h"
#include "db/sync.h"

#define QUERIES_MAX	(256u * 1024)

enum cli_exit
cli_fail(const char *fmt, ...)
{
	va_list	 args;

	(void)fflush(stdout);
	(void)fputs("stadtkern: ", stderr);
	va_start(args, fmt);
	(void)vfprintf(stderr, fmt, args);
	va_end(args);
	(void)fputc('\n', stderr);
	return (CLI_FAILED);
}

enum cli_exit
cli_usage(const struct cli *cli)
{
	(void)fprintf(stderr, "usage: stadtkern %s %s\n       %s\n",
	    cli->command->name, cli->command->usage, cli->command->says);
	return (CLI_USAGE);
}

/* By file and place; findings without a file first. */
static int
finding_compare(const void *a, const void *b)
{
	const struct finding	*left = *(const struct finding *const *)a;
	const struct finding	*right = *(const struct finding *const *)b;
	int			 order;

	order = strcmp(left->file == NULL ? "" : left->file,
	    right->file == NULL ? "" : right->file);
	if (order != 0)
		return (order);
	if (left->line != right->line)
		return (left->line < right->line ? -1 : 1);
	return (left->column < right->column ? -1 :
	    left->column > right->column);
}

void
cli_findings(struct arena *arena, const struct findings *findings)
{
	const struct finding	*sorted[FINDINGS_MAX] = { NULL };
	const struct finding	*finding;
	size_t			 i, count;

	count = 0;
	for (finding = findings->first; finding != NULL &&
	    count < FINDINGS_MAX; finding = finding->next)
		sorted[count++] = finding;
	qsort(sorted, count, sizeof(*sorted), finding_compare);
	for (i = 0; i < count; i++)
		(void)fprintf(stderr, "%s\n", finding_line(arena, sorted[i]));
	if (findings->count > FINDINGS_MAX)
		(void)fprintf(stderr, "and %zu more\n",
		    findings->count - FINDINGS_MAX);
}

const struct registry *
cli_registry(struct cli *cli)
{
	struct findings	 findings;

	if (cli->registry != NULL)
		return (cli->registry);
	findings_init(&findings, cli->arena);
	if (registry_load(&cli->registry, cli->env.home, cli->env.objects,
	    &findings) == STATUS_OK)
		return (cli->registry);
	cli_findings(cli->arena, &findings);
	cli->registry = NULL;
	(void)cli_fail("the plugins do not load from \"%s\"",
	    cli->env.objects);
	return (NULL);
}

static enum status
statements_load(struct cli *cli)
{
	struct findings	 findings;
	const char	*path;
	char		*text;
	size_t		 len;

	path = arena_format(cli->arena, "%s/platform/cli/queries.sql",
	    cli->env.home);
	if (file_read(cli->arena, path, QUERIES_MAX, &text,
	    &len) != STATUS_OK) {
		(void)cli_fail("file cannot be read: \"%s\", does "
		    "STADTKERN_HOME name the right folder?", path);
		return (STATUS_IO);
	}
	findings_init(&findings, cli->arena);
	if (statements_read(cli->arena, "cli", path, text, len,
	    &cli->statements, &findings) == STATUS_OK)
		return (STATUS_OK);
	cli_findings(cli->arena, &findings);
	return (STATUS_INVALID);
}

/* Who runs the command: entries of the audit log tell it. */
static const char *
cli_user(struct cli *cli)
{
	const struct passwd	*user;

	user = getpwuid(getuid());
	return (user == NULL ? arena_format(cli->arena, "command:%ld",
	    (long)getuid()) : arena_format(cli->arena, "command:%s",
	    user->pw_name));
}

PGconn *
cli_database(struct cli *cli)
{
	if (cli->db != NULL)
		return (cli->db);
	if (statements_load(cli) != STATUS_OK)
		return (NULL);
	cli->db = sync_connect(cli->env.database, "stadtkern_owner");
	if (cli->db != NULL)
		PQclear(cli_query(cli, "actor_set", (const struct cli_value[]){
		    { "actor", cli_user(cli) }, { NULL, NULL } }, NULL));
	else
		(void)cli_fail("the database does not answer, check "
		    "STADTKERN_DATABASE and that PostgreSQL runs");
	return (cli->db);
}

const char *
cli_keys_dir(const struct cli *cli)
{
	return (arena_format(cli->arena, "%s/keys", cli->env.var));
}

/* The first line of the database's last error, without its level. */
static const char *
database_says(struct cli *cli)
{
	const char	*text;

	text = PQerrorMessage(cli->db);
	if (strncmp(text, "ERROR:  ", 8) == 0)
		text += 8;
	return (arena_copy(cli->arena, text, strcspn(text, "\n")));
}

/* Tables, functions or schemas that are not there yet (SQLSTATE 42xxx). */
static bool
state_is_old(const char *state)
{
	static const char *const old[] = { "42P01", "42703", "42883",
	    "3F000" };
	size_t	 i;

	for (i = 0; i < sizeof(old) / sizeof(*old); i++)
		if (strcmp(state, old[i]) == 0)
			return (true);
	return (false);
}

static const char *
value_find(const struct cli_value *values, const char *name)
{
	for (; values != NULL && values->name != NULL; values++)
		if (strcmp(values->name, name) == 0)
			return (values->value);
	return (NULL);
}

PGresult *
cli_query(struct cli *cli, const char *name, const struct cli_value *values,
    const char **problem)
{
	const struct statement	*statement;
	const char		*parameters[STATEMENT_PARAMETERS_MAX];
	PGresult		*result;
	char			 state[6];
	size_t			 i;

	if (problem != NULL)
		*problem = NULL;
	for (statement = cli->statements; statement != NULL;
	    statement = statement->next)
		if (strcmp(statement->name, name) == 0)
			break;
	if (statement == NULL) {
		(void)cli_fail("queries.sql has no statement \"%s\"", name);
		return (NULL);
	}
	for (i = 0; i < statement->parameter_count; i++)
		parameters[i] = value_find(values, statement->parameters[i]);
	result = sync_query_state(cli->db, statement->sql,
	    (int)statement->parameter_count, parameters, NULL, state);
	if (result != NULL)
		return (result);
	if (problem != NULL && strncmp(state, "SK", 2) == 0)
		*problem = database_says(cli);
	else if (state_is_old(state))
		(void)cli_fail("the database is not up to date, run: "
		    "stadtkern migrate (%s)", database_says(cli));
	else
		(void)cli_fail("the database refused \"%s\" (%s): %s", name,
		    state, database_says(cli));
	return (NULL);
}

const char *
cli_column(const PGresult *result, int row, const char *column)
{
	int	 number;

	number = PQfnumber(result, column);
	if (number == -1 || row >= PQntuples(result) ||
	    PQgetisnull(result, row, number))
		return (NULL);
	return (PQgetvalue(result, row, number));
}

const char *
cli_hex(struct arena *arena, const void *bytes, size_t len)
{
	char	*text;

	text = arena_alloc(arena, len * 2 + 3);
	text[0] = '\\';
	text[1] = 'x';
	(void)sodium_bin2hex(text + 2, len * 2 + 1, bytes, len);
	return (text);
}

int32_t
cli_tenant_id(struct cli *cli, const char *slug)
{
	const struct cli_value	 values[] = { { "slug", slug }, { NULL, NULL } };
	PGresult		*result;
	const char		*text;
	int32_t			 id;

	if ((result = cli_query(cli, "tenant_find", values, NULL)) == NULL)
		return (0);
	text = cli_column(result, 0, "id");
	id = text == NULL ? 0 : (int32_t)strtol(text, NULL, 10);
	PQclear(result);
	if (id == 0)
		(void)cli_fail("there is no tenant \"%s\" in the database, "
		    "run: stadtkern tenant add %s", slug, slug);
	return (id);
}

const char *
cli_password(struct arena *arena)
{
	char	*password;

	password = crypto_token(arena);
	password[20] = '\0';
	return (password);
}
