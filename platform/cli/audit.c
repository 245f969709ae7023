/* SPDX-License-Identifier: EUPL-1.2 */
/* stadtkern audit show|export */

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "db/sync.h"

#define SHOW_LIMIT	"200"

struct option {
	const char	*flag;
	const char	*name;		/* of the statement's parameter */
};

static const struct option options[] = {
	{ "--staff", "staff" }, { "--object", "object" }, { "--kind", "kind" },
	{ "--since", "since" }, { "--until", "until" }, { "--limit", "limit" },
};

#define OPTIONS	(sizeof(options) / sizeof(options[0]))

static bool
option_fits(const struct option *option, const char *value)
{
	if (strcmp(option->name, "since") == 0 ||
	    strcmp(option->name, "until") == 0)
		return (field_format_fits(FIELD_FORMAT_DAY, value));
	if (strcmp(option->name, "limit") == 0)
		return (strspn(value, "0123456789") == strlen(value) &&
		    strlen(value) > 0 && strlen(value) < 7);
	return (true);
}

/* false: it was said what is wrong. */
static bool
options_read(int argc, char **argv, struct cli_value *values)
{
	size_t	i;
	int	at;

	for (i = 0; i < OPTIONS; i++) {
		values[i].name = options[i].name;
		values[i].value = NULL;
	}
	values[OPTIONS - 1].value = SHOW_LIMIT;
	values[OPTIONS].name = NULL;
	for (at = 0; at + 1 < argc; at += 2) {
		for (i = 0; i < OPTIONS; i++)
			if (strcmp(argv[at], options[i].flag) == 0)
				break;
		if (i == OPTIONS || !option_fits(&options[i], argv[at + 1]))
			return (false);
		values[i].value = argv[at + 1];
	}
	return (at == argc);
}

static const char *
shown(const PGresult *result, int row, const char *column)
{
	const char	*text;

	text = cli_column(result, row, column);
	return (text == NULL || *text == '\0' ? "-" : text);
}

enum cli_exit
command_audit_show(struct cli *cli, int argc, char **argv)
{
	struct cli_value	 values[OPTIONS + 1];
	PGresult		*result;
	int32_t			 id;
	int			 i;

	if (argc < 1 || !options_read(argc - 1, argv + 1, values))
		return (cli_usage(cli));
	if (cli_database(cli) == NULL ||
	    (id = cli_tenant_id(cli, argv[0])) == 0 ||
	    sync_begin(cli->db, id) != STATUS_OK)
		return (CLI_FAILED);
	result = cli_query(cli, "audit_show", values, NULL);
	sync_rollback(cli->db);
	if (result == NULL)
		return (CLI_FAILED);
	for (i = 0; i < PQntuples(result); i++)
		(void)printf("%s  %s  %s  %s  %s  %s  %s  %s  %s %s\n",
		    shown(result, i, "number"), shown(result, i, "at"),
		    shown(result, i, "kind"), shown(result, i, "actor"),
		    shown(result, i, "action"), shown(result, i, "object"),
		    shown(result, i, "reads"), shown(result, i, "detail"),
		    shown(result, i, "status"), shown(result, i, "code"));
	PQclear(result);
	return (CLI_OK);
}

/* A line of JSON with all that is hashed, and the hashes. */
static void
entry_print(struct cli *cli, const PGresult *result, int row)
{
	struct json	 json;
	const char	*name;
	int		 i;

	json_init(&json, cli->arena, SIZE_MAX);
	json_open_object(&json, NULL);
	for (i = 0; i < PQnfields(result); i++) {
		name = PQfname(result, i);
		json_text(&json, name, cli_column(result, row, name));
	}
	json_close(&json);
	(void)printf("%s\n", json_finish(&json, NULL));
}

enum cli_exit
command_audit_export(struct cli *cli, int argc, char **argv)
{
	struct arena	*arena, *before;
	PGresult	*result;
	const char	*after;
	int32_t		 id;
	int		 i, count;

	if (argc != 1)
		return (cli_usage(cli));
	if (cli_database(cli) == NULL ||
	    (id = cli_tenant_id(cli, argv[0])) == 0 ||
	    sync_begin(cli->db, id) != STATUS_OK)
		return (CLI_FAILED);
	after = "0";
	before = cli->arena;
	do {
		/* A log may be longer than memory. */
		arena = arena_new(0);
		cli->arena = arena;
		result = cli_query(cli, "audit_entries",
		    (const struct cli_value[]){ { "after", after },
		    { NULL, NULL } }, NULL);
		count = result == NULL ? 0 : PQntuples(result);
		for (i = 0; i < count; i++)
			entry_print(cli, result, i);
		cli->arena = before;
		if (count > 0)
			after = arena_text(before, cli_column(result,
			    count - 1, "number"));
		PQclear(result);
		arena_free(arena);
	} while (count > 0);
	sync_rollback(cli->db);
	return (result == NULL ? CLI_FAILED : CLI_OK);
}
