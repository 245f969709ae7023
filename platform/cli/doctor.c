/* SPDX-License-Identifier: EUPL-1.2 */
/* stadtkern doctor: looks everything over, one line each, changes nothing. */

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "db/migrate.h"

struct doctor {
	struct cli	*cli;
	unsigned int	 faults;
};

static void	good(const char *fmt, ...)
		    __attribute__((format(printf, 1, 2)));
static void	fault(struct doctor *, const char *next, const char *fmt, ...)
		    __attribute__((format(printf, 3, 4)));

static void
good(const char *fmt, ...)
{
	va_list	 args;

	(void)fputs("ok     ", stdout);
	va_start(args, fmt);
	(void)vprintf(fmt, args);
	va_end(args);
	(void)fputc('\n', stdout);
}

/* `next` says what to do about it. */
static void
fault(struct doctor *doctor, const char *next, const char *fmt, ...)
{
	va_list	 args;

	doctor->faults++;
	(void)fputs("FAULT  ", stdout);
	va_start(args, fmt);
	(void)vprintf(fmt, args);
	va_end(args);
	(void)printf("\n       %s\n", next);
}

/* A connection string without its password. */
static const char *
conninfo_say(struct arena *arena, const char *conninfo)
{
	PQconninfoOption	*options, *option;
	struct buf		 buf;

	if ((options = PQconninfoParse(conninfo, NULL)) == NULL)
		return ("no libpq connection string");
	buf_init(&buf, arena, 4096);
	for (option = options; option->keyword != NULL; option++)
		if (option->val != NULL && option->dispchar[0] == '\0')
			buf_format(&buf, "%s%s=%s", buf.len == 0 ? "" : " ",
			    option->keyword, option->val);
	PQconninfoFree(options);
	return (buf_finish(&buf, NULL));
}

static const char *
value_say(const struct cli *cli, const struct field *field)
{
	const char	*at, *text;
	int64_t		 number;

	at = (const char *)&cli->env + field->offset;
	if (field->type == FIELD_TYPE_INT) {
		memcpy(&number, at, sizeof(number));
		return (arena_format(cli->arena, "%lld", (long long)number));
	}
	memcpy(&text, at, sizeof(text));
	if (text == NULL)
		return ("not set");
	return (text == cli->env.database ?
	    conninfo_say(cli->arena, text) : text);
}

static void
environment_print(const struct cli *cli)
{
	const struct field	*field;
	const char		*p;

	for (field = env_fields; field->type != FIELD_TYPE_END; field++) {
		(void)fputs("STADTKERN_", stdout);
		for (p = field->name; *p != '\0'; p++)
			(void)putchar(toupper((unsigned char)*p));
		(void)printf("=%s\n       %s\n", value_say(cli, field),
		    field->says == NULL ? "" : field->says);
	}
}

static void
keys_look(struct doctor *doctor)
{
	static const char *const names[] = { "hash.key", "wrap.key",
	    "courier.pub", "courier.key" };
	struct stat	 st;
	const char	*path, *dir;
	unsigned int	 before;
	size_t		 i;

	before = doctor->faults;
	dir = cli_keys_dir(doctor->cli);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		path = arena_format(doctor->cli->arena, "%s/%s", dir,
		    names[i]);
		if (stat(path, &st) == -1)
			fault(doctor, "run: stadtkern keys",
			    "key is missing: \"%s\"", path);
		else if (i != 2 && (st.st_mode & 077) != 0)
			fault(doctor, arena_format(doctor->cli->arena,
			    "run: chmod 600 %s", path),
			    "key is readable for others: \"%s\"", path);
	}
	if (doctor->faults == before)
		good("keys in \"%s\"", dir);
}

static void
plugins_look(struct doctor *doctor)
{
	const struct registry	*registry;
	size_t			 i;

	if ((registry = cli_registry(doctor->cli)) == NULL) {
		fault(doctor, "run: make, or set STADTKERN_OBJECTS",
		    "plugins do not load");
		return;
	}
	for (i = 1; i < registry->count; i++)
		good("plugin %s %s", registry->plugins[i].plugin->name,
		    registry->plugins[i].plugin->version);
	if (registry->count == 1)
		fault(doctor, "run: make, or set STADTKERN_OBJECTS",
		    "no plugins in \"%s\"", doctor->cli->env.objects);
}

