/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The stadtkern command: what its parts share. A command says what went
 * wrong and what to do next, and returns one of the exit codes.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <libpq-fe.h>

#include "core/env.h"
#include "core/plugin/registry.h"
#include "core/tenant/tenant.h"

#define CLI_VERSION	"0.1.0"

enum cli_exit { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

struct cli {
	struct arena		*arena;
	struct env		 env;
	struct registry		*registry;	/* by cli_registry() */
	PGconn			*db;		/* by cli_database() */
	struct statement	*statements;	/* cli/queries.sql, with db */
	const struct command	*command;
};

struct command {
	const char	*name;		/* "tenant add" */
	const char	*usage;		/* arguments, for people */
	const char	*says;
	enum cli_exit	(*run)(struct cli *cli, int argc, char **argv);
};

extern const struct command commands[];		/* main.c; ends in NULL */

enum cli_exit	 command_apikey_add(struct cli *, int, char **);
enum cli_exit	 command_apikey_list(struct cli *, int, char **);
enum cli_exit	 command_apikey_revoke(struct cli *, int, char **);
enum cli_exit	 command_audit_export(struct cli *, int, char **);
enum cli_exit	 command_audit_show(struct cli *, int, char **);
enum cli_exit	 command_audit_verify(struct cli *, int, char **);
enum cli_exit	 command_courier(struct cli *, int, char **);
enum cli_exit	 command_demo(struct cli *, int, char **);
enum cli_exit	 command_doctor(struct cli *, int, char **);
enum cli_exit	 command_jobs(struct cli *, int, char **);
enum cli_exit	 command_keys(struct cli *, int, char **);
enum cli_exit	 command_migrate(struct cli *, int, char **);
enum cli_exit	 command_openapi(struct cli *, int, char **);
enum cli_exit	 command_plugin_new(struct cli *, int, char **);
enum cli_exit	 command_staff_add(struct cli *, int, char **);
enum cli_exit	 command_staff_disable(struct cli *, int, char **);
enum cli_exit	 command_staff_reset(struct cli *, int, char **);
enum cli_exit	 command_streets_import(struct cli *, int, char **);
enum cli_exit	 command_parcels_import(struct cli *, int, char **);
enum cli_exit	 command_tenant_add(struct cli *, int, char **);
enum cli_exit	 command_tenant_check(struct cli *, int, char **);
enum cli_exit	 command_tenant_pause(struct cli *, int, char **);
enum cli_exit	 command_tenant_resume(struct cli *, int, char **);
enum cli_exit	 command_tenant_show(struct cli *, int, char **);
enum cli_exit	 command_theme_check(struct cli *, int, char **);
enum cli_exit	 command_theme_tokens(struct cli *, int, char **);

/* "stadtkern: …" on standard error; returns CLI_FAILED. */
enum cli_exit	 cli_fail(const char *fmt, ...)
		    __attribute__((format(printf, 1, 2)));
/* The command's usage on standard error; returns CLI_USAGE. */
enum cli_exit	 cli_usage(const struct cli *cli);

/* All findings as lines on standard error. */
void		 cli_findings(struct arena *arena,
		    const struct findings *findings);

/* Loads the plugins once; NULL when something was said to be wrong. */
const struct registry *cli_registry(struct cli *cli);

/* Connects as stadtkern_owner and reads queries.sql; NULL as above. */
PGconn		*cli_database(struct cli *cli);

/* <var>/keys */
const char	*cli_keys_dir(const struct cli *cli);

struct cli_value {
	const char	*name;
	const char	*value;		/* PostgreSQL's text form; NULL: null */
};

/*
 * Runs a statement of queries.sql; `values` by name, ended by a NULL name.
 * The result is to be freed with PQclear(). NULL (said or logged) on error;
 * `problem`, if not NULL, then gets the database's sentence from `arena`
 * where it is one of ours (SQLSTATE SK…), and nothing is said.
 */
PGresult	*cli_query(struct cli *cli, const char *name,
		    const struct cli_value *values, const char **problem);

/* Text of a column by name in a row; NULL for null. */
const char	*cli_column(const PGresult *result, int row,
		    const char *column);

/* The bytea in hexadecimal, as PostgreSQL reads it. */
const char	*cli_hex(struct arena *arena, const void *bytes, size_t len);

/* The tenant's id, or 0 (said) when the database has none of this slug. */
int32_t		 cli_tenant_id(struct cli *cli, const char *slug);

enum tenant_outcome { TENANT_FAILED, TENANT_ADDED, TENANT_PUBLISHED,
    TENANT_UNCHANGED };

/* Checks the files and brings the tenant into the database. */
enum tenant_outcome cli_tenant_add(struct cli *cli, const char *slug);

/*
 * Reads all tenants, as hosts can only be compared among all; of their own
 * findings those of `chosen` are kept. Both lists end in NULL.
 */
void		 cli_tenants_check(struct cli *cli,
		    const struct registry *registry, const char *const *all,
		    const char *const *chosen, struct findings *findings);

struct person {
	const char	*email;
	const char	*name;
	const char	*roles;		/* codes, comma-separated */
	const char	*password;	/* NULL: none yet */
};

/* Makes the account, or sets an existing one to this. */
enum status	 cli_staff_put(struct cli *cli, const char *slug,
		    const struct person *person);

/*
 * A new API key with these rights ("<plugin>.<right>", comma-separated), from
 * the arena: it cannot be told again. NULL (said): no such right or tenant.
 */
const char	*cli_apikey_add(struct cli *cli, const char *slug,
		    const char *name, const char *rights);

/*
 * The tenant's street list from a CSV file in place of the one before; what is
 * wrong with it was said, and nothing changed, where it is not STATUS_OK.
 */
enum status	 cli_streets_import(struct cli *cli, const char *slug,
		    const char *path);

/* A password nobody has to think of; 20 characters, 120 bits. */
const char	*cli_password(struct arena *arena);

#endif
