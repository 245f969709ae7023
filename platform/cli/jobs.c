/* SPDX-License-Identifier: EUPL-1.2 */
/* stadtkern jobs: what the courier has to do and could not do. */

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static enum cli_exit
jobs_retry(struct cli *cli, const char *id)
{
	PGresult	*result;
	bool		 changed;

	if (*id == '\0' || strlen(id) > 18 ||
	    strspn(id, "0123456789") != strlen(id))
		return (cli_fail("not the number of a job: \"%s\"", id));
	result = cli_query(cli, "job_retry", (const struct cli_value[]){
	    { "id", id }, { NULL, NULL } }, NULL);
	if (result == NULL)
		return (CLI_FAILED);
	changed = strcmp(cli_column(result, 0, "changed"), "1") == 0;
	PQclear(result);
	if (!changed)
		return (cli_fail("no dead job has the number \"%s\", run: "
		    "stadtkern jobs --dead", id));
	(void)printf("job %s waits again\n", id);
	return (CLI_OK);
}

static enum cli_exit
jobs_list(struct cli *cli, const char *states)
{
	PGresult	*result;
	const char	*error;
	int		 i;

	result = cli_query(cli, "job_list", (const struct cli_value[]){
	    { "states", states }, { NULL, NULL } }, NULL);
	if (result == NULL)
		return (CLI_FAILED);
	for (i = 0; i < PQntuples(result); i++) {
		error = cli_column(result, i, "error");
		(void)printf("%s %s %s %s, attempts %s, at %s%s%s\n",
		    cli_column(result, i, "id"),
		    cli_column(result, i, "slug"),
		    cli_column(result, i, "kind"),
		    cli_column(result, i, "state"),
		    cli_column(result, i, "attempts"),
		    cli_column(result, i, "run_at"),
		    error == NULL ? "" : ": ", error == NULL ? "" : error);
	}
	if (PQntuples(result) == 0)
		(void)printf("no such jobs\n");
	PQclear(result);
	return (CLI_OK);
}

enum cli_exit
command_jobs(struct cli *cli, int argc, char **argv)
{
	bool	 dead;

	dead = argc == 1 && strcmp(argv[0], "--dead") == 0;
	if (argc != 0 && !dead &&
	    (argc != 2 || strcmp(argv[0], "retry") != 0))
		return (cli_usage(cli));
	if (cli_database(cli) == NULL)
		return (CLI_FAILED);
	if (argc == 2)
		return (jobs_retry(cli, argv[1]));
	return (jobs_list(cli, dead ? "dead" : "waiting,running,dead"));
}
