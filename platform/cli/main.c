/* SPDX-License-Identifier: EUPL-1.2 */
/* stadtkern: one table of commands, and finding the one that is meant. */

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "core/log.h"
#include "courier/courier.h"
#include "courier/sandbox.h"

static enum cli_exit	command_help(struct cli *, int, char **);
static enum cli_exit	command_version(struct cli *, int, char **);

const struct command commands[] = {
	{ "keys", "", "makes the secret keys that are missing",
	  command_keys },
	{ "migrate", "", "brings the database up to date", command_migrate },
	{ "tenant check", "[slug ...]",
	  "checks the files of all or some tenants; touches nothing",
	  command_tenant_check },
	{ "tenant add", "slug ...",
	  "checks a tenant's files and takes it into service",
	  command_tenant_add },
	{ "tenant pause", "slug", "takes a tenant out of service, keeps all",
	  command_tenant_pause },
	{ "tenant resume", "slug", "takes it back into service",
	  command_tenant_resume },
	{ "tenant show", "[slug]", "says what is known of a tenant, or of all",
	  command_tenant_show },
	{ "streets import", "slug file.csv",
	  "takes a city's street list in place of the one before",
	  command_streets_import },
	{ "parcels import", "slug file.geojson",
	  "takes a city's parcels in place of the ones before",
	  command_parcels_import },
	{ "theme check", "[--fix] [name ...]",
	  "checks themes, their contrast above all; --fix proposes shades",
	  command_theme_check },
	{ "theme tokens", "", "prints what a theme can set, as in "
	  "docs/themes.md", command_theme_tokens },
	{ "staff add",
	  "slug email --name NAME --role CODE[,CODE] [--password-stdin]",
	  "makes a staff account or sets it anew; prints a link for the password",
	  command_staff_add },
	{ "staff reset", "slug email",
	  "takes password and second factors, prints a link for a new password",
	  command_staff_reset },
	{ "staff disable", "slug email",
	  "ends a staff account and its sessions", command_staff_disable },
	{ "apikey add", "slug --name NAME --right RIGHT[,RIGHT]",
	  "makes an API key for other software; prints it once",
	  command_apikey_add },
	{ "apikey list", "slug", "lists a tenant's API keys",
	  command_apikey_list },
	{ "apikey revoke", "slug id", "ends an API key",
	  command_apikey_revoke },
	{ "audit verify", "[--checkpoints FILE] [--key FILE] [slug ...]",
	  "says whether audit logs are whole and as they were written",
	  command_audit_verify },
	{ "audit show", "slug [--staff EMAIL] [--object ID] [--kind KIND] "
	  "[--since DAY] [--until DAY] [--limit N]",
	  "prints the newest entries of an audit log", command_audit_show },
	{ "audit export", "slug", "prints an audit log as lines of JSON, "
	  "with hashes", command_audit_export },
	{ "demo", "", "adds the demonstration's tenants, staff and reports",
	  command_demo },
	{ "plugin new", "name", "writes a plugin that works, to begin with",
	  command_plugin_new },
	{ "openapi", "[--office] [slug]",
	  "prints the OpenAPI document of a tenant, or of all plugins",
	  command_openapi },
	{ "jobs", "[--dead | retry id]",
	  "lists what waits or failed, or lets a dead job run again",
	  command_jobs },
	{ "doctor", "", "looks over everything and says what to do next",
	  command_doctor },
	{ "courier", "", "runs the courier until it is told to end",
	  command_courier },
	{ "version", "", "prints the version", command_version },
	{ "help", "", "prints this", command_help },
	{ .name = NULL },
};

static void
help_print(FILE *out)
{
	const struct command	*command;

	(void)fprintf(out, "usage: stadtkern command [argument ...]\n\n");
	for (command = commands; command->name != NULL; command++)
		(void)fprintf(out, "  %s%s%s\n      %s\n", command->name,
		    *command->usage == '\0' ? "" : " ", command->usage,
		    command->says);
	(void)fprintf(out, "\nWhat it is told from outside, as "
	    "STADTKERN_<NAME>: `stadtkern doctor` lists it.\n");
}

static enum cli_exit
command_help(struct cli *cli, int argc, char **argv)
{
	(void)cli;
	(void)argc;
	(void)argv;
	help_print(stdout);
	return (CLI_OK);
}

static enum cli_exit
command_version(struct cli *cli, int argc, char **argv)
{
	(void)cli;
	(void)argc;
	(void)argv;
	(void)printf("stadtkern %s, plugin interface %d.%d\n", CLI_VERSION,
	    PLUGIN_ABI_MAJOR, PLUGIN_ABI_MINOR);
	return (CLI_OK);
}

enum cli_exit
command_courier(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	if (argc != 0)
		return (cli_usage(cli));
	log_init("courier");
	return (courier_run(&cli->env) == 0 ? CLI_OK : CLI_FAILED);
}

/* The command whose words argv begins with; `*words` is how many. */
static const struct command *
command_find(int argc, char **argv, int *words)
{
	const struct command	*command;
	const char		*second;
	size_t			 len;

	for (command = commands; command->name != NULL; command++) {
		len = strcspn(command->name, " ");
		if (strlen(argv[0]) != len ||
		    strncmp(command->name, argv[0], len) != 0)
			continue;
		*words = 1;
		if (command->name[len] == '\0')
			return (command);
		second = command->name + len + 1;
		*words = 2;
		if (argc > 1 && strcmp(argv[1], second) == 0)
			return (command);
	}
	return (NULL);
}

static enum cli_exit
command_run(struct cli *cli, int argc, char **argv)
{
	struct findings	 findings;
	int		 words;

	cli->command = command_find(argc, argv, &words);
	if (cli->command == NULL) {
		(void)fprintf(stderr, "stadtkern: unknown command \"%s%s%s\", "
		    "run: stadtkern help\n", argv[0], argc > 1 ? " " : "",
		    argc > 1 ? argv[1] : "");
		return (CLI_USAGE);
	}
	findings_init(&findings, cli->arena);
	if (env_read(cli->arena, &cli->env, &findings) != STATUS_OK) {
		cli_findings(cli->arena, &findings);
		return (cli_fail("the environment is not as it should be"));
	}
	return (cli->command->run(cli, argc - words, argv + words));
}

int
main(int argc, char **argv)
{
	struct cli	 cli = { .arena = NULL };
	enum cli_exit	 code;

	/* The courier executes this program again to open a picture. */
	if (sandbox_wanted(argc, argv))
		return (sandbox_child());
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	(void)signal(SIGPIPE, SIG_IGN);
	log_init("cli");
	if (argc < 2) {
		help_print(stderr);
		return (CLI_USAGE);
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		help_print(stdout);
		return (CLI_OK);
	}
	cli.arena = arena_new(0);
	code = command_run(&cli, argc - 1, argv + 1);
	if (cli.db != NULL)
		PQfinish(cli.db);
	registry_free(cli.registry);
	arena_free(cli.arena);
	if (fflush(stdout) != 0)
		code = cli_fail("the output could not be written");
	return (code);
}
