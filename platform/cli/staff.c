/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * stadtkern staff add|reset|disable. A password is given on standard input, or
 * chosen by the person, by a link that is good once and for 48 hours.
 */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/proof/password.h"
#include "db/sync.h"

#define LINK_SAYS	"link for the password (48 hours, once): %s\n"

/* The published configuration as a tenant; NULL, said, when that fails. */
static struct tenant *
tenant_published(struct cli *cli, const char *slug)
{
	const struct registry	*registry;
	struct findings		 findings;
	struct node		*document;
	struct tenant		*tenant;
	PGresult		*result;
	const char		*config;

	if ((registry = cli_registry(cli)) == NULL)
		return (NULL);
	result = cli_query(cli, "tenant_find", (const struct cli_value[]){
	    { "slug", slug }, { NULL, NULL } }, NULL);
	if (result == NULL)
		return (NULL);
	findings_init(&findings, cli->arena);
	config = cli_column(result, 0, "config");
	tenant = NULL;
	if (config == NULL || node_from_json(cli->arena, config,
	    strlen(config), &document, &findings) != STATUS_OK ||
	    tenant_new(registry, document, &tenant, &findings) != STATUS_OK) {
		cli_findings(cli->arena, &findings);
		(void)cli_fail("tenant \"%s\" has no usable configuration, "
		    "run: stadtkern tenant add %s", slug, slug);
	}
	PQclear(result);
	return (tenant);
}

static bool
role_exists(const struct tenant *tenant, const char *code, size_t len)
{
	const char	*name;
	size_t		 i;

	for (i = 0; i < tenant->file.roles.count; i++) {
		name = tenant->file.roles.items[i].code;
		if (strlen(name) == len && strncmp(name, code, len) == 0)
			return (true);
	}
	return (false);
}

/* Each of the comma-separated codes has to be a role of the tenant. */
static enum status
roles_check(struct cli *cli, const char *slug, const char *roles)
{
	struct tenant	*tenant;
	struct buf	 known;
	size_t		 i, len;

	if ((tenant = tenant_published(cli, slug)) == NULL)
		return (STATUS_INVALID);
	buf_init(&known, cli->arena, 64 * 1024);
	for (i = 0; i < tenant->file.roles.count; i++)
		buf_format(&known, "%s%s", i == 0 ? "" : ", ",
		    tenant->file.roles.items[i].code);
	for (;;) {
		len = strcspn(roles, ",");
		if (!role_exists(tenant, roles, len))
			break;
		if (roles[len] == '\0') {
			tenant_free(tenant);
			return (STATUS_OK);
		}
		roles += len + 1;
	}
	(void)cli_fail("no such role: \"%.*s\", \"%s\" has: %s", (int)len,
	    roles, slug, buf_finish(&known, NULL));
	tenant_free(tenant);
	return (STATUS_INVALID);
}

/* In a transaction: `hash` NULL leaves an account without a password. */
static enum status
staff_write(struct cli *cli, const struct person *person, const char *hash)
{
	PGresult	*result;

	result = cli_query(cli, "staff_put", (const struct cli_value[]){
	    { "email", person->email }, { "name", person->name },
	    { "password_hash", hash }, { "roles", person->roles },
	    { NULL, NULL } }, NULL);
	PQclear(result);
	return (result == NULL ? STATUS_DATABASE : STATUS_OK);
}

enum status
cli_staff_put(struct cli *cli, const char *slug, const struct person *person)
{
	const char	*hash;
	int32_t		 id;

	if (!field_format_fits(FIELD_FORMAT_EMAIL, person->email)) {
		(void)cli_fail("not an e-mail address: \"%s\"", person->email);
		return (STATUS_INVALID);
	}
	if ((id = cli_tenant_id(cli, slug)) == 0 ||
	    roles_check(cli, slug, person->roles) != STATUS_OK)
		return (STATUS_INVALID);
	hash = NULL;
	if (person->password != NULL &&
	    (hash = crypto_password_hash(cli->arena, person->password)) == NULL)
		return (STATUS_LIMIT);
	if (sync_begin(cli->db, id) != STATUS_OK)
		return (STATUS_DATABASE);
	if (staff_write(cli, person, hash) == STATUS_OK)
		return (sync_commit(cli->db));
	sync_rollback(cli->db);
	return (STATUS_DATABASE);
}

/*
 * A new link for an account; what it had to sign in with is gone. NULL, said,
 * when there is no such account.
 */