static void
tenants_look(struct doctor *doctor)
{
	struct cli	 *cli = doctor->cli;
	struct findings	  findings;
	const char	**slugs;
	size_t		  count;

	if (cli->registry == NULL)
		return;
	findings_init(&findings, cli->arena);
	slugs = tenant_slugs(cli->arena, cli->env.home);
	for (count = 0; slugs[count] != NULL; count++)
		continue;
	cli_tenants_check(cli, cli->registry, slugs, slugs, &findings);
	if (count == 0)
		fault(doctor, "set STADTKERN_HOME, or write "
		    "tenants/<slug>.yaml", "no tenants in \"%s/tenants\"",
		    cli->env.home);
	else if (findings.count != 0)
		fault(doctor, "run: stadtkern tenant check",
		    "findings in the tenants' files: %zu", findings.count);
	else
		good("files of %zu tenants", count);
}

static bool
migrations_look(struct doctor *doctor)
{
	unsigned int	 pending;
	enum status	 status;

	pending = 0;
	status = migrate_pending(doctor->cli->db, arena_format(
	    doctor->cli->arena, "%s/migrations", doctor->cli->env.home),
	    &pending);
	if (status != STATUS_OK)
		fault(doctor, "an applied file must stay as it was; write a "
		    "new one", "migrations and database do not fit");
	else if (pending != 0)
		fault(doctor, "run: stadtkern migrate",
		    "migrations that wait: %u", pending);
	else
		good("migrations");
	return (status == STATUS_OK && pending == 0);
}

static void
published_look(struct doctor *doctor)
{
	PGresult	*result;
	const char	*slug, *error;
	int		 i;

	result = cli_query(doctor->cli, "doctor_tenants", NULL, NULL);
	for (i = 0; result != NULL && i < PQntuples(result); i++) {
		slug = cli_column(result, i, "slug");
		error = cli_column(result, i, "config_error");
		fault(doctor, arena_format(doctor->cli->arena,
		    "run: stadtkern tenant check %s", slug),
		    "tenant \"%s\" serves its last good version: %s", slug,
		    error == NULL ? "never published" : error);
	}
	PQclear(result);
}

static void
mailboxes_look(struct doctor *doctor)
{
	PGresult	*result;
	int		 i;

	result = cli_query(doctor->cli, "doctor_mailboxes", NULL, NULL);
	for (i = 0; result != NULL && i < PQntuples(result); i++)
		fault(doctor, "see docs/operating.md, Mailboxes",
		    "mailbox of \"%s\" was not read: %s, %s times, again %s",
		    cli_column(result, i, "slug"),
		    cli_column(result, i, "error"),
		    cli_column(result, i, "failures"),
		    cli_column(result, i, "next"));
	PQclear(result);
}

static void
numbers_look(struct doctor *doctor)
{
	PGresult	*result;

	result = cli_query(doctor->cli, "doctor", NULL, NULL);
	if (result == NULL) {
		fault(doctor, "see the message above", "no numbers");
		return;
	}
	good("PostgreSQL %s, PostGIS %s", cli_column(result, 0, "postgresql"),
	    cli_column(result, 0, "postgis"));
	if (strcmp(cli_column(result, 0, "tenants"), "0") == 0)
		fault(doctor, "run: stadtkern tenant add <slug>",
		    "no tenant in the database");
	else
		good("tenants in the database: %s, paused: %s",
		    cli_column(result, 0, "tenants"),
		    cli_column(result, 0, "paused"));
	if (strcmp(cli_column(result, 0, "municipalities"), "0") == 0)
		fault(doctor, "run: stadtkern migrate",
		    "no municipalities to name a place outside by");
	if (strcmp(cli_column(result, 0, "dead_jobs"), "0") != 0)
		fault(doctor, "run: stadtkern jobs --dead", "dead jobs: %s",
		    cli_column(result, 0, "dead_jobs"));
	if (strcmp(cli_column(result, 0, "late_jobs"), "0") != 0)
		fault(doctor, "is it running? run: stadtkern courier",
		    "jobs that the courier is late with: %s",
		    cli_column(result, 0, "late_jobs"));
	PQclear(result);
	published_look(doctor);
	mailboxes_look(doctor);
}

enum cli_exit
command_doctor(struct cli *cli, int argc, char **argv)
{
	struct doctor	 doctor = { .cli = cli };

	(void)argv;
	if (argc != 0)
		return (cli_usage(cli));
	environment_print(cli);
	keys_look(&doctor);
	plugins_look(&doctor);
	tenants_look(&doctor);
	if (cli_database(cli) == NULL) {
		fault(&doctor, "set STADTKERN_DATABASE, start PostgreSQL",
		    "database does not answer");
	} else if (migrations_look(&doctor)) {
		numbers_look(&doctor);
	}
	if (cli->env.smtp_url == NULL)
		good("mail is written to \"%s/mail\", as no STADTKERN_SMTP_URL "
		    "is set", cli->env.var);
	if (doctor.faults == 0)
		return (CLI_OK);
	return (cli_fail("faults: %u", doctor.faults));
}