static const char *
staff_link(struct cli *cli, const char *slug, const char *email)
{
	struct tenant	*tenant;
	struct keys	 keys;
	unsigned char	 hash[CRYPTO_HASH_LEN];
	PGresult	*result;
	const char	*token, *link;
	int32_t		 id;
	bool		 found;

	if ((tenant = tenant_published(cli, slug)) == NULL)
		return (NULL);
	token = crypto_token(cli->arena);
	link = arena_format(cli->arena, "%s/invitation#%s",
	    tenant_office(cli->arena, tenant), token);
	tenant_free(tenant);
	if ((id = cli_tenant_id(cli, slug)) == 0 ||
	    keys_load(&keys, cli_keys_dir(cli), KEYS_CLI) != STATUS_OK)
		return (NULL);
	crypto_digest(&keys, HASH_INVITATION, id, token, strlen(token), hash);
	explicit_bzero(&keys, sizeof(keys));
	if (sync_begin(cli->db, id) != STATUS_OK)
		return (NULL);
	result = cli_query(cli, "staff_reset", (const struct cli_value[]){
	    { "email", email }, { "invitation_hash", cli_hex(cli->arena, hash,
	    sizeof(hash)) }, { NULL, NULL } }, NULL);
	found = result != NULL && strcmp(cli_column(result, 0, "found"),
	    "1") == 0;
	PQclear(result);
	if (result != NULL && sync_commit(cli->db) == STATUS_OK && found)
		return (link);
	if (result == NULL)
		sync_rollback(cli->db);
	else
		(void)cli_fail("\"%s\" has no staff account \"%s\"", slug,
		    email);
	return (NULL);
}

static const char *
password_read(struct cli *cli, const char *email)
{
	char	 line[PASSWORD_MAX + 2];
	char	*password;
	size_t	 len;

	if (fgets(line, sizeof(line), stdin) == NULL) {
		(void)cli_fail("no password on standard input");
		return (NULL);
	}
	len = strcspn(line, "\r\n");
	password = arena_copy(cli->arena, line, len);
	explicit_bzero(line, sizeof(line));
	if (len < PASSWORD_MIN || len > PASSWORD_MAX) {
		(void)cli_fail("a password has %d to %d characters",
		    PASSWORD_MIN, PASSWORD_MAX);
		return (NULL);
	}
	if (password_is_weak(password, email)) {
		(void)cli_fail("this password is easily guessed");
		return (NULL);
	}
	return (password);
}

/* Options after slug and email; false when they make no sense. */
static bool
options_read(int argc, char **argv, struct person *person, bool *from_stdin)
{
	int	 i;

	for (i = 2; i < argc; i++) {
		if (strcmp(argv[i], "--password-stdin") == 0)
			*from_stdin = true;
		else if (strcmp(argv[i], "--name") == 0 && i + 1 < argc)
			person->name = argv[++i];
		else if (strcmp(argv[i], "--role") == 0 && i + 1 < argc)
			person->roles = argv[++i];
		else
			return (false);
	}
	return (person->name != NULL && person->roles != NULL);
}

enum cli_exit
command_staff_add(struct cli *cli, int argc, char **argv)
{
	struct person	 person = { .email = NULL };
	const char	*link;
	bool		 from_stdin;

	from_stdin = false;
	if (argc < 2 || !options_read(argc, argv, &person, &from_stdin))
		return (cli_usage(cli));
	if (!field_format_fits(FIELD_FORMAT_LINE, person.name))
		return (cli_fail("a name is one line of text"));
	person.email = argv[1];
	if (from_stdin &&
	    (person.password = password_read(cli, person.email)) == NULL)
		return (CLI_FAILED);
	if (cli_database(cli) == NULL ||
	    cli_staff_put(cli, argv[0], &person) != STATUS_OK)
		return (CLI_FAILED);
	link = NULL;
	if (!from_stdin &&
	    (link = staff_link(cli, argv[0], person.email)) == NULL)
		return (CLI_FAILED);
	(void)printf("%s: %s may sign in as %s\n", argv[0], person.email,
	    person.roles);
	if (link != NULL)
		(void)printf(LINK_SAYS, link);
	return (CLI_OK);
}

enum cli_exit
command_staff_reset(struct cli *cli, int argc, char **argv)
{
	const char	*link;

	if (argc != 2)
		return (cli_usage(cli));
	if (cli_database(cli) == NULL ||
	    (link = staff_link(cli, argv[0], argv[1])) == NULL)
		return (CLI_FAILED);
	(void)printf("%s: %s has neither password nor second factor now\n",
	    argv[0], argv[1]);
	(void)printf(LINK_SAYS, link);
	return (CLI_OK);
}

enum cli_exit
command_staff_disable(struct cli *cli, int argc, char **argv)
{
	PGresult	*result;
	bool		 found;
	int32_t		 id;

	if (argc != 2)
		return (cli_usage(cli));
	if (cli_database(cli) == NULL ||
	    (id = cli_tenant_id(cli, argv[0])) == 0 ||
	    sync_begin(cli->db, id) != STATUS_OK)
		return (CLI_FAILED);
	result = cli_query(cli, "staff_disable", (const struct cli_value[]){
	    { "email", argv[1] }, { NULL, NULL } }, NULL);
	if (result == NULL || sync_commit(cli->db) != STATUS_OK) {
		PQclear(result);
		sync_rollback(cli->db);
		return (CLI_FAILED);
	}
	found = strcmp(cli_column(result, 0, "found"), "1") == 0;
	if (found)
		(void)printf("%s: %s is disabled, sessions ended: %s\n",
		    argv[0], argv[1], cli_column(result, 0, "sessions"));
	PQclear(result);
	return (found ? CLI_OK : cli_fail("\"%s\" has no staff account \"%s\"",
	    argv[0], argv[1]));
}
